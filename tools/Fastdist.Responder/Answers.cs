using System;
using System.Buffers.Binary;
using System.Buffers.Text;
using Fastdist.Dns;

namespace Fastdist.Responder;

/// <summary>
/// What the responder answers, a function of the question alone: anyone who knows the question knows
/// the answer, and no state is kept.
/// </summary>
internal static class Answers
{
    /// <summary>Largest answer sent as a datagram, bytes (the DNS flag day 2020's size).</summary>
    public const int MaxDatagram = 1232;

    private const int MinDatagram = 512;
    private const int OptSize = 11;
    private const int RecordHeaderSize = 12;
    private const int MaxText = 255;
    private const uint TimeToLiveSeconds = 300;

    private const ushort Response = 0x8000, Truncated = 0x0200, RecursionAvailable = 0x0080;
    private const ushort CopiedFlags = 0x0110; // RD and CD are the client's to set.

    private static ReadOnlySpan<byte> NxDomainLabel => "\bnxdomain"u8;

    private static ReadOnlySpan<byte> SizeLabel => "\u0004size"u8;

    /// <summary>Writes the answer to one message.</summary>
    /// <param name="message">The client's message.</param>
    /// <param name="isDatagram">The answer goes in a datagram, whose size the client and <see cref="MaxDatagram"/> limit.</param>
    /// <param name="destination">Room for <see cref="MaxDatagram"/> bytes, or for 65,535 on a stream.</param>
    /// <returns>Bytes written; 0 when the message deserves no answer.</returns>
    public static int Write(ReadOnlySpan<byte> message, bool isDatagram, Span<byte> destination)
    {
        switch (Query.Parse(message, out Query query))
        {
            case QueryVerdict.Forward when query.Type is RecordType.AXFR or RecordType.IXFR:
                return ErrorAnswer.Write(message, Rcode.Refused, destination);
            case QueryVerdict.Forward:
                int limit = isDatagram ? Math.Clamp(query.UdpPayloadSize, MinDatagram, MaxDatagram) : ushort.MaxValue;
                return Write(in query, limit, destination);
            case QueryVerdict.FormatError:
                return ErrorAnswer.Write(message, Rcode.FormErr, destination);
            case QueryVerdict.NotImplemented:
                return ErrorAnswer.Write(message, Rcode.NotImp, destination);
            default:
                return 0;
        }
    }

    private static int Write(in Query query, int limit, Span<byte> destination)
    {
        int optSize = query.HasEdns ? OptSize : 0;
        int end = query.QuestionEnd;
        query.Message[..end].CopyTo(destination);

        int flags = Response | RecursionAvailable | (Header.Flags(query.Message) & CopiedFlags);
        int answerSize = AnswerSize(in query, optSize);
        if (end + answerSize + optSize > limit)
        {
            flags |= Truncated;
            answerSize = 0;
        }

        if (answerSize > 0)
        {
            WriteRecord(in query, destination.Slice(end, answerSize));
        }
        else if (StartsWith(query.Name, NxDomainLabel))
        {
            flags |= (int)Rcode.NXDomain;
        }

        end += answerSize;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)flags);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], answerSize > 0 ? (ushort)1 : (ushort)0);
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], query.HasEdns ? (ushort)1 : (ushort)0);
        if (query.HasEdns)
        {
            WriteOpt(destination.Slice(end, OptSize), query.DnssecOk);
        }

        return end + optSize;
    }

    // The size of the one record that answers the question; 0 when none does.
    private static int AnswerSize(in Query query, int optSize)
    {
        if (StartsWith(query.Name, NxDomainLabel))
        {
            return 0;
        }

        switch (query.Type)
        {
            case RecordType.A:
                return RecordHeaderSize + 4;
            case RecordType.AAAA:
                return RecordHeaderSize + 16;
            case RecordType.TXT when TryGetSize(query.Name, out int size):
                int smallest = query.QuestionEnd + RecordHeaderSize + 1 + optSize;
                return Math.Clamp(size, smallest, ushort.MaxValue) - query.QuestionEnd - optSize;
            default:
                return 0;
        }
    }

    private static void WriteRecord(in Query query, Span<byte> record)
    {
        BinaryPrimitives.WriteUInt16BigEndian(record, 0xC000 | Header.Size);
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], (ushort)query.Type);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], query.Class);
        BinaryPrimitives.WriteUInt32BigEndian(record[6..], TimeToLiveSeconds);
        BinaryPrimitives.WriteUInt16BigEndian(record[10..], (ushort)(record.Length - RecordHeaderSize));

        Span<byte> data = record[RecordHeaderSize..];
        uint hash = Names.Hash(query.Name, seed: 0);
        switch (query.Type)
        {
            case RecordType.A:
                BinaryPrimitives.WriteUInt32BigEndian(data, 0xC0000200 | (1 + (hash % 254)));
                break;
            case RecordType.AAAA:
                data.Clear();
                BinaryPrimitives.WriteUInt32BigEndian(data, 0x20010DB8);
                BinaryPrimitives.WriteUInt16BigEndian(data[14..], (ushort)(1 + (hash % 65535)));
                break;
            default:
                WriteText(data);
                break;
        }
    }

    // TXT data is strings of at most 255 bytes, each after its length (RFC 1035 3.3.14).
    private static void WriteText(Span<byte> data)
    {
        while (!data.IsEmpty)
        {
            int length = Math.Min(data.Length - 1, MaxText);
            data[0] = (byte)length;
            data.Slice(1, length).Fill((byte)'x');
            data = data[(1 + length)..];
        }
    }

    private static void WriteOpt(Span<byte> opt, bool dnssecOk)
    {
        opt.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(opt[1..], (ushort)RecordType.OPT);
        BinaryPrimitives.WriteUInt16BigEndian(opt[3..], MaxDatagram);
        opt[7] = dnssecOk ? (byte)0x80 : (byte)0;
    }

    private static bool TryGetSize(ReadOnlySpan<byte> name, out int size)
    {
        ReadOnlySpan<byte> digits = name.Slice(1, name[0]);
        return Utf8Parser.TryParse(digits, out size, out int used) && used == digits.Length && used > 0
            && StartsWith(name[(1 + used)..], SizeLabel);
    }

    private static bool StartsWith(ReadOnlySpan<byte> name, ReadOnlySpan<byte> label) =>
        name.Length > label.Length && Names.EqualsIgnoreCase(name[..label.Length], label);
}
