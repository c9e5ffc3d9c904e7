using System;
using System.Buffers.Binary;
using Fastdist.Cache.Answers;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Pools;

namespace Fastdist.Proxy.Shards;

/// <summary>Queries are equal that a pool's cache would take for the same, and whose clients' networks are the same where backends get to know of them.</summary>
/// <param name="table">The queries.</param>
/// <param name="pools">The pools.</param>
/// <param name="rulesOf">What is in no key of the cache of a pool; null for a pool without one.</param>
internal sealed class EqualKeys(InFlightTable table, PoolSet pools, Func<int, KeyRules?> rulesOf) : IEqualKeys
{
    private const int PoolSize = sizeof(short);

    /// <summary>What a key's last byte says of the networks in it.</summary>
    private const byte HasOwn = 1, HasTold = 2, IsNamed = 4;

    /// <inheritdoc/>
    public int KeyOf(int index, Span<byte> key)
    {
        ref InFlightEntry entry = ref table[index];
        short pool = entry.HasDecision ? table.DecisionOf(in entry).Pool : (short)0;
        if (rulesOf(pool) is not { } rules || (entry.HasDecision && table.DecisionOf(in entry).Has(DecisionNotes.SkipsCache)))
        {
            return 0;
        }

        BinaryPrimitives.WriteInt16LittleEndian(key, pool);
        Span<byte> own = key[PoolSize..];
        int length = Query.Parse(table.Message(index), out Query query) == QueryVerdict.Forward ? CacheKey.Write(in query, rules, own) : 0;
        byte networks = 0;
        if (length == 0 || !TryAddOwn(in query, own, ref length, ref networks))
        {
            return 0;
        }

        if (pools[pool].Teller is { } teller && teller.Edits.TryGetSubnet(in entry, out ReadOnlySpan<byte> address, out int prefix, out bool isNamed))
        {
            networks |= (byte)(HasTold | (isNamed ? IsNamed : 0));
            length = CacheKey.AddNetwork(own, length, NetworkKind.One, address, prefix);
        }

        own[length] = networks;
        return PoolSize + length + sizeof(byte);
    }

    /// <summary>Adds the network that a query itself names.</summary>
    /// <returns>False when that is broken.</returns>
    private static bool TryAddOwn(in Query query, Span<byte> key, ref int length, ref byte networks)
    {
        if ((query.Edns & EdnsTraits.ClientSubnet) == 0)
        {
            return true;
        }

        Span<byte> address = stackalloc byte[16];
        if (!CacheKey.TryReadNetwork(in query, address, out int addressLength, out int prefix))
        {
            return false;
        }

        networks |= HasOwn;
        NetworkKind kind = prefix == 0 ? NetworkKind.Hidden : NetworkKind.One;
        length = CacheKey.AddNetwork(key, length, kind, prefix == 0 ? [] : address[..addressLength], prefix);
        return true;
    }
}
