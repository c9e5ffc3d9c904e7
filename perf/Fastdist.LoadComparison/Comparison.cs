using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Fastdist.LoadComparison.Backends;
using Fastdist.LoadComparison.Parts;
using Fastdist.LoadComparison.Peers;
using Fastdist.LoadComparison.Report;

namespace Fastdist.LoadComparison;

/// <summary>All runs, round after round, so that what changes on the machine changes for every proxy alike.</summary>
internal sealed class Comparison(Settings settings)
{
    public int Run()
    {
        var peers = Available();
        var certificates = new Certificates(settings);
        using var backend = Backend.Start(settings, certificates);
        var parts = Part.Choose(new Bench(settings, backend, certificates, [.. peers.Select(entry => entry.Peer)]));
        for (var round = 1; round <= settings.Rounds; round++)
        {
            foreach (var part in parts.Where(part => round == 1 || part.EveryRound))
            {
                part.Run(round);
            }
        }
        Publish(peers, backend, parts);
        return 0;
    }

    private List<(Peer Peer, string Version)> Available()
    {
        var available = new List<(Peer, string)>();
        foreach (var peer in Peer.Choose(settings.Peers).Where(peer => peer.IsAskedFor(settings)))
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

    private void Publish(List<(Peer Peer, string Version)> peers, Backend backend, Part[] parts)
    {
        var text = ResultsText.Of(settings, peers, backend, parts);
        Console.WriteLine(text);
        if (settings.PrintOnly)
        {
            return;
        }
        File.AppendAllText(Path.Combine(settings.Root, "perf", "RESULTS.md"), "\n" + text);
        if (parts.OfType<LoadPart>().SingleOrDefault() is { } load)
        {
            File.WriteAllText(Path.Combine(settings.Root, "perf", "results.svg"), new Plot(settings, load.Results).ToString());
            ReadmeTable.Replace(settings, peers, load.Results);
        }
    }
}
