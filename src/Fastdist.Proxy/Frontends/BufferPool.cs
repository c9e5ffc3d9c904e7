using System;
using System.Collections.Generic;
using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>Small buffers that connections borrow while they hold something. One that grew goes back to its size.</summary>
internal sealed class BufferPool : IDisposable
{
    /// <summary>Bytes of a pooled buffer; most messages and batches fit.</summary>
    public const int Size = 4096;

    private const int MaxKept = 4096;

    /// <summary>Made at the start, so that a moderate load finds all it needs.</summary>
    private const int Prepared = 64;

    private readonly Stack<NativeBuffer> _free = new(MaxKept);

    public BufferPool()
    {
        for (int i = 0; i < Prepared; i++)
        {
            _free.Push(new NativeBuffer(Size));
        }
    }

    /// <summary>Buffers that were taken and not returned.</summary>
    public int Taken { get; private set; }

    /// <summary>A buffer of at least so many bytes, <see cref="Size"/> unless more are wanted.</summary>
    public NativeBuffer Take(int least = Size)
    {
        Taken++;
        NativeBuffer buffer = _free.TryPop(out NativeBuffer? pooled) ? pooled : new NativeBuffer(Size);
        if (buffer.Length < least)
        {
            buffer.Resize(least, keep: 0);
        }

        return buffer;
    }

    public void Dispose()
    {
        while (_free.TryPop(out NativeBuffer? buffer))
        {
            buffer.Dispose();
        }
    }

    public void Return(NativeBuffer buffer)
    {
        Taken--;
        if (_free.Count == MaxKept)
        {
            buffer.Dispose();
            return;
        }

        if (buffer.Length != Size)
        {
            buffer.Resize(Size, keep: 0);
        }

        _free.Push(buffer);
    }
}
