using System;
using System.Linq;
using System.Text;
using Fastdist.LoadComparison.Peers;
using Fastdist.LoadComparison.Report;

namespace Fastdist.LoadComparison.Parts;

/// <summary>What the runs of one row have in common.</summary>
internal sealed record Series(QueryPath Path, LoadMode Mode, string Peer);

/// <summary>Queries by the thousand on each path, as many as go and at a fixed rate.</summary>
internal sealed class LoadPart : Part
{
    private readonly Bench _bench;
    private readonly Trial _trial;
    private readonly Sweep _sweep;

    public LoadPart(Bench bench)
    {
        _bench = bench;
        _trial = new Trial(bench, new Dnsperf(bench.Settings), new H2load(bench.Settings));
        _sweep = new Sweep(bench.Settings, _trial);
    }

    public Results<Series, Sample> Results { get; } = new();

    public override void Run(int round)
    {
        var settings = _bench.Settings;
        foreach (var (path, mode) in settings.Paths.SelectMany(_ => settings.Modes, (path, mode) => (path, mode)))
        {
            // At a fixed rate the generator alone says nothing.
            foreach (var peer in _bench.Peers.Where(peer => peer.Takes(path) && (peer is not NoProxy || mode != LoadMode.Fixed)))
            {
                var sample = _trial.Run(peer, path, mode, _sweep.BestOf(peer, path, mode));
                Results.Add(new Series(path, mode, peer.Name), sample);
                Console.Error.WriteLine($"round {round}/{settings.Rounds}  {path.Name} {mode.ToString().ToLowerInvariant(),-10} {peer.Name,-18}"
                    + $" {sample.CpuMicrosecondsPerQuery,7:f2} us/query {sample.QueriesPerSecond,9:f0} qps {sample.Lost,4} lost");
            }
        }
    }

    public override void Write(StringBuilder text)
    {
        foreach (var (path, mode) in _bench.Settings.Paths.SelectMany(_ => _bench.Settings.Modes, (path, mode) => (path, mode)))
        {
            new LoadTable(_bench.Settings, path, mode, Results, _sweep).Write(text);
        }
        _sweep.Write(text);
    }
}
