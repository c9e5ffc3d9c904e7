using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Fastdist.Rules.Addresses;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Blocks;

/// <summary>Blocks of clients: a hash table for each length of networks that there is, the longest asked first. Nearly always there are one or two lengths.</summary>
internal sealed class RangeBlocks
{
    private readonly Level[] _v4;
    private readonly Level[] _v6;

    public RangeBlocks(IEnumerable<Block> blocks)
    {
        ILookup<bool, Level> levels = blocks
            .GroupBy(static block => (block.Range!.Value.Key.IsIPv4, block.Range.Value.Bits, block.Range.Value.PortBits))
            .OrderByDescending(static group => group.Key.Bits).ThenByDescending(static group => group.Key.PortBits)
            .ToLookup(static group => group.Key.IsIPv4, static group => new Level(
                group.Key.IsIPv4 ? new AddressMasks(group.Key.Bits, 128, group.Key.PortBits) : new AddressMasks(32, group.Key.Bits), [.. group]));
        (_v4, _v6) = ([.. levels[true]], [.. levels[false]]);
    }

    /// <summary>The block of the longest network that has not ended.</summary>
    public Block? Find(in SocketAddress client, long now)
    {
        foreach (Level level in client.IsIPv6 ? _v6 : _v4)
        {
            if (level.Find(client) is { } block && now < block.Until)
            {
                return block;
            }
        }

        return null;
    }

    /// <summary>Networks of one length.</summary>
    private sealed class Level
    {
        private readonly AddressMasks _masks;

        // What is asked first has a byte of each slot's hash, so that who is not blocked reads a cache line of a small array: a hundred thousand blocks are 256 kB. 0
        // is free; half of the slots or more are. What collides is in those behind.
        private readonly byte[] _tags;
        private readonly (AddressKey Key, Block Block)[] _slots;

        public Level(AddressMasks masks, IReadOnlyCollection<Block> blocks)
        {
            _masks = masks;
            int slots = (int)BitOperations.RoundUpToPowerOf2((uint)blocks.Count * 2);
            (_tags, _slots) = (new byte[slots], new (AddressKey, Block)[slots]);
            foreach (Block block in blocks)
            {
                AddressKey key = block.Range!.Value.Key;
                ulong hash = KeyHash.Of(key);
                int slot = (int)hash & (slots - 1);
                while (_tags[slot] != 0)
                {
                    slot = (slot + 1) & (slots - 1);
                }

                _tags[slot] = TagOf(hash);
                _slots[slot] = (key, block);
            }
        }

        public Block? Find(in SocketAddress client)
        {
            AddressKey key = _masks.KeyOf(client);
            ulong hash = KeyHash.Of(key);
            byte tag = TagOf(hash);
            int mask = _tags.Length - 1;
            for (int slot = (int)hash & mask; _tags[slot] != 0; slot = (slot + 1) & mask)
            {
                if (_tags[slot] == tag && _slots[slot].Key == key)
                {
                    return _slots[slot].Block;
                }
            }

            return null;
        }

        private static byte TagOf(ulong hash) => (byte)((hash >> 56) | 1);
    }
}
