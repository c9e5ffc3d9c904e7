using System;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// When the next connection may be tried: at once after a success, then after pauses that grow with the time since then, each off
/// by up to a quarter so that shards and proxies do not knock together.
/// </summary>
/// <param name="random">The shard's.</param>
/// <param name="least">Shortest pause, microseconds.</param>
/// <param name="most">Longest pause, microseconds.</param>
/// <param name="part">The part of the time since the first failure that a pause is: 1 for as long again, 8 for an eighth.</param>
internal sealed class Backoff(Random random, long least, long most, int part)
{
    private long _failingSince;
    private long _notBefore;

    /// <summary>True when nothing failed since the last success.</summary>
    public bool IsClear { get; private set; } = true;

    /// <summary>When the next may be tried, microseconds.</summary>
    public long OverAt => IsClear ? long.MinValue : _notBefore;

    public bool IsOver(long now) => now >= OverAt;

    public void Failed(long now)
    {
        _failingSince = IsClear ? now : _failingSince;
        IsClear = false;
        long pause = Math.Clamp((now - _failingSince) / part, least, most);
        _notBefore = now + (long)(pause * (0.75 + (random.NextDouble() / 2)));
    }

    public void Succeeded() => IsClear = true;
}
