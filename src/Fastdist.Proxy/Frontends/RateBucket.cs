using System;
using System.Diagnostics;

namespace Fastdist.Proxy.Frontends;

/// <summary>A rate of which a burst may be used at once; a <paramref name="PerSecond"/> of 0 is no limit.</summary>
internal readonly record struct Rate(int PerSecond, int BurstSeconds)
{
    public bool IsLimited => PerSecond > 0;

    /// <summary>Tokens that a full bucket holds.</summary>
    public long Capacity => (long)PerSecond * BurstSeconds;
}

/// <summary>
/// What one client took of a rate: a token bucket that keeps what is missing instead of what is left,
/// in millionths of a token, so that a full one is all zero and the arithmetic is exact.
/// </summary>
internal struct RateBucket
{
    private const long Token = 1_000_000;
    private const long MicrosecondsPerSecond = 1_000_000;

    private long _missing;
    private long _countedAt;

    /// <summary>Tells whether a token is there.</summary>
    /// <param name="rate">The same at every call.</param>
    /// <param name="now">Microseconds, not before those of earlier calls.</param>
    public readonly bool HasToken(Rate rate, long now) => !rate.IsLimited || MissingAt(rate, now) + Token <= rate.Capacity * Token;

    /// <summary>Takes a token that <see cref="HasToken"/> saw.</summary>
    public void Take(Rate rate, long now)
    {
        Debug.Assert(HasToken(rate, now));
        if (rate.IsLimited)
        {
            _missing = MissingAt(rate, now) + Token;
            _countedAt = now;
        }
    }

    /// <summary>When it will be full if nothing more is taken, microseconds; 0 when nothing ever was.</summary>
    public readonly long FullAt(Rate rate) => _missing == 0 ? 0 : _countedAt + ((_missing + rate.PerSecond - 1) / rate.PerSecond);

    private readonly long MissingAt(Rate rate, long now)
    {
        Debug.Assert(now >= _countedAt);

        // Cut off, so that no span of time overflows: after a burst's seconds it is full anyway.
        long elapsed = Math.Min(now - _countedAt, rate.BurstSeconds * MicrosecondsPerSecond);
        return Math.Max(_missing - (elapsed * rate.PerSecond), 0);
    }
}
