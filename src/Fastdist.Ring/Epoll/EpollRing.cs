using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring.Epoll;

/// <summary>
/// The ring over epoll, recvmmsg and sendmmsg, for hosts that refuse io_uring. Requests are kept
/// until the next turn, as the io_uring ring does, so that both report in the same order. This part
/// holds the loop, listeners and datagrams.
/// </summary>
public sealed unsafe partial class EpollRing : Ring
{
    private const int EventCapacity = 256;
    private const int AcceptBatch = 64;
    private const int AcceptBackoffMs = 100;

    private readonly int _epoll;
    private readonly int _wake;
    private readonly EpollEvent* _events;
    private readonly DatagramReceiver _receiver;
    private readonly DatagramSends _sends;
    private readonly StreamTable _streams;
    private readonly NativeBuffer[] _streamBuffers;
    private readonly List<Listener> _listeners = [];
    private readonly List<DatagramSocket> _datagramSockets = [];
    private readonly Queue<uint> _queued = new(1024);
    private readonly Queue<int> _readableSockets = new();
    private readonly Queue<int> _readyListeners = new();
    private int _firstSource;
    private bool _relisten;
    private bool _woken;

    /// <summary>Sets up the ring on the calling thread, which becomes its only user.</summary>
    public EpollRing(RingOptions options, IRingHandler handler)
        : base(handler, new RingCounters())
    {
        _epoll = Libc.EpollCreate(Libc.EPOLL_CLOEXEC);
        if (_epoll < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_create1");
        }

        _events = (EpollEvent*)NativeMemory.AllocZeroed(EventCapacity, (nuint)sizeof(EpollEvent));
        _receiver = new DatagramReceiver(options.MaxReceivedDatagram);
        _sends = new DatagramSends(options.DatagramSends, options.MaxDatagram);
        _streams = new StreamTable(options.MaxStreams);
        _streamBuffers = [new NativeBuffer(options.ClientBufferSize), new NativeBuffer(options.BackendBufferSize)];
        _wake = Libc.EventDescriptor(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
        Watch(_wake, Libc.EPOLLIN, Source.Wake, 0, 0);
    }

    private enum Source : byte
    {
        Wake,
        Listener,
        Datagram,
        Stream,
    }

    /// <inheritdoc/>
    public override string Name => "epoll";

    /// <inheritdoc/>
    public override int Turn(int maxCompletions, int timeout)
    {
        if (_relisten)
        {
            Relisten();
        }

        FlushDatagrams();
        int done = RunSources(maxCompletions);
        bool busy = done > 0 || _queued.Count > 0 || _readableSockets.Count > 0;
        Collect(busy ? 0 : WaitBound(timeout));
        done += RunSources(maxCompletions - done);
        if (_woken)
        {
            _woken = false;
            Handler.Woken();
        }

        return done;
    }

    /// <inheritdoc/>
    public override void Wake()
    {
        long one = 1;
        Libc.Write(_wake, &one, sizeof(long));
    }

    /// <inheritdoc/>
    public override int AddListener(int descriptor, int tag)
    {
        _listeners.Add(new Listener { Descriptor = descriptor, Tag = tag });
        Watch(descriptor, Libc.EPOLLIN, Source.Listener, 0, (uint)(_listeners.Count - 1));
        return _listeners.Count - 1;
    }

    /// <inheritdoc/>
    public override void CloseListener(int listener)
    {
        _listeners[listener].Closing = true;
        _relisten = true;
    }

    /// <inheritdoc/>
    public override int AddDatagramSocket(int descriptor, int tag)
    {
        _datagramSockets.Add(new DatagramSocket { Descriptor = descriptor, Tag = tag });
        Watch(descriptor, Libc.EPOLLIN | Libc.EPOLLET, Source.Datagram, 0, (uint)(_datagramSockets.Count - 1));
        return _datagramSockets.Count - 1;
    }

    /// <inheritdoc/>
    public override void StopReceiving(int datagramSocket) => _datagramSockets[datagramSocket].Stopped = true;

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

    /// <inheritdoc/>
    public override void Dispose()
    {
        for (uint i = 0; i < _streams.Capacity; i++)
        {
            if (_streams[i].Descriptor > 0)
            {
                Libc.Close(_streams[i].Descriptor);
            }
        }

        _listeners.ForEach(listener => Libc.Close(listener.Descriptor));
        _datagramSockets.ForEach(socket => Libc.Close(socket.Descriptor));
        Libc.Close(_wake);
        Libc.Close(_epoll);
        Array.ForEach(_streamBuffers, buffer => buffer.Dispose());
        _receiver.Dispose();
        _sends.Dispose();
        NativeMemory.Free(_events);
    }

    /// <summary>Works on all that is ready; each kind is first in turn, so that none starves when the limit is short.</summary>
    private int RunSources(int limit)
    {
        const int Kinds = 3;
        int done = 0;
        for (int i = 0; i < Kinds && done < limit; i++)
        {
            done += ((_firstSource + i) % Kinds) switch
            {
                0 => RunQueued(limit - done),
                1 => RunDatagrams(limit - done),
                _ => RunListeners(limit - done),
            };
        }

        _firstSource = (_firstSource + 1) % Kinds;
        return done;
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

    private int RunListeners(int limit)
    {
        int done = 0;
        for (int listeners = _readyListeners.Count; listeners > 0 && done < limit; listeners--)
        {
            Listener listener = _listeners[_readyListeners.Dequeue()];
            listener.Ready = false;
            done += AcceptSome(listener, Math.Min(limit - done, AcceptBatch));
        }

        return done;
    }

    private bool Watch(int descriptor, uint events, Source source, uint generation, uint index)
    {
        var change = new EpollEvent { Events = events, Data = ((ulong)source << 56) | ((ulong)generation << 32) | index };
        return Libc.EpollControl(_epoll, Libc.EPOLL_CTL_ADD, descriptor, &change) == 0;
    }

    private int WaitBound(int timeout) =>
        !_relisten ? timeout : timeout < 0 ? AcceptBackoffMs : Math.Min(timeout, AcceptBackoffMs);

    private void Collect(int timeout)
    {
        Counters.Enters++;
        int count = Libc.EpollWait(_epoll, _events, EventCapacity, timeout);
        Handler.Awake();
        for (int i = 0; i < count; i++)
        {
            uint index = (uint)_events[i].Data;
            switch ((Source)(_events[i].Data >> 56))
            {
                case Source.Stream:
                    OnStreamEvent(index, (uint)(_events[i].Data >> 32) & 0xFFFFFF, _events[i].Events);
                    break;
                case Source.Datagram:
                    MarkReadable((int)index);
                    break;
                case Source.Listener:
                    MarkReady((int)index);
                    break;
                default:
                    long value;
                    Libc.Read(_wake, &value, sizeof(long));
                    _woken = true;
                    break;
            }
        }
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
                Counters.DatagramSendErrors++;
                sent = 1;
            }

            start += sent;
        }
    }

    // The event is level-triggered: what the limit leaves in the queue is reported again.
    private void MarkReady(int index)
    {
        if (!_listeners[index].Ready)
        {
            _listeners[index].Ready = true;
            _readyListeners.Enqueue(index);
        }
    }

    private int AcceptSome(Listener listener, int limit)
    {
        int done = 0;
        while (done < limit && !listener.Closed)
        {
            int descriptor = Libc.Accept(listener.Descriptor, null, null, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
            if (descriptor >= 0)
            {
                done++;
                Handler.Accepted(listener.Tag, descriptor);
                continue;
            }

            int errno = Marshal.GetLastPInvokeError();
            if (errno is not (Libc.EAGAIN or Libc.ECONNABORTED or Libc.EINTR))
            {
                // Out of descriptors: stop watching for a while, or the level-triggered event would spin.
                Counters.AcceptErrors++;
                Libc.EpollControl(_epoll, Libc.EPOLL_CTL_DEL, listener.Descriptor, null);
                listener.RetryAt = Environment.TickCount64 + AcceptBackoffMs;
                _relisten = true;
            }

            if (errno != Libc.ECONNABORTED)
            {
                break;
            }
        }

        return done;
    }

    private void Relisten()
    {
        _relisten = false;
        for (int i = 0; i < _listeners.Count; i++)
        {
            Listener listener = _listeners[i];
            if (listener.Closing && !listener.Closed)
            {
                DrainListener(listener);
            }
            else if (listener.RetryAt != 0 && !listener.Closed)
            {
                if (listener.RetryAt > Environment.TickCount64)
                {
                    _relisten = true;
                    continue;
                }

                listener.RetryAt = 0;
                Watch(listener.Descriptor, Libc.EPOLLIN, Source.Listener, 0, (uint)i);
            }
        }
    }

    private void DrainListener(Listener listener)
    {
        int descriptor;
        while ((descriptor = Libc.Accept(listener.Descriptor, null, null, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC)) >= 0)
        {
            Handler.Accepted(listener.Tag, descriptor);
        }

        listener.Closed = true;
        Libc.Close(listener.Descriptor);
        listener.Descriptor = -1;
        Handler.ListenerClosed(listener.Tag);
    }

    private sealed class Listener
    {
        public int Descriptor;
        public int Tag;
        public bool Ready;
        public bool Closing;
        public bool Closed;
        public long RetryAt;
    }

    private sealed class DatagramSocket
    {
        public int Descriptor;
        public int Tag;
        public bool Readable;
        public bool Stopped;
    }
}
