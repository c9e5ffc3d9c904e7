using System;

namespace Fastdist.Dns;

/// <summary>
/// Where the RDATA of a type holds names, which may end in pointers to what stands before them. Types that are not known here hold none
/// that do (RFC 3597 section 4), so their RDATA are but bytes.
/// </summary>
/// <param name="Before">Bytes before the first name.</param>
/// <param name="Count">Names, one behind the other.</param>
/// <param name="MayCompress">Whether they may be written with pointers (RFC 3597 section 4: only types of RFC 1035).</param>
internal readonly record struct RecordNames(byte Before, byte Count, bool MayCompress = false)
{
    // ORDER and PREFERENCE, then FLAGS, SERVICES and REGEXP, whose lengths stand before them (RFC 3403 section 4.1).
    private const int NaptrNumbers = 4;
    private const int NaptrTexts = 3;

    // Types of old that are nobody's any more but were compressed.
    private const RecordType MailDestination = (RecordType)3;
    private const RecordType MailForwarder = (RecordType)4;
    private const RecordType RouteThrough = (RecordType)21;
    private const RecordType NsapPointer = (RecordType)23;
    private const RecordType MailMapping = (RecordType)26;
    private const RecordType NextOfOld = (RecordType)30;

    /// <summary>Those of a type.</summary>
    internal static RecordNames Of(RecordType type) => type switch
    {
        RecordType.NS or RecordType.CNAME or RecordType.PTR or RecordType.MB or RecordType.MG or RecordType.MR => new(0, 1, true),
        MailDestination or MailForwarder => new(0, 1, true),
        RecordType.SOA or RecordType.MINFO => new(0, 2, true),
        RecordType.MX => new(2, 1, true),
        RecordType.DNAME or RecordType.NSEC or NextOfOld or NsapPointer => new(0, 1),
        RecordType.RP => new(0, 2),
        RecordType.AFSDB or RecordType.KX or RouteThrough => new(2, 1),
        MailMapping => new(2, 2),
        RecordType.SRV => new(6, 1),
        RecordType.SIG or RecordType.RRSIG => new(18, 1),
        RecordType.NAPTR => new(NaptrNumbers, 1),
        _ => default,
    };

    /// <summary>Bytes before the first name in a record's RDATA; -1 when they are broken.</summary>
    internal int SizeBefore(RecordType type, ReadOnlySpan<byte> data)
    {
        int size = Before;
        for (int texts = type == RecordType.NAPTR ? NaptrTexts : 0; texts > 0 && size < data.Length; texts--)
        {
            size += 1 + data[size];
        }

        return size <= data.Length ? size : -1;
    }
}
