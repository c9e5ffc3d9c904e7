using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;
using Fastdist.Integration.Tests.Harness;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>DNS messages as scenarios write them: hexadecimal without the ID for comparing, and words for readers.</summary>
internal static class AnswerText
{
    /// <summary>Bytes of a header, without which there is no message.</summary>
    public const int HeaderSize = 12;

    private static readonly string[] s_rcodes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

    private static readonly (int Bit, string Name)[] s_flags = [(0x0400, "aa"), (0x0200, "tc"), (0x0100, "rd"), (0x0080, "ra"), (0x0020, "ad"), (0x0010, "cd")];

    /// <summary>The whole message but its ID: flags, counts and what follows, apart from each other.</summary>
    public static string HexOf(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderSize)
        {
            return $"short {Hex(message)}";
        }

        string counts = string.Join(' ', Enumerable.Range(2, 4).Select(Field(message.ToArray())));
        return $"{Hex(message[2..4])} {counts} {Hex(message[HeaderSize..])}".TrimEnd();
    }

    /// <summary>The same with the records of the answer section in an order that does not depend on theirs.</summary>
    public static string HexOfShuffled(byte[] message)
    {
        int at = HeaderSize;
        for (int questions = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(4)); questions > 0; questions--)
        {
            at = ScenarioAnswers.EndOfName(message, at) + 4;
        }

        int start = at;
        var records = new List<string>();
        for (int answers = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(6)); answers > 0; answers--)
        {
            int name = at;
            at = ScenarioAnswers.EndOfName(message, at);
            at += 10 + BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 8));
            records.Add(Hex(message.AsSpan(name..at)));
        }

        records.Sort(StringComparer.Ordinal);
        return HexOf([.. message[..start], .. records.SelectMany(Convert.FromHexString), .. message[at..]]);
    }

    /// <summary>Whether two lines say the same, or messages that are the same but for TTLs that are at most four seconds apart.</summary>
    public static bool AreEqualButForAge(string line, string other)
    {
        const uint MostSeconds = 4;
        if (line == other)
        {
            return true;
        }

        if (!line.StartsWith("= ", StringComparison.Ordinal) || !other.StartsWith("= ", StringComparison.Ordinal)
            || BytesOf(line[2..]) is not { } one || BytesOf(other[2..]) is not { } two || one.Length != two.Length)
        {
            return false;
        }

        foreach (int at in LifetimesIn(one))
        {
            uint left = BinaryPrimitives.ReadUInt32BigEndian(one.AsSpan(at)), right = BinaryPrimitives.ReadUInt32BigEndian(two.AsSpan(at));
            if (Math.Max(left, right) - Math.Min(left, right) > MostSeconds)
            {
                return false;
            }

            two.AsSpan(at, sizeof(uint)).CopyTo(one.AsSpan(at));
        }

        return one.AsSpan().SequenceEqual(two);
    }

    /// <summary>Where TTLs are in a message, but for that of OPT, which is none.</summary>
    private static List<int> LifetimesIn(byte[] message)
    {
        int[] counts = [.. Enumerable.Range(2, 4).Select(field => (int)BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(field * 2)))];
        int at = HeaderSize;
        for (int questions = counts[0]; questions > 0; questions--)
        {
            at = ScenarioAnswers.EndOfName(message, at) + 4;
        }

        var found = new List<int>();
        for (int records = counts[1..].Sum(); records > 0 && at + 11 <= message.Length; records--)
        {
            at = ScenarioAnswers.EndOfName(message, at);
            if (at + 10 > message.Length)
            {
                break;
            }

            if (BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at)) != MessageWriter.Opt)
            {
                found.Add(at + 4);
            }

            at += 10 + BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 8));
        }

        return found;
    }

    /// <summary>What a stored line with a message says; null where there is nothing to show.</summary>
    public static string? Of(string line)
    {
        if (!line.StartsWith("= ", StringComparison.Ordinal) || BytesOf(line[2..]) is not { } bytes)
        {
            return null;
        }

        try
        {
            return Of(ParsedMessage.Parse(bytes));
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException or FormatException)
        {
            return "cannot be parsed";
        }
    }

    private static byte[]? BytesOf(string text)
    {
        string digits = text.Replace(" ", "", StringComparison.Ordinal);
        return digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit) ? [0, 0, .. Convert.FromHexString(digits)] : null;
    }

    private static string Of(ParsedMessage message)
    {
        var text = new StringBuilder(s_rcodes.ElementAtOrDefault(message.Flags & 0xf) ?? $"rcode {message.Flags & 0xf}");
        foreach ((int bit, string name) in s_flags)
        {
            text.Append((message.Flags & bit) != 0 ? $" {name}" : "");
        }

        foreach ((string section, List<ParsedRecord> records) in ((string, List<ParsedRecord>)[])[("answer", message.Answers), ("authority", message.Authority), ("additional", message.Additional)])
        {
            string shown = string.Join(", ", records.Take(6).Select(Of)) + (records.Count > 6 ? $", and {records.Count - 6} more" : "");
            text.Append(records.Count > 0 ? $"; {section}: {shown}" : "");
        }

        return text.ToString();
    }

    private static string Of(ParsedRecord record)
    {
        if (record.Type == Message.Opt)
        {
            string more = (record.Ttl & 0x8000) != 0 ? " do" : "";
            more += record.Ttl >> 24 > 0 ? $" extended rcode {record.Ttl >> 24}" : "";
            return $"OPT {record.Class}{more}{(record.Data.Length > 0 ? " " + Hex(record.Data) : "")}";
        }

        string type = RecordTypes.NameOf(record.Type);
        string data = record.Data.Length is 4 or 16 && type is "A" or "AAAA" ? new IPAddress(record.Data).ToString() : record.Data.Length > 40 ? $"{record.Data.Length} bytes" : Hex(record.Data);
        return string.Create(CultureInfo.InvariantCulture, $"{record.Name} {record.Ttl} {type} {data}");
    }

    private static Func<int, string> Field(byte[] message) => index => Hex(message.AsSpan(index * 2, 2));

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
