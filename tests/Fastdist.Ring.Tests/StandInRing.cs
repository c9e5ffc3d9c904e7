using System;

namespace Fastdist.Ring.Tests;

/// <summary>A ring without a kernel, and without anybody it would tell: what a test does not give a meaning to is not asked of it.</summary>
internal abstract class StandInRing() : Ring(new Nobody(), new RingCounters())
{
    public override string Name => "stand-in";

    public override StreamHandle Adopt(int descriptor, uint tag, StreamClass kind) => throw new NotSupportedException();

    public override StreamHandle Connect(int descriptor, in SocketAddress remote, uint tag, StreamClass kind) => throw new NotSupportedException();

    public override int AddListener(int descriptor, int tag) => throw new NotSupportedException();

    public override void ReplaceListener(int listener, int descriptor) => throw new NotSupportedException();

    public override void Resize(int listener, int backlog, int fastOpenQueue) => throw new NotSupportedException();

    public override void CloseListener(int listener) => throw new NotSupportedException();

    public override int AddDatagramSocket(int descriptor, int tag) => throw new NotSupportedException();

    public override void ReplaceDatagramSocket(int datagramSocket, int descriptor) => throw new NotSupportedException();

    public override bool TurnAway(int datagramSocket) => throw new NotSupportedException();

    public override void CloseDatagramSocket(int datagramSocket) => throw new NotSupportedException();

    public override void StopReceiving(int datagramSocket) => throw new NotSupportedException();

    public override void SendDatagram(int datagramSocket, in DatagramRoute route, ReadOnlySpan<byte> payload) => throw new NotSupportedException();

    public override int AddPeerSocket(int descriptor, uint tag) => throw new NotSupportedException();

    public override void SendToPeer(int peerSocket, ReadOnlySpan<byte> payload) => throw new NotSupportedException();

    public override void ClosePeerSocket(int peerSocket) => throw new NotSupportedException();

    public override void Pause(StreamHandle stream) => throw new NotSupportedException();

    public override void Resume(StreamHandle stream) => throw new NotSupportedException();

    public override void ShutdownSend(StreamHandle stream) => throw new NotSupportedException();

    public override int Turn(int maxCompletions, int timeout) => throw new NotSupportedException();

    public override void Wake() => throw new NotSupportedException();

    public override void Dispose()
    {
    }

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
