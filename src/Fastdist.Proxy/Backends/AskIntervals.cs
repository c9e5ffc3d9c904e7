using System;
using Fastdist.Proxy.Counters;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// How long a query that was sent as a datagram waits until it is sent again: longer than most answers take, and each time twice as long as the
/// time before, so that what is slow for being overloaded is not asked ever more.
/// </summary>
/// <param name="counters">Tells how long answers take.</param>
internal sealed class AskIntervals(BackendCounters counters)
{
    /// <summary>Bounds of the first interval, and that of all, milliseconds. With the least a query is sent five times in two seconds.</summary>
    public const uint Least = 100;
    public const uint MostAtFirst = 300;
    public const uint Most = 1600;

    private const int LatencyFactor = 4;

    /// <summary>How long after it was sent so many times, milliseconds.</summary>
    /// <param name="repeats">Times it was sent again already.</param>
    public uint After(int repeats) => Math.Min(First << repeats, Most);

    private uint First => (uint)Math.Clamp(counters.LatencyMicroseconds * LatencyFactor / 1000, Least, MostAtFirst);
}
