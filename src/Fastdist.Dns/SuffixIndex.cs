using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Fastdist.Dns;

/// <summary>A rule about names, as an index knows it.</summary>
/// <param name="Name">The name; the root for all names.</param>
/// <param name="Rank">The rule's place, 0 to 2,147,483,646; several may have the same.</param>
/// <param name="IsExact">Whether the rule is about this name alone and not about those below it, too.</param>
public readonly record struct SuffixEntry(DomainName Name, int Rank, bool IsExact = false);

/// <summary>What <see cref="SuffixIndex.Find"/> has found of a name: good for that index, for as long as anybody likes to keep it.</summary>
public readonly record struct SuffixMatch
{
    internal SuffixMatch(int node, bool isWhole) => (Node, IsWhole) = (node, isWhole);

    /// <summary>The node of the longest suffix of the name that the index has, or has something below.</summary>
    internal int Node { get; }

    /// <summary>Whether that is the whole name.</summary>
    internal bool IsWhole { get; }
}

/// <summary>
/// Tells which of many rules about names apply to one name, at the cost of looking the name up once: label by label from the root, and no
/// further than any rule goes. It never changes, so any number of threads may ask; asking allocates nothing.
/// </summary>
public sealed class SuffixIndex
{
    /// <summary>Stands for no rank, and is larger than any.</summary>
    public const int None = int.MaxValue;

    private const int Root = 0;
    private const int Nowhere = -1;

    // Outsiders must not choose names that all go to one slot.
    private static readonly uint s_seed = (uint)Random.Shared.Next();

    private readonly Node[] _nodes;
    private readonly byte[] _labels;
    private readonly int[] _ranks;

    // Nodes plus one; 0 is free. What collides is in the slots behind.
    private readonly int[] _slots;

    /// <summary>Builds an index.</summary>
    public SuffixIndex(IEnumerable<SuffixEntry> entries)
    {
        SuffixEntry[] all = [.. entries];
        var builder = new Builder(all.Sum(entry => entry.Name.LabelCount) + 1);
        ILookup<int, SuffixEntry> byNode = all.ToLookup(entry => builder.Add(entry.Name.Wire));
        (_nodes, _labels, _slots) = (builder.Nodes, builder.Labels, builder.Slots);
        var ranks = new List<int>();
        for (int node = Root; node < _nodes.Length; node++)
        {
            int Take(bool isExact)
            {
                ranks.AddRange(byNode[node].Where(entry => entry.IsExact == isExact).Select(entry => entry.Rank).Distinct().Order());
                return ranks.Count;
            }

            // Parents come before their children, so what is above them is known.
            int start = ranks.Count, parent = _nodes[node].Parent;
            int above = parent == Nowhere ? Nowhere : _nodes[parent].HasSuffixes ? parent : _nodes[parent].Above;
            _nodes[node] = _nodes[node] with { Above = above, Suffixes = start, Exact = Take(isExact: false), End = Take(isExact: true) };
        }

        _ranks = [.. ranks];
    }

    /// <summary>Looks a name up, ASCII case aside.</summary>
    /// <param name="name">A validated name.</param>
    public SuffixMatch Find(ReadOnlySpan<byte> name)
    {
        Span<byte> starts = stackalloc byte[Names.MaxLabels];
        int node = Root;
        uint hash = s_seed;
        for (int left = Names.FindLabels(name, starts) - 1; left >= 0; left--)
        {
            ReadOnlySpan<byte> label = name.Slice(starts[left], name[starts[left]] + 1);
            hash = Names.Hash(label, hash);
            int below = _slots[SlotOf(_slots, _nodes, _labels, hash, node, label)] - 1;
            if (below < 0)
            {
                return new SuffixMatch(node, false);
            }

            node = below;
        }

        return new SuffixMatch(node, true);
    }

    /// <summary>The lowest rank, of a minimum or higher, of the rules that apply to the name; <see cref="None"/> when there is none.</summary>
    /// <param name="match">What was found of the name in this index.</param>
    /// <param name="minimum">Where to begin: one more than the last rank for the next.</param>
    public int FirstAtLeast(SuffixMatch match, int minimum)
    {
        ref readonly Node node = ref _nodes[match.Node];
        int first = match.IsWhole ? FirstIn(_ranks.AsSpan(node.Exact, node.End - node.Exact), minimum) : None;
        while (true)
        {
            first = Math.Min(first, FirstIn(_ranks.AsSpan(node.Suffixes, node.Exact - node.Suffixes), minimum));
            if (node.Above == Nowhere)
            {
                return first;
            }

            node = ref _nodes[node.Above];
        }
    }

    private static int FirstIn(ReadOnlySpan<int> ranks, int minimum)
    {
        // Nearly all names have one rule or none.
        if (ranks.IsEmpty || ranks[^1] < minimum)
        {
            return None;
        }

        int index = ranks.BinarySearch(minimum);
        return ranks[index < 0 ? ~index : index];
    }

    /// <summary>The slot of a node, or the free one where it would be.</summary>
    private static int SlotOf(int[] slots, ReadOnlySpan<Node> nodes, ReadOnlySpan<byte> labels, uint hash, int parent, ReadOnlySpan<byte> label)
    {
        int mask = slots.Length - 1;
        int slot = (int)hash & mask;
        for (; slots[slot] != 0; slot = (slot + 1) & mask)
        {
            ref readonly Node node = ref nodes[slots[slot] - 1];
            if (node.Hash == hash && node.Parent == parent && Names.EqualsIgnoreCase(labels.Slice(node.Label, labels[node.Label] + 1), label))
            {
                break;
            }
        }

        return slot;
    }

    /// <summary>A name of the index, or the end of one.</summary>
    private readonly record struct Node
    {
        /// <summary>Hash of the labels from the root to this one.</summary>
        public uint Hash { get; init; }

        /// <summary>Without the first label; <see cref="Nowhere"/> of the root.</summary>
        public int Parent { get; init; }

        /// <summary>Where its first label is.</summary>
        public int Label { get; init; }

        /// <summary>The next parent that rules are about, too.</summary>
        public int Above { get; init; }

        /// <summary>Where ranks of rules about it and what is below begin, in order; they end where the others begin.</summary>
        public int Suffixes { get; init; }

        /// <summary>Where ranks of rules about it alone begin, in order.</summary>
        public int Exact { get; init; }

        /// <summary>Where those end.</summary>
        public int End { get; init; }

        public bool HasSuffixes => Exact > Suffixes;
    }

    /// <summary>Makes nodes of names.</summary>
    private sealed class Builder
    {
        private readonly List<byte> _labels = [];
        private readonly Node[] _nodes;
        private int _count = 1;

        /// <param name="most">Nodes at most.</param>
        public Builder(int most)
        {
            _nodes = new Node[most];
            _nodes[Root] = new Node { Hash = s_seed, Parent = Nowhere };
            Slots = new int[BitOperations.RoundUpToPowerOf2((uint)most * 2)];
        }

        public Node[] Nodes => _nodes[.._count];

        public byte[] Labels => [.. _labels];

        public int[] Slots { get; }

        /// <summary>Makes a name's nodes, where there are none.</summary>
        /// <returns>The name's own.</returns>
        public int Add(ReadOnlySpan<byte> name)
        {
            Span<byte> starts = stackalloc byte[Names.MaxLabels];
            int node = Root;
            for (int left = Names.FindLabels(name, starts) - 1; left >= 0; left--)
            {
                ReadOnlySpan<byte> label = name.Slice(starts[left], name[starts[left]] + 1);
                uint hash = Names.Hash(label, _nodes[node].Hash);
                int slot = SlotOf(Slots, _nodes, CollectionsMarshal.AsSpan(_labels), hash, node, label);
                if (Slots[slot] == 0)
                {
                    _nodes[_count] = new Node { Hash = hash, Parent = node, Label = _labels.Count };
                    _labels.AddRange(label);
                    Slots[slot] = ++_count;
                }

                node = Slots[slot] - 1;
            }

            return node;
        }
    }
}
