using System;

namespace Fastdist.Cache.Storage;

/// <summary>What becomes of an entry that somebody has looked at.</summary>
internal enum Verdict : byte
{
    /// <summary>It stays.</summary>
    Keep,

    /// <summary>It is removed, if it has not become another one meanwhile.</summary>
    Remove,

    /// <summary>It stays, and nothing more is to be seen.</summary>
    Stop,
}

/// <summary>Looks at entries.</summary>
internal interface IEntryVisitor
{
    /// <summary>Looks at an entry.</summary>
    /// <param name="head">What is known of it.</param>
    /// <param name="key">Its key.</param>
    /// <param name="value">Its value.</param>
    Verdict Visit(in EntryHead head, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);
}

/// <summary>
/// A walk over all entries. A part's lock is held while one entry is copied, or removed, and not while it is looked at, so that whoever keeps answers meanwhile
/// hardly ever finds it taken.
/// </summary>
internal struct EntryWalk<TMemory>
    where TMemory : struct, ISharedMemory
{
    private byte[] _copy = new byte[4096];

    /// <summary>Begins one.</summary>
    public EntryWalk()
    {
    }

    /// <summary>Whether the visitor has seen enough.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Shows the entries of a part.</summary>
    /// <returns>Entries removed.</returns>
    public long Pass<TVisitor>(StorePart<TMemory> part, ref TVisitor visitor)
        where TVisitor : IEntryVisitor
    {
        long removed = 0;
        for (uint i = 0; i < part.BucketCount; i++)
        {
            Bucket<TMemory> bucket = part.BucketAt(i);
            for (int way = 0; way < Bucket<TMemory>.Ways && !IsStopped; way++)
            {
                // A look without the lock passes ways without an entry; one that comes just then is none that was there from the beginning.
                removed += bucket.BlockOf(way) != 0 && ShowOne(part, bucket, way, ref visitor) ? 1 : 0;
            }
        }

        return removed;
    }

    private bool ShowOne<TVisitor>(StorePart<TMemory> part, Bucket<TMemory> bucket, int way, ref TVisitor visitor)
        where TVisitor : IEntryVisitor
    {
        if (!TryCopy(part, bucket, way, out ChainHead head))
        {
            return false;
        }

        ReadOnlySpan<byte> key = _copy.AsSpan(0, head.KeyLength);
        Verdict verdict = visitor.Visit(in head.Entry, key, _copy.AsSpan(head.KeyLength, head.ValueLength));
        IsStopped = verdict == Verdict.Stop;
        if (verdict != Verdict.Remove)
        {
            return false;
        }

        part.Enter();
        bool isRemoved = part.RemoveIfSame(bucket, way, in head.Entry, key);
        part.Exit();
        return isRemoved;
    }

    private bool TryCopy(StorePart<TMemory> part, Bucket<TMemory> bucket, int way, out ChainHead head)
    {
        for (; ; )
        {
            part.Enter();
            bool isThere = bucket.BlockOf(way) != 0;
            bool isCopied = part.TryCopy(bucket, way, _copy, out head);
            part.Exit();
            if (isCopied)
            {
                return isThere;
            }

            // Larger than any before it, and by the next time perhaps another one.
            _copy = new byte[head.KeyLength + head.ValueLength];
        }
    }
}
