using System;
using System.Threading;

namespace Fastdist.Rules.Rates;

/// <summary>
/// A token bucket's rate and size; what is in it is one word, so that any number of threads change it by one compare-and-swap (the generic cell rate algorithm, ITU-T
/// I.371). The word is the time at which the bucket will be full, in nanoseconds: a token taken makes it later by what a token takes to grow. 0, as any time that has
/// passed, is a full bucket. Grows exactly at rates that divide 10^9, else within half a nanosecond a token: 0.05 % at a million a second, 5 % at a hundred millions.
/// </summary>
public readonly struct TokenRate
{
    /// <summary>Nanoseconds in a microsecond, the unit of times that are handed in.</summary>
    internal const long Nanoseconds = 1_000;

    /// <summary>Nanoseconds in a second.</summary>
    internal const long NanosecondsPerSecond = 1_000_000_000;

    // A bucket that never grows is full again in 73 years. Longest of the others: 2^32 tokens at one a second, below 2^62, so a sum with the time of 146 years is below
    // 2^63.
    private const long Never = 1L << 61;

    private readonly long _interval;
    private readonly long _room;

    /// <summary>A bucket.</summary>
    /// <param name="perSecond">Tokens that it grows by each second; at 0 it never does.</param>
    /// <param name="burst">Tokens that it holds; at 0 none is ever taken.</param>
    public TokenRate(uint perSecond, uint burst)
    {
        _interval = perSecond == 0 ? Never / Math.Max(burst, 1) : Math.Max((NanosecondsPerSecond + (perSecond / 2)) / perSecond, 1);
        _room = _interval * burst;
    }

    /// <summary>Takes tokens if all of them are there.</summary>
    /// <param name="word">The bucket.</param>
    /// <param name="now">Nanoseconds, below 2^62. One thread's may be a little behind another's.</param>
    /// <param name="count">How many; at most a burst.</param>
    public bool TryTake(ref long word, long now, uint count = 1)
    {
        long seen = Volatile.Read(ref word);
        while (true)
        {
            long full = Math.Max(seen, now) + (count * _interval);
            if (full - now > _room)
            {
                return false;
            }

            long was = Interlocked.CompareExchange(ref word, full, seen);
            if (was == seen)
            {
                return true;
            }

            seen = was;
        }
    }
}
