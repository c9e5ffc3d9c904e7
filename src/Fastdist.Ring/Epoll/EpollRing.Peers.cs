using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring.Epoll;

/// <summary>The connected datagram sockets of the epoll ring.</summary>
public sealed unsafe partial class EpollRing
{
    /// <inheritdoc/>
    public override int AddPeerSocket(int descriptor, uint tag)
    {
        int number = Peers.Add(descriptor, tag);
        PeerSocket peer = Peers[number];
        peer.Receiving = peer.HasError = false;
        Watch(descriptor, Libc.EPOLLIN | Libc.EPOLLET, Source.Peer, peer.Generation, (uint)number);
        return number;
    }

    /// <inheritdoc/>
    public override void SendToPeer(int peerSocket, ReadOnlySpan<byte> payload)
    {
        PeerSocket peer = Peers[peerSocket];
        Debug.Assert(!peer.Closing);
        if (_sends.IsFull)
        {
            FlushDatagrams();
        }

        if (_sends.AddToPeer(peerSocket, peer.Descriptor, payload) < 0)
        {
            Counters.DatagramSendErrors++;
        }
    }

    /// <inheritdoc/>
    public override void ClosePeerSocket(int peerSocket)
    {
        Peers[peerSocket].Closing = true;
        _closingPeers.Enqueue(peerSocket);
    }

    /// <summary>Closes what was to be closed; the caller has sent what was queued.</summary>
    private void ClosePeers()
    {
        while (_closingPeers.TryDequeue(out int number))
        {
            Peers.Remove(number);
        }
    }

    private int RunPeers(int limit)
    {
        int done = 0;
        for (; done < limit && _failedSends.TryDequeue(out FailedSend failed); done++)
        {
            if (Peers.Find(failed.PeerSocket, failed.Generation) is { } peer)
            {
                Handler.PeerDatagramFailed(peer.Tag, failed.Errno);
            }
        }

        for (int sockets = _readablePeers.Count; sockets > 0 && done < limit; sockets--)
        {
            done += ReceiveFromPeer(_readablePeers.Dequeue(), limit - done);
        }

        return done;
    }

    private void OnPeerEvent(int number, uint generation, uint events)
    {
        if (Peers.Find(number, generation) is { } peer)
        {
            peer.HasError |= (events & Libc.EPOLLERR) != 0;
            MarkReadable(number, peer);
        }
    }

    private void MarkReadable(int number, PeerSocket peer)
    {
        if (!peer.Receiving)
        {
            peer.Receiving = true;
            _readablePeers.Enqueue(number);
        }
    }

    private int ReceiveFromPeer(int number, int limit)
    {
        PeerSocket peer = Peers[number];
        peer.Receiving = false;
        int done = 0;
        while (!peer.Closing)
        {
            if (done == limit)
            {
                MarkReadable(number, peer);
                break;
            }

            int wanted = Math.Min(limit - done, DatagramReceiver.Batch);
            Counters.Enters++;
            int count = _peerReceiver.Receive(peer.Descriptor, wanted);
            if (count < 0 && !HasMore(peer, Marshal.GetLastPInvokeError()))
            {
                peer.HasError = false;
                break;
            }

            for (int i = 0; i < count && !peer.Closing; i++)
            {
                ReadOnlySpan<byte> payload = _peerReceiver.Read(i, out bool truncated);
                Handler.PeerDatagramReceived(peer.Tag, payload, truncated);
            }

            done += Math.Abs(count);
            if (count >= 0 && count < wanted && !peer.HasError)
            {
                break;
            }
        }

        return done;
    }

    /// <summary>Tells of a receive that failed.</summary>
    /// <returns>Whether datagrams may be waiting behind it.</returns>
    private bool HasMore(PeerSocket peer, int errno)
    {
        if (IsUnreachable(errno))
        {
            Handler.PeerDatagramFailed(peer.Tag, errno);
        }

        return IsFromNetwork(errno);
    }

    /// <summary>Counts a datagram that the kernel refused. Its owner is told in the turn: it may be just queueing the next.</summary>
    private void OnSendFailed(int peerSocket, int errno)
    {
        Counters.DatagramSendErrors++;
        if (peerSocket >= 0 && IsUnreachable(errno))
        {
            _failedSends.Enqueue(new FailedSend(peerSocket, Peers[peerSocket].Generation, errno));
        }
    }

    private readonly record struct FailedSend(int PeerSocket, uint Generation, int Errno);
}
