using System;
using System.Buffers.Binary;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Shards;

/// <summary>Queries are equal that go to the same pool, and that its cache would take for the same.</summary>
/// <param name="table">The queries.</param>
/// <param name="caches">What caches know of queries.</param>
internal sealed class EqualKeys(InFlightTable table, CacheKeeper caches) : IEqualKeys
{
    private const int PoolSize = sizeof(short);

    /// <inheritdoc/>
    public int KeyOf(int index, Span<byte> key) => Write(index, tells: null, key);

    /// <inheritdoc/>
    public int KeyWhereTold(int index, Span<byte> key) => Write(index, tells: true, key);

    private int Write(int index, bool? tells, Span<byte> key)
    {
        ref InFlightEntry entry = ref table[index];
        BinaryPrimitives.WriteInt16LittleEndian(key, entry.HasDecision ? table.DecisionOf(in entry).Pool : (short)0);
        int length = caches.WriteKey(in entry, table.Message(index), tells, key[PoolSize..]);
        return length == 0 ? 0 : PoolSize + length;
    }
}
