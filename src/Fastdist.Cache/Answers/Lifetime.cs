using System;
using Fastdist.Dns;
using Fastdist.Settings;

namespace Fastdist.Cache.Answers;

/// <summary>How long an answer is kept, in seconds, as dnsdist reckons it.</summary>
internal static class Lifetime
{
    /// <summary>
    /// SERVFAIL and REFUSED have a time of their own, which their TTLs do not change. NXDOMAIN and NODATA are kept as long as the smallest TTL and
    /// <see cref="CacheOptions.MaxNegativeTtl"/> allow, others as it and <see cref="CacheOptions.MaxTtl"/> do, and neither when that is less than
    /// <see cref="CacheOptions.MinTtl"/>. Answers with TC, which lack records, are kept no longer than <see cref="CacheOptions.TruncatedTtl"/>.
    /// </summary>
    /// <param name="facts">What the answer is.</param>
    /// <param name="options">The cache's settings.</param>
    /// <param name="failureTtl">What a rule says for this query in the place of <see cref="CacheOptions.TemporaryFailureTtl"/>; <see cref="uint.MaxValue"/> for nothing.</param>
    /// <param name="seconds">How long, at least 1; 0 when it is not kept.</param>
    public static Keeping Of(in AnswerFacts facts, CacheOptions options, uint failureTtl, out uint seconds)
    {
        seconds = 0;
        bool isFailure = facts.Rcode is Rcode.ServFail or Rcode.Refused;
        long found = isFailure ? (failureTtl == uint.MaxValue ? options.TemporaryFailureTtl : failureTtl) : OfRecords(in facts, options);
        long limit = facts.IsTruncated ? options.TruncatedTtl : long.MaxValue;
        if (limit == 0 || found < 0 || (isFailure && found == 0))
        {
            return Keeping.Never;
        }

        found = Math.Min(found, limit);
        if (found == 0 || (!isFailure && found < options.MinTtl))
        {
            return Keeping.TooShort;
        }

        seconds = (uint)found;
        return Keeping.Kept;
    }

    /// <summary>As its records say; -1 when it has none and so says nothing.</summary>
    private static long OfRecords(in AnswerFacts facts, CacheOptions options)
    {
        if (facts.SmallestTtl < 0 && !facts.IsTruncated)
        {
            return -1;
        }

        long found = facts.SmallestTtl < 0 ? options.TruncatedTtl : facts.SmallestTtl;
        return Math.Min(found, facts.IsNegative ? options.MaxNegativeTtl : options.MaxTtl);
    }
}
