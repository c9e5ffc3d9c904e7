using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Ring;
using Fastdist.Ring.Tests;

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
internal class HandRing : StandInRing
{
    private readonly List<Wire> _wires = [];

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
}
