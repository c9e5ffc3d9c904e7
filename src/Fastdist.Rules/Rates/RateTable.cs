using System;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Fastdist.Rules.Addresses;

namespace Fastdist.Rules.Rates;

/// <summary>
/// Clients and their buckets in groups of four slots, which for narrow ones are one line of the processor's cache. A client is in one of two groups that its hash names, mostly the
/// first, so that looking is mostly one miss of the cache, never more than two. Where both are full and no slot's bucket has been full for long, a new client shares a bucket with the others that
/// the first group has no room for: so many addresses as may be made up neither put a client out nor give one a new bucket. Any thread may ask at any time.
/// </summary>
internal sealed class RateTable<TSlot>
    where TSlot : unmanaged, IRateSlot
{
    private const int Ways = 4;
    private const int CacheLine = 64;
    private const int WordsPerLine = CacheLine / sizeof(ulong);
    private static readonly int s_wordsPerSlot = Unsafe.SizeOf<TSlot>() / sizeof(ulong);

    // Collected when nobody uses it any more, however long a shard goes on with a rule that was taken away; its pages are the process's only once touched.
    private readonly ulong[] _memory;
    private readonly int _first;
    private readonly int _groupMask;
    private readonly long[] _shared;

    // The count is alone on its line: it is written whenever somebody new comes, the fields above are read each time.
    private readonly long[] _count = new long[2 * WordsPerLine];
    private RateTable<TSlot>? _previous;

    /// <summary>An empty table.</summary>
    /// <param name="slots">A power of two, 4 at least.</param>
    public RateTable(int slots)
    {
        Debug.Assert(BitOperations.IsPow2(slots) && slots >= Ways, "the groups are a power of two");
        Slots = slots;
        _groupMask = (slots / Ways) - 1;
        _shared = new long[slots / Ways];
        _memory = GC.AllocateArray<ulong>((slots * s_wordsPerSlot) + WordsPerLine, pinned: true);

        // Pinned, so it stays at the boundary of a line. An address is a multiple of a word.
        _first = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (CacheLine - 1)) / sizeof(ulong);
    }

    /// <summary>Places for clients.</summary>
    public int Slots { get; }

    /// <summary>Clients in it.</summary>
    public int Count => (int)Volatile.Read(ref _count[WordsPerLine]);

    /// <summary>A smaller table whose clients are being moved here; null when all of them are.</summary>
    public RateTable<TSlot>? Previous
    {
        get => Volatile.Read(ref _previous);
        set => Volatile.Write(ref _previous, value);
    }

    /// <summary>A client's bucket; its own if there is room.</summary>
    /// <param name="key">The client.</param>
    /// <param name="forgottenBefore">A bucket that was full before this time, nanoseconds, may be given to another client.</param>
    public ref long WordOf(AddressKey key, long forgottenBefore)
    {
        ulong hash = KeyHash.Of(key);
        ref TSlot found = ref Find(key, hash);
        if (!Unsafe.IsNullRef(ref found))
        {
            return ref found.Word;
        }

        return ref Admit(key, hash, forgottenBefore);
    }

    /// <summary>Takes a client over from a smaller table, with what it has taken.</summary>
    public void Adopt(ref TSlot other, long forgottenBefore)
    {
        long taken = Volatile.Read(ref other.Word);
        if (other.Owner != 0 && taken >= forgottenBefore)
        {
            RaiseTo(ref WordOf(other.Key, forgottenBefore), taken);
        }
    }

    /// <summary>A slot by its number.</summary>
    public ref TSlot At(int slot)
    {
        Debug.Assert((uint)slot < (uint)Slots, "all slots are below the count of them");

        // The array has room for all slots from the first word on.
        return ref Unsafe.As<ulong, TSlot>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_memory), _first + (slot * s_wordsPerSlot)));
    }

    /// <summary>Makes a slot nobody's if its bucket has been full for long.</summary>
    public void Forget(int index, long forgottenBefore)
    {
        // Should the client come at this very moment, what it takes now is forgotten: one token.
        ref TSlot slot = ref At(index);
        ulong owner = slot.Owner;
        if (owner != 0 && Volatile.Read(ref slot.Word) < forgottenBefore && slot.TryFree(owner))
        {
            Interlocked.Decrement(ref _count[WordsPerLine]);
        }
    }

    private static void RaiseTo(ref long word, long least)
    {
        for (long seen = Volatile.Read(ref word); seen < least;)
        {
            long was = Interlocked.CompareExchange(ref word, least, seen);
            seen = was == seen ? least : was;
        }
    }

    private int FirstGroup(ulong hash) => (int)hash & _groupMask;

    private int SecondGroup(ulong hash) => (int)(hash >> 32) & _groupMask;

    private ref TSlot Find(AddressKey key, ulong hash)
    {
        ref TSlot found = ref FindIn(FirstGroup(hash), key);
        if (Unsafe.IsNullRef(ref found))
        {
            found = ref FindIn(SecondGroup(hash), key);
        }

        return ref found;
    }

    private ref TSlot FindIn(int group, AddressKey key)
    {
        ref TSlot slot = ref At(group * Ways);
        for (int way = 0; way < Ways; way++, slot = ref Unsafe.Add(ref slot, 1))
        {
            if (slot.IsOf(key))
            {
                return ref slot;
            }
        }

        return ref Unsafe.NullRef<TSlot>();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref long Admit(AddressKey key, ulong hash, long forgottenBefore)
    {
        while (true)
        {
            ref TSlot place = ref FindPlace(hash, forgottenBefore, out ulong owner);
            if (Unsafe.IsNullRef(ref place))
            {
                return ref _shared[FirstGroup(hash)];
            }

            if (place.TryClaim(key, owner))
            {
                Interlocked.Add(ref _count[WordsPerLine], owner == 0 ? 1 : 0);
                Inherit(key, hash, ref place.Word);
                return ref Unite(key, hash, ref place).Word;
            }

            // Somebody else took the place: perhaps for the same client.
            ref TSlot found = ref Find(key, hash);
            if (!Unsafe.IsNullRef(ref found))
            {
                return ref found.Word;
            }
        }
    }

    private void Inherit(AddressKey key, ulong hash, ref long word)
    {
        if (Previous is { } previous)
        {
            ref TSlot old = ref previous.Find(key, hash);
            RaiseTo(ref word, Unsafe.IsNullRef(ref old) ? 0 : Volatile.Read(ref old.Word));
        }
    }

    /// <summary>Where a new client goes: the group that has more free places, so that up to half of the table's slots nobody finds both full; or else a bucket that is forgotten.</summary>
    private ref TSlot FindPlace(ulong hash, long forgottenBefore, out ulong owner)
    {
        ref TSlot first = ref FindFree(FirstGroup(hash), out int inFirst);
        ref TSlot second = ref FindFree(SecondGroup(hash), out int inSecond);
        owner = 0;
        if (inFirst + inSecond > 0)
        {
            return ref inFirst >= inSecond ? ref first : ref second;
        }

        for (int way = 0; way < 2 * Ways; way++)
        {
            ref TSlot slot = ref At(hash, way);
            owner = slot.Owner;
            if (owner != 0 && Volatile.Read(ref slot.Word) < forgottenBefore)
            {
                return ref slot;
            }
        }

        return ref Unsafe.NullRef<TSlot>();
    }

    private ref TSlot FindFree(int group, out int count)
    {
        ref TSlot free = ref Unsafe.NullRef<TSlot>();
        count = 0;
        for (int way = Ways - 1; way >= 0; way--)
        {
            ref TSlot slot = ref At((group * Ways) + way);
            if (slot.Owner == 0)
            {
                free = ref slot;
                count++;
            }
        }

        return ref free;
    }

    /// <summary>
    /// Two threads that let one client in at the same moment may have chosen two places; the later one sees both, and the first of them is kept. What is taken of the other one at this very
    /// moment is forgotten: one token.
    /// </summary>
    private ref TSlot Unite(AddressKey key, ulong hash, ref TSlot mine)
    {
        ref TSlot kept = ref Unsafe.NullRef<TSlot>();
        for (int way = 0; way < 2 * Ways; way++)
        {
            ref TSlot slot = ref At(hash, way);
            ulong owner = slot.Owner;
            if (!slot.IsOf(key) || Unsafe.AreSame(ref slot, ref kept))
            {
                continue;
            }

            if (Unsafe.IsNullRef(ref kept))
            {
                kept = ref slot;
                continue;
            }

            // What becomes nobody's is full.
            RaiseTo(ref kept.Word, Interlocked.Exchange(ref slot.Word, 0));
            Interlocked.Add(ref _count[WordsPerLine], slot.TryFree(owner) ? -1 : 0);
        }

        return ref Unsafe.IsNullRef(ref kept) ? ref mine : ref kept;
    }

    /// <summary>The slots that may be a client's, in the order in which they are looked at.</summary>
    private ref TSlot At(ulong hash, int way) => ref At(((way < Ways ? FirstGroup(hash) : SecondGroup(hash)) * Ways) + (way % Ways));
}
