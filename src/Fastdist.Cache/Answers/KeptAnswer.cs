using System;
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

/// <summary>
/// The form in which answers are kept, once for all clients: whole, without OPT, with where its TTLs are and what its OPT said that is not about the client
/// (extended errors, RFC 8914).
/// </summary>
internal static class KeptAnswer
{
    /// <summary>Bytes that the form is longer than the answer, at most, for each record and besides.</summary>
    public const int MaxOverhead = 1024;

    /// <summary>Writes the form.</summary>
    /// <param name="answer">The whole answer.</param>
    /// <param name="destination">Receives it.</param>
    /// <param name="length">Bytes written.</param>
    /// <param name="facts">What the answer is.</param>
    /// <returns>
    /// False for what cannot be kept: broken or signed, without its one question, with bytes behind its records, with an RCODE that needs the OPT's bits, too
    /// long for the destination.
    /// </returns>
    public static bool TryWrite(ReadOnlySpan<byte> answer, Span<byte> destination, out int length, out AnswerFacts facts) => throw new NotImplementedException();

    /// <summary>Writes the answer for a client.</summary>
    /// <param name="kept">The form, as <see cref="TryWrite"/> wrote it.</param>
    /// <param name="query">The client's query: its ID, RD and CD, and the letter case of its question are the answer's.</param>
    /// <param name="traits">How else.</param>
    /// <param name="destination">Receives the answer.</param>
    /// <returns>Bytes written; 0 when it has no room.</returns>
    public static int Restore(ReadOnlySpan<byte> kept, in Query query, in RestoreTraits traits, Span<byte> destination) => throw new NotImplementedException();
}

/// <summary>How an answer is written for a client.</summary>
internal struct RestoreTraits
{
    /// <summary>Seconds that are taken off each TTL, which does not fall below zero.</summary>
    public uint Age;

    /// <summary>TTL that every record gets instead, seconds; <see cref="uint.MaxValue"/> for its own.</summary>
    public uint FixedTtl;

    /// <summary>UDP payload that we receive, bytes, which its OPT says.</summary>
    public ushort PayloadSize;

    /// <summary>SCOPE PREFIX-LENGTH that a client is told that has told its network, bits.</summary>
    public byte Scope;

    /// <summary>Whether it gets an extended error that says that its time is over: 3, or 19 for NXDOMAIN (RFC 8914).</summary>
    public bool IsStale;

    /// <summary>What to shuffle the first set of addresses by; null to leave it.</summary>
    public Random? Shuffle;
}
