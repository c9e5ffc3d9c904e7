using System.Linq;
using Fastdist.LoadComparison.Backends;

namespace Fastdist.LoadComparison.Peers;

/// <summary>
/// dnsdist with out-of-order answers on both sides, which its defaults leave off. Its workers for TCP carry the queries of all
/// frontends to a backend over TLS, and how many of them and how many queries a connection takes is what its speed depends on. To a plain
/// backend they carry what came over streams; the other queries go over UDP, from so many sockets.
/// </summary>
internal sealed class Dnsdist(Release release) : Peer
{
    private static readonly DnsdistTuning[] s_tunings =
        [.. from workers in (int[])[2, 1] from inFlight in (int[])[100, 1000] select new DnsdistTuning(workers, inFlight, 1, 1)];

    public override string Name => "dnsdist" + release.Suffix;

    public override string Remedy => release.Remedy;

    public override bool IsAskedFor(Settings settings) => release.IsAskedFor(settings);

    public override string? Version(Settings settings) => release.Command(settings, "dnsdist") is [var first, .. var rest] ? FirstLine(first, [.. rest, "--version"]) : null;

    public override Tuning[] Tunings(QueryPath path)
    {
        // No stream has a part in it.
        var isAllUdp = path == new QueryPath(ClientTransport.Udp, UpstreamTransport.Udp);
        DnsdistTuning[] tunings = isAllUdp ? [s_tunings[0] with { Text = "" }] : s_tunings;
        if (path.To == UpstreamTransport.Udp && path.From is ClientTransport.Udp or ClientTransport.Doh)
        {
            tunings = [.. from sockets in (int[])[1, 8] from tuning in tunings select tuning.With($"sockets {sockets}") with { Sockets = sockets }];
        }
        // Only datagrams can be read several at a time.
        return path.From == ClientTransport.Udp ? [.. tunings, .. tunings.Select(tuning => tuning.With("vector 16") with { VectorSize = 16 })] : tunings;
    }

    public override Child Start(Settings settings, Backend backend, Frontend frontend)
    {
        var tuning = (DnsdistTuning)(frontend.Tuning ?? s_tunings[0]);
        var address = $"127.0.0.1:{frontend.Port}";
        var listen = frontend.Path.From == ClientTransport.Doh
            ? $"""addDOHLocal("{address}", "{frontend.Certificate.File}", "{frontend.Certificate.KeyFile}", "/dns-query")"""
            : frontend.Path.From == ClientTransport.Dot
            ? $$"""addTLSLocal("{{address}}", "{{frontend.Certificate.File}}", "{{frontend.Certificate.KeyFile}}", {maxInFlight={{tuning.MaxInFlight}}})"""
            : $$"""setLocal("{{address}}", {maxInFlight={{tuning.MaxInFlight}}})""";
        var upstream = frontend.Path.To == UpstreamTransport.Udp
            ? $"sockets={tuning.Sockets}"
            : $"""tls="openssl", subjectName="{Backend.HostName}", caStore="{backend.AuthorityFile}", validateCertificates=true""";
        // The time to read a query is also how long a client may be idle.
        var patience = frontend.IdleConnections == 0 ? "" : "setTCPRecvTimeout(3600)";
        var configuration = settings.Write("dnsdist.conf", $$"""
            setSecurityPollSuffix("")
            setMaxTCPClientThreads({{tuning.Workers}})
            setUDPMultipleMessagesVectorSize({{tuning.VectorSize}})
            {{patience}}
            {{listen}}
            newServer{address="127.0.0.1:{{backend.ForwardPortOf(frontend.Path)}}", {{upstream}},
              maxInFlight={{tuning.MaxInFlight}}, checkName="{{NameSet.First}}."}

            """);
        string[] command = [.. release.Command(settings, "dnsdist")!, "-C", configuration, "--supervised", "--disable-syslog"];
        return Child.Start(command[0], command[1..]);
    }

    private sealed record DnsdistTuning(int Workers, int MaxInFlight, int VectorSize, int Sockets)
        : Tuning($"{Workers} {(Workers == 1 ? "worker" : "workers")}, maxInFlight {MaxInFlight}")
    {
        /// <summary>The same with one thing more in its text.</summary>
        public DnsdistTuning With(string word) => this with { Text = Text.Length == 0 ? word : $"{Text}, {word}" };
    }
}
