using System;
using System.Collections.Generic;
using System.Net;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Machines;

/// <summary>A machine whose time goes by as a test says, and whose sockets are numbers.</summary>
internal class HandMachine : Machine
{
    private readonly Random _random = new(1);
    private int _descriptors = 1000;

    /// <summary>Microseconds.</summary>
    public long Now { get; set; } = 1L << 40;

    /// <summary>How long each look at the clock takes, microseconds.</summary>
    public long LookTakes { get; set; }

    /// <summary>Why there is no socket to be had; 0 when there is.</summary>
    public int Shortage { get; set; }

    /// <summary>Who is at the other end of an accepted connection; who is not listed is gone.</summary>
    public Dictionary<int, SocketAddress> Peers { get; } = [];

    /// <summary>Descriptors that were closed, in order.</summary>
    public List<int> Closed { get; } = [];

    public override long Time => Now += LookTakes;

    public override Random CreateRandom() => new(1);

    public override void FillUnguessable(Span<byte> bytes) => _random.NextBytes(bytes);

    public override int OpenStream(in SocketAddress remote, Departure departure, bool fastOpen) =>
        Shortage == 0 ? _descriptors++ : -Shortage;

    public override int OpenDatagram(in SocketAddress remote, Departure departure, SocketBuffers buffers) =>
        Shortage == 0 ? _descriptors++ : -Shortage;

    public override bool TryGetPeer(int descriptor, out SocketAddress peer) => Peers.TryGetValue(descriptor, out peer);

    public override SocketAddress GetLocal(int descriptor) => SocketAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.53"), 53));

    public override void DisableNagle(int descriptor)
    {
    }

    public override void Close(int descriptor) => Closed.Add(descriptor);
}
