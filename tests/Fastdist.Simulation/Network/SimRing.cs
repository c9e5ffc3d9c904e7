using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Ring;

namespace Fastdist.Simulation.Network;

/// <summary>
/// A shard's ring over the simulated network, which keeps to the contract of <see cref="Ring.Ring"/> and sees to it that the shard does.
/// This part holds turns, listeners and datagrams.
/// </summary>
internal sealed partial class SimRing : Ring.Ring
{
    private readonly World _world;
    private readonly Random _random;
    private readonly List<Bound> _listeners = [];
    private readonly List<Bound> _datagramSockets = [];
    private readonly Queue<(int Listener, int Descriptor)> _accepted = new();
    private readonly Queue<int> _closingListeners = new();
    private readonly Queue<(int Socket, SocketAddress Peer, byte[] Payload)> _datagrams = new();
    private readonly bool _readsClockLate;
    private int _firstSource;
    private bool _isWoken;

    public SimRing(World world, IRingHandler handler)
        : base(handler, new RingCounters())
    {
        _world = world;
        _random = world.Random;

        // The epoll ring reports ends before it has waited, io_uring reports nothing before.
        _readsClockLate = _random.Next(2) == 0;
    }

    /// <summary>Whether what a turn begins with goes by the time of the turn before.</summary>
    public bool ReadsClockLate => _readsClockLate;

    public override string Name => "simulated";

    /// <summary>Whether a turn would find something.</summary>
    public bool IsReady => _isWoken || _ready.Count > 0 || _closing.Count > 0 || _accepted.Count > 0 || _datagrams.Count > 0 || _readyPeers.Count > 0 || _closingListeners.Count > 0;

    /// <summary>Whether the process that it belongs to is gone.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>The open listener that accepts for a frontend; -1 when there is none.</summary>
    public int ListenerOf(int tag) => _listeners.FindIndex(l => l.IsTaking && l.Tag == tag);

    /// <summary>The datagram socket to which the kernel gives what comes for a frontend; -1 when there is none.</summary>
    public int DatagramSocketOf(int tag) => _datagramSockets.FindIndex(s => s.IsTaking && s.Tag == tag);

    public override int AddListener(int descriptor, int tag) => Add(_listeners, tag);

    public override void CloseListener(int listener)
    {
        _world.Require(_listeners[listener].IsTaking, "a listener was closed twice");
        _listeners[listener].IsTaking = false;
        _closingListeners.Enqueue(listener);
    }

    public override void ReplaceListener(int listener, int descriptor) => throw new NotSupportedException();

    public override int AddDatagramSocket(int descriptor, int tag) => Add(_datagramSockets, tag);

    public override void StopReceiving(int datagramSocket) => _datagramSockets[datagramSocket].IsTaking = false;

    public override bool TurnAway(int datagramSocket)
    {
        _datagramSockets[datagramSocket].IsTaking = false;
        return true;
    }

    public override void CloseDatagramSocket(int datagramSocket)
    {
        _world.Require(_datagrams.All(d => d.Socket != datagramSocket), "a datagram socket was closed with what was sent to it unread");
        _world.Require(_datagramSockets[datagramSocket].IsOpen, "a datagram socket was closed twice");
        _datagramSockets[datagramSocket].IsOpen = _datagramSockets[datagramSocket].IsTaking = false;
    }

    public override void Resize(int listener, int backlog, int fastOpenQueue)
    {
    }

    public override void ReplaceDatagramSocket(int datagramSocket, int descriptor) => throw new NotSupportedException();

    public override void SendDatagram(int datagramSocket, in DatagramRoute route, ReadOnlySpan<byte> payload)
    {
        _world.Require(_datagramSockets[datagramSocket].IsOpen, "a datagram was sent from a socket that is closed");
        _world.Deliver(route.Peer, payload.ToArray());
    }

    /// <summary>A datagram arrives from the network.</summary>
    /// <returns>False when nobody receives it.</returns>
    public bool Arrive(int socket, in SocketAddress peer, byte[] payload)
    {
        if (IsDisposed || socket < 0)
        {
            return false;
        }

        _datagrams.Enqueue((socket, peer, payload));
        return true;
    }

    /// <summary>A connection stands in the queue of a listener.</summary>
    public void Arrive(int listener, int descriptor) => _accepted.Enqueue((listener, descriptor));

    public override int Turn(int maxCompletions, int timeout)
    {
        Submit();
        Counters.Enters++;
        if (!_readsClockLate)
        {
            Handler.Awake();
        }

        int done = RunClosing();
        const int Kinds = 3;
        for (int kind = 0; kind < Kinds; kind++)
        {
            done += ((_firstSource + kind) % Kinds) switch
            {
                0 => RunStreams(maxCompletions - done),
                1 => RunDatagrams(maxCompletions - done) is var datagrams ? datagrams + RunPeers(maxCompletions - done - datagrams) : 0,
                _ => RunListeners(maxCompletions - done),
            };
        }

        _firstSource = (_firstSource + 1) % Kinds;
        if (_readsClockLate)
        {
            Handler.Awake();
        }

        if (_isWoken)
        {
            _isWoken = false;
            Handler.Woken();
        }

        return done;
    }

    public override void Wake() => _isWoken = true;

    public override void Dispose()
    {
        Submit();
        IsDisposed = true;
        foreach (SimStream stream in _streams)
        {
            stream.Socket?.CloseQuietly();
        }

        foreach (SimPeer peer in _peers)
        {
            peer.Socket?.Close();
        }
    }

    private int RunDatagrams(int limit)
    {
        int done = 0;
        for (; done < limit && _datagrams.TryDequeue(out (int Socket, SocketAddress Peer, byte[] Payload) datagram); done++)
        {
            var route = new DatagramRoute { Peer = datagram.Peer, Socket = datagram.Socket };
            Handler.DatagramReceived(_datagramSockets[datagram.Socket].Tag, datagram.Payload, in route, truncated: false);
        }

        return done;
    }

    /// <summary>Without a descriptor whoever is next waits on.</summary>
    private bool LacksDescriptor()
    {
        if (!_accepted.TryPeek(out (int Listener, int Descriptor) first) || !_world.LacksDescriptor())
        {
            return false;
        }

        Counters.AcceptErrors++;
        Handler.AcceptFailed(_listeners[first.Listener].Tag, Errno.TooManyOpenFiles);
        return true;
    }

    private int RunListeners(int limit)
    {
        int done = 0;
        for (; done < limit && !LacksDescriptor() && _accepted.TryDequeue(out (int Listener, int Descriptor) accepted); done++)
        {
            Handler.Accepted(_listeners[accepted.Listener].Tag, accepted.Descriptor);
        }

        for (; done < limit && _accepted.Count == 0 && _closingListeners.TryDequeue(out int listener); done++)
        {
            _listeners[listener].IsOpen = false;
            Handler.ListenerClosed(_listeners[listener].Tag);
        }

        return done;
    }

    /// <summary>Numbers of closed ones come again.</summary>
    private static int Add(List<Bound> sockets, int tag)
    {
        int number = sockets.FindIndex(static socket => !socket.IsOpen);
        if (number < 0)
        {
            number = sockets.Count;
            sockets.Add(new Bound());
        }

        sockets[number] = new Bound { Tag = tag, IsOpen = true, IsTaking = true };
        return number;
    }

    /// <summary>A listener, or a socket that datagrams of clients come to.</summary>
    private sealed class Bound
    {
        public int Tag { get; init; }

        public bool IsOpen { get; set; }

        /// <summary>Whether the kernel gives it what comes.</summary>
        public bool IsTaking { get; set; }
    }
}
