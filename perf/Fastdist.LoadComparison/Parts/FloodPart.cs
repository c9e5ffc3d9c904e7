using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Fastdist.LoadComparison.Peers;
using Fastdist.LoadComparison.Report;

namespace Fastdist.LoadComparison.Parts;

/// <summary>What the runs of one row have in common.</summary>
internal sealed record FloodRow(string KeyKind, string Peer);

/// <summary>One client without and with a flood beside it, and how many handshakes the flood got done.</summary>
internal sealed record FloodSample(SteadyResult Quiet, SteadyResult Flooded, HandshakeCount Flood);

/// <summary>How long an established client waits for its answers while others flood the proxy with new handshakes.</summary>
internal sealed class FloodPart(Bench bench, TlsClients clients) : Part
{
    public const int QueriesPerSecond = 200, FloodConcurrency = 64;

    // The second that the client does not count and the time its last answers may take.
    private const int FloodMoreSeconds = 2;
    private readonly Results<FloodRow, FloodSample> _results = new();

    private ServerCertificate[] Certificates => [bench.Certificates.P256, bench.Certificates.Rsa4096];

    public override void Run(int round)
    {
        foreach (var certificate in Certificates)
        {
            foreach (var peer in Peers())
            {
                var sample = Measure(peer, certificate);
                _results.Add(new FloodRow(certificate.KeyKind, peer.Name), sample);
                Console.Error.WriteLine($"round {round}/{bench.Settings.Rounds}  flood {certificate.KeyKind,-11} {peer.Name,-18}"
                    + $" p99 {sample.Quiet.P99Milliseconds:f2} ms, flooded {sample.Flooded.P99Milliseconds:f2} ms at {sample.Flood.Completed / sample.Flood.Seconds:f0}/s,"
                    + $" {sample.Flooded.Lost} lost");
            }
        }
    }

    public override void Write(StringBuilder text)
    {
        foreach (var certificate in Certificates)
        {
            FloodTable.Write(text, certificate.KeyKind,
                [.. Peers().Select(peer => (peer.Name, _results[new FloodRow(certificate.KeyKind, peer.Name)]))]);
        }
    }

    private IEnumerable<Peer> Peers() => bench.Peers.Where(peer => peer is FastdistPeer or Dnsdist);

    private FloodSample Measure(Peer peer, ServerCertificate certificate)
    {
        var (port, seconds) = (Loopback.FreePort(), bench.Settings.Seconds);
        using var proxy = peer.Start(bench.Settings, bench.Backend, new Frontend(QueryPath.Dot, port, certificate));
        Loopback.AwaitAnswer(proxy, QueryPath.Dot, port);
        var quiet = clients.Steady(port, seconds, QueriesPerSecond);
        Child? flood = null;
        var flooded = clients.Steady(port, seconds, QueriesPerSecond,
            whenReady: () => flood = clients.StartFlood(port, seconds + FloodMoreSeconds, FloodConcurrency));
        using (flood)
        {
            var count = TlsClients.AwaitEnd(flood!);
            proxy.RequireAlive(peer.Name);
            return new FloodSample(quiet, flooded, count);
        }
    }
}
