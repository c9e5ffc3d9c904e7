using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Threading;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring.IoUring;

/// <summary>
/// A ring of receive buffers the kernel picks from (Linux 5.19). Invariant: each buffer is either
/// the kernel's or, between its completion and <see cref="Return"/>, the shard's.
/// </summary>
internal sealed unsafe class BufferGroup : IDisposable
{
    private readonly ProvidedBuffer* _ring;
    private readonly byte* _memory;
    private readonly uint _mask;
    private ushort _tail;

    /// <param name="queues">The ring to register with.</param>
    /// <param name="id">Group number submissions refer to.</param>
    /// <param name="count">Buffers; a power of two of at most 32,768.</param>
    /// <param name="size">Bytes of each.</param>
    public BufferGroup(UringQueues queues, ushort id, int count, int size)
    {
        Id = id;
        Size = size;
        _mask = (uint)count - 1;
        _ring = (ProvidedBuffer*)NativeMemory.AlignedAlloc((nuint)(count * sizeof(ProvidedBuffer)), 4096);
        new Span<byte>(_ring, count * sizeof(ProvidedBuffer)).Clear();
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)count * (nuint)size, 4096);
        var registration = new ProvidedBufferRegistration { RingAddress = (ulong)_ring, Entries = (uint)count, Group = id };
        int result = queues.Register(IoUringAbi.RegisterPbufRing, &registration, 1);
        if (result < 0)
        {
            throw new Win32Exception(-result, "io_uring_register(PBUF_RING)");
        }

        for (int i = 0; i < count; i++)
        {
            Return((ushort)i);
        }
    }

    public ushort Id { get; }

    /// <summary>Bytes of each buffer.</summary>
    public int Size { get; }

    /// <summary>The first bytes of a filled buffer.</summary>
    public byte* this[ushort buffer] => _memory + ((nuint)buffer * (nuint)Size);

    /// <summary>Gives a buffer back to the kernel, which may fill it at once.</summary>
    public void Return(ushort buffer)
    {
        ProvidedBuffer* slot = &_ring[_tail & _mask];
        slot->Address = (ulong)this[buffer];
        slot->Length = (uint)Size;
        slot->BufferId = buffer;
        Volatile.Write(ref _ring[0].Tail, ++_tail);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_ring);
        NativeMemory.AlignedFree(_memory);
    }
}
