using System;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// When the next connection may be tried: at once after a success, then after pauses that double,
/// each off by up to a quarter so that shards and proxies do not knock together.
/// </summary>
/// <param name="random">The shard's.</param>
/// <param name="most">Longest pause, microseconds.</param>
internal sealed class Backoff(Random random, long most = Backoff.MostMicroseconds)
{
    /// <summary>Longest pause unless told otherwise, microseconds.</summary>
    public const long MostMicroseconds = 3_000_000;

    private const long FirstMicroseconds = 100_000;

    private long _pause;
    private long _notBefore;

    /// <summary>True when nothing failed since the last success.</summary>
    public bool IsClear => _pause == 0;

    public bool IsOver(long now) => now >= _notBefore;

    public void Failed(long now)
    {
        _pause = Math.Clamp(_pause * 2, FirstMicroseconds, most);
        _notBefore = now + (long)(_pause * (0.75 + (random.NextDouble() / 2)));
    }

    public void Succeeded() => _pause = _notBefore = 0;
}
