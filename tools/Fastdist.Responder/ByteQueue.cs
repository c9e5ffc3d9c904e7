using System;
using Fastdist.Ring;

namespace Fastdist.Responder;

/// <summary>
/// Bytes appended at one end and taken at the other, in a pooled buffer that is held only while
/// there are bytes. Invariant: they begin at the buffer's start. Mutable struct: keep it in a field.
/// </summary>
internal struct ByteQueue(BufferPool pool)
{
    private readonly BufferPool _pool = pool;
    private NativeBuffer? _buffer;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Bytes => _buffer is null ? default : _buffer.Span[..Length];

    /// <summary>What can be filled; <see cref="Added"/> must follow, with how much was.</summary>
    public Span<byte> Room => (_buffer ??= _pool.Rent()).Span[Length..];

    public void Added(int count)
    {
        Length += count;
        ReturnWhenEmpty();
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room);
        Added(bytes.Length);
    }

    public void Taken(int count)
    {
        if (count == 0)
        {
            return;
        }

        Bytes[count..].CopyTo(_buffer!.Span);
        Length -= count;
        ReturnWhenEmpty();
    }

    /// <summary>Gives the buffer away with its bytes; the queue is empty then.</summary>
    public NativeBuffer Detach(out int length)
    {
        NativeBuffer buffer = _buffer!;
        length = Length;
        _buffer = null;
        Length = 0;
        return buffer;
    }

    public void Clear() => Taken(Length);

    private void ReturnWhenEmpty()
    {
        if (Length == 0 && _buffer is not null)
        {
            _pool.Return(_buffer);
            _buffer = null;
        }
    }
}
