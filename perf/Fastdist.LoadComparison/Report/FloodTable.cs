using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Fastdist.LoadComparison.Parts;

namespace Fastdist.LoadComparison.Report;

/// <summary>One established client without and with a flood of handshakes: a row for each proxy.</summary>
internal static class FloodTable
{
    public static void Write(StringBuilder text, string keyKind, (string Peer, IReadOnlyList<FloodSample> Samples)[] rows)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"### An established client under a flood of new handshakes, {keyKind}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{FloodPart.QueriesPerSecond} queries/s on one connection, beside {FloodPart.FloodConcurrency} clients that connect, shake hands and close.");
        text.AppendLine();
        text.AppendLine("| proxy | p50 ms alone | p99 ms alone | p50 ms flooded | p99 ms flooded | max ms flooded | lost | handshakes/s | failed |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var (peer, samples) in rows)
        {
            string Whole(Func<FloodSample, double> figure, string format) => Spread.Of(samples, figure)?.Whole(format) ?? "";
            text.Append(CultureInfo.InvariantCulture, $"| {peer} | {Whole(s => s.Quiet.P50Milliseconds, "f2")} | {Whole(s => s.Quiet.P99Milliseconds, "f2")} ");
            text.Append(CultureInfo.InvariantCulture, $"| {Whole(s => s.Flooded.P50Milliseconds, "f2")} | {Whole(s => s.Flooded.P99Milliseconds, "f2")} | {Whole(s => s.Flooded.MaxMilliseconds, "f1")} ");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {samples.Sum(s => s.Quiet.Lost + s.Flooded.Lost)} | {Whole(s => s.Flood.Completed / s.Flood.Seconds, "f0")} | {samples.Sum(s => s.Flood.Failed)} |");
        }
        text.AppendLine();
    }
}
