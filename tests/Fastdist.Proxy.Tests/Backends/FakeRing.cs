using System;
using System.Collections.Generic;
using Fastdist.Ring;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>A ring that asks nothing of the kernel: a test tells connections by hand what happened to them.</summary>
internal sealed class FakeRing() : Ring.Ring(new Nobody(), new RingCounters())
{
    private uint _streams;

    public override string Name => "fake";

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

    public override void Dispose()
    {
    }

    public override int AddListener(int descriptor, int tag) => throw new NotSupportedException();

    public override void ReplaceListener(int listener, int descriptor) => throw new NotSupportedException();

    public override void ReplaceDatagramSocket(int datagramSocket, int descriptor) => throw new NotSupportedException();

    public override void CloseListener(int listener) => throw new NotSupportedException();

    public override int AddDatagramSocket(int descriptor, int tag) => throw new NotSupportedException();

    public override void StopReceiving(int datagramSocket) => throw new NotSupportedException();

    public override void SendDatagram(int datagramSocket, in DatagramRoute route, ReadOnlySpan<byte> payload) => Datagrams.Add(payload.ToArray());

    public override StreamHandle Adopt(int descriptor, uint tag, StreamClass kind) => throw new NotSupportedException();

    public override void Pause(StreamHandle stream) => throw new NotSupportedException();

    public override void Resume(StreamHandle stream) => throw new NotSupportedException();

    public override void ShutdownSend(StreamHandle stream) => throw new NotSupportedException();

    public override int Turn(int maxCompletions, int timeout) => throw new NotSupportedException();

    public override void Wake() => throw new NotSupportedException();

    private sealed class Nobody : IRingHandler
    {
        public void Accepted(int listenerTag, int descriptor) => throw new NotSupportedException();

        public void ListenerClosed(int listenerTag) => throw new NotSupportedException();

        public void DatagramReceived(int socketTag, ReadOnlySpan<byte> payload, in DatagramRoute route, bool truncated) => throw new NotSupportedException();

        public void Connected(uint tag, StreamHandle stream, int errno) => throw new NotSupportedException();

        public int Received(uint tag, StreamHandle stream, ReadOnlySpan<byte> data) => throw new NotSupportedException();

        public void ReceiveEnded(uint tag, StreamHandle stream, int errno) => throw new NotSupportedException();

        public void Sent(uint tag, StreamHandle stream, int errno) => throw new NotSupportedException();

        public void Closed(uint tag) => throw new NotSupportedException();

        public void Woken() => throw new NotSupportedException();
    }
}
