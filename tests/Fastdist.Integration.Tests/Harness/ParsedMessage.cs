using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A record of a section; the data stays as it came.</summary>
internal sealed record ParsedRecord(string Name, int Type, int Class, uint Ttl, byte[] Data);

/// <summary>The OPT record, read as EDNS.</summary>
internal sealed record ParsedEdns(int UdpSize, IReadOnlyList<(int Code, byte[] Data)> Options)
{
    /// <summary>The info code of the extended error (RFC 8914), when there is one.</summary>
    public int? ExtendedError =>
        Options.Where(option => option.Code == 15)
            .Select(option => (int?)BinaryPrimitives.ReadUInt16BigEndian(option.Data))
            .FirstOrDefault();

    public bool Has(int code) => Options.Any(option => option.Code == code);
}

/// <summary>A DNS message taken apart; anything that is not sound throws.</summary>
internal sealed class ParsedMessage
{
    private ParsedMessage(byte[] bytes) => Bytes = bytes;

    public byte[] Bytes { get; }

    public int Id => Field(0);

    public int Flags => Field(2);

    public bool IsResponse => (Flags & 0x8000) != 0;

    public int Opcode => (Flags >> 11) & 0xf;

    public bool IsTruncated => (Flags & 0x0200) != 0;

    public Rcode Rcode => (Rcode)(Flags & 0xf);

    public int QuestionCount => Field(4);

    public string QuestionName { get; private set; } = "";

    public int QuestionType { get; private set; }

    /// <summary>Where the question section ends.</summary>
    public int QuestionEnd { get; private set; }

    public List<ParsedRecord> Answers { get; } = [];

    public List<ParsedRecord> Authority { get; } = [];

    public List<ParsedRecord> Additional { get; } = [];

    public ParsedEdns? Edns { get; private set; }

    public static ParsedMessage Parse(ReadOnlySpan<byte> bytes)
    {
        var message = new ParsedMessage(bytes.ToArray());
        message.ReadAll();
        return message;
    }

    /// <summary>As much of a query as a server must read: its question must be sound, what follows need not be.</summary>
    public static ParsedMessage ParseQuery(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Parse(bytes);
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException or FormatException)
        {
            var message = new ParsedMessage(bytes.ToArray());
            message.ReadQuestions();
            return message;
        }
    }

    private int Field(int offset) => BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(offset));

    private void ReadQuestions()
    {
        int at = 12;
        for (int i = 0; i < QuestionCount; i++)
        {
            QuestionName = ReadName(ref at);
            QuestionType = Field(at);
            at += 4;
        }

        QuestionEnd = at;
    }

    private void ReadAll()
    {
        ReadQuestions();
        int at = QuestionEnd;
        ReadSection(ref at, Field(6), Answers);
        ReadSection(ref at, Field(8), Authority);
        ReadSection(ref at, Field(10), Additional);
        if (Additional.FirstOrDefault(record => record.Type == Message.Opt) is { } opt)
        {
            Edns = new(opt.Class, [.. ReadOptions(opt.Data)]);
        }
    }

    private void ReadSection(ref int at, int count, List<ParsedRecord> into)
    {
        for (int i = 0; i < count; i++)
        {
            string name = ReadName(ref at);
            uint ttl = BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(at + 4));
            int length = Field(at + 8);
            into.Add(new(name, Field(at), Field(at + 2), ttl, Bytes.AsSpan(at + 10, length).ToArray()));
            at += 10 + length;
        }
    }

    private string ReadName(ref int at)
    {
        var name = new StringBuilder();
        int position = at;
        int end = -1;
        while (Bytes[position] is var length && length != 0)
        {
            if (length >= 0xc0)
            {
                end = end < 0 ? position + 2 : end;
                int target = Field(position) & 0x3fff;
                position = target < position ? target : throw new FormatException("a pointer that does not point back");
                continue;
            }

            name.Append(Encoding.ASCII.GetString(Bytes, position + 1, length)).Append('.');
            position += 1 + length;
        }

        at = end < 0 ? position + 1 : end;
        return name.ToString();
    }

    private static IEnumerable<(int Code, byte[] Data)> ReadOptions(byte[] data)
    {
        for (int at = 0; at < data.Length;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(at + 2));
            yield return (BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(at)), data.AsSpan(at + 4, length).ToArray());
            at += 4 + length;
        }
    }
}
