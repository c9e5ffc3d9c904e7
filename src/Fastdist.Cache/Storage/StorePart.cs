using System;
using System.Numerics;
using System.Threading;

namespace Fastdist.Cache.Storage;

/// <summary>
/// A part of the store, which one thread at a time changes: its buckets and blocks belong to no other. Every member besides the lock and the figures is for
/// whoever has the lock.
/// </summary>
internal sealed class StorePart<TMemory>
    where TMemory : struct, ISharedMemory
{
    private readonly StoreMap _map;
    private readonly BlockPool<TMemory> _pool;
    private readonly PartLimits _limits;
    private readonly uint _number;
    private Clock<TMemory> _clock;
    private int _isTaken;
    private int _count;
    private int _negatives;

    /// <summary>Makes an empty one.</summary>
    /// <param name="map">Where buckets and blocks are.</param>
    /// <param name="number">Its number.</param>
    /// <param name="firstBlock">The first of its blocks.</param>
    /// <param name="limits">How much it keeps.</param>
    public StorePart(in StoreMap map, uint number, uint firstBlock, PartLimits limits)
    {
        _map = map;
        _number = number;
        _limits = limits;
        _pool = new BlockPool<TMemory>(in map, firstBlock, limits.Blocks);
    }

    /// <summary>Entries in it.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Negative ones among them.</summary>
    public int Negatives => Volatile.Read(ref _negatives);

    /// <summary>Blocks that they have.</summary>
    public int Blocks => _pool.Capacity - _pool.Left;

    /// <summary>Entries that made room for others before their time was over.</summary>
    public long Evictions { get; private set; }

    /// <summary>Insertions for which there was no room.</summary>
    public long RefusedInserts { get; private set; }

    /// <summary>Takes the lock, if nobody has it.</summary>
    public bool TryEnter() => Interlocked.CompareExchange(ref _isTaken, 1, 0) == 0;

    /// <summary>Takes the lock, once nobody has it. It is never held longer than one entry takes, so that nobody sleeps for it.</summary>
    public void Enter()
    {
        var wait = default(SpinWait);
        while (!TryEnter())
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Exit() => Volatile.Write(ref _isTaken, 0);

    /// <summary>Buckets it has.</summary>
    public uint BucketCount => _map.BucketsPerPart;

    /// <summary>One of its buckets.</summary>
    public Bucket<TMemory> BucketAt(uint bucket) => new(_map.BucketAt(_number, bucket));

    /// <summary>Keeps an entry, in the place of one with the same key.</summary>
    public Insertion Insert(ulong hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, in EntryHead head, uint now)
    {
        bool isNegative = (head.Traits & EntryTraits.Negative) != 0;
        int blocks = ChainHead.BlocksFor(key.Length + value.Length);
        int way = Find(hash, key, out Bucket<TMemory> bucket);
        if (blocks > _pool.Capacity || (isNegative && !HasRoomForNegative(bucket, way, now)))
        {
            RefusedInserts++;
            return Insertion.NoRoom;
        }

        if (way >= 0 && _pool.Left < blocks)
        {
            Remove(bucket, way);
            way = -1;
        }

        if (way < 0)
        {
            way = MakeRoom(hash, blocks, now, out bucket);
        }

        uint former = bucket.BlockOf(way);
        Note(former == 0 ? 1 : 0, (isNegative ? 1 : 0) - (IsNegative(bucket, way) ? 1 : 0));
        bucket.Set(way, StoreMap.TagOf(hash), ChainWriter<TMemory>.Write(_pool, key, value, in head), isNegative);
        if (former != 0)
        {
            _pool.GiveBack(former);
        }

        return Insertion.Done;
    }

    /// <summary>Whether an entry seems to be there and not claimed. For anybody, as a guess.</summary>
    public bool MayBeClaimed(ulong hash, ReadOnlySpan<byte> key)
    {
        int way = Find(hash, key, out Bucket<TMemory> bucket);
        return way >= 0 && !bucket.IsClaimed(way);
    }

    /// <summary>Claims an entry.</summary>
    /// <returns>False when it is claimed, or not there.</returns>
    public bool TryClaim(ulong hash, ReadOnlySpan<byte> key)
    {
        int way = Find(hash, key, out Bucket<TMemory> bucket);
        if (way < 0 || bucket.IsClaimed(way))
        {
            return false;
        }

        bucket.Claim(way);
        return true;
    }

    /// <summary>Removes an entry.</summary>
    public bool Remove(ulong hash, ReadOnlySpan<byte> key)
    {
        int way = Find(hash, key, out Bucket<TMemory> bucket);
        if (way < 0)
        {
            return false;
        }

        Remove(bucket, way);
        return true;
    }

    /// <summary>Removes the entry of a way.</summary>
    public void Remove(Bucket<TMemory> bucket, int way)
    {
        uint block = bucket.BlockOf(way);
        Note(-1, IsNegative(bucket, way) ? -1 : 0);
        bucket.Set(way, 0, 0, false);
        _pool.GiveBack(block);
    }

    /// <summary>Removes the entry of a way if it still is the one that was copied.</summary>
    public bool RemoveIfSame(Bucket<TMemory> bucket, int way, in EntryHead head, ReadOnlySpan<byte> key)
    {
        uint block = bucket.BlockOf(way);
        if (block == 0)
        {
            return false;
        }

        var chain = new ChainReader<TMemory>(in _map, block, out ChainHead found);
        bool isSame = found.KeyLength == key.Length && found.Entry.Added == head.Added && found.Entry.Ends == head.Ends && chain.TryMatch(key);
        if (isSame)
        {
            Remove(bucket, way);
        }

        return isSame;
    }

    /// <summary>Copies the entry of a way, its key before its value, if there is one and it fits.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="way">The way.</param>
    /// <param name="destination">Receives key and value.</param>
    /// <param name="head">What is known of it: lengths of zero when there is none.</param>
    /// <returns>False when it does not fit.</returns>
    public bool TryCopy(Bucket<TMemory> bucket, int way, Span<byte> destination, out ChainHead head)
    {
        uint block = bucket.BlockOf(way);
        if (block == 0)
        {
            head = default;
            return true;
        }

        var chain = new ChainReader<TMemory>(in _map, block, out head);
        int length = head.KeyLength + head.ValueLength;
        return length <= destination.Length && chain.TryCopy(destination[..length]);
    }

    /// <summary>Ways of a bucket whose entry's time is over, a bit each. Without the lock it is a guess.</summary>
    public uint Ended(Bucket<TMemory> bucket, uint now)
    {
        uint ended = 0;
        for (int way = 0; way < Bucket<TMemory>.Ways; way++)
        {
            uint block = bucket.BlockOf(way);
            ended |= _map.HasBlock(block) && TMemory.LoadHead(_map.BlockAt(block)).Entry.Ends <= now ? 1u << way : 0;
        }

        return ended;
    }

    /// <summary>What is known of a way's entry.</summary>
    public EntryHead HeadOf(Bucket<TMemory> bucket, int way) => TMemory.LoadHead(_map.BlockAt(bucket.BlockOf(way))).Entry;

    private static bool IsNegative(Bucket<TMemory> bucket, int way) => (bucket.Negatives() & (1u << way)) != 0;

    private int Find(ulong hash, ReadOnlySpan<byte> key, out Bucket<TMemory> bucket)
    {
        _map.BucketsOf(hash, out nuint first, out nuint second);
        bucket = new Bucket<TMemory>(first);
        int way = EntryLookup<TMemory>.WayOf(in _map, bucket, StoreMap.TagOf(hash), key);
        if (way < 0)
        {
            bucket = new Bucket<TMemory>(second);
            way = EntryLookup<TMemory>.WayOf(in _map, bucket, StoreMap.TagOf(hash), key);
        }

        return way;
    }

    private bool HasRoomForNegative(Bucket<TMemory> bucket, int way, uint now) =>
        (way >= 0 && IsNegative(bucket, way)) || _negatives < _limits.Negatives || (_negatives > 0 && TryEvict(_clock.NextNegative(this, out int victim), victim, now));

    /// <summary>Finds a way for a new entry, and evicts others until it may be kept.</summary>
    private int MakeRoom(ulong hash, int blocks, uint now, out Bucket<TMemory> bucket)
    {
        _map.BucketsOf(hash, out nuint first, out nuint second);
        var one = new Bucket<TMemory>(first);
        var other = new Bucket<TMemory>(second);
        bucket = other.Count() < one.Count() ? other : one;
        if (bucket.Count() == Bucket<TMemory>.Ways)
        {
            int victim = Victims<TMemory>.Choose(this, one, other, now, out bucket);
            TryEvict(bucket, victim, now);
        }

        while (_count >= _limits.Entries || _pool.Left < blocks)
        {
            TryEvict(_clock.Next(this, now, out int victim), victim, now);
        }

        return BitOperations.TrailingZeroCount(~bucket.Taken());
    }

    private bool TryEvict(Bucket<TMemory> bucket, int way, uint now)
    {
        if (way < 0)
        {
            return false;
        }

        Evictions += HeadOf(bucket, way).Ends > now ? 1 : 0;
        Remove(bucket, way);
        return true;
    }

    private void Note(int entries, int negatives)
    {
        Volatile.Write(ref _count, _count + entries);
        Volatile.Write(ref _negatives, _negatives + negatives);
    }
}

/// <summary>How much a part keeps.</summary>
/// <param name="Entries">Most entries, at least 1.</param>
/// <param name="Negatives">Most of them that are negative.</param>
/// <param name="Blocks">Blocks for all of them, at least 1.</param>
internal readonly record struct PartLimits(int Entries, int Negatives, int Blocks);
