using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>What <see cref="ScenarioBackend"/> answers: the first label of the name says how, and everything follows from the query.</summary>
internal static class ScenarioAnswers
{
    /// <summary>The first label of names that get no answer.</summary>
    public const string Silent = "silent";

    /// <summary>What the first label of names begins with that get an answer the first time only; the rest of it says how.</summary>
    public const string Once = "once-";

    private const int HeaderSize = 12;

    private static readonly char[] s_digits = [.. "0123456789"];

    /// <summary>Data of a record of this type, always the same.</summary>
    public static byte[] DataOf(int type, byte number = 1) => type switch
    {
        MessageWriter.A => [192, 0, 2, number],
        MessageWriter.Aaaa => IPAddress.Parse($"2001:db8::{number}").GetAddressBytes(),
        MessageWriter.Ns or MessageWriter.Cname => MessageWriter.NameOf("ns.example"),
        MessageWriter.Soa => [.. MessageWriter.NameOf("ns.example"), .. MessageWriter.NameOf("hostmaster.example"), .. new byte[16], 0, 0, 0, 60],
        MessageWriter.Txt => [4, .. "text"u8],
        _ => [number],
    };

    /// <summary>The answer; null is none.</summary>
    /// <param name="query">The query as it came.</param>
    /// <param name="overUdp">Whether it came over UDP.</param>
    public static byte[]? To(ReadOnlySpan<byte> query, bool overUdp)
    {
        string first = FirstLabelOf(query);
        first = first.StartsWith(Once, StringComparison.Ordinal) ? first[Once.Length..] : first;
        string kind = first.TrimEnd(s_digits);
        int number = int.TryParse(first[kind.Length..], CultureInfo.InvariantCulture, out int written) ? written : -1;
        int questionEnd = EndOfName(query, HeaderSize) + 4;
        int type = BinaryPrimitives.ReadUInt16BigEndian(query[(questionEnd - 4)..]);
        var answer = new MessageWriter().Question(query[HeaderSize..questionEnd]);
        int flags = 0x8080 | (BinaryPrimitives.ReadUInt16BigEndian(query[2..]) & 0x7910);
        int optAt = OptIn(query, questionEnd);
        switch (first)
        {
            case Silent: return null;
            case "nxdomain": flags |= 3; answer.Record(2, MessageWriter.Soa, 300, DataOf(MessageWriter.Soa)); break;
            case var _ when kind == "ttl" && number >= 0: answer.Record(1, MessageWriter.A, number, DataOf(MessageWriter.A)); break;
            case var _ when kind == "nxttl" && number >= 0: flags |= 3; answer.Record(2, MessageWriter.Soa, number, DataOf(MessageWriter.Soa)); break;
            case var _ when kind == "nodatattl" && number >= 0: answer.Record(2, MessageWriter.Soa, number, DataOf(MessageWriter.Soa)); break;
            case "hugettl": answer.Record(1, MessageWriter.A, -1, DataOf(MessageWriter.A)); break;
            case "formerr": flags |= 1; break;
            case "servfail": flags |= 2; break;
            case "refused": flags |= 5; break;
            case "authentic": flags |= 0x0420; answer.Record(1, MessageWriter.A, 300, DataOf(MessageWriter.A)); break;
            case "nodata": answer.Record(2, MessageWriter.Soa, 300, DataOf(MessageWriter.Soa)); break;
            case "ttls": Addresses(answer, 5, 100, 1_000, 100_000); break;
            case "mixed": Mixed(answer); break;
            case "plain": PlainTypes(answer); break;
            case "big": Big(answer); break;
            case "tc" when overUdp: flags |= 0x0200; break;
            default: Plain(answer, type); break;
        }

        if (optAt >= 0)
        {
            int extended = first == "badvers" ? 1 << 8 : 0;
            answer.OptRecord(1232, extended, BinaryPrimitives.ReadUInt16BigEndian(query[(optAt + 7)..]) & 0x8000, Options(first, query[optAt..]));
        }

        byte[] done = answer.Done(BinaryPrimitives.ReadUInt16BigEndian(query), flags);
        return first switch
        {
            "trailing" => [.. done, 0xde, 0xad],
            "broken" => done[..^2],
            "empty" => done[..HeaderSize],
            _ => done,
        };
    }

    /// <summary>The first label of the question's name, in small letters.</summary>
    public static string FirstLabelOf(ReadOnlySpan<byte> query) =>
        query[HeaderSize] == 0 ? "" : Encoding.Latin1.GetString(query.Slice(HeaderSize + 1, query[HeaderSize])).ToLowerInvariant();

    private static void Plain(MessageWriter answer, int type)
    {
        if (type is MessageWriter.A or MessageWriter.Aaaa or MessageWriter.Txt or MessageWriter.Ns or MessageWriter.Soa)
        {
            answer.Record(1, type, 300, DataOf(type));
        }
        else if (type == MessageWriter.Any)
        {
            answer.Record(1, MessageWriter.A, 300, DataOf(MessageWriter.A)).Record(1, MessageWriter.Txt, 300, DataOf(MessageWriter.Txt));
        }
        else
        {
            answer.Record(2, MessageWriter.Soa, 300, DataOf(MessageWriter.Soa));
        }
    }

    private static void Addresses(MessageWriter answer, params int[] ttls)
    {
        for (int i = 0; i < ttls.Length; i++)
        {
            answer.Record(1, MessageWriter.A, ttls[i], DataOf(MessageWriter.A, (byte)(i + 1)));
        }
    }

    private static void Mixed(MessageWriter answer) => answer
        .Record(1, MessageWriter.A, 10, DataOf(MessageWriter.A))
        .Record(1, MessageWriter.Aaaa, 1_000, DataOf(MessageWriter.Aaaa))
        .Record(1, MessageWriter.Txt, 100_000, DataOf(MessageWriter.Txt))
        .Record(2, MessageWriter.Ns, 20, DataOf(MessageWriter.Ns))
        .Record(2, MessageWriter.Soa, 2_000, DataOf(MessageWriter.Soa))
        .Record(3, MessageWriter.A, 30, DataOf(MessageWriter.A, 2));

    /// <summary>Types without a name in their data in every section.</summary>
    private static void PlainTypes(MessageWriter answer) => answer
        .Record(1, MessageWriter.A, 10, DataOf(MessageWriter.A))
        .Record(1, MessageWriter.Txt, 20, DataOf(MessageWriter.Txt))
        .Record(1, MessageWriter.A, 30, DataOf(MessageWriter.A, 2))
        .Record(2, MessageWriter.Txt, 40, DataOf(MessageWriter.Txt))
        .Record(3, MessageWriter.Aaaa, 50, DataOf(MessageWriter.Aaaa))
        .Record(3, MessageWriter.A, 60, DataOf(MessageWriter.A, 3));

    /// <summary>More than fits in what most clients take in a datagram.</summary>
    private static void Big(MessageWriter answer)
    {
        for (int i = 0; i < 12; i++)
        {
            answer.Record(1, MessageWriter.Txt, 300, [199, .. Enumerable.Repeat((byte)('a' + i), 199)]);
        }
    }

    /// <summary>What the answer's OPT holds: the query's client subnet with a scope, an extended error, a cookie or a server's identifier.</summary>
    private static byte[] Options(string first, ReadOnlySpan<byte> opt)
    {
        switch (first)
        {
            case "cookie": return MessageWriter.Option(10, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
            case "nsid": return MessageWriter.Option(3, "backend"u8);
        }

        if (first == "ede")
        {
            return MessageWriter.Option(15, [0, 3, .. "stale"u8]);
        }

        if (!first.StartsWith("scope", StringComparison.Ordinal))
        {
            return [];
        }

        int scope = int.TryParse(first["scope".Length..], CultureInfo.InvariantCulture, out int written) ? written : -1;

        var options = new List<byte>();
        for (int at = 11, end = 11 + BinaryPrimitives.ReadUInt16BigEndian(opt[9..]); at + 4 <= end;)
        {
            int code = BinaryPrimitives.ReadUInt16BigEndian(opt[at..]), length = BinaryPrimitives.ReadUInt16BigEndian(opt[(at + 2)..]);
            if (code == 8)
            {
                byte[] subnet = opt.Slice(at + 4, length).ToArray();
                subnet[3] = scope >= 0 ? (byte)scope : subnet[2];
                options.AddRange(MessageWriter.Option(8, subnet));
            }

            at += 4 + length;
        }

        return [.. options];
    }

    /// <summary>Where the query's OPT begins, when its records can be read as far as that; else -1.</summary>
    private static int OptIn(ReadOnlySpan<byte> query, int at)
    {
        int records = BinaryPrimitives.ReadUInt16BigEndian(query[6..]) + BinaryPrimitives.ReadUInt16BigEndian(query[8..]) + BinaryPrimitives.ReadUInt16BigEndian(query[10..]);
        for (; records > 0 && at < query.Length; records--)
        {
            int name = at;
            at = EndOfName(query, at);
            if (at + 10 > query.Length)
            {
                break;
            }

            if (BinaryPrimitives.ReadUInt16BigEndian(query[at..]) == MessageWriter.Opt)
            {
                return name;
            }

            at += 10 + BinaryPrimitives.ReadUInt16BigEndian(query[(at + 8)..]);
        }

        return -1;
    }

    /// <summary>The first byte behind the name at this place.</summary>
    public static int EndOfName(ReadOnlySpan<byte> message, int at)
    {
        while (at < message.Length && message[at] is > 0 and < 0xc0)
        {
            at += 1 + message[at];
        }

        return at < message.Length && message[at] >= 0xc0 ? at + 2 : at + 1;
    }
}
