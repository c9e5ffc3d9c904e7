using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Fastdist.LoadComparison.Backends;
using Fastdist.LoadComparison.Parts;
using Fastdist.LoadComparison.Peers;

namespace Fastdist.LoadComparison.Report;

/// <summary>The results as a section of RESULTS.md.</summary>
internal static class ResultsText
{
    public static string Of(Settings settings, List<(Peer Peer, string Version)> peers, Backend backend, Part[] parts)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"## {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"- Machine: {Machine.Processor()}, {Environment.ProcessorCount} cores shared by generator, proxy and backend; Linux {Machine.Kernel()}; TCP congestion control {Machine.CongestionControl()}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"- Peers: {string.Join("; ", peers.Select(entry => $"{entry.Peer.Name}: {entry.Version}"))}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"- Backend: {backend.Version}. Generator: {Machine.DnsperfVersion()}; for DoH {Machine.H2loadVersion()}. {Machine.OpenSslVersion()}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"- Command: `Fastdist.LoadComparison {settings.CommandLine}`: {settings.Rounds} interleaved rounds of {settings.Seconds} s; dnsperf -c {settings.Clients} -q {settings.Outstanding}, {NameSet.Count} names. Median (least–greatest).");
        text.AppendLine();
        foreach (var part in parts)
        {
            part.Write(text);
        }
        return text.ToString();
    }
}
