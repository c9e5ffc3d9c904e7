using System;
using System.Runtime.InteropServices;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring;

/// <summary>The process's file descriptors: how many there may be, and what it means that none is left.</summary>
public static unsafe class Descriptors
{
    /// <summary>Descriptors the process may have open, the soft RLIMIT_NOFILE of this moment: another process may change it (prlimit(1)).</summary>
    public static int Limit => Read(out ResourceLimit limit) ? Clamp(limit.Soft) : int.MaxValue;

    /// <summary>Raises the soft limit to the hard one, which needs no privilege: the soft one is low only for programs that use select(2).</summary>
    /// <returns>The limit from now on.</returns>
    public static int RaiseLimit()
    {
        if (Read(out ResourceLimit limit) && limit.Soft < limit.Hard)
        {
            limit.Soft = limit.Hard;
            Libc.SetResourceLimit(Libc.RLIMIT_NOFILE, &limit);
        }

        return Limit;
    }

    /// <summary>Whether a call failed for want of a descriptor, the process's (EMFILE) or the system's (ENFILE).</summary>
    public static bool IsShortage(int errno) => errno is Libc.EMFILE or Libc.ENFILE;

    /// <summary>Whether so many more can be had at this moment.</summary>
    /// <param name="count">At most 16.</param>
    /// <returns>0, or the errno that stood in the way.</returns>
    public static int Probe(int count)
    {
        Span<int> opened = stackalloc int[16];
        int errno = 0;
        int next = 0;
        for (; next < count && errno == 0; next++)
        {
            opened[next] = Libc.EventDescriptor(0, Libc.EFD_CLOEXEC);
            errno = opened[next] < 0 ? Marshal.GetLastPInvokeError() : 0;
        }

        foreach (int descriptor in opened[..next])
        {
            if (descriptor >= 0)
            {
                Libc.Close(descriptor);
            }
        }

        return errno;
    }

    private static bool Read(out ResourceLimit limit)
    {
        fixed (ResourceLimit* into = &limit)
        {
            return Libc.GetResourceLimit(Libc.RLIMIT_NOFILE, into) == 0;
        }
    }

    private static int Clamp(ulong limit) => (int)Math.Min(limit, int.MaxValue);
}
