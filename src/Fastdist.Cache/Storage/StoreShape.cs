using System;
using System.Numerics;

namespace Fastdist.Cache.Storage;

/// <summary>How a store of some size is cut: the shares of its parts add up to what was asked for exactly.</summary>
internal sealed class StoreShape
{
    /// <summary>Fewest entries of a part where there are several: a share is full while others are not, by about the root of it.</summary>
    private const int LeastEntries = 512;

    /// <summary>Fewest bytes of a part where there are several: some of the largest entries.</summary>
    private const int LeastBytes = 1 << 19;

    /// <summary>Most parts: as many as the hash's bits between tag and bucket tell apart.</summary>
    private const int MostParts = 1 << 12;

    /// <summary>Entries of a bucket when a part is full, of the eight that it has room for: so both buckets of an entry are hardly ever full before.</summary>
    private const int EntriesPerBucket = 6;

    /// <summary>Most blocks, a quarter of a terabyte.</summary>
    private const int MostBlocks = int.MaxValue - 1;

    /// <summary>Most bytes of an entry that any block is set aside for: an answer, its form and its key.</summary>
    private const int MostEntryBytes = 1 << 17;

    private readonly int _entries;
    private readonly int _negatives;
    private readonly long _blocks;

    /// <summary>Cuts it.</summary>
    /// <param name="maxEntries">Most entries, at least 1.</param>
    /// <param name="maxBytes">Most bytes of entries.</param>
    /// <param name="parts">Most parts.</param>
    /// <param name="maxNegative">Most entries that are negative.</param>
    public StoreShape(int maxEntries, long maxBytes, int parts, int maxNegative)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEntries, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        _entries = maxEntries;
        _negatives = Math.Clamp(maxNegative, 0, maxEntries);
        _blocks = Math.Clamp(maxBytes / StoreMap.BlockSize, 1, Math.Min((long)maxEntries * ChainHead.BlocksFor(MostEntryBytes), MostBlocks));
        long most = Math.Max(1, Math.Min(Math.Min(parts, MostParts), Math.Min(maxEntries / LeastEntries, _blocks * StoreMap.BlockSize / LeastBytes)));
        Parts = 1 << BitOperations.Log2((uint)most);
        PartLimits largest = LimitsOf(0);
        BucketsPerPart = Math.Max(2, (Math.Min(largest.Entries, largest.Blocks) + EntriesPerBucket - 1) / EntriesPerBucket);
    }

    /// <summary>Parts, a power of two.</summary>
    public int Parts { get; }

    /// <summary>Buckets of each.</summary>
    public int BucketsPerPart { get; }

    /// <summary>Blocks of all.</summary>
    public uint Blocks => (uint)_blocks;

    /// <summary>What a part keeps.</summary>
    public PartLimits LimitsOf(int part) => new((int)Share(_entries, part), (int)Share(_negatives, part), (int)Share(_blocks, part));

    /// <summary>Makes the parts.</summary>
    /// <param name="map">Where their buckets and blocks are.</param>
    public StorePart<TMemory>[] MakeParts<TMemory>(in StoreMap map)
        where TMemory : struct, ISharedMemory
    {
        var parts = new StorePart<TMemory>[Parts];
        uint firstBlock = 1;
        for (int i = 0; i < Parts; i++)
        {
            PartLimits limits = LimitsOf(i);
            parts[i] = new StorePart<TMemory>(in map, (uint)i, firstBlock, limits);
            firstBlock += (uint)limits.Blocks;
        }

        return parts;
    }

    private long Share(long whole, int part) => (whole / Parts) + (part < whole % Parts ? 1 : 0);
}
