using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Cache;
using Fastdist.Proxy.Files;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Fastdist.Tls;

namespace Fastdist.Proxy;

/// <summary>Packet caches: which pool has which, and their upkeep.</summary>
public sealed partial class ProxyServer
{
    private readonly CacheRoster _caches;

    /// <summary>The cache of the pool with each number, as the shards were told; pools beyond its end have none. Replaced as a whole.</summary>
    private volatile PacketCache?[] _cacheOfPool = [];

    /// <summary>When entries were last looked through for those whose time is over, seconds of the caches' clock.</summary>
    private uint _cachesCleanedAt = SecondsNow();

    /// <summary>The time of the caches' clock, seconds since some moment before the start; it runs on while the process is stopped.</summary>
    public uint CacheNow => SecondsNow();

    /// <summary>The pools that have a cache, sorted by name, the default pool first, each with it; pools may have the same one.</summary>
    public IReadOnlyList<(string Pool, PacketCache Cache)> Caches =>
        [.. Pools.Where(static pool => pool.Cache is not null).Select(static pool => (pool.Name, pool.Cache!))];

    /// <summary>The cache of a pool; null when it has none, or there is no such pool.</summary>
    public PacketCache? CacheOf(string pool) => CacheOf(_pools.NumberOf(pool));

    /// <summary>
    /// Gives a pool a cache, or none. Of two pools that are given the same, by number and settings, the second has that of the first. A pool that there
    /// is not is made. What a cache holds that no pool has any more is forgotten.
    /// </summary>
    /// <param name="pool">The pool.</param>
    /// <param name="options">The cache's settings; null for none.</param>
    /// <param name="error">Why not.</param>
    /// <returns>False, with the reason, when it cannot be.</returns>
    public bool TrySetCache(string pool, CacheOptions? options, out string error)
    {
        lock (_control)
        {
            error = _isDisposed ? "the process is stopping" : _pools.ProblemWith([pool]);
            PacketCache? cache = error.Length > 0 || options is null ? null : _caches.Ensure(options, out error);
            if (error.Length > 0)
            {
                return false;
            }

            int number = EnsurePool(pool);
            if (GiveCache(number, cache))
            {
                _log.CacheSet(Describe(pool), Describe(cache));
            }

            ForgetUnusedCaches();
            return true;
        }
    }

    /// <summary>Share of hits among all queries that were looked for in caches since the start, 0 to 1.</summary>
    private double ShareOfHits()
    {
        IReadOnlyList<FrontendView> frontends = CountedFrontends;
        long hits = frontends.Sum(static frontend => frontend.Sum(static counters => counters.CacheHits));
        long all = hits + frontends.Sum(static frontend => frontend.Sum(static counters => counters.CacheMisses));
        return all > 0 ? (double)hits / all : 0;
    }

    private static string Describe(PacketCache? cache) => cache is null ? "no packet cache" : $"a packet cache of {cache.Options.MaxEntries} entries";

    private static uint SecondsNow() => (uint)(ShardClock.Read() / 1_000_000);

    private PacketCache? CacheOf(int number)
    {
        PacketCache?[] caches = _cacheOfPool;
        return number >= 0 && number < caches.Length ? caches[number] : null;
    }

    /// <summary>Makes the caches of the pools that there are from the start.</summary>
    /// <exception cref="TlsConfigurationException">There cannot be such caches.</exception>
    private void UseConfiguredCaches()
    {
        var report = new ReloadReport();
        CachePlan plan = _caches.Prepare(_options.AllPools, report);
        if (report.Problems.Count > 0)
        {
            plan.Discard();
            throw new TlsConfigurationException(string.Join('\n', report.Problems));
        }

        UseCaches(_options.AllPools, plan);
    }

    /// <summary>Has pools have these caches, and all others none; the pools are there.</summary>
    private void UseCaches(IReadOnlyList<PoolOptions> pools, CachePlan plan)
    {
        Dictionary<int, PacketCache?> wanted = pools.ToDictionary(pool => _pools.NumberOf(pool.Name), plan.Of);
        for (int number = 0; number < _pools.Count; number++)
        {
            GiveCache(number, wanted.GetValueOrDefault(number));
        }

        _caches.Keep(_caches.Present.Concat(plan.Coming), (_, _) => { });
        ForgetUnusedCaches();
    }

    /// <returns>Whether it had another one.</returns>
    private bool GiveCache(int number, PacketCache? cache)
    {
        if (CacheOf(number) == cache)
        {
            return false;
        }

        PacketCache?[] caches = [.. _cacheOfPool, .. Enumerable.Repeat<PacketCache?>(null, Math.Max(number + 1 - _cacheOfPool.Length, 0))];
        caches[number] = cache;
        _cacheOfPool = caches;
        PostToAll(shard => shard.UseCache(number, cache));
        return true;
    }

    private void ForgetUnusedCaches() =>
        _caches.Keep(_caches.Present.Where(_cacheOfPool.Contains), (gone, pass) => PostToAll(shard => shard.LetGo(gone, pass)));

    /// <summary>
    /// Frees caches that are used no more, and every so often removes entries whose time is over from the others. What may still be given after its
    /// time stays as long as it may.
    /// </summary>
    private void MaintainCaches(uint now)
    {
        _caches.FreeDeparted();
        ProxyOptions options = _options;
        if (now - _cachesCleanedAt < options.CacheCleaningDelay)
        {
            return;
        }

        _cachesCleanedAt = now;
        uint since = now - Math.Min(options.StaleCacheEntriesTtl, now);
        foreach (PacketCache cache in _caches.Present.Where(cache => !cache.Options.KeepStaleData || !HasOnlyDownPool(cache)))
        {
            cache.PurgeExpired((long)cache.Options.MaxEntries * (100 - options.CacheCleaningPercentage) / 100, since);
        }
    }

    /// <summary>Whether a pool of a cache has backends, and none of them is up.</summary>
    private bool HasOnlyDownPool(PacketCache cache) =>
        Pools.Any(pool => pool.Cache == cache && pool.Backends is { Count: > 0 } backends && !backends.Any(static backend => backend.Shared.IsUp));
}
