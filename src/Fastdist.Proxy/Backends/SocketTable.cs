using System.Collections.Generic;

namespace Fastdist.Proxy.Backends;

/// <summary>The datagram sockets of a shard by number, which is how queries in flight and the ring's events name them.</summary>
internal sealed class SocketTable
{
    private readonly List<DatagramSocket?> _sockets = [];
    private readonly Stack<int> _free = [];

    /// <summary>The socket of that number.</summary>
    public DatagramSocket this[int number] => _sockets[number]!;

    /// <summary>Makes a socket of a backend with the next number, or with one that became free.</summary>
    public DatagramSocket Add(int slot)
    {
        if (!_free.TryPop(out int number))
        {
            number = _sockets.Count;
            _sockets.Add(null);
        }

        var socket = new DatagramSocket(number, slot);
        _sockets[number] = socket;
        return socket;
    }

    /// <summary>Forgets a socket that is closed and that no query names any more.</summary>
    public void Remove(DatagramSocket socket)
    {
        _sockets[socket.Index] = null;
        _free.Push(socket.Index);
    }
}
