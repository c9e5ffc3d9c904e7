using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Fastdist.LoadComparison.Backends;
using Fastdist.LoadComparison.Peers;
using Fastdist.LoadComparison.Report;

namespace Fastdist.LoadComparison;

/// <summary>All runs, round after round, so that what changes on the machine changes for every proxy alike.</summary>
internal sealed class Comparison(Settings settings)
{
    public int Run()
    {
        var peers = Available();
        using var backend = Backend.Start(settings);
        var trial = new Trial(settings, backend, new Dnsperf(settings));
        var results = new Dictionary<Series, List<Sample>>();
        for (var round = 1; round <= settings.Rounds; round++)
        {
            foreach (var (path, mode) in settings.Paths.SelectMany(_ => settings.Modes, (path, mode) => (path, mode)))
            {
                foreach (var (peer, _) in peers)
                {
                    // At a fixed rate the generator alone says nothing.
                    if (peer is NoProxy && mode == LoadMode.Fixed)
                    {
                        continue;
                    }
                    var sample = trial.Run(peer, path, mode);
                    var series = new Series(path, mode, peer.Name);
                    if (!results.TryGetValue(series, out var samples))
                    {
                        results.Add(series, samples = []);
                    }
                    samples.Add(sample);
                    Console.Error.WriteLine($"round {round}/{settings.Rounds}  {path.Name} {mode.ToString().ToLowerInvariant(),-10} {peer.Name,-18}"
                        + $" {sample.CpuMicrosecondsPerQuery,7:f2} us/query {sample.QueriesPerSecond,9:f0} qps {sample.Lost,4} lost");
                }
            }
        }
        Publish(peers, backend, results);
        return 0;
    }

    private List<(Peer Peer, string Version)> Available()
    {
        var available = new List<(Peer, string)>();
        foreach (var peer in Peer.Choose(settings.Peers))
        {
            if (peer.Version(settings) is { } version)
            {
                peer.Prepare(settings);
                available.Add((peer, version));
            }
            else
            {
                Console.Error.WriteLine($"{peer.Name} is left out: not installed, {peer.Remedy}");
            }
        }
        return available;
    }

    private void Publish(List<(Peer Peer, string Version)> peers, Backend backend, Dictionary<Series, List<Sample>> results)
    {
        var text = new ResultsText(settings, peers, backend, results).ToString();
        Console.WriteLine(text);
        if (!settings.PrintOnly)
        {
            File.AppendAllText(Path.Combine(settings.Root, "perf", "RESULTS.md"), "\n" + text);
            File.WriteAllText(Path.Combine(settings.Root, "perf", "results.svg"), new Plot(settings, results).ToString());
        }
    }
}

/// <summary>What the runs of one row have in common.</summary>
internal sealed record Series(QueryPath Path, LoadMode Mode, string Peer);
