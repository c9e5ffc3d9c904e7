using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Settings.Tables;

/// <summary>The flags for the packet cache of the default pool: how many entries it has makes it, the others are the options of a cache.</summary>
internal static class CacheFlags
{
    /// <summary>What the default pool has before anything was said of a cache: none, as it has no entries.</summary>
    private static readonly CacheOptions s_none = new() { MaxEntries = 0 };

    private static readonly (string Flag, string Option)[] s_options =
    [
        ("cache-bytes", "maximumBytes"),
        ("cache-max-entry-size", "maximumEntrySize"),
        ("cache-max-ttl", "maxTTL"),
        ("cache-min-ttl", "minTTL"),
        ("cache-max-negative-ttl", "maxNegativeTTL"),
        ("cache-failure-ttl", "temporaryFailureTTL"),
        ("cache-truncated-ttl", "truncatedTTL"),
        ("cache-stale-ttl", "staleTTL"),
        ("cache-stale-negatives", "staleNegatives"),
        ("cache-keep-stale-data", "keepStaleData"),
        ("cache-refresh", "refresh"),
        ("cache-negative-share", "negativeShare"),
        ("cache-dont-age", "dontAge"),
        ("cache-shuffle", "shuffle"),
        ("cache-cookie-hashing", "cookieHashing"),
        ("cache-skip-option", "skipOptions"),
    ];

    /// <summary>All of them, as help lists them.</summary>
    public static readonly OptionEntry<ProcessOptions>[] All =
    [
        new("cache-size", "ENTRIES", "", "answers", "that the packet cache of the default pool keeps to give them again; without this there is none",
            s => OfDefault(s.Proxy) is { MaxEntries: > 0 and int entries } ? entries : null, (s, v) => Change(s, cache => cache with { MaxEntries = Values.Integer(v, 1, CacheOptions.MostEntries) })),
        .. s_options.Select(static option => Of(option.Flag, CacheOptionTable.Table.Entries.First(entry => entry.Name == option.Option))),
        new("cache-stale-for", "N", "0", "s", "after its end that an answer of any cache may be given when no backend answers; 0 is for never",
            s => s.Proxy.StaleCacheEntriesTtl, (s, v) => With(s, p => p with { StaleCacheEntriesTtl = (uint)Values.Integer(v, 0, int.MaxValue) })),
        new("cache-stale-client-timeout", "N", "0", "ms", "after which such an answer is given though backends may still answer (RFC 8767); 0 is for only when they do not",
            s => s.Proxy.StaleAnswerClientTimeout, (s, v) => With(s, p => p with { StaleAnswerClientTimeout = Values.Integer(v, 0, 600_000) })),
        new("cache-cleaning-delay", "N", "60", "s", "between two searches of caches for answers whose time is over",
            s => s.Proxy.CacheCleaningDelay, (s, v) => With(s, p => p with { CacheCleaningDelay = Values.Integer(v, 1, 86400) })),
        new("cache-cleaning-percentage", "N", "100", "percent", "of a cache's entries that are free when such a search ends early",
            s => s.Proxy.CacheCleaningPercentage, (s, v) => With(s, p => p with { CacheCleaningPercentage = Values.Integer(v, 0, 100) })),
    ];

    /// <summary>The cache of the default pool; null for none.</summary>
    public static CacheOptions? OfDefault(ProxyOptions proxy) => proxy.Pools.FirstOrDefault(static pool => pool.Name == PoolOptions.Default)?.Cache;

    /// <summary>What is wrong with it; empty when nothing is.</summary>
    public static string ProblemWith(ProxyOptions proxy) => OfDefault(proxy) is { MaxEntries: 0 } ? "--cache-... says what a cache is like, and there is none: add --cache-size ENTRIES" : "";

    private static OptionEntry<ProcessOptions> Of(string flag, OptionEntry<CacheOptions> option) =>
        new(flag, option.Value, option.Default, option.Unit, option.Text, s => option.Show(OfDefault(s.Proxy) ?? s_none), (s, v) => Change(s, cache => option.Apply(cache, v))) { IsRepeatable = option.IsRepeatable };

    /// <summary>Changes the default pool's cache, and with it that of all pools that have the same one.</summary>
    private static ProcessOptions Change(ProcessOptions settings, Func<CacheOptions, CacheOptions> change)
    {
        CacheOptions before = OfDefault(settings.Proxy) ?? s_none;
        CacheOptions after = change(before);
        return after == before ? settings : With(settings, proxy => proxy with { Pools = [.. Renewed(proxy.Pools, after)] });
    }

    private static IEnumerable<PoolOptions> Renewed(IReadOnlyList<PoolOptions> pools, CacheOptions cache) => pools
        .Concat(pools.Any(static pool => pool.Name == PoolOptions.Default) ? [] : [new PoolOptions { Name = PoolOptions.Default }])
        .Select(pool => pool.Name == PoolOptions.Default || pool.Cache?.Number == cache.Number ? pool with { Cache = cache } : pool);

    private static ProcessOptions With(ProcessOptions settings, Func<ProxyOptions, ProxyOptions> change) => settings with { Proxy = change(settings.Proxy) };
}
