using System;
using System.Linq;
using Fastdist.Proxy.Views;

namespace Fastdist.Control.Web;

/// <summary>The process's metrics, under dnsdist's names where it has them.</summary>
internal static class ProcessMetrics
{
    /// <summary>What the reference shows as buckets of <c>dnsdist_latency</c>: upper bounds in milliseconds, and the statistic of what is between.</summary>
    private static readonly (double Bound, string Name)[] s_latencies =
    [
        (1, "latency0-1"), (10, "latency1-10"), (50, "latency10-50"), (100, "latency50-100"), (1000, "latency100-1000"), (double.PositiveInfinity, "latency-slow"),
    ];

    /// <summary>Ends of the reference's latency buckets but the last, milliseconds.</summary>
    public static double[] LatencyBounds { get; } = [.. s_latencies.SkipLast(1).Select(l => l.Bound)];

    /// <summary>Writes them.</summary>
    public static void Write(ExpositionWriter writer, WebSource source)
    {
        Statistic[] statistics = [.. source.Statistics()];
        foreach (Statistic statistic in statistics)
        {
            // A sum and a count belong to the histogram below.
            if (statistic.Name is not ("latency-sum" or "latency-count"))
            {
                MetricKind kind = !statistic.IsCounter ? MetricKind.Gauge : statistic.IsOwn ? MetricKind.Counter : MetricKind.NamedCounter;
                writer.Family($"{(statistic.IsOwn ? "fastdist" : "dnsdist")}_{statistic.Name.Replace('-', '_')}", kind, statistic.Help);
                writer.Sample([], statistic.Value);
            }
        }

        WriteLatency(writer, statistics);
        writer.Family("dnsdist_info", MetricKind.Gauge, "The version of this program; always 1.");
        writer.Sample([("version", source.Version)], 1);
    }

    private static void WriteLatency(ExpositionWriter writer, Statistic[] statistics)
    {
        double ValueOf(string name) => Array.Find(statistics, s => s.Name == name).Value;
        double sum = 0;
        long[] counts = [.. s_latencies.Select(l => (long)(sum += ValueOf(l.Name)))];
        writer.Family("dnsdist_latency", MetricKind.Histogram, "Answers by latency, in milliseconds.");
        writer.Histogram([], LatencyBounds, counts, ValueOf("latency-sum"));
    }
}
