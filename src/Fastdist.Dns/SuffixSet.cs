using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Fastdist.Dns;

/// <summary>
/// A set of names that stand for all that is below them, too. A name is looked up label by label from the root, so a million names
/// cost no more than one. One thread writes; others read a <see cref="Snapshot"/>.
/// </summary>
public sealed class SuffixSet
{
    // Outsiders must not choose names that all go to one slot.
    private static readonly uint s_seed = (uint)Random.Shared.Next();

    private readonly NameTable _table;

    // By the number of labels, how many names have so many: what need not be looked for.
    private readonly int[] _byLabels;

    /// <summary>An empty one.</summary>
    public SuffixSet()
        : this(new NameTable(), new int[Names.MaxLabels + 1])
    {
    }

    private SuffixSet(NameTable table, int[] byLabels) => (_table, _byLabels) = (table, byLabels);

    /// <summary>Names in it.</summary>
    public int Count => _table.Count;

    /// <summary>All names, in no order.</summary>
    public IEnumerable<DomainName> All => _table.All;

    /// <summary>A set of the names of this moment, for threads that only read; it costs little until this one is written again.</summary>
    public SuffixSet Snapshot() => new(_table.Share(), [.. _byLabels]);

    /// <summary>Whether a name is in it or below one that is. Allocates nothing.</summary>
    /// <param name="name">A validated name.</param>
    public bool Matches(ReadOnlySpan<byte> name) => Find(name, isBest: false) >= 0;

    /// <summary>Finds the longest name in it that a name is part of.</summary>
    public bool TryFindBest(DomainName name, [NotNullWhen(true)] out DomainName? best)
    {
        int start = Find(name.Wire, isBest: true);
        best = start >= 0 && DomainName.TryRead(name.Wire[start..], out DomainName? found) ? found : null;
        return best is not null;
    }

    /// <summary>Adds a name; the root for all names.</summary>
    /// <returns>False when it is there.</returns>
    public bool Add(DomainName name)
    {
        bool isNew = _table.Add(name.Wire, HashOf(name));
        _byLabels[name.LabelCount] += isNew ? 1 : 0;
        return isNew;
    }

    /// <summary>Takes a name out; those below it stay.</summary>
    /// <returns>False when it is not there.</returns>
    public bool Remove(DomainName name)
    {
        bool wasThere = _table.Remove(name.Wire, HashOf(name));
        _byLabels[name.LabelCount] -= wasThere ? 1 : 0;
        return wasThere;
    }

    // Of a suffix that is known, one label more: all suffixes of a name together cost as much as the name.
    private static uint Extend(uint hash, ReadOnlySpan<byte> label) => Names.Hash(label, hash);

    private static uint HashOf(DomainName name)
    {
        Span<byte> starts = stackalloc byte[Names.MaxLabels];
        uint hash = s_seed;
        for (int label = Names.FindLabels(name.Wire, starts) - 1; label >= 0; label--)
        {
            hash = Extend(hash, name.Wire.Slice(starts[label], name.Wire[starts[label]] + 1));
        }

        return hash;
    }

    /// <summary>Where the suffix begins that is in the set: the longest, or else the shortest; -1 when none is.</summary>
    private int Find(ReadOnlySpan<byte> name, bool isBest)
    {
        Span<byte> starts = stackalloc byte[Names.MaxLabels];
        int labels = Names.FindLabels(name, starts);
        int found = -1;
        int start = name.Length - 1;
        uint hash = s_seed;
        for (int count = 0; ; count++)
        {
            if (_byLabels[count] > 0 && _table.Contains(name[start..], hash))
            {
                found = start;
            }

            if (count == labels || (found >= 0 && !isBest))
            {
                return found;
            }

            start = starts[labels - count - 1];
            hash = Extend(hash, name.Slice(start, name[start] + 1));
        }
    }
}
