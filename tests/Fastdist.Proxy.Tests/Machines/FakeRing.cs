using System;
using System.Collections.Generic;
using Fastdist.Ring;
using Fastdist.Streams.Tests;
using Xunit;

namespace Fastdist.Proxy.Tests.Machines;

/// <summary>A shard's ring that asks nothing of the kernel: a test sees what was asked of it, and tells by hand what happened.</summary>
internal class FakeRing : HandRing
{
    private readonly Dictionary<uint, StreamHandle> _streams = [];
    private readonly List<FakePeer> _peers = [];
    private readonly Stack<int> _freePeers = new();

    /// <summary>The payloads of the datagrams that were sent, in order.</summary>
    public List<byte[]> Datagrams { get; } = [];

    /// <summary>Where they were sent.</summary>
    public List<DatagramRoute> Routes { get; } = [];

    /// <summary>Every socket there was that is connected to one peer, in the order of opening.</summary>
    public List<FakePeer> Peers { get; } = [];

    /// <summary>What of the bytes sent on each stream has not arrived.</summary>
    public int Unarrived { get; set; }

    /// <summary>Whether there is no room for another stream.</summary>
    public bool IsFull { get; set; }

    /// <summary>The tag of the newest stream.</summary>
    public uint LastTag { get; private set; }

    /// <summary>The stream that got a tag last.</summary>
    public Wire WireOf(uint tag) => this[_streams[tag]];

    public override StreamHandle Adopt(int descriptor, uint tag, StreamClass kind) => IsFull ? StreamHandle.None : Add(tag);

    public override StreamHandle Connect(int descriptor, in SocketAddress remote, uint tag, StreamClass kind) => Add(tag);

    public override int Unacknowledged(StreamHandle stream) => Unarrived;

    public override void SendDatagram(int datagramSocket, in DatagramRoute route, ReadOnlySpan<byte> payload)
    {
        Assert.Equal(datagramSocket, route.Socket);
        Datagrams.Add(payload.ToArray());
        Routes.Add(route);
    }

    public override int AddPeerSocket(int descriptor, uint tag)
    {
        if (!_freePeers.TryPop(out int number))
        {
            number = _peers.Count;
            _peers.Add(null!);
        }

        _peers[number] = new FakePeer(descriptor, tag);
        Peers.Add(_peers[number]);
        return number;
    }

    public override void SendToPeer(int peerSocket, ReadOnlySpan<byte> payload)
    {
        Assert.False(_peers[peerSocket].IsClosed);
        _peers[peerSocket].Sent.Add(payload.ToArray());
    }

    public override void ClosePeerSocket(int peerSocket)
    {
        Assert.False(_peers[peerSocket].IsClosed);
        _peers[peerSocket].IsClosed = true;
        _freePeers.Push(peerSocket);
    }

    private StreamHandle Add(uint tag)
    {
        LastTag = tag;
        return _streams[tag] = Add();
    }
}
