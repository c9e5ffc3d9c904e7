using System;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// How long a query that was sent as a datagram waits until it is sent again: longer than most answers take, and each time twice as long as the
/// time before, so that what is slow for being overloaded is not asked ever more.
/// </summary>
internal sealed class AskIntervals
{
    /// <summary>Bounds of the first interval, and that of all, milliseconds. With the least a query is sent five times in two seconds.</summary>
    public const uint Least = 100;
    public const uint MostAtFirst = 300;
    public const uint Most = 1600;

    /// <summary>With 3 a query whose answer takes 40 ms is still sent five times in two seconds, and one in 100,000 is lost where one packet in twenty is.</summary>
    private const int LatencyFactor = 3;
    private const int StepsToDouble = 8;

    /// <summary>
    /// What half of the answers take, microseconds, found by small steps up and down: those that were lost and wait for another ask move a mean,
    /// so that the next would wait for longer, and not the middle.
    /// </summary>
    private long _middle = 1_000;

    /// <summary>An answer came.</summary>
    /// <param name="microseconds">Since it was asked for.</param>
    public void Answered(long microseconds) => _middle += microseconds > _middle ? (_middle / StepsToDouble) + 1 : -(_middle / StepsToDouble);

    /// <summary>How long after it was sent so many times, milliseconds.</summary>
    /// <param name="repeats">Times it was sent again already.</param>
    public uint After(int repeats) => Math.Min(First << repeats, Most);

    private uint First => (uint)Math.Clamp(_middle * LatencyFactor / 1000, Least, MostAtFirst);
}
