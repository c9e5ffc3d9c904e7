using System;
using System.Diagnostics;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring.IoUring;

/// <summary>The connected datagram sockets of the io_uring ring.</summary>
public sealed unsafe partial class IoUringRing
{
    /// <inheritdoc/>
    public override int AddPeerSocket(int descriptor, uint tag)
    {
        int number = Peers.Add(descriptor, tag);
        ArmReceivePeer(number);
        return number;
    }

    /// <inheritdoc/>
    public override void SendToPeer(int peerSocket, ReadOnlySpan<byte> payload)
    {
        PeerSocket peer = Peers[peerSocket];
        Debug.Assert(!peer.Closing);
        int slot = HasSlot() ? _sends.AddToPeer(peerSocket, peer.Descriptor, payload) : -1;
        if (slot < 0)
        {
            Counters.DatagramSendErrors++;
            return;
        }

        SubmissionEntry* entry = NextSend(peer.Descriptor, UserData(Operation.SendToPeer, peer.Generation, (uint)peerSocket));
        entry->Opcode = IoUringAbi.OpSend;
        entry->Address = (ulong)_sends.PayloadOf(slot);
        entry->Length = (uint)payload.Length;
    }

    /// <inheritdoc/>
    public override void ClosePeerSocket(int peerSocket)
    {
        PeerSocket peer = Peers[peerSocket];
        peer.Closing = true;
        if (peer.Receiving)
        {
            Cancel(Operation.ReceiveFromPeer, peer.Generation, (uint)peerSocket);
        }
    }

    private void ArmReceivePeer(int number)
    {
        PeerSocket peer = Peers[number];
        peer.Receiving = true;
        SubmissionEntry* entry = _queues.Next();
        entry->Opcode = IoUringAbi.OpRecv;
        entry->Flags = IoUringAbi.SqeBufferSelect;
        entry->IoPriority = IoUringAbi.RecvMultishot;
        entry->Descriptor = peer.Descriptor;

        // The result is then what the datagram had, however much of it there was room for (udp(7)).
        entry->OpFlags = Libc.MSG_TRUNC;
        entry->BufferGroup = _peerBuffers.Id;
        entry->UserData = UserData(Operation.ReceiveFromPeer, peer.Generation, (uint)number);
    }

    /// <summary>Receives on where that ended, and closes what was to be closed: nothing in the kernel names its descriptor any more.</summary>
    private void RunPeers()
    {
        // What was sent before the close goes first.
        bool mayClose = _queues.Unsubmitted == 0;
        for (int count = _unarmedPeers.Count; count > 0; count--)
        {
            int number = _unarmedPeers.Dequeue();
            PeerSocket peer = Peers[number];
            if (peer.Closing && mayClose)
            {
                Peers.Remove(number);
            }
            else if (!peer.Closing && peer.RetryAt <= Environment.TickCount64)
            {
                ArmReceivePeer(number);
            }
            else
            {
                _unarmedPeers.Enqueue(number);
            }
        }
    }

    private void OnPeerReceive(int number, in CompletionEntry completion)
    {
        PeerSocket peer = Peers[number];
        if ((completion.Flags & IoUringAbi.CqeMore) == 0)
        {
            peer.Receiving = false;
            _unarmedPeers.Enqueue(number);
        }

        // An empty datagram comes without a buffer, and ends a multishot receive.
        bool hasBuffer = (completion.Flags & IoUringAbi.CqeBuffer) != 0;
        ushort buffer = (ushort)(completion.Flags >> IoUringAbi.CqeBufferShift);
        if (completion.Result < 0)
        {
            OnPeerError(peer, -completion.Result);
        }
        else if (!peer.Closing)
        {
            int length = hasBuffer ? Math.Min(completion.Result, _peerBuffers.Size) : 0;
            Handler.PeerDatagramReceived(peer.Tag, new ReadOnlySpan<byte>(_peerBuffers[buffer], length), completion.Result > length);
        }

        if (hasBuffer)
        {
            _peerBuffers.Return(buffer);
        }
    }

    private void OnPeerError(PeerSocket peer, int errno)
    {
        if (errno == Libc.ENOBUFS)
        {
            Counters.BuffersExhausted++;
            return;
        }

        if (!IsFromNetwork(errno))
        {
            // It may be there again at once, and receiving would spin.
            peer.RetryAt = Environment.TickCount64 + ReceiveRetryMs;
        }

        if (!peer.Closing && IsUnreachable(errno))
        {
            Handler.PeerDatagramFailed(peer.Tag, errno);
        }
    }

    private void OnPeerSendFailed(int number, uint generation, int errno)
    {
        Counters.DatagramSendErrors++;
        if (IsUnreachable(errno) && Peers.Find(number, generation) is { } peer)
        {
            Handler.PeerDatagramFailed(peer.Tag, errno);
        }
    }
}
