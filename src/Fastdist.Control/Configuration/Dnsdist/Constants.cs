using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;

namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>The tables of numbers that dnsdist gives names to; each is a global table of the same name.</summary>
internal static class Constants
{
    // PowerDNS's own types, which no registry has and no other server knows.
    private static readonly (string Name, int Value)[] s_privateTypes = [("ADDR", 65400), ("ALIAS", 65401), ("LUA", 65402)];

    /// <summary>Name of a table, and its names and values.</summary>
    public static readonly IReadOnlyList<(string Table, IReadOnlyList<(string Name, int Value)> Values)> Tables =
    [
        ("DNSAction",
        [
            ("Drop", 0), ("Nxdomain", 1), ("Refused", 2), ("Spoof", 3), ("Allow", 4), ("HeaderModify", 5), ("Pool", 6), ("Delay", 7), ("Truncate", 8), ("ServFail", 9),
            ("None", 10), ("NoOp", 11), ("NoRecurse", 12), ("SpoofRaw", 13), ("SpoofPacket", 14), ("SetTag", 15),
        ]),
        ("DNSClass", [("IN", 1), ("CHAOS", 3), ("NONE", 254), ("ANY", 255)]),
        ("DNSOpcode", [("Query", 0), ("IQuery", 1), ("Status", 2), ("Notify", 4), ("Update", 5)]),
        ("DNSQType", [.. RecordTypes.Named.Select(static type => (type.Text, (int)type.Type)), .. s_privateTypes]),
        ("DNSRCode",
        [
            ("NOERROR", 0), ("FORMERR", 1), ("SERVFAIL", 2), ("NXDOMAIN", 3), ("NOTIMP", 4), ("REFUSED", 5), ("YXDOMAIN", 6), ("YXRRSET", 7), ("NXRRSET", 8), ("NOTAUTH", 9),
            ("NOTZONE", 10), ("BADVERS", 16), ("BADSIG", 16), ("BADKEY", 17), ("BADTIME", 18), ("BADMODE", 19), ("BADNAME", 20), ("BADALG", 21), ("BADTRUNC", 22),
            ("BADCOOKIE", 23),
        ]),
        ("DNSResponseAction", [("Allow", 0), ("Delay", 1), ("Drop", 2), ("HeaderModify", 3), ("ServFail", 4), ("Truncate", 5), ("None", 6)]),
        ("DNSSection", [("Question", 0), ("Answer", 1), ("Authority", 2), ("Additional", 3)]),
        ("EDNSOptionCode",
        [
            ("NSID", 3), ("DAU", 5), ("DHU", 6), ("N3U", 7), ("ECS", 8), ("EXPIRE", 9), ("COOKIE", 10), ("TCPKEEPALIVE", 11), ("PADDING", 12), ("CHAIN", 13), ("KEYTAG", 14),
        ]),
    ];
}
