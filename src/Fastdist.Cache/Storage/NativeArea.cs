using System;
using System.Runtime.InteropServices;

namespace Fastdist.Cache.Storage;

/// <summary>
/// Zeroed memory of the system, which gives pages as they are first written. Invariant: <see cref="Address"/> and <see cref="Size"/> bytes from it on are ours
/// until it is disposed of, which whoever reads them must not outlive.
/// </summary>
internal sealed unsafe class NativeArea : IDisposable
{
    /// <summary>What addresses are a multiple of, bytes: two cache lines, which processors fetch together.</summary>
    private const int Alignment = 128;

    private void* _memory;

    /// <summary>Takes it.</summary>
    /// <param name="size">Bytes.</param>
    /// <exception cref="OutOfMemoryException">The system has not so much.</exception>
    public NativeArea(nuint size)
    {
        // What large memory the allocator hands out zeroed comes from the system as it is asked for, and is not touched: an aligned allocation would have to be zeroed.
        _memory = NativeMemory.AllocZeroed(size + Alignment - 1);
        Address = ((nuint)_memory + Alignment - 1) & ~(nuint)(Alignment - 1);
        Size = size;
    }

    /// <summary>Its first byte, a multiple of 128.</summary>
    public nuint Address { get; }

    /// <summary>Bytes.</summary>
    public nuint Size { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_memory);
        _memory = null;
    }
}
