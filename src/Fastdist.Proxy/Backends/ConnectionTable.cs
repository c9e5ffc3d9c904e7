using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Streams;

namespace Fastdist.Proxy.Backends;

/// <summary>The backend connections of a shard by number, and what they share.</summary>
internal sealed class ConnectionTable : NumberedTable<BackendConnection>, IDisposable
{
    /// <summary>Place for all that a busy turn touches.</summary>
    private const int TouchedAtFirst = 64;

    /// <summary>What their streams share: a whole batch fits a buffer, and nobody waits for what others gathered.</summary>
    public StreamMemory Streams { get; } = new(BackendConnection.BatchCapacity, StreamFraming.MaxFrame);

    /// <summary>Those that have something to send at the end of the turn, each once.</summary>
    public Queue<BackendConnection> Touched { get; } = new(TouchedAtFirst);

    /// <summary>Gives the streams' memory back; every connection has given its own back.</summary>
    public void Dispose() => Streams.Dispose();
}
