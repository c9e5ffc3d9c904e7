using System;
using System.Diagnostics;

namespace Fastdist.Proxy.Limits;

/// <summary>
/// What was taken of a rate: a token bucket that keeps what is missing instead of what is left, so that a full one is all zero. Its
/// arithmetic is exact.
/// </summary>
internal struct TokenBucket
{
    private long _missing;
    private long _countedAt;

    /// <summary>Tells whether a token is there.</summary>
    /// <param name="rate">The same at every call, or another one from some call on, for which what is missing counts on.</param>
    /// <param name="now">Microseconds, not before those of earlier calls.</param>
    public readonly bool HasToken(Rate rate, long now) => !rate.IsLimited || MissingAt(rate, now) + rate.Cost <= rate.Capacity;

    /// <summary>Takes a token that <see cref="HasToken"/> saw.</summary>
    public void Take(Rate rate, long now)
    {
        Debug.Assert(HasToken(rate, now));
        if (rate.IsLimited)
        {
            _missing = MissingAt(rate, now) + rate.Cost;
            _countedAt = now;
        }
    }

    /// <summary>When the next token comes, microseconds, after <see cref="HasToken"/> saw none.</summary>
    public readonly long NextAt(Rate rate) => TimeOf(rate, _missing + rate.Cost - rate.Capacity);

    /// <summary>When it will be full if nothing more is taken, microseconds; 0 when nothing ever was.</summary>
    public readonly long FullAt(Rate rate) => _missing == 0 || !rate.IsLimited ? 0 : TimeOf(rate, _missing);

    private readonly long TimeOf(Rate rate, long missing) => _countedAt + ((missing + rate.PerSecond - 1) / rate.PerSecond);

    private readonly long MissingAt(Rate rate, long now)
    {
        Debug.Assert(now >= _countedAt);

        // Cut off, so that no span of time overflows.
        long elapsed = Math.Min(now - _countedAt, rate.FillTime);
        return Math.Max(_missing - (elapsed * rate.PerSecond), 0);
    }
}
