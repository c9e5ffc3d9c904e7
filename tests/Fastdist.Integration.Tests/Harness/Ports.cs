using System;
using System.Net;
using System.Threading;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>
/// Where servers listen. The address is this test program's own, as 127.64.0.0/10 has one for every process ID, and each of
/// its ports is given out once, so nobody else binds what is given out and nothing needs to be tried first.
/// </summary>
internal static class Ports
{
    /// <summary>They lie below the range that the kernel takes the ports of clients from (32,768 and up).</summary>
    private const int First = 10_000, Last = 32_000;

    /// <summary>Those that only root may bind.</summary>
    private const int FirstPrivileged = 512, LastPrivileged = 1_023;

    private static int s_last = First - 1;
    private static int s_lastPrivileged = FirstPrivileged - 1;

    public static IPAddress Address { get; } = OwnAddress();

    /// <summary>A place that nothing else uses.</summary>
    public static IPEndPoint Next() => new(Address, NextNumber());

    /// <summary>The same with a port that only root may bind.</summary>
    public static IPEndPoint NextPrivileged() => new(Address, Take(ref s_lastPrivileged, LastPrivileged));

    /// <summary>Its number alone, for an address that is not this one.</summary>
    public static int NextNumber() => Take(ref s_last, Last);

    private static int Take(ref int last, int end) =>
        Interlocked.Increment(ref last) is int next && next <= end ? next : throw new InvalidOperationException($"all ports up to {end} are given out");

    // A process ID has 22 bits at most (PID_MAX_LIMIT).
    private static IPAddress OwnAddress() =>
        new([127, (byte)(64 | (Environment.ProcessId >> 16)), (byte)(Environment.ProcessId >> 8), (byte)Environment.ProcessId]);
}
