using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fastdist.Cache.Storage;

/// <summary>Looks for an entry without a lock.</summary>
internal static class EntryLookup<TMemory>
    where TMemory : struct, ISharedMemory
{
    /// <summary>Reads that end in vain before one gives up, for whoever changes a bucket may be kept from going on.</summary>
    private const int MostTries = 1;

    /// <summary>Copies an entry's value, as <see cref="EntryStore.Read"/> says.</summary>
    public static Finding Read(
        ref readonly StoreMap map, ulong hash, ReadOnlySpan<byte> key, Span<byte> value, out int length, out EntryHead found, out bool wasUsed)
    {
        map.BucketsOf(hash, out nuint first, out nuint second);
        TMemory.Prefetch(second);
        ushort tag = StoreMap.TagOf(hash);
        bool isSecond = false;
        for (int tries = 0; ;)
        {
            Finding finding = ReadIn(in map, new Bucket<TMemory>(isSecond ? second : first), tag, key, value, out length, out found, out wasUsed);
            if (finding == Finding.Found || (finding == Finding.Busy && ++tries > MostTries))
            {
                return finding;
            }

            if (finding == Finding.Missing)
            {
                // An entry does not move from one bucket to the other: it was in none when it was missing from each at a time.
                if (isSecond)
                {
                    return finding;
                }

                isSecond = true;
            }
        }
    }

    /// <summary>The way of an entry. Holds for whoever has the part's lock; for others it is a guess.</summary>
    /// <param name="map">Where everything is.</param>
    /// <param name="bucket">The bucket to look in.</param>
    /// <param name="tag">The entry's tag.</param>
    /// <param name="key">The entry's key.</param>
    /// <returns>-1 when it is not in the bucket.</returns>
    public static int WayOf(ref readonly StoreMap map, Bucket<TMemory> bucket, ushort tag, ReadOnlySpan<byte> key)
    {
        for (uint ways = bucket.Match(tag); ways != 0; ways &= ways - 1)
        {
            int way = BitOperations.TrailingZeroCount(ways);
            uint block = bucket.BlockOf(way);
            if (map.HasBlock(block))
            {
                var chain = new ChainReader<TMemory>(in map, block, out ChainHead head);
                if (head.KeyLength == key.Length && chain.TryMatch(key))
                {
                    return way;
                }
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Finding ReadIn(
        ref readonly StoreMap map, Bucket<TMemory> bucket, ushort tag, ReadOnlySpan<byte> key, Span<byte> value, out int length, out EntryHead found, out bool wasUsed)
    {
        length = 0;
        found = default;
        wasUsed = false;
        if (!SequenceLock<TMemory>.TryBegin(bucket.Address, out uint sequence))
        {
            return Finding.Busy;
        }

        for (uint ways = bucket.Match(tag); ways != 0; ways &= ways - 1)
        {
            int way = BitOperations.TrailingZeroCount(ways);
            uint block = bucket.BlockOf(way);
            if (!map.HasBlock(block))
            {
                continue;
            }

            var chain = new ChainReader<TMemory>(in map, block, out ChainHead head);
            if (head.KeyLength == key.Length && (uint)head.ValueLength <= (uint)value.Length && chain.TryMatch(key) && chain.TryCopy(value[..head.ValueLength]))
            {
                if (!SequenceLock<TMemory>.IsUnchanged(bucket.Address, sequence))
                {
                    return Finding.Busy;
                }

                length = head.ValueLength;
                found = head.Entry;
                wasUsed = bucket.Mark(way);
                return Finding.Found;
            }
        }

        return SequenceLock<TMemory>.IsUnchanged(bucket.Address, sequence) ? Finding.Missing : Finding.Busy;
    }
}
