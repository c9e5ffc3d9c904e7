using System;
using System.Buffers.Binary;
using Fastdist.Cache.Answers;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Shards;

/// <summary>
/// Tells which queries in flight are equal, so that any of them may be given what another was answered: those that go to the same pool, and that its cache would
/// take for the same.
/// </summary>
/// <param name="table">The queries.</param>
/// <param name="caches">What caches know of queries.</param>
internal sealed class EqualKeys(InFlightTable table, CacheKeeper caches)
{
    /// <summary>Longest key, bytes.</summary>
    public const int MaxSize = PoolSize + CacheKey.MaxSize;

    private const int PoolSize = sizeof(short);

    /// <summary>Writes what is the same for queries that are equal, and for no others: pool, question, flags, options, the client's network where that is told.</summary>
    /// <param name="index">A query that is kept, and was not changed since.</param>
    /// <param name="key">Receives it: <see cref="MaxSize"/> bytes.</param>
    /// <returns>Bytes written; 0 for a query that is asked by itself, as its pool has no cache or it is one for none.</returns>
    public int KeyOf(int index, Span<byte> key) => Write(index, tells: null, key);

    /// <summary>The same by what a backend that is told clients' networks tells apart, whether or not the query's pool has such backends now.</summary>
    /// <param name="index">A query that is kept, and was not changed since.</param>
    /// <param name="key">Receives it: <see cref="MaxSize"/> bytes.</param>
    /// <returns>Bytes written; 0 as of <see cref="KeyOf"/>.</returns>
    public int KeyWhereTold(int index, Span<byte> key) => Write(index, tells: true, key);

    private int Write(int index, bool? tells, Span<byte> key)
    {
        ref InFlightEntry entry = ref table[index];
        BinaryPrimitives.WriteInt16LittleEndian(key, table.PoolOf(in entry));
        int length = caches.WriteKey(in entry, table.Message(index), tells, key[PoolSize..]);
        return length == 0 ? 0 : PoolSize + length;
    }
}
