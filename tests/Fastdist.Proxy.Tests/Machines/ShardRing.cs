using System;
using System.Collections.Generic;
using Fastdist.Ring;

namespace Fastdist.Proxy.Tests.Machines;

/// <summary>The ring of a whole shard: what a test has happen is told in the next turn.</summary>
internal sealed class ShardRing(IRingHandler handler) : FakeRing
{
    private readonly Queue<Action<IRingHandler>> _completions = new();
    private int _listeners;
    private int _datagramSockets;

    /// <summary>Listeners that were to be closed.</summary>
    public List<int> ClosedListeners { get; } = [];

    /// <summary>Datagram sockets that are read no longer.</summary>
    public List<int> Unread { get; } = [];

    /// <summary>Datagram sockets to which nothing new comes.</summary>
    public List<int> TurnedAway { get; } = [];

    /// <summary>Datagram sockets that were closed.</summary>
    public List<int> ClosedDatagramSockets { get; } = [];

    /// <summary>Listeners whose queues got another length, and which.</summary>
    public List<(int Listener, int Backlog)> Resized { get; } = [];

    /// <summary>Sockets that took others' places: which, and the new descriptor.</summary>
    public List<(int Socket, int Descriptor)> Replaced { get; } = [];

    /// <summary>How often it was woken.</summary>
    public int Wakes { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Has something happen.</summary>
    public void Happen(Action<IRingHandler> what) => _completions.Enqueue(what);

    /// <summary>Has a datagram of its peer arrive at a connected socket; one that is closed by then gets nothing.</summary>
    public void Answer(FakePeer peer, byte[] payload, bool truncated = false) => Happen(handler =>
    {
        if (!peer.IsClosed)
        {
            handler.PeerDatagramReceived(peer.Tag, payload, truncated);
        }
    });

    /// <summary>Has the kernel report that the peer of a connected socket cannot be reached.</summary>
    public void Refuse(FakePeer peer, int errno) => Happen(handler =>
    {
        if (!peer.IsClosed)
        {
            handler.PeerDatagramFailed(peer.Tag, errno);
        }
    });

    public override int Turn(int maxCompletions, int timeout)
    {
        handler.Awake();
        int reported = 0;
        for (; reported < maxCompletions && _completions.TryDequeue(out Action<IRingHandler>? what); reported++)
        {
            what(handler);
        }

        return reported;
    }

    public override void Wake()
    {
        Wakes++;
        Happen(static handler => handler.Woken());
    }

    public override int AddListener(int descriptor, int tag) => _listeners++;

    public override void CloseListener(int listener) => ClosedListeners.Add(listener);

    public override void ReplaceListener(int listener, int descriptor) => Replaced.Add((listener, descriptor));

    public override int AddDatagramSocket(int descriptor, int tag) => _datagramSockets++;

    public override void ReplaceDatagramSocket(int datagramSocket, int descriptor) => Replaced.Add((datagramSocket, descriptor));

    public override void Resize(int listener, int backlog, int fastOpenQueue) => Resized.Add((listener, backlog));

    public override bool TurnAway(int datagramSocket)
    {
        TurnedAway.Add(datagramSocket);
        return true;
    }

    public override void CloseDatagramSocket(int datagramSocket) => ClosedDatagramSockets.Add(datagramSocket);

    public override void StopReceiving(int datagramSocket) => Unread.Add(datagramSocket);

    public override void Dispose() => IsDisposed = true;
}
