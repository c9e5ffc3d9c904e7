using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Fastdist.Cache;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Views;
using Fastdist.Settings.Tables;

namespace Fastdist.Proxy;

/// <summary>
/// The counters as text, one line a thing counted: <c>stats KIND key=value ...</c>, then <c>stats end</c>.
/// Read while the shards run: each number is right by itself, and they are of nearly the same moment.
/// </summary>
internal sealed class Statistics(ProxyServer server)
{
    public void Write(Action<string> write)
    {
        write(Process());
        foreach (ShardView shard in server.Shards)
        {
            write(OfShard(shard));
        }

        foreach (FrontendView frontend in server.Frontends)
        {
            write(OfFrontend(frontend));
        }

        foreach (IGrouping<string, FrontendView> group in server.CountedFrontends.GroupBy(f => f.Protocol))
        {
            write(AddLatency(new Line("latency").Add("protocol", group.Key), LatencyHistogram.SumOf(group.Select(f => f.Latency()))).ToString());
        }

        foreach (BackendView backend in server.Backends)
        {
            write(OfBackend(backend));
        }

        foreach (PoolView pool in server.Pools)
        {
            write(OfPool(pool));
        }

        write("stats end");
    }

    private static string OfShard(ShardView shard)
    {
        var line = new Line("shard").Add("id", shard.Id)
            .Add("turns", shard.Counters.Turns).Add("completions", shard.Counters.Completions)
            .Add("in-flight", shard.Counters.InFlight).Add("allocated-bytes", shard.Counters.AllocatedBytes);
        if (shard.Ring is { } ring)
        {
            line.Add("enters", ring.Enters).Add("udp-send-errors", ring.DatagramSendErrors)
                .Add("buffers-exhausted", ring.BuffersExhausted).Add("accept-errors", ring.AcceptErrors);
        }

        return line.ToString();
    }

    private static string OfFrontend(FrontendView frontend)
    {
        var line = new Line("frontend").Add("address", frontend.Address).Add("protocol", frontend.Protocol);
        foreach ((string name, Func<FrontendCounters, long> read) in frontend.IsTls ? FrontendCounters.Table.Concat(FrontendCounters.TlsTable) : FrontendCounters.Table)
        {
            line.Add(name, frontend.Sum(read));
        }

        foreach ((string name, Func<DohCounters, long> read) in frontend.Options.Doh is null ? [] : DohCounters.Table)
        {
            line.Add(name, frontend.SumDoh(read));
        }

        return AddLatency(line.Add("max-connections", frontend.MaxConnections), frontend.Latency()).ToString();
    }

    private static string OfBackend(BackendView backend)
    {
        var line = new Line("backend").Add("name", backend.Name).Add("address", backend.Address).Add("state", backend.IsUsable ? "up" : "down");
        foreach ((string name, Func<BackendCounters, long> read) in BackendCounters.TableOf(backend.Options))
        {
            line.Add(name, backend.Sum(read));
        }

        return AddLatency(line.Add("max-concurrent-connections", backend.MaxConnections), backend.Latency()).ToString();
    }

    private static string OfPool(PoolView pool)
    {
        Line line = new Line("pool").Add("name", pool.Name.Length > 0 ? pool.Name : PoolNames.DefaultInMetrics).Add("policy", PolicyNames.Of(pool.Policy))
            .Add("servers", pool.Backends.Count).Add("active-servers", pool.Backends.Count(static b => b.IsUsable));
        return (pool.Cache is { } cache ? AddCache(line, cache.Options.MaxEntries, cache.Figures) : line).ToString();
    }

    private static Line AddCache(Line line, int size, in CacheFigures figures) =>
        line.Add("cache-size", size).Add("cache-entries", figures.Entries).Add("cache-bytes", figures.Bytes)
            .Add("cache-hits", figures.Hits).Add("cache-stale-hits", figures.StaleHits).Add("cache-misses", figures.Misses)
            .Add("cache-deferred-inserts", figures.DeferredInserts).Add("cache-deferred-lookups", figures.DeferredLookups)
            .Add("cache-refused-inserts", figures.RefusedInserts).Add("cache-ttl-too-shorts", figures.TtlTooShorts)
            .Add("cache-evictions", figures.Evictions).Add("cache-cleanups", figures.CleanupCount)
            .Add("cache-refreshes", figures.Refreshes).Add("cache-shared", figures.Shared);

    private static Line AddLatency(Line line, LatencyHistogram latency) =>
        line.Add("latency-count", latency.Count).Add("latency-sum-us", latency.SumMicroseconds)
            .Add("latency-p50-us", latency.Percentile(0.5)).Add("latency-p99-us", latency.Percentile(0.99)).Add("latency-p999-us", latency.Percentile(0.999));

    private string Process()
    {
        IReadOnlyList<FrontendView> all = server.CountedFrontends;
        return new Line("process")
            .Add("queries", all.Sum(f => f.Sum(c => c.Queries)))
            .Add("responses", all.Sum(f => f.Sum(c => c.Responses)))
            .Add("acl-drops", all.Sum(f => f.Sum(c => c.AclDrops)))
            .Add("in-flight", server.Shards.Sum(s => s.Counters.InFlight))
            .Add("reloads", server.Counters.Reloads)
            .Add("reload-failures", server.Counters.ReloadFailures)
            .Add("log-dropped", server.Counters.Log?.Dropped ?? 0)
            .Add("rule-log-dropped", server.RuleLinesDropped)
            .Add("log-suppressed", server.Counters.Log?.Suppressed ?? 0)
            .Add("real-memory-usage", Environment.WorkingSet)
            .ToString();
    }

    private sealed class Line(string kind)
    {
        private readonly StringBuilder _text = new($"stats {kind}");

        public Line Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

        public Line Add(string name, string value)
        {
            _text.Append(CultureInfo.InvariantCulture, $" {name}={value}");
            return this;
        }

        public override string ToString() => _text.ToString();
    }
}
