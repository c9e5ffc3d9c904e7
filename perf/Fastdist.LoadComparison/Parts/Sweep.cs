using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Fastdist.LoadComparison.Peers;

namespace Fastdist.LoadComparison.Parts;

/// <summary>What one of a peer's settings came to.</summary>
internal sealed record SweepRow(string Peer, QueryPath Path, LoadMode Mode, Tuning Tuning, Sample Sample);

/// <summary>
/// Finds the settings with which a peer spends the least CPU on a query, for each path and load: an operator who cares tunes what
/// he has, and a comparison with less than its best says nothing to him.
/// </summary>
internal sealed class Sweep(Settings settings, Trial trial)
{
    /// <summary>Share of the queries that settings may lose and still be the best.</summary>
    private const double MostLost = 0.01;

    private readonly Dictionary<Series, Tuning> _best = [];
    private readonly List<SweepRow> _rows = [];

    /// <summary>The best settings of a peer; measured when they are first asked for.</summary>
    public Tuning BestOf(Peer peer, QueryPath path, LoadMode mode)
    {
        var series = new Series(path, mode, peer.Name);
        if (!_best.TryGetValue(series, out var best))
        {
            var tunings = peer.Tunings(path);
            _best.Add(series, best = tunings.Length == 1 || settings.SweepSeconds == 0 ? tunings[0] : Find(peer, path, mode, tunings));
        }
        return best;
    }

    /// <summary>The settings that a row of the results was measured with; empty where there was no choice.</summary>
    public string TextOf(Series series) => _best.TryGetValue(series, out var best) ? best.Text : "";

    public void Write(StringBuilder text)
    {
        if (_rows.Count == 0)
        {
            return;
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"### Settings of the peers, one run of {settings.SweepSeconds} s each; the best are those measured above");
        text.AppendLine();
        text.AppendLine("| proxy | path | load | settings | CPU us/query | completed qps | lost | best |");
        text.AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (var (peer, path, mode, tuning, sample) in _rows)
        {
            var isBest = _best[new Series(path, mode, peer)] == tuning ? "yes" : "";
            text.AppendLine(CultureInfo.InvariantCulture, $"| {peer} | {path.Title} | {mode.ToString().ToLowerInvariant()} | {tuning.Text} | {sample.CpuMicrosecondsPerQuery:f1} | {sample.QueriesPerSecond:f0} | {sample.Lost} | {isBest} |");
        }
        text.AppendLine();
    }

    private Tuning Find(Peer peer, QueryPath path, LoadMode mode, Tuning[] tunings)
    {
        var rows = new List<SweepRow>();
        foreach (var tuning in tunings)
        {
            var sample = trial.Probe(peer, path, mode, tuning, settings.SweepSeconds);
            rows.Add(new SweepRow(peer.Name, path, mode, tuning, sample));
            Console.Error.WriteLine($"sweep      {path.Name} {mode.ToString().ToLowerInvariant(),-10} {peer.Name,-18}"
                + $" {sample.CpuMicrosecondsPerQuery,7:f2} us/query {sample.QueriesPerSecond,9:f0} qps {sample.Lost,4} lost  {tuning.Text}");
        }
        _rows.AddRange(rows);
        // Settings that answer little answer cheaply.
        var most = rows.Max(row => row.Sample.QueriesPerSecond);
        var sound = rows.Where(row => row.Sample.Lost <= MostLost * row.Sample.QueriesPerSecond * settings.SweepSeconds && row.Sample.QueriesPerSecond >= most / 2).ToArray();
        return (sound.Length > 0 ? sound : [.. rows]).MinBy(row => row.Sample.CpuMicrosecondsPerQuery ?? double.MaxValue)!.Tuning;
    }
}
