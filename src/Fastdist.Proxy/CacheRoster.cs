using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Fastdist.Cache;
using Fastdist.Proxy.Files;
using Fastdist.Settings;

namespace Fastdist.Proxy;

/// <summary>
/// Which packet caches the process has. One goes when no pool uses it any more, and its memory once every shard has let go of it. Changed by one thread
/// at a time, read by any.
/// </summary>
/// <param name="shards">Shards that use them.</param>
internal sealed class CacheRoster(int shards) : IDisposable
{
    private readonly List<Departure> _departures = [];
    private volatile PacketCache[] _present = [];

    /// <summary>Those in use. Another list each time one comes or goes.</summary>
    public IReadOnlyList<PacketCache> Present => _present;

    /// <summary>Those in use no more that some shard may still look into, or that were not freed yet.</summary>
    public int Departing => _departures.Count;

    /// <summary>Why there cannot be all the caches of these pools; empty when there can.</summary>
    public static IReadOnlyList<string> ProblemsWith(IEnumerable<PoolOptions> pools) =>
        [.. pools.Select(static pool => pool.Cache).OfType<CacheOptions>().Select(PacketCache.ProblemWith).Where(static problem => problem.Length > 0).Distinct()];

    /// <summary>Makes what some pools need that there is not yet.</summary>
    /// <param name="pools">All pools that there will be.</param>
    /// <param name="report">Told of what cannot be made.</param>
    public CachePlan Prepare(IEnumerable<PoolOptions> pools, ReloadReport report)
    {
        PacketCache[] present = _present;
        var coming = new List<PacketCache>();
        foreach (CacheOptions options in pools.Select(static pool => pool.Cache).OfType<CacheOptions>())
        {
            if (Find(present.Concat(coming), options) is null && Make(options, out string problem) is var made)
            {
                report.Add(made is null && !report.Problems.Contains(problem) ? [problem] : []);
                coming.AddRange(made is null ? [] : [made]);
            }
        }

        return new CachePlan(present, coming);
    }

    /// <summary>The one of the same number with the same settings; made when there is none.</summary>
    /// <returns>Null, with the reason, when it cannot be made.</returns>
    public PacketCache? Ensure(CacheOptions options, out string problem)
    {
        problem = "";
        if (Find(_present, options) is { } present)
        {
            return present;
        }

        PacketCache? made = Make(options, out problem);
        _present = made is null ? _present : [.. _present, made];
        return made;
    }

    /// <summary>Has these from now on, and no others.</summary>
    /// <param name="next">Some of those there are, and new ones.</param>
    /// <param name="letGo">Has every shard let go of a cache, and then do something on the shard's thread.</param>
    public void Keep(IEnumerable<PacketCache> next, Action<PacketCache, Action> letGo)
    {
        PacketCache[] present = _present;
        PacketCache[] kept = [.. next.Distinct()];
        if (kept.SequenceEqual(present))
        {
            return;
        }

        _present = kept;
        foreach (PacketCache gone in present.Except(kept))
        {
            var departure = new Departure(gone, shards);
            _departures.Add(departure);
            letGo(gone, departure.Pass);
        }
    }

    /// <summary>Frees the memory of caches that every shard has let go of: not on a shard, as that can take long.</summary>
    public void FreeDeparted()
    {
        foreach (Departure departure in _departures.FindAll(static departure => departure.IsOver))
        {
            departure.Cache.Dispose();
            _departures.Remove(departure);
        }
    }

    /// <summary>Frees all memory; the shards are gone.</summary>
    public void Dispose()
    {
        foreach (PacketCache cache in _present.Concat(_departures.Select(static departure => departure.Cache)))
        {
            cache.Dispose();
        }

        _present = [];
        _departures.Clear();
    }

    /// <summary>The one of some caches that has the same number and settings as wanted.</summary>
    public static PacketCache? Find(IEnumerable<PacketCache> caches, CacheOptions wanted) => caches.FirstOrDefault(cache => wanted.With(cache.Options) == cache.Options);

    private PacketCache? Make(CacheOptions options, out string problem)
    {
        problem = PacketCache.ProblemWith(options);
        try
        {
            return problem.Length > 0 ? null : new PacketCache(options, shards);
        }
        catch (OutOfMemoryException)
        {
            problem = $"there is not enough memory for a packet cache of {options.MaxEntries} entries: let it have fewer";
            return null;
        }
    }

    /// <summary>A cache that shards may still be reading.</summary>
    private sealed class Departure(PacketCache cache, int shards)
    {
        private int _left = shards;

        public PacketCache Cache => cache;

        public bool IsOver => Volatile.Read(ref _left) <= 0;

        /// <summary>One more shard has let go of it.</summary>
        public void Pass() => Interlocked.Decrement(ref _left);
    }
}

/// <summary>The caches that other settings need.</summary>
/// <param name="Present">Those that there were when it was made.</param>
/// <param name="Coming">Those made for it.</param>
internal sealed record CachePlan(IReadOnlyList<PacketCache> Present, IReadOnlyList<PacketCache> Coming)
{
    /// <summary>The cache of a pool.</summary>
    public PacketCache? Of(PoolOptions pool) => pool.Cache is { } options ? CacheRoster.Find(Present.Concat(Coming), options) : null;

    /// <summary>Gives back what nobody came to use.</summary>
    public void Discard()
    {
        foreach (PacketCache cache in Coming)
        {
            cache.Dispose();
        }
    }
}
