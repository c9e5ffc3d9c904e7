using Fastdist.Dns;

namespace Fastdist.Rules.Blocks;

/// <summary>What was answered of a name.</summary>
/// <param name="Queries">Questions, answered or not.</param>
/// <param name="NoErrors">Answers NOERROR.</param>
/// <param name="NxDomains">Answers NXDOMAIN.</param>
/// <param name="ServFails">Answers SERVFAIL.</param>
/// <param name="Drops">Questions without an answer.</param>
/// <param name="Bytes">Bytes of all answers.</param>
/// <param name="Hits">Answers from the cache.</param>
public readonly record struct NameStatistics(long Queries, long NoErrors, long NxDomains, long ServFails, long Drops, long Bytes, long Hits)
{
    /// <summary>A question without an answer.</summary>
    public static NameStatistics OfDrop => new(1, 0, 0, 0, 1, 0, 0);

    /// <summary>Sums.</summary>
    public static NameStatistics operator +(in NameStatistics left, in NameStatistics right) => new(
        left.Queries + right.Queries, left.NoErrors + right.NoErrors, left.NxDomains + right.NxDomains, left.ServFails + right.ServFails,
        left.Drops + right.Drops, left.Bytes + right.Bytes, left.Hits + right.Hits);

    /// <summary>An answer.</summary>
    /// <param name="rcode">The header's response code.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="isHit">Whether it comes from the cache.</param>
    public static NameStatistics OfResponse(int rcode, int bytes, bool isHit) => new(
        1, rcode == (int)Rcode.NoError ? 1 : 0, rcode == (int)Rcode.NXDomain ? 1 : 0, rcode == (int)Rcode.ServFail ? 1 : 0, 0, bytes, isHit ? 1 : 0);
}
