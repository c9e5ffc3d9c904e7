using System;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring.IoUring;

/// <summary>The datagram sockets of the io_uring ring.</summary>
public sealed unsafe partial class IoUringRing
{
    /// <inheritdoc/>
    public override int AddDatagramSocket(int descriptor, int tag)
    {
        int number = Number(_datagramSockets, _freeDatagramSockets, new DatagramSocket { Descriptor = descriptor, Tag = tag });
        ArmReceiveDatagram(number);
        return number;
    }

    /// <inheritdoc/>
    public override void StopReceiving(int datagramSocket)
    {
        DatagramSocket socket = _datagramSockets[datagramSocket];
        socket.Stopped = true;
        if (socket.Armed)
        {
            Cancel(Operation.ReceiveDatagram, 0, (uint)datagramSocket);
        }
    }

    /// <inheritdoc/>
    public override bool TurnAway(int datagramSocket) => Sockets.TryTurnAway(_datagramSockets[datagramSocket].Descriptor);

    /// <inheritdoc/>
    public override void CloseDatagramSocket(int datagramSocket)
    {
        DatagramSocket socket = _datagramSockets[datagramSocket];
        Withdraw(socket.Descriptor, socket.Armed, Operation.ReceiveDatagram, datagramSocket);
        socket.Descriptor = -1;
        socket.Stopped = true;
        if (!socket.Armed)
        {
            _freeDatagramSockets.Push(datagramSocket);
        }
    }

    /// <inheritdoc/>
    public override void ReplaceDatagramSocket(int datagramSocket, int descriptor)
    {
        DatagramSocket socket = _datagramSockets[datagramSocket];
        Withdraw(socket.Descriptor, socket.Armed, Operation.ReceiveDatagram, datagramSocket);
        socket.Descriptor = descriptor;
        _rearmSockets = true;
    }

    /// <inheritdoc/>
    public override void SendDatagram(int datagramSocket, in DatagramRoute route, ReadOnlySpan<byte> payload)
    {
        int descriptor = _datagramSockets[datagramSocket].Descriptor;
        int slot = HasSlot() ? _sends.Add(in route, descriptor, payload) : -1;
        if (slot < 0)
        {
            Counters.DatagramSendErrors++;
            return;
        }

        SubmissionEntry* entry = NextSend(descriptor, UserData(Operation.SendDatagram, 0, 0));
        entry->Opcode = IoUringAbi.OpSendMsg;
        entry->Address = (ulong)&_sends.Headers[slot].Header;
        entry->Length = 1;
    }

    /// <summary>Sees to it that one more datagram can be queued.</summary>
    /// <returns>False when the kernel takes nothing for the moment.</returns>
    private bool HasSlot()
    {
        if (_sends.IsFull)
        {
            _queues.Submit();
            if (_queues.Unsubmitted == 0)
            {
                _sends.Clear();
            }
        }

        return !_sends.IsFull;
    }

    /// <summary>A send that never waits (MSG_DONTWAIT), so it is over when the submission returns, and success needs no completion.</summary>
    private SubmissionEntry* NextSend(int descriptor, ulong userData)
    {
        SubmissionEntry* entry = _queues.Next();
        entry->Flags = IoUringAbi.SqeCqeSkipSuccess;
        entry->Descriptor = descriptor;
        entry->OpFlags = Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL;
        entry->UserData = userData;
        return entry;
    }

    private void ArmReceiveDatagram(int index)
    {
        DatagramSocket socket = _datagramSockets[index];
        socket.Armed = true;
        SubmissionEntry* entry = _queues.Next();
        entry->Opcode = IoUringAbi.OpRecvMsg;
        entry->Flags = IoUringAbi.SqeBufferSelect;
        entry->IoPriority = IoUringAbi.RecvMultishot;
        entry->Descriptor = socket.Descriptor;
        entry->Address = (ulong)_receiveHeader;
        entry->Length = 1;
        entry->BufferGroup = DatagramGroup;
        entry->UserData = UserData(Operation.ReceiveDatagram, 0, (uint)index);
    }

    private void OnDatagram(int index, in CompletionEntry completion)
    {
        DatagramSocket socket = _datagramSockets[index];
        if ((completion.Flags & IoUringAbi.CqeMore) == 0)
        {
            socket.Armed = false;
            _rearmSockets = true;
            if (socket.Descriptor < 0)
            {
                _freeDatagramSockets.Push(index);
            }

            if (completion.Result == -Libc.ENOBUFS)
            {
                Counters.BuffersExhausted++;
            }
        }

        if ((completion.Flags & IoUringAbi.CqeBuffer) == 0)
        {
            return;
        }

        ushort buffer = (ushort)(completion.Flags >> IoUringAbi.CqeBufferShift);
        if (completion.Result >= _payloadOffset && socket.Descriptor >= 0)
        {
            byte* data = _datagramBuffers[buffer];
            var message = (ReceivedMessage*)data;
            DatagramRoute route = default;
            route.Peer = *(SocketAddress*)(data + sizeof(ReceivedMessage));
            route.Socket = index;
            if (message->ControlLength != 0)
            {
                PacketInfo.Read(data + sizeof(ReceivedMessage) + SocketAddress.Capacity, message->ControlLength, ref route);
            }

            var payload = new ReadOnlySpan<byte>(data + _payloadOffset, completion.Result - _payloadOffset);
            Handler.DatagramReceived(socket.Tag, payload, in route, (message->Flags & Libc.MSG_TRUNC) != 0);
        }

        _datagramBuffers.Return(buffer);
    }

    private sealed class DatagramSocket
    {
        public int Descriptor;
        public int Tag;
        public bool Armed;
        public bool Stopped;
    }
}
