using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy;

namespace Fastdist.Control.Web;

/// <summary>The process's metrics under dnsdist's names.</summary>
internal static class ProcessMetrics
{
    /// <summary>What the reference shows as buckets of <c>dnsdist_latency</c>: upper bounds in milliseconds, and the statistic of what is between.</summary>
    private static readonly (double Bound, string Name)[] s_latencies =
    [
        (1, "latency0-1"), (10, "latency1-10"), (50, "latency10-50"), (100, "latency50-100"), (1000, "latency100-1000"), (double.PositiveInfinity, "latency-slow"),
    ];

    private static readonly string[] s_gauges =
    [
        "uptime", "real-memory-usage", "special-memory-usage", "fd-usage", "security-status", "dyn-block-nmg-size", "latency-avg", "latency-tcp-avg", "latency-dot-avg",
        "latency-doh-avg", "latency-doq-avg", "latency-doh3-avg",
    ];

    /// <summary>Writes them.</summary>
    public static void Write(ExpositionWriter writer, WebSource source)
    {
        Dictionary<string, double> statistics = source.Statistics().ToDictionary(s => s.Name, s => s.Value);
        foreach ((string name, double value) in statistics)
        {
            // Its sum and count would clash with the histogram's.
            if (name is not ("latency-sum" or "latency-count"))
            {
                bool isGauge = Array.Exists(s_gauges, gauge => name.StartsWith(gauge, StringComparison.Ordinal));
                writer.Family($"dnsdist_{name.Replace('-', '_')}", isGauge ? MetricKind.Gauge : MetricKind.NamedCounter, $"The statistic {name} of dumpStats().");
                writer.Sample([], value);
            }
        }

        WriteLatency(writer, statistics);
        writer.Family("dnsdist_info", MetricKind.Gauge, "The version of this program; always 1.");
        writer.Sample([("version", source.Version)], 1);
        IReadOnlyList<BackendView> backends = source.Backends;
        writer.Family("dnsdist_pool_servers", MetricKind.Gauge, "Backends of the pool.");
        writer.Sample([("pool", "_default_")], backends.Count);
        writer.Family("dnsdist_pool_active_servers", MetricKind.Gauge, "Backends of the pool that are up.");
        writer.Sample([("pool", "_default_")], backends.Count(b => b.IsUsable));
    }

    private static void WriteLatency(ExpositionWriter writer, Dictionary<string, double> statistics)
    {
        if (!statistics.ContainsKey(s_latencies[0].Name))
        {
            return;
        }

        double sum = 0;
        long[] counts = [.. s_latencies.Select(l => (long)(sum += statistics.GetValueOrDefault(l.Name)))];
        writer.Family("dnsdist_latency", MetricKind.Histogram, "Answers by latency, in milliseconds.");
        writer.Histogram([], [.. s_latencies.SkipLast(1).Select(l => l.Bound)], counts, statistics.GetValueOrDefault("latency-sum"));
    }
}
