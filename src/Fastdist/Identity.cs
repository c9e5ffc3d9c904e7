using System;
using System.Globalization;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using Fastdist.Settings.Tables;

namespace Fastdist;

/// <summary>
/// The user and group to run as. Names are read from /etc/passwd and /etc/group directly: a static
/// binary has no name service. The C library's setters reach every thread, which raw system calls do not.
/// </summary>
internal sealed partial record Identity(uint? User, uint? Group)
{
    private const int Gid = 3;
    private const int Id = 2;

    /// <summary>PR_SET_KEEPCAPS.</summary>
    private const int KeepCapabilities = 8;

    /// <summary>_LINUX_CAPABILITY_VERSION_3.</summary>
    private const uint CapabilityVersion = 0x20080522;

    private const uint NetBindService = 1 << 10;

    // x86-64.
    private const int SetGroupsNumber = 116, SetUserIdsNumber = 117, SetGroupIdsNumber = 119;

    /// <summary>Who we are.</summary>
    public static Identity Unchanged { get; } = new(null, null);

    /// <summary>Finds the numbers of names; a number needs no file, as an empty container has none.</summary>
    /// <param name="user">What <c>--uid</c> says, or nothing.</param>
    /// <param name="group">What <c>--gid</c> says, or nothing.</param>
    /// <param name="directory">Where passwd and group are.</param>
    /// <exception cref="OptionException">A name is not known.</exception>
    public static Identity Resolve(string user, string group, string directory = "/etc")
    {
        uint? primary = null;
        uint? uid = user.Length == 0 ? null : Find("--uid", user, $"{directory}/passwd", out primary);
        uint? gid = group.Length == 0 ? primary : Find("--gid", group, $"{directory}/group", out _);
        return uid is null || gid is not null
            ? new Identity(uid, gid)
            : throw new OptionException($"--uid {user}: {directory}/passwd has no group for it, and root's must not be kept: add --gid");
    }

    /// <summary>Becomes them, for good.</summary>
    /// <param name="bindsAgain">
    /// Whether the calling thread and those it starts keep one privilege, to bind ports below 1024 (CAP_NET_BIND_SERVICE).
    /// </param>
    /// <exception cref="OptionException">The kernel refused.</exception>
    public unsafe void Assume(bool bindsAgain = false)
    {
        // Capabilities are a thread's, so that only this one keeps any.
        bool keeps = bindsAgain && User is not (null or 0) && ControlProcess(KeepCapabilities, 1, 0, 0, 0) == 0;
        if (Group is { } group)
        {
            uint only = group;
            Require(SetGroups(1, &only), "drop supplementary groups");
            Require(SetGroupIds(group, group, group), $"become group {group}");
        }

        if (User is { } user)
        {
            Require(SetUserIds(user, user, user), $"become user {user}");
        }

        if (keeps)
        {
            // Of all that root could do only this is left, or nothing where it was not there to keep.
            var header = new CapabilityHeader { Version = CapabilityVersion, Process = 0 };
            var only = stackalloc CapabilitySet[2];
            only[0] = new CapabilitySet { Effective = NetBindService, Permitted = NetBindService, Inheritable = 0 };
            if (SetCapabilities(&header, only) != 0)
            {
                only[0] = default;
                Require(SetCapabilities(&header, only), "give up capabilities");
            }
        }
    }

    /// <summary>
    /// Does something as them while the process stays who it is: on a thread of its own that ends with it, and by raw system calls, which
    /// change the calling thread only.
    /// </summary>
    /// <returns>False when the kernel refused, and nothing was done.</returns>
    public bool TryActAs(Action action)
    {
        bool isDone = false;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (isDone = TryBecomeOnThisThread())
                {
                    action();
                }
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return isDone;
    }

    private unsafe bool TryBecomeOnThisThread()
    {
        nint group = (nint)(Group ?? 0), user = (nint)(User ?? 0);
        uint only = Group ?? 0;
        return (Group is null || (SystemCall(SetGroupsNumber, 1, (nint)(&only), 0) == 0 && SystemCall(SetGroupIdsNumber, group, group, group) == 0))
            && (User is null || SystemCall(SetUserIdsNumber, user, user, user) == 0);
    }

    private static uint Find(string flag, string text, string file, out uint? group)
    {
        // To setresuid(2) the largest number means 'as it is', and we would stay root.
        bool isNumber = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) && number != uint.MaxValue;
        group = null;
        foreach (string line in File.Exists(file) ? File.ReadLines(file) : [])
        {
            string[] fields = line.Split(':');
            if (fields.Length > Gid && (fields[0] == text || (isNumber && fields[Id] == text)))
            {
                group = uint.TryParse(fields[Gid], NumberStyles.None, CultureInfo.InvariantCulture, out uint value) ? value : null;
                return uint.Parse(fields[Id], CultureInfo.InvariantCulture);
            }
        }

        return isNumber ? number : throw new OptionException($"{flag} {text}: not in {file}; use a name from there or a number");
    }

    private static void Require(int result, string action)
    {
        if (result != 0)
        {
            throw new OptionException($"cannot {action}: {new System.ComponentModel.Win32Exception(Marshal.GetLastPInvokeError()).Message}; start as root, or leave out --uid and --gid");
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int ControlProcess(int operation, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    private static unsafe partial int SetCapabilities(CapabilityHeader* header, CapabilitySet* sets);

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    private static unsafe partial int SetGroups(nuint count, uint* groups);

    [LibraryImport("libc", EntryPoint = "setresgid", SetLastError = true)]
    private static partial int SetGroupIds(uint real, uint effective, uint saved);

    [LibraryImport("libc", EntryPoint = "setresuid", SetLastError = true)]
    private static partial int SetUserIds(uint real, uint effective, uint saved);

    /// <summary>struct __user_cap_header_struct; process 0 is the calling thread.</summary>
    private struct CapabilityHeader
    {
        public uint Version;
        public int Process;
    }

    /// <summary>struct __user_cap_data_struct.</summary>
    private struct CapabilitySet
    {
        public uint Effective;
        public uint Permitted;
        public uint Inheritable;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third);
}
