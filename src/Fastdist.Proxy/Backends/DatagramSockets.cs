using System;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// The UDP sockets of one shard to a backend. Which of them a query leaves from is drawn, and each is replaced before long by one of
/// another port, which the kernel chooses at random: whoever would forge an answer has the port to guess besides the ID (RFC 5452 section 9.2), and
/// what he found out yesterday helps him no more. One that is replaced is kept until what it was sent with is answered or given up.
/// </summary>
internal sealed class DatagramSockets : IDisposable
{
    /// <summary>Queries that leave from a socket, and microseconds that it lives at the most.</summary>
    public const int QueriesPerSocket = 2000;
    public const long LifeMicroseconds = 10_000_000;

    /// <summary>Between two times that all are replaced for an error, microseconds.</summary>
    private const long StrandPauseMicroseconds = 250_000;

    private readonly ShardContext _shard;
    private readonly KnownBackend _known;
    private readonly NumberedTable<DatagramSocket> _table;

    /// <summary>All there are: those in use first, then those that are replaced, then those that are closed.</summary>
    private readonly DatagramSocket[] _sockets;
    private readonly int _share;
    private long _strandedUntil;
    private int _inUse;
    private int _open;

    /// <param name="shard">The shard.</param>
    /// <param name="known">The backend.</param>
    /// <param name="table">Gives a socket its number in the shard.</param>
    public DatagramSockets(ShardContext shard, KnownBackend known, NumberedTable<DatagramSocket> table)
    {
        (_shard, _known, _table) = (shard, known, table);
        _share = known.Options.SocketsOf(shard.Options.Shards);
        _sockets = new DatagramSocket[2 * _share];
        for (int i = 0; i < _sockets.Length; i++)
        {
            _sockets[i] = table.Add(number => new DatagramSocket(number, known.Slot));
        }
    }

    /// <summary>Why the last socket could not be opened, an errno.</summary>
    public int Error { get; private set; }

    /// <summary>Whether there is one to send from.</summary>
    public bool IsAny => _inUse > 0;

    /// <summary>Whether there are fewer than there should be.</summary>
    public bool IsAnyMissing => _inUse < _share;

    /// <summary>All there are, open or not.</summary>
    public ReadOnlySpan<DatagramSocket> All => _sockets;

    /// <summary>Those in use.</summary>
    public ReadOnlySpan<DatagramSocket> InUse => _sockets.AsSpan(0, _inUse);

    /// <summary>Opens those that are missing, as far as that can be.</summary>
    public void OpenMissing()
    {
        while (IsAnyMissing && _open < _sockets.Length && TryOpen(_sockets[_open]))
        {
            // Those that are replaced come after those in use.
            Swap(_inUse++, _open++);
        }
    }

    /// <summary>The socket that the next query leaves from, of which there is one.</summary>
    public DatagramSocket Draw()
    {
        int place = _inUse == 1 ? 0 : _shard.Lots.Below(_inUse);
        DatagramSocket socket = _sockets[place];
        if (socket.Rest <= 0 || _shard.Clock.Now >= socket.ExpiresAt)
        {
            Replace(place);
            socket = _sockets[place];
        }

        socket.Use();
        return socket;
    }

    /// <summary>Opens all anew, as far as those that were replaced before are closed again.</summary>
    public void ReplaceAll()
    {
        for (int place = 0; place < _inUse; place++)
        {
            Replace(place);
        }
    }

    /// <summary>The network of this host changed under them, an address or interface was taken away: others will leave by what there is now.</summary>
    public void Strand()
    {
        if (_shard.Clock.Now < _strandedUntil)
        {
            return;
        }

        _strandedUntil = _shard.Clock.Now + StrandPauseMicroseconds;
        foreach (DatagramSocket socket in InUse)
        {
            socket.IsStranded = true;
        }

        ReplaceAll();
        foreach (DatagramSocket socket in InUse)
        {
            socket.IsStranded = false;
        }
    }

    /// <summary>Nothing is in flight any more on a socket: one that was replaced closes.</summary>
    public void CloseIfReplaced(DatagramSocket socket)
    {
        int place = Array.IndexOf(_sockets, socket, _inUse, _open - _inUse);
        if (place >= 0)
        {
            Close(place);
        }
    }

    /// <summary>Closes those on which nothing is in flight; the backend is leaving.</summary>
    public void CloseUnused()
    {
        for (int place = _open - 1; place >= 0; place--)
        {
            if (_sockets[place].Ids.Count == 0)
            {
                if (place < _inUse)
                {
                    Swap(place, --_inUse);
                    Close(_inUse);
                }
                else
                {
                    Close(place);
                }
            }
        }
    }

    /// <summary>Whether none is open.</summary>
    public bool AreClosed => _open == 0;

    /// <summary>Lets go of their numbers.</summary>
    public void Dispose() => Array.ForEach(_sockets, socket => _table.Remove(socket.Index));

    /// <summary>Has another socket take the place of one; where that cannot be, it goes on as it is for a while.</summary>
    private void Replace(int place)
    {
        if (_open < _sockets.Length && TryOpen(_sockets[_open]))
        {
            Swap(place, _open++);
            if (_sockets[_open - 1].Ids.Count == 0)
            {
                Close(_open - 1);
            }
        }
        else
        {
            _sockets[place].Opened(_sockets[place].RingSocket, _shard.Clock.Now + (LifeMicroseconds / 10), QueriesPerSocket / 10);
        }
    }

    private bool TryOpen(DatagramSocket socket)
    {
        SocketAddress remote = SocketAddress.From(NetworkInterfaces.Resolve(_known.Options.Address));
        int descriptor = Open(in remote);
        if (Descriptors.IsShortage(-descriptor) && !IsAny && _shard.Descriptors.TryGiveUp(-descriptor))
        {
            descriptor = Open(in remote);
        }

        if (descriptor < 0)
        {
            Error = -descriptor;
            return false;
        }

        _known.Counters.NewSockets++;
        socket.Opened(_shard.Ring.AddPeerSocket(descriptor, (uint)socket.Index), _shard.Clock.Now + LifeMicroseconds, QueriesPerSocket);
        return true;
    }

    private int Open(in SocketAddress remote) => _shard.Machine.OpenDatagram(in remote, _known.Departure, _shard.Options.UdpBuffers);

    private void Close(int place)
    {
        _shard.Ring.ClosePeerSocket(_sockets[place].RingSocket);
        _sockets[place].Closed();
        Swap(place, --_open);
    }

    private void Swap(int one, int other) => (_sockets[one], _sockets[other]) = (_sockets[other], _sockets[one]);
}
