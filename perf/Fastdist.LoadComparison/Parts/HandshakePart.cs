using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using Fastdist.LoadComparison.Peers;
using Fastdist.LoadComparison.Report;

namespace Fastdist.LoadComparison.Parts;

/// <summary>What the runs of one row have in common.</summary>
internal sealed record HandshakeRow(bool Resumed, string KeyKind, string Peer);

/// <summary>The figures of one run of handshakes. Core figures are CPU seconds per second.</summary>
internal sealed record HandshakeSample(
    double? CpuMicroseconds, double PerSecond, double ResumedShare, double Failed, double ProxyCores, double GeneratorCores);

/// <summary>CPU of the proxy for each TLS 1.3 handshake, from accept to close, without any query.</summary>
internal sealed class HandshakePart(Bench bench, TlsClients clients) : Part
{
    private const int Concurrency = 16;
    private readonly Results<HandshakeRow, HandshakeSample> _results = new();

    public override void Run(int round)
    {
        // A resumed handshake has no signature, so the kind of key is nothing to it.
        (ServerCertificate Certificate, bool[] Resumed)[] kinds =
        [
            (bench.Certificates.P256, [false, true]), (bench.Certificates.Rsa2048, [false]), (bench.Certificates.Rsa4096, [false]),
        ];
        foreach (var (certificate, resumed) in kinds)
        {
            foreach (var peer in Peers())
            {
                Run(round, peer, certificate, resumed);
            }
        }
    }

    public override void Write(StringBuilder text)
    {
        foreach (var (resumed, keyKind) in (IEnumerable<(bool, string)>)
            [(false, bench.Certificates.P256.KeyKind), (true, bench.Certificates.P256.KeyKind),
             (false, bench.Certificates.Rsa2048.KeyKind), (false, bench.Certificates.Rsa4096.KeyKind)])
        {
            HandshakeTable.Write(text, resumed, keyKind,
                [.. Peers().Select(peer => (peer.Name, _results[new HandshakeRow(resumed, keyKind, peer.Name)]))]);
        }
    }

    private IEnumerable<Peer> Peers() => bench.Peers.Where(peer => peer is not NoProxy);

    private void Run(int round, Peer peer, ServerCertificate certificate, bool[] kinds)
    {
        var port = Loopback.FreePort();
        using var proxy = peer.StartForSessions(bench.Settings, bench.Backend, new Frontend(QueryPath.Dot, port, certificate));
        Loopback.AwaitAnswer(proxy, QueryPath.Dot, port);
        foreach (var resumed in kinds)
        {
            var sample = Measure(proxy, port, resumed);
            _results.Add(new HandshakeRow(resumed, certificate.KeyKind, peer.Name), sample);
            Console.Error.WriteLine($"round {round}/{bench.Settings.Rounds}  handshake {certificate.KeyKind,-11} {(resumed ? "resumed" : "new"),-7} {peer.Name,-18}"
                + $" {sample.CpuMicroseconds,7:f0} us {sample.PerSecond,7:f0}/s {sample.Failed,4} failed");
        }
        proxy.RequireAlive(peer.Name);
    }

    private HandshakeSample Measure(Child proxy, int port, bool resumed)
    {
        var start = Stopwatch.GetTimestamp();
        var (proxyBefore, generatorBefore) = (ProcessFigures.CpuSeconds(proxy.Id), ProcessFigures.EndedChildrenCpuSeconds());
        var count = clients.Handshakes(port, bench.Settings.Seconds, resumed, Concurrency);
        var used = ProcessFigures.CpuSeconds(proxy.Id) - proxyBefore;
        var wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new HandshakeSample(count.Completed > 0 ? used * 1e6 / count.Completed : null, count.Completed / count.Seconds,
            count.Completed > 0 ? count.Resumed / count.Completed : 0, count.Failed, used / wall,
            (ProcessFigures.EndedChildrenCpuSeconds() - generatorBefore) / wall);
    }
}
