using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Fastdist.LoadComparison.Parts;
using Fastdist.LoadComparison.Peers;

namespace Fastdist.LoadComparison.Report;

/// <summary>Handshakes of one kind under one kind of key: a row for each proxy.</summary>
internal static class HandshakeTable
{
    public static void Write(StringBuilder text, bool resumed, string keyKind, (string Peer, IReadOnlyList<HandshakeSample> Samples)[] rows)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"### TLS 1.3 handshakes, {(resumed ? "resumed" : "new")}, {keyKind}");
        text.AppendLine();
        text.AppendLine("| proxy | CPU us/handshake | x floor | handshakes/s | resumed % | failed | cores: proxy, generator |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        var floor = Cpu(rows.FirstOrDefault(row => row.Peer == Floor.PeerName).Samples ?? []);
        foreach (var (peer, samples) in rows)
        {
            string Middle(Func<HandshakeSample, double> figure, string format) => Spread.Of(samples, figure)?.Middle(format) ?? "";
            var cpu = Cpu(samples);
            text.Append(CultureInfo.InvariantCulture, $"| {peer} | {cpu?.Whole("f0")} | {Spread.Ratio(cpu, floor)} | {Spread.Of(samples, s => s.PerSecond)?.Whole("f0")} ");
            text.Append(CultureInfo.InvariantCulture, $"| {Middle(s => s.ResumedShare * 100, "f1")} | {samples.Sum(s => s.Failed)} ");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {Middle(s => s.ProxyCores, "f2")}, {Middle(s => s.GeneratorCores, "f2")} |");
        }
        text.AppendLine();
    }

    private static Spread? Cpu(IReadOnlyList<HandshakeSample> samples) => Spread.Of(samples.Select(sample => sample.CpuMicroseconds));
}
