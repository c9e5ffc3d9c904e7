using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Rules.Patterns;
using Fastdist.Rules.Selectors;
using Fastdist.Settings.Rules;
using Fastdist.Settings.Tables;
using static Fastdist.Control.Configuration.Objects.Rules.RuleObjects;

namespace Fastdist.Control.Configuration.Functions.Rules;

/// <summary>Selectors of where a query is from, and how it came.</summary>
internal static class OriginSelectorFunctions
{
    private static readonly (string Name, Transport Transport)[] s_transports =
    [
        ("DoUDP", Transport.Udp), ("DoTCP", Transport.Tcp), ("DNSCryptUDP", Transport.Other), ("DNSCryptTCP", Transport.Other), ("DoT", Transport.Tls), ("DoH", Transport.Https),
        ("DoQ", Transport.Other), ("DoH3", Transport.Other),
    ];

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Selecting("NetmaskGroupRule", "network | {network, ...} | netmaskgroup[, source[, quiet]]",
            "queries of clients in these networks, as the group is now, where the longest decides and ! excludes; source=false looks at the address that was asked, quiet leaves the networks out of tables", 1, 3,
            static arguments => new NetmaskSelector(arguments.Networks(0), arguments.BooleanOr(1, "source", otherwise: true), arguments.BooleanOr(2, "quiet", otherwise: false))),
        Selecting("DSTPortRule", "port", "queries to this port", 1, 1, static arguments => new DestinationPortSelector((ushort)arguments.Integer(0, "port", 0, ushort.MaxValue))),
        Selecting("TCPRule", "stream", "queries over TCP, TLS or HTTP if true, over UDP if false", 1, 1, static arguments => new StreamSelector(arguments.Boolean(0, "stream"))),
        Selecting("IncomingProtocolRule", "protocol", "queries that came over DoUDP, DoTCP, DoT or DoH", 1, 1, Incoming),
        Selecting("SNIRule", "name", "queries of clients that asked for this name in TLS, byte for byte", 1, 1, static arguments => new ServerNameSelector(arguments.String(0, "name"))),
        Selecting("HTTPPathRule", "path", "queries over HTTP to this path, without what follows a question mark", 1, 1, static arguments => new HttpPathSelector(arguments.String(0, "path"))),
        Selecting("HTTPPathRegexRule", "pattern", "queries over HTTP to paths that this extended regular expression of POSIX finds something in, in any case", 1, 1, static arguments =>
            new HttpPathPatternSelector(arguments.Pattern(0, PatternSyntax.PosixExtended))),
        Selecting("HTTPHeaderRule", "field, pattern", "queries over HTTP with a header field that this extended regular expression of POSIX finds something in, in any case", 2, 2, static arguments =>
            new HttpHeaderSelector(arguments.String(0, "field"), arguments.Pattern(1, PatternSyntax.PosixExtended))),
    ];

    private static Selector Incoming(Script script, Arguments arguments)
    {
        string name = arguments.String(0, "protocol");
        foreach ((string known, Transport transport) in s_transports)
        {
            if (known == name)
            {
                if (transport == Transport.Other)
                {
                    script.Warn(script.Place, $"IncomingProtocolRule: {name} is not offered here, and the rule never matches");
                }

                return new TransportSelector(transport, name);
            }
        }

        IEnumerable<string> names = s_transports.Select(static transport => transport.Name);
        throw new ScriptException($"argument 1, protocol: expected one of {string.Join(", ", names)}, got '{name}'{Nearest.Suggest(name, names)}");
    }
}
