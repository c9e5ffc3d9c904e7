using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using Fastdist.Dns;

namespace Fastdist.Rules.Blocks;

/// <summary>
/// Names and what was answered of them, so many names at most. A name that there is no room for is counted as one without a name below its parent, or below the first
/// of its ancestors that there is room for, at last the root: so what was answered below a name is exact, however many names somebody makes up, as long as there is
/// room for the name itself.
/// </summary>
internal sealed class NameCounts
{
    private const int LeastEntries = 64;
    private const int BytesPerName = 40;

    // Outsiders must not choose names that all go to one slot.
    private static readonly uint s_seed = (uint)Random.Shared.Next();

    private readonly int _mostNames;
    private readonly int _mostParents;
    private Entry[] _entries;
    private byte[] _text;

    // An entry's number plus one; 0 is free. What collides is in the slots behind.
    private int[] _slots;
    private int _names;
    private int _parents;
    private int _used;

    /// <summary>No names.</summary>
    /// <param name="mostNames">Names that there is room for.</param>
    /// <param name="mostParents">Names that others are counted below.</param>
    /// <param name="isGrowing">Whether memory is taken as it is needed, and not at once.</param>
    public NameCounts(int mostNames, int mostParents, bool isGrowing)
    {
        (_mostNames, _mostParents) = (mostNames, mostParents);
        int entries = isGrowing ? LeastEntries : mostNames + mostParents + 1;
        _entries = new Entry[entries];
        _text = new byte[entries * BytesPerName];
        _slots = new int[SlotsFor(entries)];
    }

    /// <summary>Entries: names, and what is counted below names.</summary>
    public int Count => _names + _parents;

    /// <summary>Counts an answer.</summary>
    /// <param name="name">A validated name.</param>
    /// <param name="statistics">What it was.</param>
    public void CountOne(ReadOnlySpan<byte> name, in NameStatistics statistics) => Add(name, isBelow: false, statistics, names: 1);

    /// <summary>Adds all that another one has counted.</summary>
    /// <param name="other">The other one.</param>
    /// <param name="first">The first of its entries to add.</param>
    /// <param name="end">Where to stop.</param>
    public void Add(NameCounts other, int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            ref Entry entry = ref other._entries[i];
            Add(other.NameOf(entry), entry.IsBelow, entry.Statistics, entry.Names);
        }
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="index">Below <see cref="Count"/>.</param>
    /// <param name="isBelow">Whether it is of names below the one that is returned.</param>
    /// <param name="statistics">What was answered.</param>
    /// <param name="names">How often a name was counted below.</param>
    /// <returns>The name.</returns>
    public ReadOnlySpan<byte> Read(int index, out bool isBelow, out NameStatistics statistics, out int names)
    {
        ref Entry entry = ref _entries[index];
        (isBelow, statistics, names) = (entry.IsBelow, entry.Statistics, entry.Names);
        return NameOf(entry);
    }

    /// <summary>Takes all out.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        (_names, _parents, _used) = (0, 0, 0);
    }

    private static int SlotsFor(int entries) => (int)BitOperations.RoundUpToPowerOf2((uint)entries * 2);

    private void Add(ReadOnlySpan<byte> name, bool isBelow, in NameStatistics statistics, int names)
    {
        ref Entry entry = ref Find(name, isBelow);
        while (Unsafe.IsNullRef(ref entry))
        {
            name = Names.Parent(name);
            isBelow = true;
            entry = ref Find(name, isBelow);
        }

        entry.Statistics += statistics;
        entry.Names += names;
    }

    private ReadOnlySpan<byte> NameOf(in Entry entry) => _text.AsSpan(entry.Offset, entry.Length);

    /// <summary>An entry, a new one if there is none; a null reference when there is no room for it.</summary>
    private ref Entry Find(ReadOnlySpan<byte> name, bool isBelow)
    {
        uint hash = Names.Hash(name, isBelow ? ~s_seed : s_seed);
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            ref Entry entry = ref _entries[_slots[slot] - 1];
            if (entry.Hash == hash && entry.IsBelow == isBelow && Names.EqualsIgnoreCase(NameOf(entry), name))
            {
                return ref entry;
            }
        }

        // There always is room below the root.
        bool hasRoom = (isBelow ? _parents < _mostParents : _names < _mostNames) && HasText(name.Length);
        if (hasRoom || (isBelow && name.Length == 1))
        {
            return ref Insert(name, isBelow, hash, slot);
        }

        return ref Unsafe.NullRef<Entry>();
    }

    // A byte is kept for the root.
    private bool HasText(int length) => _used + length < ((_mostNames + _mostParents + 1) * BytesPerName);

    private ref Entry Insert(ReadOnlySpan<byte> name, bool isBelow, uint hash, int slot)
    {
        int index = Count;
        if (MakeRoom(name.Length))
        {
            slot = (int)hash & (_slots.Length - 1);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }
        }

        _slots[slot] = index + 1;
        _entries[index] = new Entry { Hash = hash, Offset = _used, Length = (byte)name.Length, IsBelow = isBelow };
        name.CopyTo(_text.AsSpan(_used));
        _used += name.Length;
        _names += isBelow ? 0 : 1;
        _parents += isBelow ? 1 : 0;
        return ref _entries[index];
    }

    private bool MakeRoom(int length)
    {
        if (_used + length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _used + length));
        }

        if (Count < _entries.Length)
        {
            return false;
        }

        Array.Resize(ref _entries, _entries.Length * 2);
        _slots = new int[SlotsFor(_entries.Length)];
        for (int i = 0; i < Count; i++)
        {
            int slot = (int)_entries[i].Hash & (_slots.Length - 1);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = i + 1;
        }

        return true;
    }

    private struct Entry
    {
        public NameStatistics Statistics;
        public uint Hash;
        public int Offset;
        public int Names;
        public byte Length;
        public bool IsBelow;
    }
}
