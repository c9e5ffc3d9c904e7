using System;
using System.Collections.Generic;
using Fastdist.Ring;
using Fastdist.Ring.Tests;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>A ring that asks nothing of the kernel: a test tells connections by hand what happened to them.</summary>
internal sealed class FakeRing : StandInRing
{
    private uint _streams;

    /// <summary>The payloads of the datagrams that were sent, in order.</summary>
    public List<byte[]> Datagrams { get; } = [];

    public override StreamHandle Connect(int descriptor, in SocketAddress remote, uint tag, StreamClass kind)
    {
        Sockets.Close(descriptor);
        return new StreamHandle(++_streams, 1);
    }

    public override void Close(StreamHandle stream)
    {
    }

    public override void Send(StreamHandle stream, NativeBuffer buffer, int offset, int length)
    {
    }

    /// <summary>What of the bytes sent on each stream has not arrived.</summary>
    public int Unarrived { get; set; }

    public override int Unacknowledged(StreamHandle stream) => Unarrived;

    public override bool SendLast(StreamHandle stream, ReadOnlySpan<byte> bytes) => true;

    public override void SendDatagram(int datagramSocket, in DatagramRoute route, ReadOnlySpan<byte> payload) => Datagrams.Add(payload.ToArray());
}
