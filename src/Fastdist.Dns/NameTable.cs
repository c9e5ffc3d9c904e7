using System;
using System.Collections.Generic;

namespace Fastdist.Dns;

/// <summary>
/// Names found by hash: what sets of names are made of. They lie one behind the other in a single array, so a million of them is a handful of objects.
/// Looking up takes no lock and allocates nothing; while nobody writes, any number of threads may do so.
/// </summary>
internal sealed class NameTable
{
    private const int LeastSlots = 16;
    private const int LeastBytes = 256;

    // Hash above, offset of the name plus one below; 0 is free. What collides is in the slots behind.
    private ulong[] _slots;
    private byte[] _names;
    private int _used;
    private int _wasted;
    private bool _isShared;

    /// <summary>An empty one.</summary>
    public NameTable() => (_slots, _names) = (new ulong[LeastSlots], new byte[LeastBytes]);

    private NameTable(NameTable other)
    {
        (_slots, _names, _used, _wasted, Count) = (other._slots, other._names, other._used, other._wasted, other.Count);
        _isShared = other._isShared = true;
    }

    /// <summary>Names in it.</summary>
    public int Count { get; private set; }

    /// <summary>All names, in no order.</summary>
    public IEnumerable<DomainName> All
    {
        get
        {
            foreach (ulong entry in _slots)
            {
                if (entry != 0 && DomainName.TryRead(_names.AsSpan(OffsetOf(entry)), out DomainName? name))
                {
                    yield return name;
                }
            }
        }
    }

    /// <summary>Another of the same names; the two share their memory until one of them is written.</summary>
    public NameTable Share() => new(this);

    /// <summary>Looks for a name, ASCII case aside.</summary>
    /// <param name="name">A validated name.</param>
    /// <param name="hash">Its hash, as it was when the name was added.</param>
    public bool Contains(ReadOnlySpan<byte> name, uint hash) => _slots[Find(name, hash)] != 0;

    /// <summary>Adds a name.</summary>
    /// <returns>False when it is there.</returns>
    public bool Add(ReadOnlySpan<byte> name, uint hash)
    {
        if (Contains(name, hash))
        {
            return false;
        }

        Unshare();
        MakeRoom(name.Length);
        _slots[Find(name, hash)] = ((ulong)hash << 32) | (uint)(_used + 1);
        name.CopyTo(_names.AsSpan(_used));
        _used += name.Length;
        Count++;
        return true;
    }

    /// <summary>Takes a name out.</summary>
    /// <returns>False when it is not there.</returns>
    public bool Remove(ReadOnlySpan<byte> name, uint hash)
    {
        int hole = Find(name, hash);
        if (_slots[hole] == 0)
        {
            return false;
        }

        Unshare();
        _wasted += name.Length;
        Count--;
        int mask = _slots.Length - 1;
        for (int next = (hole + 1) & mask; _slots[next] != 0; next = (next + 1) & mask)
        {
            // Whoever was pushed past the hole moves into it, so that nobody is searched for across a free slot.
            int home = (int)(_slots[next] >> 32) & mask;
            if (((next - home) & mask) >= ((next - hole) & mask))
            {
                _slots[hole] = _slots[next];
                hole = next;
            }
        }

        _slots[hole] = 0;
        return true;
    }

    private static int OffsetOf(ulong entry) => (int)(uint)entry - 1;

    /// <summary>The slot of a name, or the free one where it would be.</summary>
    private int Find(ReadOnlySpan<byte> name, uint hash)
    {
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if ((uint)(_slots[slot] >> 32) == hash && IsAt(OffsetOf(_slots[slot]), name))
            {
                break;
            }
        }

        return slot;
    }

    // A name ends where its bytes say, so one that begins like another is that one.
    private bool IsAt(int offset, ReadOnlySpan<byte> name) => name.Length <= _names.Length - offset && Names.EqualsIgnoreCase(_names.AsSpan(offset, name.Length), name);

    private void Unshare()
    {
        if (_isShared)
        {
            (_slots, _names, _isShared) = ([.. _slots], [.. _names], false);
        }
    }

    private void MakeRoom(int bytes)
    {
        if ((Count + 1) * 3 > _slots.Length * 2)
        {
            Spread(new ulong[checked(_slots.Length * 2)]);
        }

        if (_used + bytes > _names.Length)
        {
            Gather(bytes);
        }
    }

    private void Spread(ulong[] slots)
    {
        int mask = slots.Length - 1;
        foreach (ulong entry in _slots)
        {
            int slot = (int)(entry >> 32) & mask;
            while (entry != 0 && slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            slots[slot] = entry != 0 ? entry : slots[slot];
        }

        _slots = slots;
    }

    /// <summary>Lays the names out anew, without those that were taken out, where there is room for more.</summary>
    private void Gather(int bytes)
    {
        // Half as much again at least, or else names that come and go would have all others moved each time.
        byte[] names = new byte[(_used - _wasted + bytes) / 2 * 3];
        int used = 0;
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot] == 0)
            {
                continue;
            }

            int offset = OffsetOf(_slots[slot]);
            int length = WireName.EndOfPlain(_names, offset) - offset;
            _names.AsSpan(offset, length).CopyTo(names.AsSpan(used));
            _slots[slot] = (_slots[slot] & ~(ulong)uint.MaxValue) | (uint)(used + 1);
            used += length;
        }

        (_names, _used, _wasted) = (names, used, 0);
    }
}
