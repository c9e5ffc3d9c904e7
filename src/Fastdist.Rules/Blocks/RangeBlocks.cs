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

        // Half of them or more are free; what collides is in those behind.
        private readonly (AddressKey Key, Block? Block)[] _slots;

        public Level(AddressMasks masks, IReadOnlyCollection<Block> blocks)
        {
            _masks = masks;
            _slots = new (AddressKey, Block?)[BitOperations.RoundUpToPowerOf2((uint)blocks.Count * 2)];
            foreach (Block block in blocks)
            {
                AddressKey key = block.Range!.Value.Key;
                int slot = (int)KeyHash.Of(key) & (_slots.Length - 1);
                while (_slots[slot].Block is not null)
                {
                    slot = (slot + 1) & (_slots.Length - 1);
                }

                _slots[slot] = (key, block);
            }
        }

        public Block? Find(in SocketAddress client)
        {
            AddressKey key = _masks.KeyOf(client);
            int mask = _slots.Length - 1;
            for (int slot = (int)KeyHash.Of(key) & mask; _slots[slot].Block is { } block; slot = (slot + 1) & mask)
            {
                if (_slots[slot].Key == key)
                {
                    return block;
                }
            }

            return null;
        }
    }
}
