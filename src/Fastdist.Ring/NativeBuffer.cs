using System;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Fastdist.Ring;

/// <summary>
/// Memory outside the GC heap that the kernel may read or write while no managed frame holds it.
/// Invariant: <c>_pointer</c> addresses <see cref="Length"/> bytes from construction to <see cref="Dispose"/>;
/// the owner disposes only after the ring told it that the kernel is done.
/// </summary>
public sealed unsafe class NativeBuffer : IDisposable
{
    private byte* _pointer;

    /// <summary>Allocates uninitialised memory, aligned to 64 bytes.</summary>
    /// <param name="length">Bytes; at least 1.</param>
    public NativeBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        _pointer = (byte*)NativeMemory.AlignedAlloc((nuint)length, 64);
        Length = length;
    }

    /// <summary>Size in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The whole buffer.</summary>
    public Span<byte> Span => new(_pointer, Length);

    internal byte* Pointer => _pointer;

    /// <summary>Changes the length and keeps the first bytes. Only while nothing in the kernel refers to the buffer.</summary>
    public void Resize(int length, int keep)
    {
        Debug.Assert(keep <= Length && keep <= length);
        var other = (byte*)NativeMemory.AlignedAlloc((nuint)length, 64);
        new Span<byte>(_pointer, keep).CopyTo(new Span<byte>(other, length));
        NativeMemory.AlignedFree(_pointer);
        _pointer = other;
        Length = length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
        Length = 0;
    }
}
