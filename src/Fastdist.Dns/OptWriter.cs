using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>Writes an OPT behind the last record of a message that has none (RFC 6891 section 6.1.2), option after option.</summary>
public ref struct OptWriter
{
    private readonly Span<byte> _buffer;
    private readonly int _start;

    private OptWriter(Span<byte> buffer, int length)
    {
        _buffer = buffer;
        _start = length;
        Length = length + OptRecord.FixedSize;
    }

    /// <summary>The message's length in bytes, the OPT included as far as it is written.</summary>
    public int Length { get; private set; }

    /// <summary>Begins an OPT of version 0 without options.</summary>
    /// <param name="buffer">The message, which the caller knows to be sound and without OPT and without signature, and room.</param>
    /// <param name="length">The message's length in bytes.</param>
    /// <param name="payloadSize">UDP payload that we receive, 512 to 65535 bytes.</param>
    /// <param name="dnssecOk">DO (RFC 3225).</param>
    /// <param name="writer">Writes the rest of it.</param>
    /// <returns>False, and nothing has changed, when it does not fit, or the message would be longer than 65535 bytes.</returns>
    public static bool TryBegin(Span<byte> buffer, int length, int payloadSize, bool dnssecOk, out OptWriter writer)
    {
        writer = default;
        if (Math.Min(buffer.Length, MessageMap.MaxMessage) - length < OptRecord.FixedSize)
        {
            return false;
        }

        // The count cannot overflow: 65,535 records take more bytes than a message has.
        OptRecord.Write(buffer[length..], payloadSize, 0, dnssecOk);
        Header.SetAdditionalCount(buffer, Header.AdditionalCount(buffer) + 1);
        writer = new OptWriter(buffer[..Math.Min(buffer.Length, MessageMap.MaxMessage)], length);
        return true;
    }

    /// <summary>Adds an option.</summary>
    /// <param name="code">OPTION-CODE.</param>
    /// <param name="size">Bytes of OPTION-DATA.</param>
    /// <param name="data">Where the caller writes them.</param>
    /// <returns>False, and nothing has changed, when it does not fit.</returns>
    public bool TryAdd(EdnsOption code, int size, out Span<byte> data)
    {
        data = default;
        if (_buffer.Length - Length < OptRecord.OptionHeaderSize + size)
        {
            return false;
        }

        Span<byte> option = _buffer.Slice(Length, OptRecord.OptionHeaderSize + size);
        BinaryPrimitives.WriteUInt16BigEndian(option, (ushort)code);
        BinaryPrimitives.WriteUInt16BigEndian(option[2..], (ushort)size);
        data = option[OptRecord.OptionHeaderSize..];
        Grow(option.Length);
        return true;
    }

    /// <summary>Adds options as they are, one behind the other.</summary>
    /// <returns>False, and nothing has changed, when they do not fit.</returns>
    public bool TryAddAll(scoped ReadOnlySpan<byte> options)
    {
        if (!options.TryCopyTo(_buffer[Length..]))
        {
            return false;
        }

        Grow(options.Length);
        return true;
    }

    private void Grow(int size)
    {
        Length += size;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(_start + OptRecord.DataLengthOffset)..], (ushort)(Length - _start - OptRecord.FixedSize));
    }
}
