using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fastdist.Cache.Storage;

/// <summary>
/// A cache line in which up to eight entries are found. Each has a way: 16 bits of its hash (the tag), the number of its first block, and a mark that it was
/// used. A way without an entry has block 0.
/// </summary>
/// <remarks>
/// In this order, bytes: sequence 4; claims 1, a bit for each way; negatives 1, likewise; 2 unused; marks 8 x 1; tags 8 x 2; blocks 8 x 4. Sequence, tags and
/// blocks are under the sequence; claims and negatives are for whoever holds the part's lock; marks are advice, and anybody's.
/// </remarks>
internal readonly struct Bucket<TMemory>(nuint address)
    where TMemory : struct, ISharedMemory
{
    /// <summary>Bytes.</summary>
    public const int Size = 64;

    /// <summary>Entries it has room for.</summary>
    public const int Ways = 8;

    private const int ClaimsOffset = 4;
    private const int NegativesOffset = 5;
    private const int MarksOffset = 8;
    private const int TagsOffset = 16;
    private const int BlocksOffset = 32;

    /// <summary>Where it is, and its sequence.</summary>
    public nuint Address => address;

    /// <summary>Ways that have a tag, a bit each; those without an entry may be among them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Match(ushort tag) => TMemory.Match(address + TagsOffset, tag);

    /// <summary>First block of a way's entry; 0 for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint BlockOf(int way) => TMemory.Load(address + BlocksOffset + (4 * (nuint)(uint)way));

    /// <summary>Whether a way's entry was used since it was kept or the mark was taken away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsMarked(int way) => TMemory.LoadByte(MarkOf(way)) != 0;

    /// <summary>Notes that a way's entry is used, and writes only when that was not known.</summary>
    /// <returns>Whether it was known.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Mark(int way)
    {
        if (IsMarked(way))
        {
            return true;
        }

        TMemory.StoreByte(MarkOf(way), 1);
        return false;
    }

    /// <summary>Takes the mark of every way away.</summary>
    public void ClearMarks()
    {
        TMemory.Store(address + MarksOffset, 0);
        TMemory.Store(address + MarksOffset + 4, 0);
    }

    /// <summary>Ways with an entry, a bit each.</summary>
    public uint Taken()
    {
        uint taken = 0;
        for (int way = 0; way < Ways; way++)
        {
            taken |= BlockOf(way) != 0 ? 1u << way : 0;
        }

        return taken;
    }

    /// <summary>Ways that are marked, a bit each.</summary>
    public uint Marked()
    {
        uint marked = 0;
        for (int way = 0; way < Ways; way++)
        {
            marked |= IsMarked(way) ? 1u << way : 0;
        }

        return marked;
    }

    /// <summary>Entries in it.</summary>
    public int Count() => BitOperations.PopCount(Taken());

    /// <summary>Ways whose entry is negative, a bit each.</summary>
    public uint Negatives() => TMemory.LoadByte(address + NegativesOffset);

    /// <summary>Whether somebody has claimed a way's entry.</summary>
    public bool IsClaimed(int way) => (TMemory.LoadByte(address + ClaimsOffset) & (1 << way)) != 0;

    /// <summary>Claims a way's entry.</summary>
    public void Claim(int way) => TMemory.StoreByte(address + ClaimsOffset, (byte)(TMemory.LoadByte(address + ClaimsOffset) | (1 << way)));

    /// <summary>Gives a way another entry, or none, unmarked and unclaimed.</summary>
    /// <param name="way">The way.</param>
    /// <param name="tag">Tag of the entry.</param>
    /// <param name="block">Its first block; 0 for none.</param>
    /// <param name="isNegative">Whether it is negative.</param>
    public void Set(int way, ushort tag, uint block, bool isNegative)
    {
        SequenceLock<TMemory>.BeginChange(address);
        TMemory.StoreTag(address + TagsOffset + (2 * (nuint)(uint)way), tag);
        TMemory.Store(address + BlocksOffset + (4 * (nuint)(uint)way), block);
        TMemory.StoreByte(MarkOf(way), 0);
        TMemory.StoreByte(address + ClaimsOffset, With(TMemory.LoadByte(address + ClaimsOffset), way, false));
        TMemory.StoreByte(address + NegativesOffset, With(TMemory.LoadByte(address + NegativesOffset), way, isNegative));
        SequenceLock<TMemory>.EndChange(address);
    }

    private static byte With(byte bits, int way, bool isSet) => (byte)((bits & ~(1 << way)) | ((isSet ? 1 : 0) << way));

    private nuint MarkOf(int way) => address + MarksOffset + (nuint)(uint)way;
}
