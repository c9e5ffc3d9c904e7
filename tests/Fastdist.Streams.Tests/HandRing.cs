using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Ring;

namespace Fastdist.Streams.Tests;

/// <summary>What a ring was asked to do with one stream.</summary>
internal sealed class Wire
{
    /// <summary>Bytes of each send, in order.</summary>
    public List<byte[]> Sends { get; } = [];

    /// <summary>Bytes offered at the last moment.</summary>
    public List<byte[]> Last { get; } = [];

    /// <summary>What the kernel takes of those; by default everything.</summary>
    public bool TakesLast { get; set; } = true;

    public bool IsPaused { get; set; }

    public bool IsShut { get; set; }

    public bool IsClosed { get; set; }

    public int Unacknowledged { get; set; }

    /// <summary>Bytes that left and the peer has not read.</summary>
    public Queue<byte> Way { get; } = new();
}

/// <summary>A ring that asks nothing of the kernel: a test says what becomes of what was sent.</summary>
internal sealed class HandRing() : Ring.Ring(new Nobody(), new RingCounters())
{
    private readonly List<Wire> _wires = [];

    public override string Name => "hand";

    public Wire this[StreamHandle stream] => _wires[(int)stream.Index];

    public StreamHandle Add()
    {
        _wires.Add(new Wire());
        return new StreamHandle((uint)_wires.Count - 1, 1);
    }

    public override void Send(StreamHandle stream, NativeBuffer buffer, int offset, int length)
    {
        byte[] bytes = buffer.Span.Slice(offset, length).ToArray();
        this[stream].Sends.Add(bytes);
        Array.ForEach(bytes, this[stream].Way.Enqueue);
    }

    public override bool SendLast(StreamHandle stream, ReadOnlySpan<byte> bytes)
    {
        this[stream].Last.Add(bytes.ToArray());
        bytes.ToArray().ToList().ForEach(this[stream].Way.Enqueue);
        return this[stream].TakesLast;
    }

    public override int Unacknowledged(StreamHandle stream) => this[stream].Unacknowledged;

    public override void Pause(StreamHandle stream) => this[stream].IsPaused = true;

    public override void Resume(StreamHandle stream) => this[stream].IsPaused = false;

    public override void ShutdownSend(StreamHandle stream) => this[stream].IsShut = true;

    public override void Close(StreamHandle stream) => this[stream].IsClosed = true;

    public override void Dispose()
    {
    }

    public override StreamHandle Adopt(int descriptor, uint tag, StreamClass kind) => throw new NotSupportedException();

    public override StreamHandle Connect(int descriptor, in SocketAddress remote, uint tag, StreamClass kind) => throw new NotSupportedException();

    public override int AddListener(int descriptor, int tag) => throw new NotSupportedException();

    public override void ReplaceListener(int listener, int descriptor) => throw new NotSupportedException();

    public override void ReplaceDatagramSocket(int datagramSocket, int descriptor) => throw new NotSupportedException();

    public override void CloseListener(int listener) => throw new NotSupportedException();

    public override int AddDatagramSocket(int descriptor, int tag) => throw new NotSupportedException();

    public override void StopReceiving(int datagramSocket) => throw new NotSupportedException();

    public override void SendDatagram(int datagramSocket, in DatagramRoute route, ReadOnlySpan<byte> payload) => throw new NotSupportedException();

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
