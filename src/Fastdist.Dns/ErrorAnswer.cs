using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>Answers that the proxy makes itself: an RCODE and, for clients that speak EDNS, the reason.</summary>
public static class ErrorAnswer
{
    /// <summary>
    /// Most bytes that an error answer takes: within the 512 that any client receives over UDP (RFC 1035 4.2.1).
    /// </summary>
    public const int MaxSize = 512;

    /// <summary>UDP payload size that our OPT states unless told otherwise, in bytes: the DNS flag day 2020's, safe from fragmentation.</summary>
    internal const int DefaultPayloadSize = 1232;

    /// <summary>Size of an extended error's INFO-CODE, in bytes (RFC 8914 2).</summary>
    private const int InfoCodeSize = 2;

    /// <summary>Largest RCODE that fits the header; what is beyond it needs an OPT.</summary>
    private const int MaxHeaderRcode = 15;

    /// <summary>
    /// Writes an error answer to a message of at least a header. The ID, OPCODE, RD and CD are the query's; AA, TC,
    /// RA and AD are clear: RA says what the server can do, which a proxy whose backends are out of reach does not
    /// know. The question is repeated when it is a single sound one. When the query has EDNS, so has the answer.
    /// </summary>
    /// <param name="query">The client's message, which need not have passed <see cref="Query.Parse"/>.</param>
    /// <param name="rcode">The outcome. One beyond 15 becomes SERVFAIL when the query has no EDNS to carry it.</param>
    /// <param name="destination">Receives the answer; <see cref="MaxSize"/> bytes are always enough; may be the query's own
    /// buffer.</param>
    /// <param name="extended">The reason, left out when the query has no EDNS.</param>
    /// <param name="extraText">UTF-8 text with the reason, cut where the answer would exceed <see cref="MaxSize"/>
    /// or <paramref name="destination"/>.</param>
    /// <param name="payloadSize">UDP payload that we receive, 512 to 65535 bytes.</param>
    /// <returns>Bytes written; 0 when the query has no header or <paramref name="destination"/> is too small.</returns>
    public static int Write(
        ReadOnlySpan<byte> query,
        Rcode rcode,
        Span<byte> destination,
        ExtendedError? extended = null,
        ReadOnlySpan<byte> extraText = default,
        int payloadSize = DefaultPayloadSize)
    {
        if (query.Length < Header.Size)
        {
            return 0;
        }

        bool hasQuestion = Query.TryFindQuestion(query, out int questionEnd);
        MessageMap map = hasQuestion ? MessageMap.Walk(query, questionEnd) : default;

        int end = Math.Max(questionEnd, Header.Size);
        int reasonSize = map.HasOpt && extended is not null ? OptRecord.OptionHeaderSize + InfoCodeSize : 0;
        int size = end + (map.HasOpt ? OptRecord.FixedSize + reasonSize : 0);
        if (destination.Length < size)
        {
            return 0;
        }

        if ((int)rcode > MaxHeaderRcode && !map.HasOpt)
        {
            rcode = Rcode.ServFail;
        }

        const ushort Copied = Header.OpcodeMask | Header.RecursionDesiredBit | Header.CheckingDisabledBit;
        int flags = Header.ResponseBit | (Header.Flags(query) & Copied) | ((int)rcode & Header.RcodeMask);
        Header.Write(destination, Header.Id(query), (ushort)flags, hasQuestion ? 1 : 0, 0, 0, map.HasOpt ? 1 : 0);
        query[Header.Size..end].CopyTo(destination[Header.Size..]);
        if (!map.HasOpt)
        {
            return size;
        }

        int room = Math.Min(MaxSize, destination.Length) - size;
        ReadOnlySpan<byte> text = reasonSize == 0 ? default : Cut(extraText, room);
        bool dnssecOk = new OptRecord(query[map.OptOffset..map.OptEnd]).DnssecOk;
        OptRecord.Write(destination[end..], payloadSize, (int)rcode, dnssecOk, reasonSize + text.Length);
        if (reasonSize != 0)
        {
            Span<byte> option = destination[(end + OptRecord.FixedSize)..];
            BinaryPrimitives.WriteUInt16BigEndian(option, (ushort)EdnsOption.ExtendedError);
            BinaryPrimitives.WriteUInt16BigEndian(option[2..], (ushort)(InfoCodeSize + text.Length));
            BinaryPrimitives.WriteUInt16BigEndian(option[4..], (ushort)extended.GetValueOrDefault());
            text.CopyTo(option[reasonSize..]);
        }

        return size + text.Length;
    }

    /// <summary>Cuts text between two characters, since half of one would not be UTF-8 any more.</summary>
    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text, int room)
    {
        if (text.Length <= room)
        {
            return text;
        }

        while (room > 0 && (text[room] & 0xC0) == 0x80)
        {
            room--;
        }

        return text[..room];
    }
}
