using System;
using System.Collections.Generic;
using Fastdist.Ring;

namespace Fastdist.Streams;

/// <summary>Buffers of one size that streams borrow while they hold something. One that grew goes back to its size.</summary>
internal sealed class BufferPool : IDisposable
{
    private const int MaxKept = 4096;

    private readonly int _size;
    private readonly Stack<NativeBuffer> _free = new(MaxKept);

    /// <param name="size">Bytes of a buffer; most messages and batches should fit.</param>
    public BufferPool(int size) => _size = size;

    /// <summary>Buffers that were taken and not returned.</summary>
    public int Taken { get; private set; }

    /// <summary>Makes so many more, ahead of the need for them.</summary>
    public void Prepare(int count)
    {
        for (int i = 0; i < count && _free.Count < MaxKept; i++)
        {
            _free.Push(new NativeBuffer(_size));
        }
    }

    /// <summary>A buffer of at least so many bytes.</summary>
    public NativeBuffer Take(int least = 0)
    {
        Taken++;
        NativeBuffer buffer = _free.TryPop(out NativeBuffer? pooled) ? pooled : new NativeBuffer(_size);
        if (buffer.Length < least)
        {
            buffer.Resize(least, keep: 0);
        }

        return buffer;
    }

    public void Return(NativeBuffer buffer)
    {
        Taken--;
        if (_free.Count == MaxKept)
        {
            buffer.Dispose();
            return;
        }

        if (buffer.Length != _size)
        {
            buffer.Resize(_size, keep: 0);
        }

        _free.Push(buffer);
    }

    public void Dispose()
    {
        while (_free.TryPop(out NativeBuffer? buffer))
        {
            buffer.Dispose();
        }
    }
}
