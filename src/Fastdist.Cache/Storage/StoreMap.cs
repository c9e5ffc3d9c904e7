using System.Runtime.CompilerServices;

namespace Fastdist.Cache.Storage;

/// <summary>
/// Where buckets and blocks are. Every part has as many buckets as any other, so that a reader finds its two without a look at the part.
/// </summary>
/// <param name="buckets">Address of the first bucket.</param>
/// <param name="bucketsPerPart">Buckets of a part, at least two.</param>
/// <param name="parts">Parts, a power of two.</param>
/// <param name="blocks">Address of block 0, which belongs to nobody.</param>
/// <param name="blockCount">Blocks besides: numbers from 1 to this one.</param>
internal readonly struct StoreMap(nuint buckets, uint bucketsPerPart, uint parts, nuint blocks, uint blockCount)
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockSize = 128;

    /// <summary>Buckets of a part.</summary>
    public uint BucketsPerPart => bucketsPerPart;

    /// <summary>Parts.</summary>
    public uint Parts => parts;

    /// <summary>The part of a hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint PartOf(ulong hash) => (uint)(hash >> 16) & (parts - 1);

    /// <summary>What tells entries of a bucket apart: bits of the hash that decide about nothing else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort TagOf(ulong hash) => (ushort)hash;

    /// <summary>Address of a part's bucket.</summary>
    /// <param name="part">The part.</param>
    /// <param name="bucket">The bucket's number within it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint BucketAt(uint part, uint bucket) => buckets + ((((nuint)part * bucketsPerPart) + bucket) * 64);

    /// <summary>The two buckets that an entry may be in, which are never the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BucketsOf(ulong hash, out nuint first, out nuint second)
    {
        uint part = PartOf(hash);

        // Which of n: the upper half of a number of 32 bits times n. The second one's number is the hash mixed, as its lower half decides about part and tag.
        uint one = (uint)(((hash >> 32) * bucketsPerPart) >> 32);
        uint other = (uint)((((hash * 0x9E3779B97F4A7C15) >> 32) * (bucketsPerPart - 1)) >> 32);
        other += other >= one ? 1u : 0;
        first = BucketAt(part, one);
        second = BucketAt(part, other);
    }

    /// <summary>Whether there is a block of this number. Readers ask, since what they have read may be anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasBlock(uint block) => block - 1 < blockCount;

    /// <summary>Address of a block there is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint BlockAt(uint block) => blocks + ((nuint)block * BlockSize);
}
