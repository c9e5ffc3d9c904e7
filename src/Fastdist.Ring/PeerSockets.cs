using System.Collections.Generic;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring;

/// <summary>What a ring knows of a datagram socket that is connected to one peer.</summary>
internal sealed class PeerSocket
{
    public int Descriptor = -1;
    public uint Tag;

    /// <summary>Tells the sockets apart that have had this number, 24 bits.</summary>
    public uint Generation;

    /// <summary>The owner asked for the end; nothing is reported any more.</summary>
    public bool Closing;

    /// <summary>io_uring: a multishot receive is armed. epoll: it may be readable and waits to be read.</summary>
    public bool Receiving;

    /// <summary>epoll: an error is to be taken, which a receive of several datagrams leaves behind them.</summary>
    public bool HasError;

    /// <summary>io_uring: when receiving is tried again after an error that may stay, milliseconds of the system's uptime.</summary>
    public long RetryAt;
}

/// <summary>The connected datagram sockets of a ring by number. A number is free once nothing in the kernel can name it.</summary>
internal sealed class PeerSockets
{
    private const uint GenerationMask = 0xFFFFFF;
    private const int PlacesAtOnce = 16;

    private readonly List<PeerSocket> _all = [];
    private readonly Stack<int> _free = new();

    public PeerSocket this[int number] => _all[number];

    /// <summary>The socket that had a number when something was asked of it; null when that is closed.</summary>
    public PeerSocket? Find(int number, uint generation) =>
        _all[number] is { Closing: false } peer && peer.Generation == generation ? peer : null;

    public int Add(int descriptor, uint tag)
    {
        if (_free.Count == 0)
        {
            Grow();
        }

        int number = _free.Pop();
        PeerSocket peer = _all[number];
        (peer.Descriptor, peer.Tag, peer.Closing) = (descriptor, tag, false);
        peer.Generation = (peer.Generation + 1) & GenerationMask;
        return number;
    }

    /// <summary>Closes the socket, whose number may come again.</summary>
    public void Remove(int number)
    {
        PeerSocket peer = _all[number];
        Libc.Close(peer.Descriptor);
        peer.Descriptor = -1;
        peer.RetryAt = 0;
        _free.Push(number);
    }

    /// <summary>Closes all sockets, which nothing is reported of any more.</summary>
    public void Close()
    {
        foreach (PeerSocket peer in _all)
        {
            if (peer.Descriptor >= 0)
            {
                Libc.Close(peer.Descriptor);
            }
        }
    }

    /// <summary>Makes numbers for some more at once, as one that is being closed keeps its own for a moment, so that their number seldom grows later.</summary>
    private void Grow()
    {
        for (int number = _all.Count + PlacesAtOnce - 1; number >= _all.Count; number--)
        {
            _free.Push(number);
        }

        for (int i = 0; i < PlacesAtOnce; i++)
        {
            _all.Add(new PeerSocket());
        }
    }
}
