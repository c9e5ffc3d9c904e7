using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;

namespace Fastdist.Rules.Chains;

/// <summary>
/// The names of all rows of a chain that look for few of them, in one table: a query's name is looked up once, label by label from the root, and whatever row
/// looks for it or for something above it is known then.
/// </summary>
internal sealed class NameKeys
{
    // Outsiders must not choose names that all go to one slot.
    private static readonly uint s_seed = (uint)Random.Shared.Next();

    private readonly int[] _rows;
    private readonly Key[] _slots;
    private readonly bool[] _hasLabels = new bool[Names.MaxLabels + 1];

    /// <param name="rows">The row of each number.</param>
    /// <param name="wanted">The names that each number looks for, and whether those below them are left out.</param>
    public NameKeys(int[] rows, (IReadOnlyList<DomainName> Names, bool IsExact)[] wanted)
    {
        _rows = rows;
        IGrouping<DomainName, (int Number, bool IsExact)>[] names =
        [
            .. wanted.SelectMany(static (entry, number) => entry.Names.Select(name => (Name: name, Number: number, entry.IsExact)))
                .GroupBy(static entry => entry.Name, static entry => (entry.Number, entry.IsExact)),
        ];
        _slots = new Key[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(names.Length * 2) + 2)];
        foreach (IGrouping<DomainName, (int Number, bool IsExact)> name in names)
        {
            Add(name.Key, [.. name.Where(static entry => !entry.IsExact).Select(static entry => entry.Number).Distinct().Order()],
                [.. name.Select(static entry => entry.Number).Distinct().Order()]);
        }
    }

    /// <summary>The row of a number.</summary>
    public int RowOf(int number) => _rows[number];

    /// <summary>Finds the numbers that look for a name.</summary>
    /// <param name="name">The name, wire form.</param>
    /// <param name="finding">Receives them.</param>
    public void Find(ReadOnlySpan<byte> name, NameFinding finding)
    {
        Span<byte> starts = stackalloc byte[Names.MaxLabels];
        int labels = Names.FindLabels(name, starts);
        int start = name.Length - 1;
        uint hash = s_seed;
        finding.Clear();
        for (int count = 0; ; count++)
        {
            if (_hasLabels[count])
            {
                ref readonly Key key = ref _slots[SlotOf(name[start..], hash)];
                finding.Add(count == labels ? key.All : key.Suffixes);
            }

            if (count == labels)
            {
                return;
            }

            start = starts[labels - count - 1];
            hash = Names.Hash(name.Slice(start, name[start] + 1), hash);
        }
    }

    private void Add(DomainName name, int[] suffixes, int[] all)
    {
        Span<byte> starts = stackalloc byte[Names.MaxLabels];
        int labels = Names.FindLabels(name.Wire, starts);
        uint hash = s_seed;
        for (int label = labels - 1; label >= 0; label--)
        {
            hash = Names.Hash(name.Wire.Slice(starts[label], name.Wire[starts[label]] + 1), hash);
        }

        _hasLabels[labels] = true;
        _slots[SlotOf(name.Wire, hash)] = new Key { Hash = hash, Name = [.. name.Wire], Suffixes = suffixes, All = all };
    }

    /// <summary>The slot of a name, or the free one where it would be.</summary>
    private int SlotOf(ReadOnlySpan<byte> name, uint hash)
    {
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        while (_slots[slot].Name is { } other && !(_slots[slot].Hash == hash && Names.EqualsIgnoreCase(other, name)))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private struct Key
    {
        public uint Hash;
        public byte[]? Name;

        /// <summary>Numbers that look for the name and all below it.</summary>
        public int[]? Suffixes;

        /// <summary>Those, and numbers that look for just the name.</summary>
        public int[]? All;
    }
}

/// <summary>The numbers that look for one query's name, as rising lists. One a shard, filled anew for each query that needs it.</summary>
internal sealed class NameFinding
{
    private readonly int[]?[] _lists = new int[]?[Names.MaxLabels + 1];
    private int _count;

    /// <summary>Begins with the next name.</summary>
    public void Clear() => _count = 0;

    /// <summary>Adds a list, if it is one.</summary>
    public void Add(int[]? numbers)
    {
        if (numbers is { Length: > 0 })
        {
            _lists[_count++] = numbers;
        }
    }

    /// <summary>The least number there is that is not below one; the largest integer for none.</summary>
    public int FirstAtLeast(int number)
    {
        int least = int.MaxValue;
        for (int list = 0; list < _count; list++)
        {
            int[] numbers = _lists[list]!;
            int place = Array.BinarySearch(numbers, number);
            place = place < 0 ? ~place : place;
            least = place < numbers.Length ? Math.Min(least, numbers[place]) : least;
        }

        return least;
    }
}
