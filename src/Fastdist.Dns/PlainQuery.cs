using System;

namespace Fastdist.Dns;

/// <summary>
/// View of a query that is its one question and at most one OPT of version 0 with sound options right behind it, and nothing else: no other records, no
/// bytes behind them, no bits of its header but RD, AD and CD. What such a query asks for is known in full, so that two of them can be told to be equal.
/// </summary>
public readonly ref struct PlainQuery
{
    /// <summary>CO: answers may deny names in the compact way (RFC 9824 section 5.1).</summary>
    private const ushort CompactAnswersBit = 0x4000;

    private const int FlagsOffset = 7;

    private PlainQuery(ReadOnlySpan<byte> options, ushort flags)
    {
        HasOpt = true;
        DnssecOk = (flags & OptRecord.DnssecOkBit) != 0;
        CompactAnswersOk = (flags & CompactAnswersBit) != 0;
        Options = options;
    }

    /// <summary>Whether it has an OPT.</summary>
    public bool HasOpt { get; }

    /// <summary>DO (RFC 3225).</summary>
    public bool DnssecOk { get; }

    /// <summary>CO (RFC 9824 section 5.1).</summary>
    public bool CompactAnswersOk { get; }

    /// <summary>The OPT's options one behind the other, each well-formed; empty without OPT.</summary>
    public ReadOnlySpan<byte> Options { get; }

    /// <summary>Reads a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="plain">What it says besides its question.</param>
    /// <returns>False when it is not such a query; flags of the OPT whose meaning is not known are a reason, too.</returns>
    public static bool TryRead(in Query query, out PlainQuery plain)
    {
        plain = default;
        if (!query.IsSound || !Header.IsPlainQuery(query.Message))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = query.Message[query.QuestionEnd..];
        return Header.Counts(query.Message) switch
        {
            Query.OneQuestion => rest.IsEmpty,
            Query.OneQuestion | Query.OneAdditional => Query.IsLoneOpt(rest) && TryReadOpt(rest, out plain),
            _ => false,
        };
    }

    private static bool TryReadOpt(ReadOnlySpan<byte> record, out PlainQuery plain)
    {
        plain = default;
        ushort flags = (ushort)((record[FlagsOffset] << 8) | record[FlagsOffset + 1]);
        if (record[OptRecord.UpperRcodeOffset] != 0 || (flags & ~(OptRecord.DnssecOkBit | CompactAnswersBit)) != 0 || !new OptRecord(record).TryReadOptions(out _))
        {
            return false;
        }

        plain = new PlainQuery(record[OptRecord.FixedSize..], flags);
        return true;
    }
}
