using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Fastdist.LoadComparison.Parts;
using Fastdist.LoadComparison.Peers;

namespace Fastdist.LoadComparison.Report;

/// <summary>One path in one mode: a row for each proxy.</summary>
internal sealed class LoadTable(Settings settings, QueryPath path, LoadMode mode, Results<Series, Sample> results, Sweep sweep)
{
    // A median below these says that something else was the limit; above, that the run was disturbed.
    private const double BusyCore = 0.93, DisturbedCores = 0.15;

    public void Write(StringBuilder text)
    {
        var floor = Cpu(Samples(Floor.PeerName));
        var title = mode == LoadMode.Saturation ? "saturation" : string.Create(CultureInfo.InvariantCulture, $"{settings.Rate} queries/s");
        text.AppendLine(CultureInfo.InvariantCulture, $"### {path.Title}, {title}");
        text.AppendLine();
        text.AppendLine("| proxy | CPU us/query | x floor | completed qps | lost | p50 ms | p99 ms | RSS MB | queries/turn | queries/record | queries/send | cores: proxy, generator, backend, other | limited by |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var peer in Peer.All.Select(peer => peer.Name).Where(peer => Samples(peer).Count > 0))
        {
            Row(text, peer, Samples(peer), floor);
        }
        text.AppendLine();
    }

    private void Row(StringBuilder text, string peer, IReadOnlyList<Sample> samples, Spread? floor)
    {
        string Middle(Func<Sample, double?> figure, string format) => Spread.Of(samples.Select(figure))?.Middle(format) ?? "";
        var cpu = Cpu(samples);
        var settingsText = sweep.TextOf(new Series(path, mode, peer)) is { Length: > 0 } chosen ? $" ({chosen})" : "";
        text.Append(CultureInfo.InvariantCulture, $"| {peer}{settingsText} | {cpu?.Whole("f2")} | {Spread.Ratio(cpu, floor)} | {Spread.Of(samples.Select(s => (double?)s.QueriesPerSecond))?.Whole("f0")} ");
        text.Append(CultureInfo.InvariantCulture, $"| {samples.Sum(s => s.Lost)} | {Middle(s => s.P50Milliseconds, "f2")} | {Middle(s => s.P99Milliseconds, "f2")} ");
        text.Append(CultureInfo.InvariantCulture, $"| {(peer == NoProxy.PeerName ? "" : Middle(s => s.ResidentMegabytes, "f0"))} ");
        text.Append(CultureInfo.InvariantCulture, $"| {Middle(s => s.QueriesPerTurn, "f1")} | {Middle(s => s.QueriesPerRecord, "f1")} | {Middle(s => s.QueriesPerSend, "f1")} ");
        text.Append(CultureInfo.InvariantCulture, $"| {Middle(s => s.ProxyCores, "f2")}, {Middle(s => s.GeneratorCores, "f2")}, {Middle(s => s.BackendCores, "f2")}, {Middle(s => s.OtherCores, "f2")} ");
        text.AppendLine(CultureInfo.InvariantCulture, $"| {Limit(samples)} |");
    }

    private IReadOnlyList<Sample> Samples(string peer) => results[new Series(path, mode, peer)];

    private static Spread? Cpu(IReadOnlyList<Sample> samples) => Spread.Of(samples.Select(sample => sample.CpuMicrosecondsPerQuery));

    // Where the throughput came from: a proxy that did not fill its core waited for someone.
    private string Limit(IReadOnlyList<Sample> samples)
    {
        double Median(Func<Sample, double> figure) => Spread.Of(samples.Select(sample => (double?)figure(sample)))!.Value.Median;
        var disturbed = Median(s => s.OtherCores) > DisturbedCores ? "; disturbed by other work" : "";
        var used = Median(s => s.ProxyCores + s.GeneratorCores + s.BackendCores + s.OtherCores);
        var limit = mode == LoadMode.Fixed ? "rate"
            : Median(s => s.ProxyCores) >= BusyCore ? "proxy"
            : used >= BusyCore * Environment.ProcessorCount ? "all cores busy"
            : Median(s => s.BackendCores) >= BusyCore ? "backend"
            : Median(s => s.GeneratorCores) >= BusyCore ? "generator"
            : "waiting between them";
        return limit + disturbed;
    }
}
