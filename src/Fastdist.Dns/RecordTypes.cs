using System;
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
        ("PTR", RecordType.PTR), ("HINFO", RecordType.HINFO), ("MX", RecordType.MX), ("TXT", RecordType.TXT),
        ("SIG", RecordType.SIG), ("KEY", RecordType.KEY), ("AAAA", RecordType.AAAA), ("LOC", RecordType.LOC),
        ("SRV", RecordType.SRV), ("NAPTR", RecordType.NAPTR), ("CERT", RecordType.CERT),
        ("DNAME", RecordType.DNAME), ("OPT", RecordType.OPT), ("DS", RecordType.DS),
        ("SSHFP", RecordType.SSHFP), ("RRSIG", RecordType.RRSIG), ("NSEC", RecordType.NSEC),
        ("DNSKEY", RecordType.DNSKEY), ("NSEC3", RecordType.NSEC3), ("NSEC3PARAM", RecordType.NSEC3PARAM),
        ("TLSA", RecordType.TLSA), ("SMIMEA", RecordType.SMIMEA), ("CDS", RecordType.CDS),
        ("CDNSKEY", RecordType.CDNSKEY), ("OPENPGPKEY", RecordType.OPENPGPKEY), ("CSYNC", RecordType.CSYNC),
        ("ZONEMD", RecordType.ZONEMD), ("SVCB", RecordType.SVCB), ("HTTPS", RecordType.HTTPS),
        ("SPF", RecordType.SPF), ("TKEY", RecordType.TKEY), ("TSIG", RecordType.TSIG),
        ("IXFR", RecordType.IXFR), ("AXFR", RecordType.AXFR), ("ANY", RecordType.ANY),
        ("URI", RecordType.URI), ("CAA", RecordType.CAA),
    ];

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
