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
public sealed unsafe partial class EpollRing : KernelRing
{
    private const int EventCapacity = 256;
    private const int AcceptBatch = 64;
    private const int AcceptBackoffMs = 100;
    private const int AcceptRetryMs = 5;

    private readonly int _epoll;
    private readonly int _wake;
    private readonly EpollEvent* _events;
    private readonly DatagramReceiver _receiver;
    private readonly DatagramReceiver _peerReceiver;
    private readonly DatagramSends _sends;
    private readonly NativeBuffer[] _streamBuffers;
    private readonly List<Listener> _listeners = [];
    private readonly List<DatagramSocket> _datagramSockets = [];
    private readonly Stack<int> _freeListeners = new();
    private readonly Stack<int> _freeDatagramSockets = new();
    private readonly Queue<int> _readableSockets = new();
    private readonly Queue<int> _readablePeers = new();
    private readonly Queue<int> _closingPeers = new();
    private readonly Queue<FailedSend> _failedSends = new();
    private readonly Queue<int> _readyListeners = new();
    private int _firstSource;
    private int _acceptPauseMs = AcceptBackoffMs;
    private bool _relisten;
    private bool _isDraining;
    private bool _woken;

    /// <summary>Sets up the ring on the calling thread, which becomes its only user.</summary>
    public EpollRing(RingOptions options, IRingHandler handler)
        : base(options, handler)
    {
        _epoll = Libc.EpollCreate(Libc.EPOLL_CLOEXEC);
        if (_epoll < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new Win32Exception(errno, $"cannot make an epoll instance: {Sockets.Describe(errno)}");
        }

        _events = (EpollEvent*)NativeMemory.AllocZeroed(EventCapacity, (nuint)sizeof(EpollEvent));
        _receiver = new DatagramReceiver(options.MaxReceivedDatagram);
        _peerReceiver = new DatagramReceiver(options.PeerBufferSize);
        _sends = new DatagramSends(options.DatagramSends, Math.Max(options.MaxDatagram, RingOptions.MaxToPeer));
        _streamBuffers = [new NativeBuffer(options.ClientBufferSize), new NativeBuffer(options.BackendBufferSize)];
        _wake = Libc.EventDescriptor(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
        if (_wake < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new Win32Exception(errno, $"cannot make an event descriptor: {Sockets.Describe(errno)}");
        }

        Watch(_wake, Libc.EPOLLIN, Source.Wake, 0, 0);
    }

    private enum Source : byte
    {
        Wake,
        Listener,
        Datagram,
        Stream,
        Peer,
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
        ClosePeers();
        int done = RunClosing();
        done += RunSources(maxCompletions - done);
        bool busy = done > 0 || Queued.Count + Closing.Count > 0 || _readableSockets.Count + _readablePeers.Count + _failedSends.Count > 0;
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
    public override void Dispose()
    {
        CloseStreams();
        _listeners.ForEach(listener => Libc.Close(listener.Descriptor));
        _datagramSockets.ForEach(socket => Libc.Close(socket.Descriptor));
        Libc.Close(_wake);
        Libc.Close(_epoll);
        Streams.Dispose();
        Array.ForEach(_streamBuffers, buffer => buffer.Dispose());
        Peers.Close();
        _receiver.Dispose();
        _peerReceiver.Dispose();
        _sends.Dispose();
        NativeMemory.Free(_events);
    }

    /// <summary>Works on all that is ready; each kind is first in turn, so that none starves when the limit is short.</summary>
    private int RunSources(int limit)
    {
        const int Kinds = 4;
        int done = 0;
        for (int i = 0; i < Kinds && done < limit; i++)
        {
            done += ((_firstSource + i) % Kinds) switch
            {
                0 => RunQueued(limit - done),
                1 => RunDatagrams(limit - done),
                2 => RunPeers(limit - done),
                _ => RunListeners(limit - done),
            };
        }

        _firstSource = (_firstSource + 1) % Kinds;
        return done;
    }

    private bool Watch(int descriptor, uint events, Source source, uint generation, uint index)
    {
        var change = new EpollEvent { Events = events, Data = ((ulong)source << 56) | ((ulong)generation << 32) | index };
        return Libc.EpollControl(_epoll, Libc.EPOLL_CTL_ADD, descriptor, &change) == 0;
    }

    private int WaitBound(int timeout) =>
        !_relisten ? timeout : _isDraining ? 0 : timeout < 0 ? _acceptPauseMs : Math.Min(timeout, _acceptPauseMs);

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
                case Source.Peer:
                    OnPeerEvent((int)index, (uint)(_events[i].Data >> 32) & 0xFFFFFF, _events[i].Events);
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
}
