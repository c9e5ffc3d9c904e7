using System;
using System.Collections.Generic;
using Fastdist.Ring;

namespace Fastdist.Simulation.Network;

/// <summary>The connected datagram sockets of the simulated ring.</summary>
internal sealed partial class SimRing
{
    private readonly List<SimPeer> _peers = [];
    private readonly Stack<int> _freePeers = new();
    private readonly Queue<int> _readyPeers = new();

    /// <summary>Those that have something to send or are to be closed, when the turn is over.</summary>
    private readonly Queue<int> _requestedPeers = new();

    /// <summary>Those that were closed in this turn, whose numbers are free after the next.</summary>
    private readonly Queue<int> _endedPeers = new();

    public override int AddPeerSocket(int descriptor, uint tag)
    {
        if (!_freePeers.TryPop(out int number))
        {
            number = _peers.Count;
            _peers.Add(new SimPeer());
        }

        SimDatagramSocket socket = _world.TakeDescriptor<SimDatagramSocket>(descriptor);
        (socket.Ring, socket.Number) = (this, number);
        _peers[number].Begin(socket, tag);
        return number;
    }

    public override void SendToPeer(int peerSocket, ReadOnlySpan<byte> payload)
    {
        SimPeer peer = _peers[peerSocket];
        _world.Require(peer is { Socket: not null, IsClosing: false }, "a datagram was sent from a socket that was closed");
        _world.Require(payload.Length <= RingOptions.MaxToPeer, $"a datagram of {payload.Length} bytes was sent");
        peer.Unsent.Enqueue(payload.ToArray());
        _requestedPeers.Enqueue(peerSocket);
    }

    public override void ClosePeerSocket(int peerSocket)
    {
        SimPeer peer = _peers[peerSocket];
        _world.Require(peer is { Socket: not null, IsClosing: false }, "a datagram socket was closed twice");
        peer.IsClosing = true;
        _requestedPeers.Enqueue(peerSocket);
    }

    /// <summary>A datagram of the peer arrives.</summary>
    public void ArriveFromPeer(int number, byte[] payload)
    {
        _peers[number].Received.Enqueue(payload);
        MakePeerReady(number);
    }

    /// <summary>The network says that the peer cannot be reached.</summary>
    public void ArriveError(int number, int errno)
    {
        _peers[number].Error = errno;
        MakePeerReady(number);
    }

    /// <summary>Sockets to a backend that are open.</summary>
    public int CountPeersTo(SocketAddress remote)
    {
        int count = 0;
        foreach (SimPeer peer in _peers)
        {
            count += peer.Socket is { } socket && !peer.IsClosing && socket.Remote == remote ? 1 : 0;
        }

        return count;
    }

    private void SubmitPeers()
    {
        while (_endedPeers.TryDequeue(out int ended))
        {
            _freePeers.Push(ended);
        }

        while (_requestedPeers.TryDequeue(out int number))
        {
            SimPeer peer = _peers[number];
            if (peer.Unsent.TryDequeue(out byte[]? payload))
            {
                SendFrom(peer, payload);
            }
            else
            {
                peer.End();
                _endedPeers.Enqueue(number);
            }
        }
    }

    /// <summary>A send that finds an error waiting is what is told of it, and does not leave.</summary>
    private void SendFrom(SimPeer peer, byte[] payload)
    {
        if (peer.Error == 0)
        {
            peer.Socket!.Send(payload);
        }
        else
        {
            Counters.DatagramSendErrors++;
        }
    }

    private void MakePeerReady(int number)
    {
        SimPeer peer = _peers[number];
        if (!peer.IsReady)
        {
            peer.IsReady = true;
            _readyPeers.Enqueue(number);
        }
    }

    /// <summary>Tells what arrived, of each socket as much as there is room for, then the others' turn comes.</summary>
    private int RunPeers(int limit)
    {
        int done = 0;
        for (int count = _readyPeers.Count; count > 0 && done < limit; count--)
        {
            int number = _readyPeers.Dequeue();
            SimPeer peer = _peers[number];
            peer.IsReady = false;
            while (done < limit && TryTell(peer))
            {
                done++;
            }

            if (peer is { Socket: not null, IsClosing: false } && peer.Received.Count > 0)
            {
                MakePeerReady(number);
            }
        }

        return done;
    }

    private bool TryTell(SimPeer peer)
    {
        if (peer is { Socket: null } or { IsClosing: true })
        {
            return false;
        }

        if (peer.Error != 0)
        {
            int errno = peer.Error;
            peer.Error = 0;
            Handler.PeerDatagramFailed(peer.Tag, errno);
            return true;
        }

        if (!peer.Received.TryDequeue(out byte[]? payload))
        {
            return false;
        }

        Span<byte> data = _buffer.AsSpan(0, Math.Min(payload.Length, s_peerBufferSize));
        payload.AsSpan(0, data.Length).CopyTo(data);
        Handler.PeerDatagramReceived(peer.Tag, data, payload.Length > data.Length);
        data.Fill(0xEE);
        return true;
    }
}
