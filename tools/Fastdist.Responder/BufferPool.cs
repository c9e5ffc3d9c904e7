using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Ring;

namespace Fastdist.Responder;

/// <summary>
/// Buffers of one size for batches and sends of one thread. Connections hold one only while it has
/// bytes in it, so idle ones cost none.
/// </summary>
internal sealed class BufferPool : IDisposable
{
    /// <summary>Bytes of answers at which a connection's queries wait until some were sent.</summary>
    public const int BatchBound = 64 * 1024;

    /// <summary>Below the bound one more frame of any size is admitted, so it fits behind the bound.</summary>
    private const int BufferSize = BatchBound + StreamFraming.MaxFrame;

    private readonly Stack<NativeBuffer> _free = new();

    public NativeBuffer Rent() => _free.TryPop(out NativeBuffer? buffer) ? buffer : new NativeBuffer(BufferSize);

    public void Return(NativeBuffer buffer) => _free.Push(buffer);

    public void Dispose()
    {
        while (_free.TryPop(out NativeBuffer? buffer))
        {
            buffer.Dispose();
        }
    }
}
