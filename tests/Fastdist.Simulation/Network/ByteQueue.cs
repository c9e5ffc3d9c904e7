using System;

namespace Fastdist.Simulation.Network;

/// <summary>Bytes in order, put in at one end and taken out at the other.</summary>
internal sealed class ByteQueue
{
    private byte[] _bytes = new byte[256];
    private int _start;

    public int Length { get; private set; }

    /// <summary>What is in it.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, Length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_start + Length + bytes.Length > _bytes.Length)
        {
            byte[] target = Length + bytes.Length > _bytes.Length ? new byte[Math.Max(_bytes.Length * 2, Length + bytes.Length)] : _bytes;
            Span.CopyTo(target);
            (_bytes, _start) = (target, 0);
        }

        bytes.CopyTo(_bytes.AsSpan(_start + Length));
        Length += bytes.Length;
    }

    /// <summary>Takes bytes out at the front.</summary>
    public void Drop(int count)
    {
        _start += count;
        Length -= count;
        _start = Length == 0 ? 0 : _start;
    }
}
