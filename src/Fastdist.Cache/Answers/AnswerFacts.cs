using Fastdist.Dns;

namespace Fastdist.Cache.Answers;

/// <summary>What an answer is, for whoever decides how long to keep it.</summary>
internal struct AnswerFacts
{
    /// <summary>Smallest TTL of its records, seconds; -1 when it has none. One with its highest bit set counts as zero (RFC 2181 section 8).</summary>
    public long SmallestTtl;

    /// <summary>The header's RCODE.</summary>
    public Rcode Rcode;

    /// <summary>NXDOMAIN, or NOERROR with an SOA in its authority section.</summary>
    public bool IsNegative;

    /// <summary>Whether TC is set.</summary>
    public bool IsTruncated;
}
