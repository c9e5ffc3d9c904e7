using System;
using System.Runtime.InteropServices;

namespace Fastdist.Dns;

/// <summary>
/// Takes records out of a message. Every name of those that stay is what it was, whatever it pointed to: where pointers lead only to what
/// stands before the first record that goes, the others move up, and else the message is written anew.
/// </summary>
public static class RecordClearing
{
    /// <summary>TYPE, CLASS and TTL, in bytes.</summary>
    private const int BeforeLength = 8;

    private const int LengthSize = 2;

    private enum Way
    {
        Refused,
        Move,
        Rewrite,
    }

    /// <summary>
    /// Takes the records of some types out of all sections. The OPT is not among them: <see cref="EdnsEdit.TryRemoveOpt"/> does that.
    /// </summary>
    /// <param name="buffer">The message; the buffer may be larger.</param>
    /// <param name="length">The message's length in bytes. It can grow, hardly ever, when names lose what they pointed to.</param>
    /// <param name="types">The types.</param>
    /// <param name="scratch">Where a message is written anew; that can be no longer than this, which is best as large as the buffer.</param>
    /// <returns>
    /// False, and the message is untouched, when it is signed (TSIG, SIG(0)), broken, has bytes after its last record or a broken name in a
    /// record that stays, or when there is no room for what it would become.
    /// </returns>
    public static bool TryClear(Span<byte> buffer, ref int length, ReadOnlySpan<RecordType> types, Span<byte> scratch)
    {
        if (!MessageMap.TryWalk(buffer, length, out MessageMap map) || !map.IsSound || map.IsSigned || map.End != length)
        {
            return false;
        }

        ReadOnlySpan<ushort> unwanted = MemoryMarshal.Cast<RecordType, ushort>(types);
        ReadOnlySpan<byte> message = buffer[..length];
        int questionEnd = MessageMap.EndOfQuestions(message);
        int first = FindFirst(message, questionEnd, unwanted);
        if (first < 0)
        {
            return true;
        }

        switch (Choose(message, questionEnd, unwanted, first))
        {
            case Way.Move:
                length = Move(buffer[..length], questionEnd, unwanted);
                return true;
            case Way.Rewrite:
                int most = Math.Min(Math.Min(scratch.Length, buffer.Length), MessageMap.MaxMessage);
                int written = Rewrite(message, questionEnd, unwanted, scratch[..most]);
                scratch[..written].CopyTo(buffer);
                length = written > 0 ? written : length;
                return written > 0;
            default:
                return false;
        }
    }

    private static bool Goes(RecordType type, ReadOnlySpan<ushort> unwanted) => type != RecordType.OPT && unwanted.Contains((ushort)type);

    private static int FindFirst(ReadOnlySpan<byte> message, int questionEnd, ReadOnlySpan<ushort> unwanted)
    {
        var walk = new RecordWalk(message, questionEnd);
        while (walk.Next())
        {
            if (Goes(walk.Type, unwanted))
            {
                return walk.Start;
            }
        }

        return -1;
    }

    /// <summary>Reads every name of the records that stay, to see what they depend on.</summary>
    private static Way Choose(ReadOnlySpan<byte> message, int questionEnd, ReadOnlySpan<ushort> unwanted, int first)
    {
        Span<byte> name = stackalloc byte[Names.MaxWireLength];
        int reach = 0;
        var walk = new RecordWalk(message, questionEnd);
        while (walk.Next())
        {
            RecordType type = walk.Type;
            if (Goes(type, unwanted))
            {
                continue;
            }

            if (WireName.Expand(message, walk.Start, name, out _, ref reach) == 0)
            {
                return Way.Refused;
            }

            RecordNames names = NamesIn(in walk, type);
            int at = walk.Data + names.SizeBefore(type, message[walk.Data..walk.End]);
            for (int left = names.Count; left > 0; left--)
            {
                if (at < walk.Data || WireName.Expand(message[..walk.End], at, name, out at, ref reach) == 0)
                {
                    return Way.Refused;
                }
            }
        }

        return reach <= first ? Way.Move : Way.Rewrite;
    }

    /// <summary>Moves what stays up, in place.</summary>
    /// <returns>The message's length.</returns>
    private static int Move(Span<byte> message, int questionEnd, ReadOnlySpan<ushort> unwanted)
    {
        Span<int> counts = stackalloc int[(int)MessageSection.Additional + 1];
        int kept = questionEnd;
        var walk = new RecordWalk(message, questionEnd);
        while (walk.Next())
        {
            if (!Goes(walk.Type, unwanted))
            {
                counts[(int)walk.Section]++;
                message[walk.Start..walk.End].CopyTo(message[kept..]);
                kept += walk.End - walk.Start;
            }
        }

        SetCounts(message, counts);
        return kept;
    }

    /// <summary>Writes what stays anew.</summary>
    /// <returns>The message's length; 0 when there is no room for it.</returns>
    private static int Rewrite(ReadOnlySpan<byte> message, int questionEnd, ReadOnlySpan<ushort> unwanted, Span<byte> destination)
    {
        Span<int> counts = stackalloc int[(int)MessageSection.Additional + 1];
        Span<uint> known = stackalloc uint[NameCompressor.Slots];
        var writer = new NameCompressor(destination, known);
        if (!TryWriteQuestions(ref writer, message, questionEnd))
        {
            return 0;
        }

        var walk = new RecordWalk(message, questionEnd);
        while (walk.Next())
        {
            if (Goes(walk.Type, unwanted))
            {
                continue;
            }

            counts[(int)walk.Section]++;
            if (!TryWriteRecord(ref writer, message, in walk))
            {
                return 0;
            }
        }

        SetCounts(destination, counts);
        return writer.Length;
    }

    private static bool TryWriteQuestions(ref NameCompressor writer, ReadOnlySpan<byte> message, int questionEnd)
    {
        bool fits = writer.TryWrite(message[..Header.Size]);
        for (int start = Header.Size, end; fits && start < questionEnd; start = end)
        {
            end = MessageMap.EndOfQuestion(message, start);
            int nameEnd = end - Query.TypeAndClassSize;
            fits = writer.TryWriteName(message[start..nameEnd], mayCompress: false) && writer.TryWrite(message[nameEnd..end]);
        }

        return fits;
    }

    /// <summary>Writes a record anew.</summary>
    /// <param name="writer">Writes it.</param>
    /// <param name="message">The message that it is in.</param>
    /// <param name="walk">Stands on it.</param>
    /// <param name="owner">The name that it gets; its own when empty.</param>
    /// <returns>False when it does not fit, or one of its names is broken.</returns>
    internal static bool TryWriteRecord(ref NameCompressor writer, ReadOnlySpan<byte> message, in RecordWalk walk, scoped ReadOnlySpan<byte> owner = default)
    {
        RecordType type = walk.Type;
        RecordNames names = NamesIn(in walk, type);
        int at = walk.Data + names.SizeBefore(type, message[walk.Data..walk.End]);
        if (at < walk.Data || !(owner.IsEmpty ? TryCopyName(ref writer, message, walk.Start, mayCompress: true, out _) : writer.TryWriteName(owner, mayCompress: true)) || !writer.TryWrite(message.Slice(walk.NameEnd, BeforeLength + LengthSize)))
        {
            return false;
        }

        int data = writer.Length;
        if (!writer.TryWrite(message[walk.Data..at]))
        {
            return false;
        }

        for (int left = names.Count; left > 0; left--)
        {
            if (!TryCopyName(ref writer, message, at, names.MayCompress, out at))
            {
                return false;
            }
        }

        bool fits = writer.TryWrite(message[at..walk.End]);
        writer.Patch(data - LengthSize, writer.Length - data);
        return fits;
    }

    private static bool TryCopyName(ref NameCompressor writer, ReadOnlySpan<byte> message, int start, bool mayCompress, out int end)
    {
        Span<byte> name = stackalloc byte[Names.MaxWireLength];
        int reach = 0;
        int length = WireName.Expand(message, start, name, out end, ref reach);
        return length > 0 && writer.TryWriteName(name[..length], mayCompress);
    }

    // What has no RDATA, as in updates, has no names in it.
    private static RecordNames NamesIn(in RecordWalk walk, RecordType type) => walk.Data == walk.End ? default : RecordNames.Of(type);

    private static void SetCounts(Span<byte> message, ReadOnlySpan<int> counts) => Header.Write(
        message,
        Header.Id(message),
        Header.Flags(message),
        Header.QuestionCount(message),
        counts[(int)MessageSection.Answer],
        counts[(int)MessageSection.Authority],
        counts[(int)MessageSection.Additional]);
}
