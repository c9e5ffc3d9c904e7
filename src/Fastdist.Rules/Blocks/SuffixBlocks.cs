using System;
using System.Collections.Generic;
using System.Numerics;
using Fastdist.Dns;

namespace Fastdist.Rules.Blocks;

/// <summary>Blocks of names with all below them: the suffixes of a name are looked up from the root on, by hashes each of which goes on from the one before.</summary>
internal sealed class SuffixBlocks
{
    // Outsiders must not choose names that all go to one slot.
    private static readonly uint s_seed = (uint)Random.Shared.Next();

    // Half of them or more are free; what collides is in those behind.
    private readonly (uint Hash, Block? Block)[] _slots;

    // No longer suffix than the longest needs to be looked for.
    private readonly int _mostLabels = -1;

    public SuffixBlocks(IReadOnlyCollection<Block> blocks)
    {
        Count = blocks.Count;
        _slots = new (uint, Block?)[BitOperations.RoundUpToPowerOf2((uint)Math.Max(blocks.Count, 1) * 2)];
        foreach (Block block in blocks)
        {
            uint hash = HashOf(block.Name!);
            int slot = (int)hash & (_slots.Length - 1);
            while (_slots[slot].Block is not null)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = (hash, block);
            _mostLabels = Math.Max(_mostLabels, block.Name!.LabelCount);
        }
    }

    /// <summary>Names in it.</summary>
    public int Count { get; }

    /// <summary>The block of the longest suffix that has not ended.</summary>
    public Block? Find(ReadOnlySpan<byte> name, long now)
    {
        if (Count == 0)
        {
            return null;
        }

        Span<byte> starts = stackalloc byte[Names.MaxLabels];
        int labels = Names.FindLabels(name, starts);
        int start = name.Length - 1;
        uint hash = s_seed;
        Block? found = null;
        for (int count = 0; count <= _mostLabels; count++)
        {
            found = FindExactly(name[start..], hash) is { } block && now < block.Until ? block : found;
            if (count == labels)
            {
                break;
            }

            start = starts[labels - count - 1];
            hash = Names.Hash(name.Slice(start, name[start] + 1), hash);
        }

        return found;
    }

    private static uint HashOf(DomainName name)
    {
        Span<byte> starts = stackalloc byte[Names.MaxLabels];
        uint hash = s_seed;
        for (int label = Names.FindLabels(name.Wire, starts) - 1; label >= 0; label--)
        {
            hash = Names.Hash(name.Wire.Slice(starts[label], name.Wire[starts[label]] + 1), hash);
        }

        return hash;
    }

    private Block? FindExactly(ReadOnlySpan<byte> name, uint hash)
    {
        int mask = _slots.Length - 1;
        for (int slot = (int)hash & mask; _slots[slot].Block is { } block; slot = (slot + 1) & mask)
        {
            if (_slots[slot].Hash == hash && Names.EqualsIgnoreCase(block.Name!.Wire, name))
            {
                return block;
            }
        }

        return null;
    }
}
