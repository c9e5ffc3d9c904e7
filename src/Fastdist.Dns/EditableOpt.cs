using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>
/// The OPT of a message that may be edited, and the buffer it grows and shrinks in. Exists only for a sound, unsigned
/// message whose one OPT is of version 0, has well-formed options, and can move what follows it; every edit keeps it so.
/// </summary>
internal ref struct EditableOpt
{
    private readonly Span<byte> _buffer;
    private readonly int _start;
    private int _end;

    private EditableOpt(Span<byte> buffer, int length, int start, int end, EdnsTraits found)
    {
        _buffer = buffer;
        _start = start;
        _end = end;
        Length = length;
        Found = found;
    }

    /// <summary>The message's length in bytes.</summary>
    internal int Length { get; private set; }

    /// <summary>Which options the OPT held when it was found.</summary>
    internal EdnsTraits Found { get; }

    /// <summary>Bytes by which the message may still grow.</summary>
    internal readonly int Room => Math.Min(_buffer.Length, MessageMap.MaxMessage) - Length;

    /// <summary>The upper eight bits of an extended RCODE (RFC 6891 6.1.3).</summary>
    internal readonly byte UpperRcode => _buffer[_start + OptRecord.UpperRcodeOffset];

    /// <summary>Its options, each well-formed.</summary>
    internal readonly Span<byte> Options => _buffer[(_start + OptRecord.FixedSize).._end];

    /// <summary>Finds the OPT of the message in the first <paramref name="length"/> bytes; false when it may not be edited.</summary>
    internal static bool TryFind(Span<byte> buffer, int length, out EditableOpt opt)
    {
        opt = default;
        if (buffer.Length < Header.Size || Header.AdditionalCount(buffer) == 0)
        {
            return false;
        }

        return MessageMap.TryWalk(buffer, length, out MessageMap map) && TryFind(buffer, length, in map, out opt);
    }

    /// <summary>Finds it in a message that was walked.</summary>
    internal static bool TryFind(Span<byte> buffer, int length, scoped in MessageMap map, out EditableOpt opt)
    {
        opt = default;
        if (!map.IsEditable(length))
        {
            return false;
        }

        if (!new OptRecord(buffer[map.OptOffset..map.OptEnd]).TryReadOptions(out EdnsTraits found))
        {
            return false;
        }

        opt = new EditableOpt(buffer, length, map.OptOffset, map.OptEnd, found);
        return true;
    }

    /// <summary>Adds an option after those there are; its data is the caller's to write.</summary>
    /// <returns>False, and nothing has changed, when there is no room.</returns>
    internal bool TryAppend(EdnsOption code, int dataLength, out Span<byte> data)
    {
        int size = OptRecord.OptionHeaderSize + dataLength;
        if (size > Room)
        {
            data = default;
            return false;
        }

        int option = _end;
        MoveEnd(_end + size);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[option..], (ushort)code);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(option + 2)..], (ushort)dataLength);
        data = _buffer.Slice(option + OptRecord.OptionHeaderSize, dataLength);
        return true;
    }

    /// <summary>Adds an option after the others in the place of all that have its code; its data is the caller's to write.</summary>
    /// <returns>False, and nothing has changed, when there is no room.</returns>
    internal bool TryReplace(EdnsOption code, int dataLength, out Span<byte> data)
    {
        int size = OptRecord.OptionHeaderSize + dataLength;
        if (size > Room + SizeOf(code))
        {
            data = default;
            return false;
        }

        Remove(code, code);
        return TryAppend(code, dataLength, out data);
    }

    /// <summary>Takes out every option that has one of two codes; the others keep their order.</summary>
    internal void Remove(EdnsOption code, EdnsOption otherCode)
    {
        Span<byte> options = Options;
        int kept = 0;
        for (int offset = 0; offset < options.Length;)
        {
            int end = OptRecord.EndOfOption(options, offset);
            EdnsOption found = OptRecord.OptionCode(options, offset);
            if (found != code && found != otherCode)
            {
                options[offset..end].CopyTo(options[kept..]);
                kept += end - offset;
            }

            offset = end;
        }

        MoveEnd(_end - (options.Length - kept));
    }

    /// <summary>Takes out the record itself; the OPT is gone then and can do no more.</summary>
    internal void RemoveRecord()
    {
        _buffer[_end..Length].CopyTo(_buffer[_start..]);
        Length -= _end - _start;
        _end = _start;
        Header.SetAdditionalCount(_buffer, Header.AdditionalCount(_buffer) - 1);
    }

    /// <summary>Bytes of all options that have a code.</summary>
    private readonly int SizeOf(EdnsOption code)
    {
        ReadOnlySpan<byte> options = Options;
        int size = 0;
        for (int offset = 0, end; offset < options.Length; offset = end)
        {
            end = OptRecord.EndOfOption(options, offset);
            size += OptRecord.OptionCode(options, offset) == code ? end - offset : 0;
        }

        return size;
    }

    private void MoveEnd(int end)
    {
        _buffer[_end..Length].CopyTo(_buffer[end..]);
        Length += end - _end;
        _end = end;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(_start + OptRecord.DataLengthOffset)..], (ushort)Options.Length);
    }
}
