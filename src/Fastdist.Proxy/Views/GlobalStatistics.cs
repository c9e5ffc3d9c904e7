using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Counters;

namespace Fastdist.Proxy.Views;

/// <summary>
/// The figures of the whole process under the names of dnsdist's <c>dumpStats()</c> and metrics, so that what reads those
/// reads these, and besides what makes queries add up: each is answered or in noncompliant-queries, rule-drop, trunc-failures,
/// dropped-overload, lost-responses or, where --servfail-when-no-server is false, no-policy. What dnsdist counts of things that are not here (pipes between threads, QUIC) is 0, as it
/// would be there.
/// </summary>
internal static class GlobalStatistics
{
    private static readonly string[] s_absent =
    [
        "doh-query-pipe-full", "doh-response-pipe-full", "doq-response-pipe-full", "doh3-response-pipe-full",
        "outgoing-doh-query-pipe-full",
        "tcp-cross-protocol-query-pipe-full", "tcp-cross-protocol-response-pipe-full", "tcp-query-pipe-full",
    ];

    /// <summary>Ends of dnsdist's latency buckets, milliseconds; what takes longer is slow.</summary>
    private static readonly (string Name, long Milliseconds)[] s_buckets =
    [
        ("latency0-1", 1), ("latency1-10", 10), ("latency10-50", 50), ("latency50-100", 100), ("latency100-1000", 1000),
    ];

    /// <summary>All of them, sorted by name.</summary>
    /// <param name="frontends">Every frontend.</param>
    /// <param name="backends">Every backend.</param>
    /// <param name="departed">What backends counted that are gone.</param>
    /// <param name="averages">The moving averages.</param>
    /// <param name="uptime">Time since the start.</param>
    /// <param name="isThorough">Whether figures that the kernel takes long to find are wanted, too.</param>
    /// <param name="blockedRanges">Clients that are blocked for a time.</param>
    public static IReadOnlyList<Statistic> Read(
        IReadOnlyList<FrontendView> frontends, IReadOnlyList<BackendView> backends, BackendTotals departed, LatencyAverages averages, TimeSpan uptime, bool isThorough, int blockedRanges = 0) =>
    [
        .. Traffic(frontends, departed.Plus(backends))
            .Concat(s_absent.Select(name => new Statistic(name, 0, IsCounter: true)))
            .Concat(Latencies(frontends, averages))
            .Concat(Machine(uptime, blockedRanges, isThorough))
            .OrderBy(s => s.Name, StringComparer.Ordinal),
    ];

    private static IEnumerable<Statistic> Traffic(IReadOnlyList<FrontendView> frontends, BackendTotals backends)
    {
        long Clients(Func<FrontendCounters, long> read) => frontends.Sum(f => f.Sum(read));
        (string Name, long Value)[] counters =
        [
            ("acl-drops", Clients(c => c.AclDrops)),
            ("queries", Clients(c => c.Queries)),
            ("responses", Clients(c => c.Responses)),
            ("rdqueries", Clients(c => c.RecursionDesired)),
            ("cache-hits", Clients(c => c.CacheHits)),
            ("cache-misses", Clients(c => c.CacheMisses)),
            ("empty-queries", Clients(c => c.EmptyQueries)),
            ("noncompliant-queries", Clients(c => c.NoncompliantQueries)),
            ("noncompliant-responses", backends.NoncompliantResponses),
            ("self-answered", Clients(c => c.SelfAnswered)),
            ("rule-drop", Clients(c => c.RuleDrops + c.RuleDropsContinued)),
            ("rule-nxdomain", Clients(c => c.RuleNXDomain)),
            ("rule-refused", Clients(c => c.RuleRefused)),
            ("rule-servfail", Clients(c => c.RuleServFail)),
            ("rule-truncated", Clients(c => c.RuleTruncated)),
            ("dyn-blocked", Clients(c => c.DynamicallyBlocked)),
            ("no-policy", Clients(c => c.NoBackend)),
            ("downstream-timeouts", Clients(c => c.DownstreamTimeouts)),
            ("downstream-send-errors", backends.DiedSendingQuery),
            ("frontend-noerror", Clients(c => c.NoErrorAnswers)),
            ("frontend-nxdomain", Clients(c => c.NXDomainAnswers)),
            ("frontend-servfail", Clients(c => c.ServFailAnswers + c.ServFail)),
            ("servfail-responses", Clients(c => c.ServFailAnswers)),
            ("trunc-failures", Clients(c => c.TruncationFailures)),
            ("proxy-protocol-invalid", Clients(c => c.InvalidProxyHeaders)),
        ];
        return
        [
            .. counters.Select(c => new Statistic(c.Name, c.Value, IsCounter: true)),
            new Statistic("dropped-overload", Clients(c => c.DroppedOverload), IsCounter: true, IsOwn: true),
            new Statistic("lost-responses", Clients(c => c.LostResponses), IsCounter: true, IsOwn: true),
        ];
    }

    private static IEnumerable<Statistic> Latencies(IReadOnlyList<FrontendView> frontends, LatencyAverages averages)
    {
        LatencyHistogram all = LatencyHistogram.SumOf(frontends.Select(f => f.Latency()));
        var below = new long[s_buckets.Length];
        all.CumulativeAt([.. s_buckets.Select(b => b.Milliseconds * 1000)], below);
        for (int i = 0; i < s_buckets.Length; i++)
        {
            yield return new Statistic(s_buckets[i].Name, below[i] - (i == 0 ? 0 : below[i - 1]), IsCounter: true);
        }

        yield return new Statistic("latency-slow", all.Recorded - below[^1], IsCounter: true);
        yield return new Statistic("latency-count", all.Count, IsCounter: true);
        yield return new Statistic("latency-sum", all.SumMicroseconds / 1000, IsCounter: true);
        foreach ((string prefix, string protocol) in new[]
        {
            ("", "UDP"), ("tcp-", "TCP"), ("dot-", "DoT"), ("doh-", "DoH"), ("doq-", "DoQ"), ("doh3-", "DoH3"),
        })
        {
            foreach (int window in LatencyAverages.Windows)
            {
                yield return new Statistic($"latency-{prefix}avg{window}", averages.Of(protocol, window), IsCounter: false, IsFraction: true);
            }
        }
    }

    private static IEnumerable<Statistic> Machine(TimeSpan uptime, int blockedRanges, bool isThorough)
    {
        Environment.ProcessCpuUsage cpu = Environment.CpuUsage;
        return
        [
            new Statistic("cpu-user-msec", (long)cpu.UserTime.TotalMilliseconds, IsCounter: true),
            new Statistic("cpu-sys-msec", (long)cpu.PrivilegedTime.TotalMilliseconds, IsCounter: true),
            .. KernelFigures.OpenFiles is { } files ? [new Statistic("fd-usage", files, IsCounter: false)] : Array.Empty<Statistic>(),
            new Statistic("real-memory-usage", Environment.WorkingSet, IsCounter: false),
            .. isThorough ? [new Statistic("special-memory-usage", KernelFigures.ProportionalMemory, IsCounter: false)] : Array.Empty<Statistic>(),
            new Statistic("uptime", (long)uptime.TotalSeconds, IsCounter: false),
            new Statistic("dyn-block-nmg-size", blockedRanges, IsCounter: false),
            new Statistic("security-status", 0, IsCounter: false),
            .. KernelFigures.Processors().Concat(KernelFigures.Network()).Select(f => new Statistic(f.Name, f.Value, IsCounter: true)),
        ];
    }
}
