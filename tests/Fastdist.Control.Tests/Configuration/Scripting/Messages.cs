using System;
using System.Linq;
using Fastdist.Dns;

namespace Fastdist.Control.Tests.Configuration.Scripting;

/// <summary>Queries and answers.</summary>
internal static class Messages
{
    /// <summary>A query with RD.</summary>
    public static byte[] Query(RecordType type = RecordType.A, string name = "www.example.com", bool hasEdns = false)
    {
        Span<byte> wire = stackalloc byte[256];
        Names.TryParse(name, wire, out int length);
        byte[] message = new byte[QueryWriter.MaxSize];
        int size = hasEdns ? QueryWriter.WriteWithEdns(message, 0x1234, wire[..length], type, 1232) : QueryWriter.Write(message, 0x1234, wire[..length], type);
        return message[..size];
    }

    /// <summary>The answer to a query: its question, and A records.</summary>
    public static byte[] Answer(byte[] query, params uint[] ttls)
    {
        int question = Header.AdditionalCount(query) == 0 ? query.Length : query.Length - 11;
        byte[] records = [.. ttls.SelectMany(ttl => (byte[])[0xC0, 12, 0, 1, 0, 1, (byte)(ttl >> 24), (byte)(ttl >> 16), (byte)(ttl >> 8), (byte)ttl, 0, 4, 192, 0, 2, 1])];
        byte[] answer = [.. query[..question], .. records, .. query[question..]];
        answer[2] |= 0x80;
        answer[7] = (byte)ttls.Length;
        return answer;
    }

    /// <summary>Flags and RCODE of a message, as hexadecimal digits.</summary>
    public static string Flags(byte[] message) => Convert.ToHexString(message.AsSpan(2, 2));

    /// <summary>The RDATA of the records of an answer section, all of whose owners are pointers.</summary>
    public static string[] Records(byte[] message)
    {
        Dns.Query.TryFindQuestion(message, out int at);
        string[] records = new string[Header.AnswerCount(message)];
        for (int i = 0; i < records.Length; i++)
        {
            int size = (message[at + 10] << 8) | message[at + 11];
            records[i] = $"{RecordTypes.ToText((RecordType)((message[at + 2] << 8) | message[at + 3]))} {message[at + 9]} {Convert.ToHexString(message.AsSpan(at + 12, size))}";
            at += 12 + size;
        }

        return [.. records.Order()];
    }
}
