using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Cache;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Web;

/// <summary>Metrics of pools under dnsdist's names.</summary>
internal static class PoolMetrics
{
    private static readonly (string Name, string Help, Func<PoolView, int> Read)[] s_rows =
    [
        ("dnsdist_pool_servers", "Servers of the pool.", p => p.Backends.Count),
        ("dnsdist_pool_active_servers", "Servers of the pool that are used.", p => p.Backends.Count(b => b.IsUsable)),
    ];

    /// <summary>Of pools that have a cache. A stale hit is one of dnsdist's hits, and has a counter of our own besides.</summary>
    private static readonly (string Name, MetricKind Kind, string Help, Func<PacketCache, CacheFigures, long> Read)[] s_cache =
    [
        ("dnsdist_pool_cache_size", MetricKind.Gauge, "Entries that the pool's packet cache may have.", (cache, _) => cache.Options.MaxEntries),
        ("dnsdist_pool_cache_entries", MetricKind.Gauge, "Entries of the pool's packet cache.", (_, f) => f.Entries),
        ("dnsdist_pool_cache_hits", MetricKind.NamedCounter, "Queries answered from it.", (_, f) => f.Hits + f.StaleHits),
        ("dnsdist_pool_cache_misses", MetricKind.NamedCounter, "Queries that it had no answer for.", (_, f) => f.Misses),
        ("dnsdist_pool_cache_deferred_inserts", MetricKind.NamedCounter, "Answers not kept as others were being kept just then.", (_, f) => f.DeferredInserts),
        ("dnsdist_pool_cache_deferred_lookups", MetricKind.NamedCounter, "Queries that found their entry being changed.", (_, f) => f.DeferredLookups),
        ("dnsdist_pool_cache_lookup_collisions", MetricKind.NamedCounter, "Queries that found an entry of another question: none.", (_, f) => f.LookupCollisions),
        ("dnsdist_pool_cache_insert_collisions", MetricKind.NamedCounter, "Answers that found an entry of another question: none.", (_, f) => f.InsertCollisions),
        ("dnsdist_pool_cache_ttl_too_shorts", MetricKind.NamedCounter, "Answers not kept for their TTL.", (_, f) => f.TtlTooShorts),
        ("dnsdist_pool_cache_cleanup_count", MetricKind.Counter, "Looks for entries whose time is over.", (_, f) => f.CleanupCount),
        ("fastdist_pool_cache_bytes", MetricKind.Gauge, "Memory that its entries take.", (_, f) => f.Bytes),
        ("fastdist_pool_cache_stale_hits", MetricKind.Counter, "Queries answered from it after the entry's time.", (_, f) => f.StaleHits),
        ("fastdist_pool_cache_evictions", MetricKind.Counter, "Entries that made room for others before their time was over.", (_, f) => f.Evictions),
        ("fastdist_pool_cache_refused_inserts", MetricKind.Counter, "Answers for which no room was made.", (_, f) => f.RefusedInserts),
        ("fastdist_pool_cache_refreshes", MetricKind.Counter, "Entries that were asked for anew before their end.", (_, f) => f.Refreshes),
        ("fastdist_pool_cache_shared", MetricKind.Counter, "Queries that waited for the answer to an equal one, and were not sent.", (_, f) => f.Shared),
    ];

    public static void Write(ExpositionWriter writer, IReadOnlyList<PoolView> pools)
    {
        foreach ((string name, string help, Func<PoolView, int> read) in s_rows)
        {
            writer.Family(name, MetricKind.Gauge, help);
            foreach (PoolView pool in pools)
            {
                writer.Sample(LabelsOf(pool), read(pool));
            }
        }

        (PoolView Pool, PacketCache Cache, CacheFigures Figures)[] cached = [.. pools.Where(static pool => pool.Cache is not null).Select(static pool => (pool, pool.Cache!, pool.Cache!.Figures))];
        foreach ((string name, MetricKind kind, string help, Func<PacketCache, CacheFigures, long> read) in s_cache)
        {
            writer.Family(name, kind, help);
            foreach ((PoolView pool, PacketCache cache, CacheFigures figures) in cached)
            {
                writer.Sample(LabelsOf(pool), read(cache, figures));
            }
        }
    }

    private static (string, string)[] LabelsOf(PoolView pool) => [("pool", pool.Name == PoolOptions.Default ? PoolNames.DefaultInMetrics : pool.Name)];
}
