using System;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;

namespace Fastdist.Proxy.Shards;

/// <summary>What the ring tells a shard, passed on to whom it concerns.</summary>
internal sealed partial class Shard
{
    void IRingHandler.Awake()
    {
        _context.Clock.Advance();
        Counters.Turns++;
    }

    void IRingHandler.DatagramReceived(int socketTag, ReadOnlySpan<byte> payload, in DatagramRoute route, bool truncated)
    {
        _datagrams++;
        _udp.Received(socketTag, payload, in route, truncated);
    }

    void IRingHandler.PeerDatagramReceived(uint tag, ReadOnlySpan<byte> payload, bool truncated) => _dispatcher.DatagramReceived((int)tag, payload, truncated);

    void IRingHandler.PeerDatagramFailed(uint tag, int errno) => _dispatcher.DatagramFailed((int)tag, errno);

    void IRingHandler.Accepted(int listenerTag, int descriptor)
    {
        if (!_context.Machine.TryGetPeer(descriptor, out SocketAddress peer))
        {
            // It was reset while it waited to be accepted.
            _frontends[listenerTag].Tcp.ResetBeforeAccept++;
            _context.Machine.Close(descriptor);
        }
        else if (!TryAdmit(listenerTag, in peer, out bool isProxied))
        {
            _context.Machine.Close(descriptor);
        }
        else
        {
            Place(listenerTag, descriptor, in peer, isProxied);
        }
    }

    void IRingHandler.ListenerClosed(int listenerTag) => _frontends[listenerTag].OpenListeners--;

    void IRingHandler.Connected(uint tag, StreamHandle stream, int errno) => _dispatcher.Connected(StreamTags.IndexOf(tag), errno);

    int IRingHandler.Received(uint tag, StreamHandle stream, ReadOnlySpan<byte> data)
    {
        int index = StreamTags.IndexOf(tag);
        if (!StreamTags.IsBackend(tag))
        {
            return _tcp.Received(index, data);
        }

        _dispatcher.Received(index, data);
        return data.Length;
    }

    void IRingHandler.ReceiveEnded(uint tag, StreamHandle stream, int errno)
    {
        if (StreamTags.IsBackend(tag))
        {
            _dispatcher.ReceiveEnded(StreamTags.IndexOf(tag), errno);
        }
        else
        {
            _tcp.ReceiveEnded(StreamTags.IndexOf(tag), errno);
        }
    }

    void IRingHandler.Sent(uint tag, StreamHandle stream, int errno)
    {
        if (StreamTags.IsBackend(tag))
        {
            _dispatcher.Sent(StreamTags.IndexOf(tag), errno);
        }
        else
        {
            _tcp.Sent(StreamTags.IndexOf(tag), errno);
        }
    }

    void IRingHandler.Closed(uint tag)
    {
        if (StreamTags.IsBackend(tag))
        {
            _dispatcher.Closed(StreamTags.IndexOf(tag));
        }
        else
        {
            _tcp.Closed(StreamTags.IndexOf(tag));
        }
    }

    void IRingHandler.Woken() => _hasMail = true;

    /// <summary>The ACL, then the frontend's and the process's limits. Behind a load balancer the client is not known yet.</summary>
    private bool TryAdmit(int frontend, in SocketAddress peer, out bool isProxied)
    {
        Frontend home = _frontends[frontend];
        FrontendCounters counters = home.Tcp;
        isProxied = home.Options.ProxyProtocolAcl?.Contains(in peer) == true;
        if (!isProxied && !_gate.LetsIn(in peer))
        {
            counters.AclDrops++;
            return false;
        }

        ConnectionCount limit = home.Shared.Limit;
        if (limit.IsFull)
        {
            counters.RefusedFull++;
            return false;
        }

        if (!isProxied && !_tcp.TryCount(in peer, counters))
        {
            return false;
        }

        if (limit.TryEnter())
        {
            return true;
        }

        // Another shard took the last place meanwhile.
        counters.RefusedFull++;
        if (!isProxied)
        {
            _tcp.CountOut(in peer);
        }

        return false;
    }

    /// <summary>Gives an accepted connection to the shard with the fewest: the kernel's hash spreads few connections badly.</summary>
    private void Place(int frontend, int descriptor, in SocketAddress peer, bool isProxied)
    {
        Shard target = this;
        foreach (Shard shard in _all)
        {
            if (shard._context.Connections < target._context.Connections)
            {
                target = shard;
            }
        }

        target._context.ConnectionAssigned();
        if (target == this || !target.Post(new Message(MessageKind.Adopt, frontend, descriptor, peer, isProxied)))
        {
            if (target != this)
            {
                target._context.ConnectionClosed();
                _context.ConnectionAssigned();
            }

            _tcp.Adopt(descriptor, frontend, in peer, isProxied);
        }
    }
}
