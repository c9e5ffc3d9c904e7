using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>
/// Edits of a message's OPT record, in place. Each returns whether the message is now as asked; where it returns
/// false, message and length are untouched and fit to be sent on as they are. An OPT is edited only in a message that
/// <see cref="HopByHop.Strip"/> would edit: one sound OPT of version 0 with well-formed options, no signature (TSIG,
/// SIG(0)), no bytes after the last record, and behind the OPT only A and AAAA records, which can move. No message
/// grows beyond its buffer or 65535 bytes; slice the buffer for a lower limit.
/// </summary>
public static class EdnsEdit
{
    /// <summary>UDP payload size of an OPT that is added for an option's sake, in bytes: the least there is, as the sender did not ask for more.</summary>
    private const ushort AddedPayloadSize = OptRecord.MinPayloadSize;

    /// <summary>Size of an extended error's INFO-CODE, in bytes (RFC 8914 2).</summary>
    private const int InfoCodeSize = 2;

    /// <summary>
    /// Adds an OPT of version 0 with DO=0 and no options to a message that has none, as its last record. False also
    /// when the message has an OPT anywhere, is malformed or signed, or has bytes after its last record.
    /// </summary>
    /// <param name="buffer">The message, and room for 11 more bytes.</param>
    /// <param name="length">The message's length in bytes.</param>
    /// <param name="payloadSize">The UDP payload size that the OPT states, in bytes.</param>
    public static bool TryAppendOpt(Span<byte> buffer, ref int length, ushort payloadSize)
    {
        if (!MessageMap.TryWalk(buffer, length, out MessageMap map) || !map.MayAppendOpt(length))
        {
            return false;
        }

        if (Math.Min(buffer.Length, MessageMap.MaxMessage) - length < OptRecord.FixedSize)
        {
            return false;
        }

        // The count cannot overflow: 65,535 records take more bytes than a message has.
        OptRecord.Write(buffer[length..], payloadSize, 0, false);
        Header.SetAdditionalCount(buffer, Header.AdditionalCount(buffer) + 1);
        length += OptRecord.FixedSize;
        return true;
    }

    /// <summary>
    /// Takes the whole OPT out, as for a client that sent none. A response whose RCODE needs the OPT's bits (BADVERS,
    /// BADCOOKIE) becomes SERVFAIL, since the lower four bits alone would mean something else.
    /// </summary>
    /// <param name="buffer">The message; the buffer may be larger.</param>
    /// <param name="length">The message's length in bytes.</param>
    public static bool TryRemoveOpt(Span<byte> buffer, ref int length)
    {
        if (!EditableOpt.TryFind(buffer, length, out EditableOpt opt))
        {
            return false;
        }

        if (Header.IsResponse(buffer) && opt.UpperRcode != 0)
        {
            Header.SetRcode(buffer, Rcode.ServFail);
        }

        opt.RemoveRecord();
        length = opt.Length;
        return true;
    }

    /// <summary>
    /// Adds an option after those the OPT has. It does not look for another one of that code: where there may be only
    /// one, remove first. Padding comes last (<see cref="Padding.TryPad"/>).
    /// </summary>
    /// <param name="buffer">The message, and room for 4 bytes more than the data.</param>
    /// <param name="length">The message's length in bytes.</param>
    /// <param name="code">OPTION-CODE; any value.</param>
    /// <param name="data">OPTION-DATA, which must not lie in <paramref name="buffer"/>.</param>
    public static bool TryAddOption(Span<byte> buffer, ref int length, EdnsOption code, ReadOnlySpan<byte> data)
    {
        if (!EditableOpt.TryFind(buffer, length, out EditableOpt opt) || !opt.TryAppend(code, data.Length, out Span<byte> room))
        {
            return false;
        }

        data.CopyTo(room);
        length = opt.Length;
        return true;
    }

    /// <summary>Takes every option of one code out; true also when there was none. The OPT itself stays.</summary>
    /// <param name="buffer">The message; the buffer may be larger.</param>
    /// <param name="length">The message's length in bytes.</param>
    /// <param name="code">OPTION-CODE; any value.</param>
    public static bool TryRemoveOption(Span<byte> buffer, ref int length, EdnsOption code)
    {
        if (!EditableOpt.TryFind(buffer, length, out EditableOpt opt))
        {
            return false;
        }

        opt.Remove(code, code);
        length = opt.Length;
        return true;
    }

    /// <summary>Puts an option in the place of all that have its code, after the others.</summary>
    /// <param name="buffer">The message, and room for 4 bytes more than the data, and 11 for an OPT.</param>
    /// <param name="length">The message's length in bytes.</param>
    /// <param name="code">OPTION-CODE; any value.</param>
    /// <param name="data">OPTION-DATA, which must not lie in <paramref name="buffer"/>.</param>
    /// <param name="addOpt">Whether a message that has none gets an OPT, of payload size 512, when <see cref="TryAppendOpt"/> may add one.</param>
    /// <param name="addedOpt">Whether it did, so that the answer must lose its OPT.</param>
    public static bool TrySetOption(
        Span<byte> buffer, ref int length, EdnsOption code, ReadOnlySpan<byte> data, bool addOpt, out bool addedOpt)
    {
        addedOpt = false;
        if (EditableOpt.TryFind(buffer, length, out EditableOpt opt))
        {
            if (!opt.TryReplace(code, data.Length, out Span<byte> room))
            {
                return false;
            }

            data.CopyTo(room);
            length = opt.Length;
            return true;
        }

        int grown = OptRecord.FixedSize + OptRecord.OptionHeaderSize + data.Length;
        if (!addOpt || Math.Min(buffer.Length, MessageMap.MaxMessage) - length < grown)
        {
            return false;
        }

        addedOpt = TryAppendOpt(buffer, ref length, AddedPayloadSize) && TryAddOption(buffer, ref length, code, data);
        return addedOpt;
    }

    /// <summary>Tells why in an extended DNS error (RFC 8914), if the message has an OPT.</summary>
    /// <param name="buffer">The message, and room for 6 bytes more than the text.</param>
    /// <param name="length">The message's length in bytes.</param>
    /// <param name="code">INFO-CODE; any value.</param>
    /// <param name="text">EXTRA-TEXT in UTF-8, which must not lie in <paramref name="buffer"/>.</param>
    /// <param name="clearExisting">Whether it takes the place of those that the message has.</param>
    public static bool TrySetExtendedError(Span<byte> buffer, ref int length, ExtendedError code, ReadOnlySpan<byte> text, bool clearExisting)
    {
        int size = InfoCodeSize + text.Length;
        if (!EditableOpt.TryFind(buffer, length, out EditableOpt opt))
        {
            return false;
        }

        if (!(clearExisting ? opt.TryReplace(EdnsOption.ExtendedError, size, out Span<byte> data) : opt.TryAppend(EdnsOption.ExtendedError, size, out data)))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)code);
        text.CopyTo(data[InfoCodeSize..]);
        length = opt.Length;
        return true;
    }
}
