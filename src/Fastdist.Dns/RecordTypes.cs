using System;
using System.Collections.Generic;
using System.Globalization;

namespace Fastdist.Dns;

/// <summary>Record types as text: <c>A</c>, <c>AAAA</c>, and <c>TYPE65</c> for any value (RFC 3597 5).</summary>
public static class RecordTypes
{
    private const string NumericPrefix = "TYPE";

    // A table rather than the enum's reflection: trimming keeps it, and start-up pays nothing for it.
    private static readonly (string Text, RecordType Type)[] s_names =
    [
        ("A", RecordType.A), ("NS", RecordType.NS), ("CNAME", RecordType.CNAME), ("SOA", RecordType.SOA),
        ("MB", RecordType.MB), ("MG", RecordType.MG), ("MR", RecordType.MR), ("PTR", RecordType.PTR),
        ("HINFO", RecordType.HINFO), ("MINFO", RecordType.MINFO), ("MX", RecordType.MX), ("TXT", RecordType.TXT),
        ("RP", RecordType.RP), ("AFSDB", RecordType.AFSDB), ("SIG", RecordType.SIG), ("KEY", RecordType.KEY),
        ("AAAA", RecordType.AAAA), ("LOC", RecordType.LOC), ("SRV", RecordType.SRV), ("NAPTR", RecordType.NAPTR),
        ("KX", RecordType.KX), ("CERT", RecordType.CERT), ("A6", RecordType.A6), ("DNAME", RecordType.DNAME),
        ("OPT", RecordType.OPT), ("APL", RecordType.APL), ("DS", RecordType.DS), ("SSHFP", RecordType.SSHFP),
        ("IPSECKEY", RecordType.IPSECKEY), ("RRSIG", RecordType.RRSIG), ("NSEC", RecordType.NSEC),
        ("DNSKEY", RecordType.DNSKEY), ("DHCID", RecordType.DHCID), ("NSEC3", RecordType.NSEC3),
        ("NSEC3PARAM", RecordType.NSEC3PARAM), ("TLSA", RecordType.TLSA), ("SMIMEA", RecordType.SMIMEA),
        ("RKEY", RecordType.RKEY), ("CDS", RecordType.CDS), ("CDNSKEY", RecordType.CDNSKEY),
        ("OPENPGPKEY", RecordType.OPENPGPKEY), ("CSYNC", RecordType.CSYNC), ("ZONEMD", RecordType.ZONEMD),
        ("SVCB", RecordType.SVCB), ("HTTPS", RecordType.HTTPS), ("DSYNC", RecordType.DSYNC),
        ("HHIT", RecordType.HHIT), ("BRID", RecordType.BRID), ("SPF", RecordType.SPF), ("NID", RecordType.NID),
        ("L32", RecordType.L32), ("L64", RecordType.L64), ("LP", RecordType.LP), ("EUI48", RecordType.EUI48),
        ("EUI64", RecordType.EUI64), ("NXNAME", RecordType.NXNAME), ("TKEY", RecordType.TKEY),
        ("TSIG", RecordType.TSIG), ("IXFR", RecordType.IXFR), ("AXFR", RecordType.AXFR), ("MAILB", RecordType.MAILB),
        ("MAILA", RecordType.MAILA), ("ANY", RecordType.ANY), ("URI", RecordType.URI), ("CAA", RecordType.CAA),
        ("AMTRELAY", RecordType.AMTRELAY), ("RESINFO", RecordType.RESINFO), ("WALLET", RecordType.WALLET),
        ("TA", RecordType.TA), ("DLV", RecordType.DLV),
    ];

    /// <summary>All types that have a name here, in ascending order.</summary>
    public static IReadOnlyList<(string Text, RecordType Type)> Named => s_names;

    /// <summary>Reads a type's name or <c>TYPEnnn</c> (0 to 65535), in any case.</summary>
    /// <returns>Whether the text names a type.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out RecordType type)
    {
        foreach ((string name, RecordType value) in s_names)
        {
            if (text.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                type = value;
                return true;
            }
        }

        type = default;
        if (!text.StartsWith(NumericPrefix, StringComparison.OrdinalIgnoreCase) ||
            !ushort.TryParse(text[NumericPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort number))
        {
            return false;
        }

        type = (RecordType)number;
        return true;
    }

    /// <summary>The type's name, or <c>TYPEnnn</c> when it has none here; for logs and configuration.</summary>
    public static string ToText(RecordType type)
    {
        foreach ((string name, RecordType value) in s_names)
        {
            if (value == type)
            {
                return name;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{NumericPrefix}{(ushort)type}");
    }
}
