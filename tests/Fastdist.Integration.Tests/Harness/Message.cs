using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Text;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>Makes DNS messages byte by byte, good ones and wrong ones, with nothing of the product's.</summary>
internal static class Message
{
    public const ushort A = 1;
    public const ushort Soa = 6;
    public const ushort Null = 10;
    public const ushort Txt = 16;
    public const ushort Opt = 41;
    public const ushort Ixfr = 251;
    public const ushort Axfr = 252;

    private const int HeaderLength = 12;
    private const int OptLength = 11;

    /// <summary>A record whose name is a pointer to the question has this many bytes before its data.</summary>
    private const int RecordHeaderLength = 12;

    /// <summary>A query; with <paramref name="edns"/> it carries an OPT of that UDP size and those options.</summary>
    public static byte[] Query(
        string name, ushort type = A, int? id = null, int? edns = null, params (ushort Code, byte[] Data)[] options)
    {
        using var message = new MemoryStream();
        Header(message, id ?? Random.Shared.Next(0x10000), flags: 0x0100, 1, 0, 0, edns is null ? 0 : 1);
        Question(message, name, type);
        if (edns is { } size)
        {
            OptRecord(message, size, options);
        }

        return message.ToArray();
    }

    /// <summary>A query of exactly this many bytes: a record of a private type in the additional section fills it.</summary>
    public static byte[] QueryOfSize(string name, int size)
    {
        using var message = new MemoryStream();
        Header(message, Random.Shared.Next(0x10000), flags: 0x0100, 1, 0, 0, 1);
        Question(message, name, A);
        Filler(message, type: 65_280, size - (int)message.Length);
        return message.ToArray();
    }

    /// <summary>The answer to a query: one A record, and an OPT when the query had one.</summary>
    public static byte[] Answer(ReadOnlySpan<byte> query, int rcode = 0)
    {
        using var message = AnswerHead(query, rcode, answers: 1, out bool edns);
        RecordHeader(message, A, 4);
        message.Write([192, 0, 2, 1]);
        return WithOpt(message, edns);
    }

    /// <summary>The address of our own servers for whoever asks for an IPv4 address, and nothing of other types.</summary>
    public static byte[] AnswerOwnAddress(ReadOnlySpan<byte> query)
    {
        if (ParsedMessage.ParseQuery(query).QuestionType != A)
        {
            return Denial(query, 0, ttl: 60, minimum: 60);
        }

        using var message = AnswerHead(query, 0, answers: 1, out bool edns);
        RecordHeader(message, A, 4);
        message.Write(Ports.Address.GetAddressBytes());
        return WithOpt(message, edns);
    }

    /// <summary>The answer to a query: an A record for each of these TTLs, seconds.</summary>
    public static byte[] AnswerFor(ReadOnlySpan<byte> query, params int[] ttls)
    {
        using var message = AnswerHead(query, 0, ttls.Length, out bool edns);
        foreach (int ttl in ttls)
        {
            RecordHeader(message, A, 4, ttl);
            message.Write([192, 0, 2, 1]);
        }

        return WithOpt(message, edns);
    }

    /// <summary>There is nothing of that: the SOA record says for how long (RFC 2308 section 5).</summary>
    /// <param name="query">The query.</param>
    /// <param name="rcode">NXDOMAIN, or NOERROR for a name without records of that type.</param>
    /// <param name="ttl">Of the SOA record, seconds.</param>
    /// <param name="minimum">In the SOA record, seconds.</param>
    public static byte[] Denial(ReadOnlySpan<byte> query, int rcode, int ttl, int minimum)
    {
        // Two names that are the root, then serial, refresh, retry, expire and minimum.
        byte[] data = new byte[2 + (5 * sizeof(uint))];
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(data.Length - sizeof(uint)), minimum);
        using var message = AnswerHead(query, rcode, answers: 0, out bool edns, authority: 1);
        RecordHeader(message, Soa, data.Length, ttl);
        message.Write(data);
        return WithOpt(message, edns);
    }

    /// <summary>The answer to a query, filled to exactly this many bytes.</summary>
    public static byte[] AnswerOfSize(ReadOnlySpan<byte> query, int size)
    {
        using var message = AnswerHead(query, 0, answers: 1, out bool edns);
        Filler(message, Null, size - (int)message.Length - (edns ? OptLength : 0));
        return WithOpt(message, edns);
    }

    /// <summary>An answer of the header alone.</summary>
    public static byte[] AnswerWithoutQuestion(ReadOnlySpan<byte> query, int rcode)
    {
        using var message = new MemoryStream();
        Header(message, Id(query), 0x8180 | rcode, 0, 0, 0, 0);
        return message.ToArray();
    }

    /// <summary>The message with another ID.</summary>
    public static byte[] WithId(ReadOnlySpan<byte> message, int id)
    {
        byte[] copy = message.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(copy, (ushort)id);
        return copy;
    }

    /// <summary>The message with other flags (QR, opcode, AA, TC, RD, RA, AD, CD, rcode).</summary>
    public static byte[] WithFlags(ReadOnlySpan<byte> message, int flags)
    {
        byte[] copy = message.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(2), (ushort)flags);
        return copy;
    }

    /// <summary>The message that claims this many questions.</summary>
    public static byte[] WithQuestionCount(ReadOnlySpan<byte> message, int count)
    {
        byte[] copy = message.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(4), (ushort)count);
        return copy;
    }

    /// <summary>The message with this opcode.</summary>
    public static byte[] WithOpcode(ReadOnlySpan<byte> message, int opcode) =>
        WithFlags(message, (BinaryPrimitives.ReadUInt16BigEndian(message[2..]) & 0x87ff) | (opcode << 11));

    /// <summary>A sound header with one question, followed by these bytes in the question's place.</summary>
    public static byte[] HeaderAnd(params byte[] rest)
    {
        using var message = new MemoryStream();
        Header(message, Random.Shared.Next(0x10000), 0x0100, 1, 0, 0, 0);
        message.Write(rest);
        return message.ToArray();
    }

    public static int Id(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message);

    /// <summary>The name that a query asks for, with its last dot.</summary>
    public static string Name(ReadOnlySpan<byte> query) => ParsedMessage.ParseQuery(query).QuestionName;

    /// <summary>The message as a stream carries it: its length in two bytes, then itself.</summary>
    public static byte[] Framed(params byte[][] messages)
    {
        using var stream = new MemoryStream();
        foreach (byte[] message in messages)
        {
            Number(stream, message.Length);
            stream.Write(message);
        }

        return stream.ToArray();
    }

    private static MemoryStream AnswerHead(ReadOnlySpan<byte> query, int rcode, int answers, out bool edns, int authority = 0)
    {
        ParsedMessage parsed = ParsedMessage.ParseQuery(query);
        edns = parsed.Edns is not null;
        var message = new MemoryStream();
        Header(message, parsed.Id, 0x8180 | rcode, 1, answers, authority, edns ? 1 : 0);
        message.Write(query[HeaderLength..parsed.QuestionEnd]);
        return message;
    }

    private static byte[] WithOpt(MemoryStream message, bool edns)
    {
        if (edns)
        {
            OptRecord(message, 1232, []);
        }

        return message.ToArray();
    }

    private static void Header(MemoryStream to, int id, int flags, int questions, int answers, int authority, int more)
    {
        foreach (int field in (ReadOnlySpan<int>)[id, flags, questions, answers, authority, more])
        {
            Number(to, field);
        }
    }

    private static void Question(MemoryStream to, string name, int type)
    {
        foreach (string label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            to.WriteByte((byte)label.Length);
            to.Write(Encoding.ASCII.GetBytes(label));
        }

        to.WriteByte(0);
        Number(to, type);
        Number(to, 1);
    }

    private static void Filler(MemoryStream to, int type, int size)
    {
        RecordHeader(to, type, size - RecordHeaderLength);
        to.Write(Enumerable.Repeat((byte)'f', size - RecordHeaderLength).ToArray());
    }

    private static void RecordHeader(MemoryStream to, int type, int dataLength, int ttl = 60)
    {
        Number(to, 0xc000 | HeaderLength);
        Number(to, type);
        Number(to, 1);
        Number(to, ttl >> 16);
        Number(to, ttl);
        Number(to, dataLength);
    }

    private static void OptRecord(MemoryStream to, int udpSize, (ushort Code, byte[] Data)[] options)
    {
        to.WriteByte(0);
        Number(to, Opt);
        Number(to, udpSize);
        Number(to, 0);
        Number(to, 0);
        Number(to, options.Sum(option => 4 + option.Data.Length));
        foreach ((ushort code, byte[] data) in options)
        {
            Number(to, code);
            Number(to, data.Length);
            to.Write(data);
        }
    }

    private static void Number(MemoryStream to, int value)
    {
        to.WriteByte((byte)(value >> 8));
        to.WriteByte((byte)value);
    }
}
