using System.Diagnostics;

namespace Fastdist.Proxy.Shards;

/// <summary>The time as a shard sees it: read once a turn, the same for all that happens in it.</summary>
internal sealed class ShardClock
{
    private static readonly double s_microsecondsPerTick = 1e6 / Stopwatch.Frequency;

    public ShardClock() => Advance();

    /// <summary>Microseconds since some moment before the start; never goes back.</summary>
    public long Now { get; private set; }

    public void Advance() => Now = Measure();

    /// <summary>The time amid a turn, for what has to know how long a step takes.</summary>
    public static long Measure() => (long)(Stopwatch.GetTimestamp() * s_microsecondsPerTick);
}
