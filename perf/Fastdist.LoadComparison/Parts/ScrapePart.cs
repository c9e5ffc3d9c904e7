using System;
using System.Linq;
using System.Text;
using Fastdist.LoadComparison.Peers;
using Fastdist.LoadComparison.Report;

namespace Fastdist.LoadComparison.Parts;

/// <summary>What the runs of one row have in common.</summary>
internal sealed record ScrapeRow(string Peer, bool IsScraped);

/// <summary>The figures of one run; the shard's CPU is its thread's alone.</summary>
internal sealed record ScrapeSample(double ShardMicroseconds, double QueriesPerSecond, double Lost, double OtherCores, double Scrapes);

/// <summary>What being looked at costs the shard: the same load, with /metrics read every 100 ms and without.</summary>
internal sealed class ScrapePart(Bench bench) : Part
{
    private readonly Dnsperf _generator = new(bench.Settings);
    private readonly Results<ScrapeRow, ScrapeSample> _results = new();

    public override void Run(int round)
    {
        foreach (var peer in bench.Peers.OfType<FastdistPeer>())
        {
            foreach (var isScraped in (bool[])[false, true])
            {
                var sample = Measure(peer, isScraped);
                _results.Add(new ScrapeRow(peer.Name, isScraped), sample);
                Console.Error.WriteLine($"round {round}/{bench.Settings.Rounds}  {(isScraped ? "scraped" : "alone"),-10} {peer.Name,-18}"
                    + $" {sample.ShardMicroseconds,7:f3} us/query of the shard {sample.QueriesPerSecond,9:f0} qps {sample.Scrapes,4} scrapes");
            }
        }
    }

    public override void Write(StringBuilder text) => ScrapeTable.Write(text,
        [.. bench.Peers.OfType<FastdistPeer>().SelectMany(_ => (bool[])[false, true], (peer, isScraped) => (peer.Name, isScraped, _results[new ScrapeRow(peer.Name, isScraped)]))]);

    private ScrapeSample Measure(FastdistPeer peer, bool isScraped)
    {
        var (port, web) = (Loopback.FreePort(), Loopback.FreePort());
        using var proxy = peer.StartWithWebServer(bench.Settings, bench.Backend, new Frontend(QueryPath.Udp, port, bench.Certificates.P256), web);
        Loopback.AwaitAnswer(proxy, QueryPath.Udp, port);
        _generator.WarmUp(QueryPath.Udp, port);
        using var scraper = isScraped ? new Scraper(web) : null;
        var (shard, all) = (ProcessFigures.ThreadCpuSeconds(proxy.Id, "shard"), ProcessFigures.CpuSeconds(proxy.Id));
        var load = _generator.Saturate(QueryPath.Udp, port, bench.Settings.Seconds, everyQuery: false);
        var (shardUsed, allUsed) = (ProcessFigures.ThreadCpuSeconds(proxy.Id, "shard") - shard, ProcessFigures.CpuSeconds(proxy.Id) - all);
        proxy.RequireAlive(peer.Name);
        return new ScrapeSample(shardUsed * 1e6 / load.Completed, load.Completed / load.RunSeconds, load.Lost,
            Math.Max(0, allUsed - shardUsed) / load.RunSeconds, scraper?.Count ?? 0);
    }
}
