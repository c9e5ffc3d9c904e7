using System;
using Fastdist.Cache;

namespace Fastdist.Proxy.Machines;

/// <summary>One shard's ways into the caches of its pools. Changed between turns only.</summary>
/// <param name="shard">The shard's number.</param>
/// <param name="random">The shard's.</param>
internal sealed class ShardCaches(int shard, Random random)
{
    private ShardCache?[] _ofPool = [];

    /// <summary>Whether any pool has one.</summary>
    public bool IsAny { get; private set; }

    /// <summary>Whether backends of a pool, by its number, are told clients' networks.</summary>
    public Func<int, bool> TellsNetworks { get; set; } = static _ => false;

    /// <summary>That of the pool with a number; null for none.</summary>
    public ShardCache? this[int pool] => (uint)pool < (uint)_ofPool.Length ? _ofPool[pool] : null;

    /// <summary>A pool has another cache, or none, from now on.</summary>
    /// <param name="pool">Its number.</param>
    /// <param name="cache">The cache.</param>
    public void Use(int pool, PacketCache? cache)
    {
        if (_ofPool.Length <= pool)
        {
            Array.Resize(ref _ofPool, pool + 1);
        }

        // Pools with one cache have one way into it, which is several buffers.
        _ofPool[pool] = cache is null ? null : Array.Find(_ofPool, way => way?.Cache == cache) ?? new ShardCache(cache, shard, random);
        IsAny = Array.Exists(_ofPool, static way => way is not null);
    }

    /// <summary>A cache is looked into no more.</summary>
    /// <param name="cache">The cache.</param>
    public void LetGo(PacketCache cache)
    {
        _ofPool = Array.ConvertAll(_ofPool, way => way?.Cache == cache ? null : way);
        IsAny = Array.Exists(_ofPool, static way => way is not null);
    }
}
