using System;

namespace Fastdist.Rules.Rates;

/// <summary>
/// A rate of the whole process (<c>MaxQPSRule</c>, <c>QPSAction</c>, <c>QPSPoolAction</c>). Each shard holds some of the tokens and counts those down without telling
/// anybody; when they are used up it takes as many from the bucket. What shards may hold is part of the burst, less than a hundredth of it: never is more than a burst
/// taken at once, and what an idle shard holds is missing once, not each second.
/// </summary>
public sealed class ProcessRate
{
    // All shards together hold so much of a burst or of a second's tokens, whichever is less.
    private const uint HeldShare = 128;

    private readonly TokenRate _rate;
    private long _word;

    /// <summary>A rate for as many shards as there are processors.</summary>
    /// <param name="perSecond">Tokens a second; with 0 no more than a burst is ever taken.</param>
    /// <param name="burst">Most tokens at once; with 0 there is none.</param>
    public ProcessRate(uint perSecond, uint burst)
        : this(perSecond, burst, Environment.ProcessorCount)
    {
    }

    /// <summary>A rate; all tokens of a burst are there.</summary>
    /// <param name="perSecond">Tokens a second; with 0 no more than a burst is ever taken.</param>
    /// <param name="burst">Most tokens at once; with 0 there is none.</param>
    /// <param name="shards">How many leases hold tokens at a time, about.</param>
    public ProcessRate(uint perSecond, uint burst, int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        (PerSecond, Burst) = (perSecond, burst);
        LeaseSize = Math.Max(Math.Min(perSecond, burst) / HeldShare / (uint)shards, 1);

        // Of a lease one token is used as it is taken, the others are held.
        _rate = new TokenRate(perSecond, burst - (uint)((LeaseSize - 1) * shards));
    }

    /// <summary>Tokens a second.</summary>
    public uint PerSecond { get; }

    /// <summary>Most tokens at once.</summary>
    public uint Burst { get; }

    /// <summary>Tokens that a shard takes at a time.</summary>
    internal uint LeaseSize { get; }

    /// <summary>A shard's share, which is for its thread only.</summary>
    public RateLease CreateLease() => new(this, LeaseSize - 1);

    /// <summary>Takes a lease, or the one token that is left.</summary>
    /// <returns>How many tokens were taken.</returns>
    internal uint Take(long now)
    {
        long nanoseconds = now * TokenRate.Nanoseconds;
        return _rate.TryTake(ref _word, nanoseconds, LeaseSize) ? LeaseSize : LeaseSize > 1 && _rate.TryTake(ref _word, nanoseconds) ? 1u : 0;
    }
}
