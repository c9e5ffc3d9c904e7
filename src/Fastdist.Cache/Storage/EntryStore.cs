using System;
using System.Numerics;

namespace Fastdist.Cache.Storage;

/// <summary>How a look for an entry ended.</summary>
internal enum Finding : byte
{
    /// <summary>There is none.</summary>
    Missing,

    /// <summary>It was found and copied whole.</summary>
    Found,

    /// <summary>It was being written, twice.</summary>
    Busy,
}

/// <summary>How an insertion ended.</summary>
internal enum Insertion : byte
{
    /// <summary>It is in, in the place of one with the same key if there was one.</summary>
    Done,

    /// <summary>Another one was under way in the same part.</summary>
    Busy,

    /// <summary>There is no place for it: too many negative ones, or too large.</summary>
    NoRoom,
}

/// <summary>
/// Entries in native memory that any thread reads without a lock, and that are changed under the lock of the part that they are in. Memory is taken from the
/// system once, and given back only by <see cref="Dispose"/>, which nobody who reads may live to see.
/// </summary>
internal sealed class EntryStore : IDisposable
{
    private readonly StoreMap _map;
    private readonly StorePart<NativeShared>[] _parts;
    private readonly NativeArea _buckets;
    private readonly NativeArea _blocks;
    private readonly int _maxEntries;

    /// <summary>Makes it; memory is taken from the system as it fills.</summary>
    /// <param name="maxEntries">Most entries, at least 1.</param>
    /// <param name="maxBytes">Most bytes of entries, index not included.</param>
    /// <param name="parts">Parts that are written to side by side; small stores have fewer.</param>
    /// <param name="maxNegative">Most entries that are negative.</param>
    /// <exception cref="OutOfMemoryException">The system has not so much memory.</exception>
    public EntryStore(int maxEntries, long maxBytes, int parts, int maxNegative)
    {
        var shape = new StoreShape(maxEntries, maxBytes, parts, maxNegative);
        _maxEntries = maxEntries;
        _buckets = new NativeArea((nuint)shape.Parts * (nuint)shape.BucketsPerPart * Bucket<NativeShared>.Size);
        _blocks = new NativeArea(((nuint)shape.Blocks + 1) * StoreMap.BlockSize);
        _map = new StoreMap(_buckets.Address, (uint)shape.BucketsPerPart, (uint)shape.Parts, _blocks.Address, (uint)shape.Blocks);
        _parts = shape.MakeParts<NativeShared>(in _map);
    }

    /// <summary>Entries there are, those whose time is over included.</summary>
    public long Count => Sum(static part => part.Count);

    /// <summary>Negative entries among them.</summary>
    public long Negatives => Sum(static part => part.Negatives);

    /// <summary>Bytes of memory that entries take, with their share of the index.</summary>
    public long Bytes => (Sum(static part => part.Blocks) * StoreMap.BlockSize) + (long)(_buckets.Size * ((double)Count / _maxEntries));

    /// <summary>Entries that made room for others before their time was over.</summary>
    public long Evictions => Sum(static part => part.Evictions);

    /// <summary>Insertions for which no room was made.</summary>
    public long RefusedInserts => Sum(static part => part.RefusedInserts);

    /// <summary>The part in which entries of a hash are.</summary>
    public StorePart<NativeShared> PartOf(ulong hash) => _parts[_map.PartOf(hash)];

    /// <summary>Copies an entry's value. Marks it as used.</summary>
    /// <param name="hash">Hash of the key.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">Receives the value; room for the longest.</param>
    /// <param name="length">Bytes of the value.</param>
    /// <param name="found">What is known of it.</param>
    /// <param name="wasUsed">Whether it had been read since it was kept, or the last look for who is not used.</param>
    public Finding Read(ulong hash, ReadOnlySpan<byte> key, Span<byte> value, out int length, out EntryHead found, out bool wasUsed) =>
        EntryLookup<NativeShared>.Read(in _map, hash, key, value, out length, out found, out wasUsed);

    /// <summary>Keeps an entry, in the place of one with the same key.</summary>
    /// <param name="hash">Hash of the key.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="head">What is known of it.</param>
    /// <param name="now">The time, seconds of the cache's clock: what has ended is the first to make room.</param>
    /// <param name="mayWait">Whether to wait for another insertion.</param>
    public Insertion Insert(ulong hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, in EntryHead head, uint now, bool mayWait)
    {
        StorePart<NativeShared> part = PartOf(hash);
        if (!part.TryEnter())
        {
            if (!mayWait)
            {
                return Insertion.Busy;
            }

            part.Enter();
        }

        Insertion insertion = part.Insert(hash, key, value, in head, now);
        part.Exit();
        return insertion;
    }

    /// <summary>Claims to be the one that renews an entry; there is one until it is replaced.</summary>
    /// <returns>False when there is one, when it is not there, and when something else is under way in its part, so that one is to ask again.</returns>
    public bool TryClaim(ulong hash, ReadOnlySpan<byte> key)
    {
        // Most who ask come too late, and see so without the lock, which others need to keep answers.
        StorePart<NativeShared> part = PartOf(hash);
        if (!part.MayBeClaimed(hash, key) || !part.TryEnter())
        {
            return false;
        }

        bool isOurs = part.TryClaim(hash, key);
        part.Exit();
        return isOurs;
    }

    /// <summary>Removes an entry.</summary>
    public bool Remove(ulong hash, ReadOnlySpan<byte> key)
    {
        StorePart<NativeShared> part = PartOf(hash);
        part.Enter();
        bool isRemoved = part.Remove(hash, key);
        part.Exit();
        return isRemoved;
    }

    /// <summary>Shows every entry that was there from beginning to end to somebody, and removes those that are no longer wished for.</summary>
    /// <param name="visitor">Sees a copy of each; no lock is held while it looks.</param>
    /// <returns>Entries removed.</returns>
    public long Walk<TVisitor>(ref TVisitor visitor)
        where TVisitor : IEntryVisitor
    {
        var walk = new EntryWalk<NativeShared>();
        long removed = 0;
        for (int i = 0; i < _parts.Length && !walk.IsStopped; i++)
        {
            removed += walk.Pass(_parts[i], ref visitor);
        }

        return removed;
    }

    /// <summary>Removes entries whose time is over.</summary>
    /// <param name="now">The time, seconds of the cache's clock; <see cref="uint.MaxValue"/> for all entries.</param>
    /// <param name="most">Most entries to remove.</param>
    /// <returns>Entries removed.</returns>
    public long RemoveEnded(uint now, long most)
    {
        long removed = 0;
        foreach (StorePart<NativeShared> part in _parts)
        {
            for (uint i = 0; i < part.BucketCount && removed < most; i++)
            {
                removed += RemoveEnded(part, part.BucketAt(i), now, most - removed);
            }
        }

        return removed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _buckets.Dispose();
        _blocks.Dispose();
    }

    private static int RemoveEnded(StorePart<NativeShared> part, Bucket<NativeShared> bucket, uint now, long most)
    {
        // The lock is for buckets where something is to do, which a look without it shows well enough.
        if (part.Ended(bucket, now) == 0)
        {
            return 0;
        }

        int removed = 0;
        part.Enter();
        for (uint ended = part.Ended(bucket, now); ended != 0 && removed < most; ended &= ended - 1)
        {
            part.Remove(bucket, BitOperations.TrailingZeroCount(ended));
            removed++;
        }

        part.Exit();
        return removed;
    }

    private long Sum(Func<StorePart<NativeShared>, long> figure)
    {
        long sum = 0;
        foreach (StorePart<NativeShared> part in _parts)
        {
            sum += figure(part);
        }

        return sum;
    }
}
