using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Views;

namespace Fastdist.Control.Web;

/// <summary>What dnsdist has no name for: histograms, every reason a handshake fails for, and each counter of ours under our name.</summary>
internal static class OwnMetrics
{
    /// <summary>Ends of the latency buckets: powers of two from 128 us to 16.8 s, at which buckets of <see cref="LatencyHistogram"/> end, too.</summary>
    private static readonly double[] s_bounds = [.. Enumerable.Range(7, 18).Select(bits => (1L << bits) / 1e6)];

    /// <summary>The last value of each bucket, microseconds, and of all.</summary>
    private static readonly long[] s_last = [.. Enumerable.Range(7, 18).Select(bits => (1L << bits) - 1), long.MaxValue];

    private static readonly string[] s_gauges = ["current-connections", "outstanding", "queued", "in-flight"];

    /// <summary>Counters whose names end in a label's value, by what the names begin with.</summary>
    private static readonly (string Prefix, string Family, string Label)[] s_labelled =
    [
        ("handshake-", "handshake_failures", "reason"),
        ("tls-handshake-", "handshake_failures", "reason"),
        ("health-check-failed-", "failed_health_checks", "reason"),
        ("doh-status-", "doh_refused_requests", "status"),
        ("doh-written-", "doh_written_responses", "status"),
        ("doh-ended-", "doh_ended_connections", "reason"),
    ];

    /// <summary>A smoothed latency, which each shard has for itself, makes no sum; dnsdist's name for it shows the average.</summary>
    private static readonly (string Name, Func<BackendCounters, long> Read)[] s_backends = [.. BackendCounters.Table.Where(row => row.Name != "latency-us")];

    private static readonly (string Name, Func<ShardView, long> Read)[] s_shards =
    [
        ("turns", s => s.Counters.Turns),
        ("completions", s => s.Counters.Completions),
        ("allocated-bytes", s => s.Counters.AllocatedBytes),
        ("in-flight", s => s.Counters.InFlight),
        ("enters", s => s.Ring?.Enters ?? 0),
        ("udp-send-errors", s => s.Ring?.DatagramSendErrors ?? 0),
        ("buffers-exhausted", s => s.Ring?.BuffersExhausted ?? 0),
        ("accept-errors", s => s.Ring?.AcceptErrors ?? 0),
    ];

    /// <summary>Writes them.</summary>
    public static void Write(ExpositionWriter writer, WebSource source)
    {
        WriteLatencies(writer, source);
        IReadOnlyList<FrontendView> frontends = source.Frontends;
        FrontendView[] tls = [.. frontends.Where(f => f.IsTls)];
        FrontendView[] doh = [.. frontends.Where(f => f.Options.Doh is not null)];
        WriteTable(writer, "frontend", FrontendCounters.Table, frontends, LabelsOf, (f, read) => f.Sum(read));
        WriteTable(writer, "frontend", FrontendCounters.TlsTable, tls, LabelsOf, (f, read) => f.Sum(read));
        WriteTable(writer, "frontend", DohCounters.Table, doh, LabelsOf, (f, read) => f.SumDoh(read));
        IReadOnlyList<BackendView> backends = source.Backends;
        BackendView[] tlsBackends = [.. backends.Where(b => b.Options.IsTls)];
        WriteTable(writer, "backend", s_backends, backends, LabelsOf, (b, read) => b.Sum(read));
        WriteTable(writer, "backend", BackendCounters.TlsTable, tlsBackends, LabelsOf, (b, read) => b.Sum(read));
        WriteTable(writer, "shard", s_shards, source.Shards, s => [("shard", s.Id.ToString(CultureInfo.InvariantCulture))], (s, read) => read(s));
        writer.Family("fastdist_reloads", MetricKind.Counter, "Reloads that renewed everything.");
        writer.Sample([], source.Control.Reloads);
        writer.Family("fastdist_reload_failures", MetricKind.Counter, "Reloads that something could not be renewed in.");
        writer.Sample([], source.Control.ReloadFailures);
    }

    private static void WriteLatencies(ExpositionWriter writer, WebSource source)
    {
        writer.Family("fastdist_latency_seconds", MetricKind.Histogram, "From a query's arrival to its answer, by the client's protocol; answered by a backend.");
        foreach (IGrouping<string, FrontendView> protocol in source.CountedFrontends.GroupBy(f => f.Protocol))
        {
            WriteHistogram(writer, [("protocol", protocol.Key.ToLowerInvariant())], LatencyHistogram.SumOf(protocol.Select(f => f.Latency())));
        }

        writer.Family("fastdist_backend_latency_seconds", MetricKind.Histogram, "From a query's arrival to its answer, by the backend that answered.");
        foreach (BackendView backend in source.Backends)
        {
            WriteHistogram(writer, LabelsOf(backend), backend.Latency());
        }
    }

    private static void WriteHistogram(ExpositionWriter writer, ReadOnlySpan<(string, string)> labels, LatencyHistogram histogram) =>
        writer.Latencies(labels, s_bounds, s_last, histogram, 1e6);

    /// <summary>Writes a table of counters: a family a row, or one for all rows that differ in a label.</summary>
    private static void WriteTable<TView, TCounters>(
        ExpositionWriter writer,
        string thing,
        (string Name, Func<TCounters, long> Read)[] table,
        IReadOnlyList<TView> views,
        Func<TView, (string, string)[]> labelsOf,
        Func<TView, Func<TCounters, long>, long> sum)
    {
        string begun = "";
        foreach ((string name, Func<TCounters, long> read) in views.Count == 0 ? [] : table)
        {
            (string prefix, string labelled, string label) = Array.Find(s_labelled, l => name.StartsWith(l.Prefix, StringComparison.Ordinal));
            string family = $"fastdist_{thing}_{labelled ?? FamilyOf(name, out _)}";
            if (family != begun)
            {
                MetricKind kind = s_gauges.Contains(name) ? MetricKind.Gauge : MetricKind.Counter;
                writer.Family(family, kind, labelled is null ? $"The counter {name} of a {thing}." : $"The counters {prefix}* of a {thing}, by {label}.");
                begun = family;
            }

            FamilyOf(name, out double unit);
            foreach (TView view in views)
            {
                (string, string)[] labels = labelled is null ? labelsOf(view) : [.. labelsOf(view), (label, name[prefix.Length..])];
                long value = sum(view, read);
                if (unit == 1)
                {
                    writer.Sample(labels, value);
                }
                else
                {
                    writer.Sample(labels, value * unit);
                }
            }
        }
    }

    /// <summary>A counter's name in Prometheus, whose time is in seconds.</summary>
    private static string FamilyOf(string name, out double unit)
    {
        bool isTime = name == "ended-milliseconds";
        unit = isTime ? 1e-3 : 1;
        return isTime ? "ended_connection_seconds" : name.Replace('-', '_');
    }

    private static (string, string)[] LabelsOf(FrontendView frontend) => [("frontend", frontend.Address), ("protocol", frontend.Protocol.ToLowerInvariant())];

    private static (string, string)[] LabelsOf(BackendView backend) => [("backend", backend.Name), ("address", backend.Address)];
}
