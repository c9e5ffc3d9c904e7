using System;
using System.Buffers.Binary;
using System.Text;
using Fastdist.Dns;
using Fastdist.Simulation.Caching;

namespace Fastdist.Simulation.Models;

/// <summary>Queries and answers as bytes.</summary>
internal static partial class Messages
{
    public const int Prefix = 2;

    private const ushort TypeA = 1;
    private const int QuestionTail = 4;
    private const int OptSize = 11;
    private const int OptionHeader = 4;
    private const ushort LocalOption = 65001;
    private const int RecordSize = 16;

    /// <summary>RD and CD, which rules change on the way and answers have as the client sent them.</summary>
    private const int EditedFlags = 0x0110;

    /// <summary>Records of a long answer: more than a datagram takes.</summary>
    private const int LongRecords = 300;

    /// <summary>How a client subnet option of IPv4 begins (RFC 7871 section 6): its code, its length, the family.</summary>
    private static ReadOnlySpan<byte> SubnetOption => [0, 8, 0, 7, 0, 1];

    /// <summary>A name as it stands in messages.</summary>
    public static byte[] Wire(string name)
    {
        var wire = new byte[name.Length + 2];
        int at = 0;
        foreach (string label in name.Split('.'))
        {
            wire[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, wire.AsSpan(at));
        }

        return wire;
    }

    /// <summary>The number in the name of a message's question; -1 when it is no client's.</summary>
    public static int NumberOf(ReadOnlySpan<byte> message)
    {
        if (message.Length < Header.Size + 2 || message[Header.Size + 1] != (byte)'q')
        {
            return message.Length <= Header.Size ? -1 : CasedNames.NumberOf(message[Header.Size..]);
        }

        ReadOnlySpan<byte> digits = message.Slice(Header.Size + 2, Math.Min(message[Header.Size] - 1, message.Length - Header.Size - 2));
        return int.TryParse(digits, out int number) ? number : -1;
    }

    /// <summary>A query.</summary>
    public static byte[] Write(SimQuery query)
    {
        int end = Header.Size + query.Name.Length + QuestionTail;
        if (query.Wish is { } wish)
        {
            return Write(query, wish, end);
        }

        int option = query.OptionLength > 0 ? OptionHeader + query.OptionLength : 0;
        var message = new byte[end + (query.HasEdns ? OptSize + option : 0)];
        WriteHeader(message, query.Id, 0x0100, 1, 0, 0, query.HasEdns ? 1 : 0);
        query.Name.CopyTo(message, Header.Size);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(end - 4), TypeA);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(end - 2), 1);
        if (query.HasEdns)
        {
            WriteOpt(message.AsSpan(end), option);
        }

        if (option > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(end + OptSize), LocalOption);
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(end + OptSize + 2), (ushort)query.OptionLength);
            message.AsSpan(end + OptSize + OptionHeader).Fill(0xA5);
        }

        return message;
    }

    /// <summary>Whether a query has an OPT record.</summary>
    public static bool HasOpt(ReadOnlySpan<byte> query) => BinaryPrimitives.ReadUInt16BigEndian(query[10..]) > 0;

    /// <summary>Whether what a backend reads is what the client asked, but for what the proxy may add or take.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> asked, SimQuery query)
    {
        ReadOnlySpan<byte> sent = Write(query);
        int end = Header.Size + query.Name.Length + QuestionTail;
        int counts = Header.Size - 2;
        return asked.Length >= end && asked[4..counts].SequenceEqual(sent[4..counts]) && (FlagsOf(asked) & ~EditedFlags) == (FlagsOf(sent) & ~EditedFlags) && asked[Header.Size..end].SequenceEqual(sent[Header.Size..end])
            && (query.Wish is { } wish ? HasOptionsOf(asked, wish, query.OptionLength) : query.OptionLength <= 0 || asked.IndexOf(sent[(end + OptSize)..]) > 0);
    }

    /// <summary>An answer whose records follow from the question.</summary>
    /// <param name="query">The message that is answered.</param>
    /// <param name="rcode">The outcome.</param>
    /// <param name="isLong">Whether there are many records.</param>
    public static byte[] Answer(ReadOnlySpan<byte> query, Rcode rcode, bool isLong = false) => Answer(query, rcode, rcode != Rcode.NoError ? 0 : isLong ? LongRecords : 1);

    /// <summary>What is left of an answer that does not fit (RFC 2181 section 9).</summary>
    public static byte[] Truncate(ReadOnlySpan<byte> query)
    {
        byte[] answer = Answer(query, Rcode.NoError, records: 0);
        answer[2] |= 2;
        return answer;
    }

    /// <summary>Bytes that whoever asks has room for in a datagram (RFC 6891 section 6.2.3).</summary>
    public static int RoomFor(ReadOnlySpan<byte> query) =>
        HasOpt(query) ? Math.Max((int)BinaryPrimitives.ReadUInt16BigEndian(query[(QuestionEnd(query) + 3)..]), 512) : 512;

    /// <summary>An error of a server that does not know EDNS (RFC 6891 section 7).</summary>
    public static byte[] WithoutOpt(ReadOnlySpan<byte> query, Rcode rcode)
    {
        byte[] message = query[..QuestionEnd(query)].ToArray();
        WriteHeader(message, Header.Id(query), (ushort)(0x8080 | (FlagsOf(query) & EditedFlags) | (int)rcode), 1, 0, 0, 0);
        return message;
    }

    /// <summary>A message as it goes through a stream.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> message)
    {
        var frame = new byte[Prefix + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)message.Length);
        message.CopyTo(frame.AsSpan(Prefix));
        return frame;
    }

    /// <summary>Takes a whole message from the front of a stream.</summary>
    /// <returns>Bytes of its frame; 0 when it is not whole yet.</returns>
    public static int ReadFrame(ReadOnlySpan<byte> stream, out ReadOnlySpan<byte> message)
    {
        message = default;
        int length = stream.Length < Prefix ? int.MaxValue - Prefix : BinaryPrimitives.ReadUInt16BigEndian(stream);
        if (stream.Length < Prefix + length)
        {
            return 0;
        }

        message = stream.Slice(Prefix, length);
        return Prefix + length;
    }

    /// <summary>Bytes that a message begun at the front of a stream still lacks.</summary>
    public static int Missing(ReadOnlySpan<byte> stream) => Prefix + BinaryPrimitives.ReadUInt16BigEndian(stream) - stream.Length;

    /// <summary>What is wrong with an answer to a query; empty when it is the answer.</summary>
    public static string ProblemWith(ReadOnlySpan<byte> answer, SimQuery query)
    {
        int end = Header.Size + query.Name.Length + QuestionTail;
        if (answer.Length < end || !Header.IsResponse(answer) || Header.Id(answer) != query.Id)
        {
            return "it is none, or has another ID";
        }

        if (!answer[Header.Size..(end - QuestionTail)].SequenceEqual(query.Name))
        {
            return "it has another question";
        }

        if ((FlagsOf(answer) & EditedFlags) != (FlagsOf(Write(query)) & EditedFlags))
        {
            return "it has not its client's RD and CD";
        }

        int records = BinaryPrimitives.ReadUInt16BigEndian(answer[6..]);
        if (HasOpt(answer) != query.HasEdns && (HasOpt(answer) || Header.Rcode(answer) != Rcode.FormErr))
        {
            return "it has an OPT record and its query has none, or the other way round";
        }

        if (query.Wish is null && answer[end..].IndexOf(SubnetOption) >= 0)
        {
            return "it has a client subnet that was not asked for";
        }

        if (Header.IsTruncated(answer) && !query.IsDatagram)
        {
            return "it is cut, though it came over a stream";
        }

        if (query.Wish is not null)
        {
            return "";
        }

        if (Header.Rcode(answer) != Rcode.NoError || Header.IsTruncated(answer))
        {
            return records == 0 ? "" : "an error or a cut answer has records";
        }

        uint payload = PayloadOf(answer[Header.Size..end]);
        for (int record = 0; record < records; record++)
        {
            if (answer.Length < end + ((record + 1) * RecordSize) || BinaryPrimitives.ReadUInt32BigEndian(answer[(end + (record * RecordSize) + 12)..]) != payload)
            {
                return "it has other records than its question";
            }
        }

        return records == (query.Kind == NameKind.Long ? LongRecords : 1) ? "" : $"it has {records} records";
    }

    /// <summary>The text of an extended error (RFC 8914) of our own; empty without.</summary>
    public static string ReasonOf(ReadOnlySpan<byte> answer, SimQuery query)
    {
        int at = Header.Size + query.Name.Length + QuestionTail + OptSize + 6;
        return answer.Length > at ? Encoding.UTF8.GetString(answer[at..]) : "no reason given";
    }

    private static byte[] Answer(ReadOnlySpan<byte> query, Rcode rcode, int records)
    {
        int end = QuestionEnd(query);
        bool hasOpt = HasOpt(query);
        int subnet = hasOpt ? query[end..].IndexOf(SubnetOption) : -1;
        ReadOnlySpan<byte> echoed = subnet < 0 ? default : query.Slice(end + subnet, OptionHeader + BinaryPrimitives.ReadUInt16BigEndian(query[(end + subnet + 2)..]));
        var message = new byte[end + (records * RecordSize) + (hasOpt ? OptSize + echoed.Length : 0)];
        WriteHeader(message, Header.Id(query), (ushort)(0x8080 | (FlagsOf(query) & EditedFlags) | (int)rcode), 1, records, 0, hasOpt ? 1 : 0);
        query[Header.Size..end].CopyTo(message.AsSpan(Header.Size));
        uint payload = PayloadOf(query[Header.Size..end]);
        for (int record = 0; record < records; record++)
        {
            Span<byte> target = message.AsSpan(end + (record * RecordSize));
            BinaryPrimitives.WriteUInt16BigEndian(target, 0xC00C);
            BinaryPrimitives.WriteUInt16BigEndian(target[2..], TypeA);
            BinaryPrimitives.WriteUInt16BigEndian(target[4..], 1);
            BinaryPrimitives.WriteUInt32BigEndian(target[6..], 60);
            BinaryPrimitives.WriteUInt16BigEndian(target[10..], 4);
            BinaryPrimitives.WriteUInt32BigEndian(target[12..], payload);
        }

        if (hasOpt)
        {
            WriteOpt(message.AsSpan(message.Length - OptSize - echoed.Length), echoed.Length);
            message[message.Length - OptSize - echoed.Length + 7] = query[end + 7];
            echoed.CopyTo(message.AsSpan(message.Length - echoed.Length));
        }

        return message;
    }

    private static void WriteHeader(Span<byte> target, ushort id, ushort flags, int questions, int answers, int authorities, int additionals)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target, id);
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], flags);
        BinaryPrimitives.WriteUInt16BigEndian(target[4..], (ushort)questions);
        BinaryPrimitives.WriteUInt16BigEndian(target[6..], (ushort)answers);
        BinaryPrimitives.WriteUInt16BigEndian(target[8..], (ushort)authorities);
        BinaryPrimitives.WriteUInt16BigEndian(target[10..], (ushort)additionals);
    }

    private static int FlagsOf(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[2..]);

    /// <summary>Where the question of a message ends.</summary>
    public static int QuestionEnd(ReadOnlySpan<byte> message)
    {
        int at = Header.Size;
        while (message[at] != 0)
        {
            at += 1 + message[at];
        }

        return at + 1 + QuestionTail;
    }

    private static uint PayloadOf(ReadOnlySpan<byte> question)
    {
        uint sum = 2166136261;
        foreach (byte value in question)
        {
            sum = (sum ^ value) * 16777619;
        }

        return sum;
    }

    private static void WriteOpt(Span<byte> target, int options)
    {
        target[2] = 41;
        BinaryPrimitives.WriteUInt16BigEndian(target[3..], 1232);
        BinaryPrimitives.WriteUInt16BigEndian(target[9..], (ushort)options);
    }
}
