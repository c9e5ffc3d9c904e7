using System;

namespace Fastdist.Dns;

/// <summary>Has a message be about another name.</summary>
public static class NameChange
{
    /// <summary>Puts a name into the place of the question's, and of the names of the records that have the same one. Names within RDATA stay.</summary>
    /// <param name="buffer">The message; the buffer may be larger.</param>
    /// <param name="length">The message's length in bytes.</param>
    /// <param name="name">The name, in wire form.</param>
    /// <param name="scratch">Where the message is written anew, best as large as the buffer.</param>
    /// <returns>
    /// False, and the message is untouched, when it has not just one question, is signed (TSIG, SIG(0)), broken, has bytes after its last record, or when
    /// there is no room for what it would become.
    /// </returns>
    public static bool TryChange(Span<byte> buffer, ref int length, ReadOnlySpan<byte> name, Span<byte> scratch)
    {
        if (!MessageMap.TryWalk(buffer, length, out MessageMap map) || !map.IsSound || map.IsSigned || map.End != length || !Query.TryFindQuestion(buffer[..length], out int questionEnd))
        {
            return false;
        }

        int most = Math.Min(Math.Min(scratch.Length, buffer.Length), MessageMap.MaxMessage);
        int written = Write(buffer[..length], questionEnd, name, scratch[..most]);
        if (written == 0)
        {
            return false;
        }

        scratch[..written].CopyTo(buffer);
        length = written;
        return true;
    }

    private static int Write(ReadOnlySpan<byte> message, int questionEnd, ReadOnlySpan<byte> name, Span<byte> destination)
    {
        Span<uint> known = stackalloc uint[NameCompressor.Slots];
        Span<byte> owner = stackalloc byte[Names.MaxWireLength];
        var writer = new NameCompressor(destination, known);
        ReadOnlySpan<byte> asked = Query.NameOf(message, questionEnd);
        if (!writer.TryWrite(message[..Header.Size]) || !writer.TryWriteName(name, mayCompress: false) || !writer.TryWrite(message[(questionEnd - Query.TypeAndClassSize)..questionEnd]))
        {
            return 0;
        }

        var walk = new RecordWalk(message, questionEnd);
        while (walk.Next())
        {
            int reach = 0;
            int ownerLength = WireName.Expand(message, walk.Start, owner, out _, ref reach);
            ReadOnlySpan<byte> next = Names.EqualsIgnoreCase(owner[..ownerLength], asked) ? name : owner[..ownerLength];
            if (ownerLength == 0 || !RecordClearing.TryWriteRecord(ref writer, message, in walk, next))
            {
                return 0;
            }
        }

        return writer.Length;
    }
}
