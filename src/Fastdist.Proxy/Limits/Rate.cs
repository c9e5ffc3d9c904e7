using System;

namespace Fastdist.Proxy.Limits;

/// <summary>A rate of which a burst may be used at once, and one token in any case.</summary>
/// <param name="PerSecond">Tokens a second; 0 is no limit.</param>
/// <param name="BurstSeconds">Seconds' worth that may be used at once, at least 1.</param>
/// <param name="Shares">Equal parts into which these are divided, one of which this is.</param>
internal readonly record struct Rate(int PerSecond, int BurstSeconds, int Shares = 1)
{
    private const long MicrosecondsPerSecond = 1_000_000;

    public bool IsLimited => PerSecond > 0;

    /// <summary>What a token costs, where a microsecond brings <see cref="PerSecond"/>: so nothing is ever rounded.</summary>
    public long Cost => Shares * MicrosecondsPerSecond;

    /// <summary>What a full bucket holds, in the same unit.</summary>
    public long Capacity => Math.Max(PerSecond * MicrosecondsPerSecond * BurstSeconds, Cost);

    /// <summary>Microseconds in which an empty bucket is full for certain.</summary>
    public long FillTime => Math.Max(BurstSeconds, Shares) * MicrosecondsPerSecond;
}
