using System;
using System.ComponentModel;
using System.IO;
using Fastdist.Ring.Epoll;
using Fastdist.Ring.Interop;
using Fastdist.Ring.IoUring;

namespace Fastdist.Ring;

/// <summary>
/// Chooses a ring by trying: what a kernel, its settings and a container's profile allow together
/// shows only in the attempt. Call it with the privileges the ring will run with.
/// </summary>
public static class RingFactory
{
    private const string DisabledSetting = "/proc/sys/kernel/io_uring_disabled";

    /// <summary>Makes a ring for the calling thread, which becomes its only user.</summary>
    /// <param name="mode">Which ring is wanted.</param>
    /// <param name="options">The ring's sizes.</param>
    /// <param name="handler">Hears of completions.</param>
    /// <param name="reason">Why io_uring was refused and what lifts that, when epoll stands in for it; else null.</param>
    /// <exception cref="Win32Exception">
    /// <see cref="RingMode.IoUring"/> was asked for and refused; the message is the reason.
    /// </exception>
    public static Ring Create(RingMode mode, RingOptions options, IRingHandler handler, out string? reason)
    {
        reason = null;
        if (mode == RingMode.Epoll)
        {
            return new EpollRing(options, handler);
        }

        try
        {
            return new IoUringRing(options, handler);
        }
        catch (Win32Exception refusal)
        {
            reason = Explain(refusal.NativeErrorCode, refusal.Message, ReadDisabledSetting());
            return mode == RingMode.Auto
                ? new EpollRing(options, handler)
                : throw new Win32Exception(refusal.NativeErrorCode, reason);
        }
    }

    /// <summary>Names the setting behind a refusal.</summary>
    /// <param name="errno">What the kernel answered.</param>
    /// <param name="call">The call it answered.</param>
    /// <param name="disabled">Value of kernel.io_uring_disabled; null when the kernel has no such setting or hides it.</param>
    internal static string Explain(int errno, string call, string? disabled) => $"{call}: {Sockets.Describe(errno)} ({errno}): " + errno switch
    {
        Libc.EPERM when disabled is "1" =>
            "the sysctl kernel.io_uring_disabled is 1, which leaves io_uring to processes with CAP_SYS_ADMIN and to the group of kernel.io_uring_group; set it to 0 or join that group",
        Libc.EPERM when disabled is "2" =>
            "the sysctl kernel.io_uring_disabled is 2, which refuses io_uring to everyone; set it to 0",
        Libc.EPERM =>
            $"a seccomp profile refuses io_uring, as containers' default profiles do (kernel.io_uring_disabled is {disabled ?? "not readable"}); allow io_uring_setup, io_uring_enter and io_uring_register in the profile",
        Libc.ENOSYS =>
            $"this kernel ({Environment.OSVersion.Version}) has no io_uring, or a seccomp profile hides it; Linux 6.1 or newer is wanted",
        Libc.EINVAL =>
            $"this kernel ({Environment.OSVersion.Version}) lacks SINGLE_ISSUER, DEFER_TASKRUN or provided buffer rings; Linux 6.1 or newer is wanted",
        Libc.ENOMEM =>
            "the limit on locked memory is too low; raise RLIMIT_MEMLOCK (ulimit -l, LimitMEMLOCK= of systemd)",
        Libc.EMFILE => "raise LimitNOFILE= of systemd, or ulimit -n",
        _ => "unexpected; --io epoll does without io_uring",
    };

    private static string? ReadDisabledSetting()
    {
        try
        {
            return File.ReadAllText(DisabledSetting).Trim();
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
