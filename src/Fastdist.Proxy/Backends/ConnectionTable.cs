using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Streams;

namespace Fastdist.Proxy.Backends;

/// <summary>The backend connections of a shard by number, which is how queries in flight and the ring's events name them.</summary>
internal sealed class ConnectionTable : IDisposable
{
    /// <summary>Place for all that a busy turn touches.</summary>
    private const int TouchedAtFirst = 64;

    private readonly List<BackendConnection?> _connections = [];
    private readonly Stack<int> _free = [];

    /// <summary>What their streams share: a whole batch fits a buffer, and nobody waits for what others gathered.</summary>
    public StreamMemory Streams { get; } = new(BackendConnection.BatchCapacity, StreamFraming.MaxFrame);

    /// <summary>Those that have something to send at the end of the turn, each once.</summary>
    public Queue<BackendConnection> Touched { get; } = new(TouchedAtFirst);

    /// <summary>The connection of that number.</summary>
    public BackendConnection this[int number] => _connections[number]!;

    /// <summary>Makes a connection with the next number, or with one that became free.</summary>
    public BackendConnection Add(Func<int, BackendConnection> create)
    {
        if (!_free.TryPop(out int number))
        {
            number = _connections.Count;
            _connections.Add(null);
        }

        return _connections[number] = create(number);
    }

    /// <summary>Forgets a connection that is idle and that no query names any more.</summary>
    public void Remove(BackendConnection connection)
    {
        _connections[connection.Index] = null;
        _free.Push(connection.Index);
    }

    /// <summary>Gives the streams' memory back; every connection has given its own back.</summary>
    public void Dispose() => Streams.Dispose();
}
