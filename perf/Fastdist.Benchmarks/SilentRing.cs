using System;
using Fastdist.Ring;
using Fastdist.Ring.Tests;

namespace Fastdist.Benchmarks;

/// <summary>A ring on which connections begin, and nothing comes of them.</summary>
internal sealed class SilentRing : StandInRing
{
    private uint _streams;

    public override StreamHandle Connect(int descriptor, in SocketAddress remote, uint tag, StreamClass kind)
    {
        Sockets.Close(descriptor);
        return new StreamHandle(++_streams, 1);
    }

    public override void Send(StreamHandle stream, NativeBuffer buffer, int offset, int length)
    {
    }

    public override void Close(StreamHandle stream)
    {
    }

    public override int Unacknowledged(StreamHandle stream) => 0;

    public override bool SendLast(StreamHandle stream, ReadOnlySpan<byte> bytes) => true;
}
