using System;
using System.Runtime.InteropServices;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring.Epoll;

/// <summary>The datagram sockets of the epoll ring.</summary>
public sealed unsafe partial class EpollRing
{
    /// <inheritdoc/>
    public override int AddDatagramSocket(int descriptor, int tag)
    {
        int number = Number(_datagramSockets, _freeDatagramSockets, new DatagramSocket { Descriptor = descriptor, Tag = tag });
        Watch(descriptor, Libc.EPOLLIN | Libc.EPOLLET, Source.Datagram, 0, (uint)number);
        return number;
    }

    /// <inheritdoc/>
    public override void StopReceiving(int datagramSocket) => _datagramSockets[datagramSocket].Stopped = true;

    /// <inheritdoc/>
    public override bool TurnAway(int datagramSocket) => Sockets.TryTurnAway(_datagramSockets[datagramSocket].Descriptor);

    /// <inheritdoc/>
    public override void CloseDatagramSocket(int datagramSocket)
    {
        FlushDatagrams();
        DatagramSocket socket = _datagramSockets[datagramSocket];
        Libc.Close(socket.Descriptor);
        socket.Descriptor = -1;
        socket.Stopped = true;
        _freeDatagramSockets.Push(datagramSocket);
    }

    /// <inheritdoc/>
    public override void ReplaceDatagramSocket(int datagramSocket, int descriptor)
    {
        // What is queued names the old descriptor, whose number may be somebody else's soon.
        FlushDatagrams();
        DatagramSocket socket = _datagramSockets[datagramSocket];
        Libc.Close(socket.Descriptor);
        socket.Descriptor = descriptor;
        Watch(descriptor, Libc.EPOLLIN | Libc.EPOLLET, Source.Datagram, 0, (uint)datagramSocket);
    }

    /// <inheritdoc/>
    public override void SendDatagram(int datagramSocket, in DatagramRoute route, ReadOnlySpan<byte> payload)
    {
        if (_sends.IsFull)
        {
            FlushDatagrams();
        }

        if (_sends.Add(in route, _datagramSockets[datagramSocket].Descriptor, payload) < 0)
        {
            Counters.DatagramSendErrors++;
        }
    }

    private int RunDatagrams(int limit)
    {
        int done = 0;
        for (int sockets = _readableSockets.Count; sockets > 0 && done < limit; sockets--)
        {
            done += ReceiveDatagrams(_readableSockets.Dequeue(), limit - done);
        }

        return done;
    }

    private void MarkReadable(int index)
    {
        if (!_datagramSockets[index].Readable)
        {
            _datagramSockets[index].Readable = true;
            _readableSockets.Enqueue(index);
        }
    }

    private int ReceiveDatagrams(int index, int limit)
    {
        DatagramSocket socket = _datagramSockets[index];
        socket.Readable = false;
        int done = 0;
        while (!socket.Stopped)
        {
            if (done == limit)
            {
                MarkReadable(index);
                break;
            }

            int wanted = Math.Min(limit - done, DatagramReceiver.Batch);
            Counters.Enters++;
            int count = _receiver.Receive(socket.Descriptor, wanted);
            for (int i = 0; i < count; i++)
            {
                DatagramRoute route = default;
                route.Socket = index;
                ReadOnlySpan<byte> payload = _receiver.Read(i, ref route, out bool truncated);
                Handler.DatagramReceived(socket.Tag, payload, in route, truncated);
            }

            done += Math.Max(count, 0);
            if (count < 0 && Marshal.GetLastPInvokeError() != Libc.EAGAIN)
            {
                // A queued ICMP error was taken; datagrams may be waiting behind it.
                done++;
                continue;
            }

            if (count < wanted)
            {
                break;
            }
        }

        return done;
    }

    private void FlushDatagrams()
    {
        int start = 0;
        while (start < _sends.Count)
        {
            int descriptor = _sends.SocketOf(start);
            int end = start + 1;
            while (end < _sends.Count && _sends.SocketOf(end) == descriptor)
            {
                end++;
            }

            SendRange(descriptor, start, end);
            start = end;
        }

        _sends.Clear();
    }

    private void SendRange(int descriptor, int start, int end)
    {
        while (start < end)
        {
            Counters.Enters++;
            int sent = Libc.SendMessages(descriptor, _sends.Headers + start, (uint)(end - start), Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
            if (sent <= 0)
            {
                // The first of the range is refused: drop that one, as UDP may, and go on with the next.
                OnSendFailed(_sends.PeerSocketOf(start), Marshal.GetLastPInvokeError());
                sent = 1;
            }

            start += sent;
        }
    }

    private sealed class DatagramSocket
    {
        public int Descriptor;
        public int Tag;
        public bool Readable;
        public bool Stopped;
    }
}
