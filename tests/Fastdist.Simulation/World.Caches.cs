using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Cache;
using Fastdist.Proxy.Shards;
using Fastdist.Simulation.Caching;

namespace Fastdist.Simulation;

/// <summary>The process's packet caches, and what its control thread does with them.</summary>
internal sealed partial class World
{
    private const long CleaningPause = 1_000_000;

    private readonly List<PacketCache> _caches = [];
    private PacketCache[] _cacheOfPool = [];

    /// <summary>What caches there are, and what is asked for; null for none. Set before the process begins.</summary>
    public CachingPlan? Caching { get; set; }

    /// <summary>The caches that there are, and those that were replaced and are not free yet.</summary>
    public IReadOnlyList<PacketCache> Caches => _caches;

    /// <summary>Gives the pools their caches.</summary>
    public void UseCaches()
    {
        Note("caches");
        PacketCache first = NewCache();
        _cacheOfPool = HasTwoPools ? [first, Caching!.IsShared ? first : NewCache()] : [first];
        PostCaches();
        if (Caching!.IsTended)
        {
            After(CleaningPause, TendCaches);
            After(Random.NextInt64(20 * CleaningPause), ReplaceCache);
        }
    }

    /// <summary>Has a shard begin with the cache that all pools have, where they have one from the beginning.</summary>
    private void UseCache(Shard shard)
    {
        for (int pool = 0; Cache is { } cache && pool < (HasTwoPools ? 2 : 1); pool++)
        {
            int number = pool;
            Post(shard, s => s.UseCache(number, cache));
        }
    }

    private PacketCache NewCache()
    {
        Span<byte> key = stackalloc byte[PacketCache.HashKeySize];
        Random.NextBytes(key);
        var cache = new PacketCache(Caching!.Cache, _shards.Count, key);
        _caches.Add(cache);
        return cache;
    }

    private void PostCaches()
    {
        PacketCache[] caches = _cacheOfPool;
        PostToAll(shard =>
        {
            for (int pool = 0; pool < caches.Length; pool++)
            {
                shard.UseCache(pool, caches[pool]);
            }
        });
    }

    /// <summary>Removes what has ended, as much of it as by lot.</summary>
    private void TendCaches()
    {
        if (IsStopping)
        {
            return;
        }

        uint now = (uint)(Now / 1_000_000);
        foreach (PacketCache cache in _caches)
        {
            Note("purge", cache.PurgeExpired(Random.Next(cache.Options.MaxEntries), now - Math.Min(Caching!.StaleFor, now)));
            if (Random.Next(10) == 0)
            {
                cache.Expunge(Random.Next(cache.Options.MaxEntries));
            }
        }

        After(CleaningPause, TendCaches);
    }

    /// <summary>Pools have another cache from now on, and the old one is freed once no shard looks into it.</summary>
    private void ReplaceCache()
    {
        if (IsStopping)
        {
            return;
        }

        PacketCache old = _cacheOfPool[0], next = NewCache();
        _cacheOfPool = [.. _cacheOfPool.Select(cache => cache == old ? next : cache)];
        PostCaches();
        int left = _shards.Count;
        PostToAll(shard => shard.LetGo(old, () =>
        {
            if (--left == 0)
            {
                _caches.Remove(old);
                old.Dispose();
            }
        }));
    }
}
