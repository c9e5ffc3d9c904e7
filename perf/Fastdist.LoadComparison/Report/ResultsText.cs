using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Fastdist.LoadComparison.Backends;
using Fastdist.LoadComparison.Peers;

namespace Fastdist.LoadComparison.Report;

/// <summary>The results as a section of RESULTS.md.</summary>
internal sealed class ResultsText(
    Settings settings, List<(Peer Peer, string Version)> peers, Backend backend, Dictionary<Series, List<Sample>> results)
{
    // A median below these says that something else was the limit; above, that the run was disturbed.
    private const double BusyCore = 0.93, DisturbedCores = 0.15;

    public override string ToString()
    {
        var text = new StringBuilder();
        Head(text);
        foreach (var path in settings.Paths)
        {
            foreach (var mode in settings.Modes)
            {
                Table(text, path, mode);
            }
        }
        return text.ToString();
    }

    private void Head(StringBuilder text)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"## {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"- Machine: {Machine.Processor()}, {Environment.ProcessorCount} cores shared by generator, proxy and backend; Linux {Machine.Kernel()}; TCP congestion control {Machine.CongestionControl()}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"- Peers: {string.Join("; ", peers.Select(entry => $"{entry.Peer.Name}: {entry.Version}"))}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"- Backend: {backend.Version}. Generator: {Machine.DnsperfVersion()}. {Machine.OpenSslVersion()}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"- Command: `Fastdist.LoadComparison {settings.CommandLine}`: {settings.Rounds} interleaved rounds of {settings.Seconds} s; dnsperf -c {settings.Clients} -q {settings.Outstanding}, {NameSet.Count} names. Median (least–greatest).");
        text.AppendLine();
    }

    private void Table(StringBuilder text, QueryPath path, LoadMode mode)
    {
        var rows = peers.Select(entry => entry.Peer.Name).Where(peer => results.ContainsKey(new Series(path, mode, peer))).ToArray();
        var floor = Cpu(path, mode, Floor.PeerName)?.Median;
        var title = mode == LoadMode.Saturation ? "saturation" : string.Create(CultureInfo.InvariantCulture, $"{settings.Rate} queries/s");
        text.AppendLine(CultureInfo.InvariantCulture, $"### {path.Title}, {title}");
        text.AppendLine();
        text.AppendLine("| proxy | CPU us/query | x floor | completed qps | lost | p50 ms | p99 ms | RSS MB | queries/turn | queries/record | queries/send | cores: proxy, generator, backend, other | limited by |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var peer in rows)
        {
            var samples = results[new Series(path, mode, peer)];
            string Middle(Func<Sample, double?> figure, string format) => Spread.Of(samples.Select(figure))?.Middle(format) ?? "";
            var cpu = Cpu(path, mode, peer);
            var ratio = cpu is { } own && floor is { } least ? (own.Median / least).ToString("f2", CultureInfo.InvariantCulture) : "";
            text.Append(CultureInfo.InvariantCulture, $"| {peer} | {cpu?.Whole("f2")} | {ratio} | {Spread.Of(samples.Select(s => (double?)s.QueriesPerSecond))?.Whole("f0")} ");
            text.Append(CultureInfo.InvariantCulture, $"| {samples.Sum(s => s.Lost)} | {Middle(s => s.P50Milliseconds, "f2")} | {Middle(s => s.P99Milliseconds, "f2")} ");
            text.Append(CultureInfo.InvariantCulture, $"| {(peer == NoProxy.PeerName ? "" : Middle(s => s.ResidentMegabytes, "f0"))} ");
            text.Append(CultureInfo.InvariantCulture, $"| {Middle(s => s.QueriesPerTurn, "f1")} | {Middle(s => s.QueriesPerRecord, "f1")} | {Middle(s => s.QueriesPerSend, "f1")} ");
            text.Append(CultureInfo.InvariantCulture, $"| {Middle(s => s.ProxyCores, "f2")}, {Middle(s => s.GeneratorCores, "f2")}, {Middle(s => s.BackendCores, "f2")}, {Middle(s => s.OtherCores, "f2")} ");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {Limit(samples, mode)} |");
        }
        text.AppendLine();
    }

    private Spread? Cpu(QueryPath path, LoadMode mode, string peer) =>
        results.TryGetValue(new Series(path, mode, peer), out var samples) ? Spread.Of(samples.Select(sample => sample.CpuMicrosecondsPerQuery)) : null;

    // Where the throughput came from: a proxy that did not fill its core waited for someone.
    private static string Limit(List<Sample> samples, LoadMode mode)
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
