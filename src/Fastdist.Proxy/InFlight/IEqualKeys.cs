using System;

namespace Fastdist.Proxy.InFlight;

/// <summary>Tells which queries in flight are equal: any of them may be given what another was answered.</summary>
internal interface IEqualKeys
{
    /// <summary>Longest key, bytes.</summary>
    const int MaxSize = 640;

    /// <summary>Writes what is the same for queries that are equal, and for no others: pool, question, flags, options, the client's network where that is told.</summary>
    /// <param name="index">A query that is kept, and was not changed since.</param>
    /// <param name="key">Receives it: <see cref="MaxSize"/> bytes.</param>
    /// <returns>Bytes written; 0 for a query that is asked by itself, as its pool has no cache or it is one for none.</returns>
    int KeyOf(int index, Span<byte> key);

    /// <summary>The same by what a backend that is told clients' networks tells apart, whether or not the query's pool has such backends now.</summary>
    /// <param name="index">A query that is kept, and was not changed since.</param>
    /// <param name="key">Receives it: <see cref="MaxSize"/> bytes.</param>
    /// <returns>Bytes written; 0 as of <see cref="KeyOf"/>.</returns>
    int KeyWhereTold(int index, Span<byte> key);
}
