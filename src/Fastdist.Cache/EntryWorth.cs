using System;
using Fastdist.Cache.Storage;
using Fastdist.Dns;
using Fastdist.Settings;

namespace Fastdist.Cache;

/// <summary>
/// What an entry is good for at a time. Shards read the clock each for itself, so that an entry may have been added a moment after the time of who looks at it.
/// </summary>
internal static class EntryWorth
{
    /// <summary>When an entry's time is over, seconds of the cache's clock.</summary>
    /// <param name="now">When it is kept, seconds of that clock.</param>
    /// <param name="seconds">How long it is kept.</param>
    public static uint EndAfter(uint now, uint seconds) => now + Math.Min(seconds, uint.MaxValue - now);

    /// <summary>For how long it has been kept, seconds.</summary>
    public static uint AgeOf(in EntryHead head, uint now) => now - Math.Min(head.Added, now);

    /// <summary>Whether it is an answer, rather than that somebody could not tell: RFC 8767 section 4 lets no others be given after their time.</summary>
    public static bool IsAnswer(in EntryHead head) => (Rcode)head.Rcode is Rcode.NoError or Rcode.NXDomain;

    /// <summary>Whether an entry may still be given to whoever backends do not answer, though its time is over.</summary>
    /// <param name="head">The entry.</param>
    /// <param name="options">The cache's settings.</param>
    /// <param name="now">The time, seconds of the cache's clock.</param>
    /// <param name="staleFor">Seconds beyond its end that an answer may be given; 0 for none.</param>
    public static bool IsStale(in EntryHead head, CacheOptions options, uint now, uint staleFor) =>
        head.Ends <= now && now - head.Ends < staleFor && IsAnswer(in head) && (options.StaleNegatives || (head.Traits & EntryTraits.Negative) == 0);

    /// <summary>
    /// Whether an entry is not to be replaced by a lesser one: a failure takes the place of no answer that may still be given, and one with TC not that of a
    /// whole one whose time is not over.
    /// </summary>
    /// <param name="kept">The entry that there is.</param>
    /// <param name="coming">The one that would take its place.</param>
    /// <param name="options">The cache's settings.</param>
    /// <param name="terms">By which terms the latter would be kept.</param>
    public static bool IsBetter(in EntryHead kept, in EntryHead coming, CacheOptions options, in KeepTerms terms)
    {
        if (IsWhole(in coming) || !IsWhole(in kept))
        {
            return false;
        }

        return kept.Ends > terms.Now || (!IsAnswer(in coming) && IsStale(in kept, options, terms.Now, terms.StaleFor));
    }

    /// <summary>Whether it is an answer to which nothing is lacking.</summary>
    public static bool IsWhole(in EntryHead head) => IsAnswer(in head) && (head.Traits & EntryTraits.Truncated) == 0;
}
