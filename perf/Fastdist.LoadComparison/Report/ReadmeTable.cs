using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Fastdist.LoadComparison.Parts;
using Fastdist.LoadComparison.Peers;

namespace Fastdist.LoadComparison.Report;

/// <summary>The table at the head of the README, between two marks: the medians of one run in which every path was measured.</summary>
internal static class ReadmeTable
{
    private const string Begin = "<!-- comparison -->", End = "<!-- /comparison -->";

    /// <summary>Writes it anew; leaves it as it is after a run that measured less than all of it.</summary>
    public static void Replace(Settings settings, List<(Peer Peer, string Version)> peers, Results<Series, Sample> results)
    {
        var columns = peers.Where(entry => entry.Peer is not NoProxy).ToArray();
        if (settings.Paths.Length < QueryPath.All.Length || !settings.Modes.Contains(LoadMode.Saturation) || columns.Length < Peer.All.Count(peer => peer is not NoProxy && peer.IsAskedFor(settings)))
        {
            Console.Error.WriteLine("README.md stays as it is: its table is about all peers and paths at saturation");
            return;
        }
        var path = Path.Combine(settings.Root, "README.md");
        var text = File.ReadAllText(path);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
        {
            throw new ComparisonException($"README.md has no place for the table: it goes between the lines {Begin} and {End}");
        }
        File.WriteAllText(path, $"{text[..begin]}{Begin}\n{Of(settings, columns, results)}{text[end..]}");
    }

    private static string Of(Settings settings, (Peer Peer, string Version)[] columns, Results<Series, Sample> results)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| path, load | {string.Join(" | ", columns.Select(Title))} | best peer / fastdist as it comes |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(columns.Select(_ => "---|"))}---|");
        foreach (var (way, mode) in settings.Paths.SelectMany(_ => settings.Modes, (way, mode) => (way, mode)))
        {
            double? Cpu(Peer peer) => Spread.Of(results[new Series(way, mode, peer.Name)].Select(sample => sample.CpuMicrosecondsPerQuery))?.Median;
            var load = mode == LoadMode.Saturation ? "saturation" : string.Create(CultureInfo.InvariantCulture, $"{settings.Rate} queries/s");
            var best = columns.Where(column => column.Peer is Dnsdist or Unbound).Min(column => Cpu(column.Peer));
            var own = columns.Where(column => column.Peer is FastdistPeer).Select(column => Cpu(column.Peer)).FirstOrDefault();
            text.AppendLine(CultureInfo.InvariantCulture, $"| {way.Title}, {load} | {string.Join(" | ", columns.Select(column => Number(Cpu(column.Peer))))} | {Number(best / own)} |");
        }
        return text.ToString();
    }

    private static string Title((Peer Peer, string Version) column) => column.Peer switch
    {
        Floor => "bare C floor",
        FastdistPeer => column.Peer.Name.Replace("fastdist-defaults", "fastdist as it comes").Replace("fastdist-", "fastdist, one shard, "),
        _ => string.Join(' ', column.Version.Split(' ').Take(2)),
    };

    private static string Number(double? value) => value is { } number ? number.ToString("f1", CultureInfo.InvariantCulture) : "";
}
