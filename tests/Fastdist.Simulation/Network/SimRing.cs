using System;
using System.Collections.Generic;
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
    private readonly List<int> _listenerTags = [];
    private readonly List<int> _datagramTags = [];
    private readonly Queue<(int Listener, int Descriptor)> _accepted = new();
    private readonly Queue<int> _closingListeners = new();
    private readonly Queue<(int Socket, SocketAddress Peer, byte[] Payload)> _datagrams = new();
    private readonly bool _readsClockLate;
    private int _firstSource;
    private bool _isWoken;
    private bool _stoppedReceiving;

    public SimRing(World world, IRingHandler handler)
        : base(handler, new RingCounters())
    {
        _world = world;
        _random = world.Random;

        // The epoll ring reports ends before it has waited, io_uring reports nothing before.
        _readsClockLate = _random.Next(2) == 0;
    }

    public override string Name => "simulated";

    /// <summary>Whether a turn would find something.</summary>
    public bool IsReady => _isWoken || _ready.Count > 0 || _closing.Count > 0 || _accepted.Count > 0 || _datagrams.Count > 0 || _readyPeers.Count > 0 || _closingListeners.Count > 0;

    /// <summary>Whether connections are accepted.</summary>
    public bool IsListening { get; private set; }

    /// <summary>Whether the process that it belongs to is gone.</summary>
    public bool IsDisposed { get; private set; }

    public override int AddListener(int descriptor, int tag)
    {
        _listenerTags.Add(tag);
        IsListening = true;
        return _listenerTags.Count - 1;
    }

    public override void CloseListener(int listener)
    {
        IsListening = false;
        _closingListeners.Enqueue(listener);
    }

    public override void ReplaceListener(int listener, int descriptor) => throw new NotSupportedException();

    public override int AddDatagramSocket(int descriptor, int tag)
    {
        _datagramTags.Add(tag);
        return _datagramTags.Count - 1;
    }

    public override void StopReceiving(int datagramSocket) => _stoppedReceiving = true;

    public override bool TurnAway(int datagramSocket) => throw new NotSupportedException();

    public override void CloseDatagramSocket(int datagramSocket) => throw new NotSupportedException();

    public override void Resize(int listener, int backlog, int fastOpenQueue)
    {
    }

    public override void ReplaceDatagramSocket(int datagramSocket, int descriptor) => throw new NotSupportedException();

    public override void SendDatagram(int datagramSocket, in DatagramRoute route, ReadOnlySpan<byte> payload) =>
        _world.Deliver(route.Peer, payload.ToArray());

    /// <summary>A datagram arrives from the network.</summary>
    /// <returns>False when nobody receives it.</returns>
    public bool Arrive(int socket, in SocketAddress peer, byte[] payload)
    {
        if (IsDisposed || _stoppedReceiving)
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
            Handler.DatagramReceived(_datagramTags[datagram.Socket], datagram.Payload, in route, truncated: false);
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
        Handler.AcceptFailed(_listenerTags[first.Listener], Errno.TooManyOpenFiles);
        return true;
    }

    private int RunListeners(int limit)
    {
        int done = 0;
        for (; done < limit && !LacksDescriptor() && _accepted.TryDequeue(out (int Listener, int Descriptor) accepted); done++)
        {
            Handler.Accepted(_listenerTags[accepted.Listener], accepted.Descriptor);
        }

        for (; done < limit && _accepted.Count == 0 && _closingListeners.TryDequeue(out int listener); done++)
        {
            Handler.ListenerClosed(_listenerTags[listener]);
        }

        return done;
    }
}
