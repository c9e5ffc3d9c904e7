using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Simulation.Models;

namespace Fastdist.Simulation.Caching;

/// <summary>All answers about topics that backends gave. Each has a number, which its records bear.</summary>
internal sealed class GivenAnswers(World world)
{
    /// <summary>RD, AD and CD.</summary>
    public const ushort QueryFlags = 0x0130;

    /// <summary>AA, RA and AD.</summary>
    public const ushort AnswerFlags = 0x04A0;

    /// <summary>The extended error that a backend gives, which is none that the proxy gives: Network Error.</summary>
    public const ushort OwnError = 23;

    private const ushort Authoritative = 0x0400;
    private const ushort AuthenticData = 0x0020;
    private const ushort CheckingDisabled = 0x0010;
    private const ushort RecursionDesired = 0x0100;
    private const ushort Response = 0x8080;
    private const int LongRecords = 300;
    private const int OptFixedSize = 11;

    /// <summary>How long the process takes to read an answer that was sent, at most, microseconds, besides the network's time.</summary>
    private const long Reading = 300_000;

    private readonly List<GivenAnswer> _answers = [];

    /// <summary>The answer with a number; null for none.</summary>
    public GivenAnswer? Find(uint serial) => serial - 1 < (uint)_answers.Count ? _answers[(int)serial - 1] : null;

    /// <summary>Writes what a backend answers.</summary>
    /// <param name="message">The query as the backend sees it.</param>
    /// <param name="query">The query as its client sent it.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="failure">An outcome in the place of the topic's; NOERROR for the topic's.</param>
    public byte[] Write(byte[] message, SimQuery query, SimBackend backend, Rcode failure)
    {
        Topic topic = query.Wish!.Topic;
        var seen = new ReadMessage(message);
        Rcode rcode = failure != Rcode.NoError ? failure : world.Random.Next(1000) < topic.Failures ? Rcode.ServFail : topic.Rcode;
        uint[] ttls = rcode != Rcode.NoError || topic.Ttls.Length == 0 ? [topic.SoaTtl] : topic.Kind == NameKind.Long ? Repeated(topic.Ttls[0]) : topic.Ttls;
        byte[]? told = seen.Option(EdnsOption.ClientSubnet);
        ToldNetwork? network = told is null ? null : ToldNetwork.Read(told);
        bool wantsAuthenticity = seen.DnssecOk || (seen.Flags & AuthenticData) != 0;
        var given = new GivenAnswer((uint)_answers.Count + 1, backend, query)
        {
            Rcode = rcode,
            SeenFlags = (ushort)(seen.Flags & QueryFlags),
            SeenDnssecOk = seen.DnssecOk,
            Told = network,
            Scope = network is null or { Prefix: 0 } ? 0 : topic.Scope >= 0 ? topic.Scope : world.Random.Next(4) * 8,
            Flags = (ushort)(0x80 | (topic.IsAuthoritative ? Authoritative : 0) | (topic.IsSigned && wantsAuthenticity ? AuthenticData : 0)),
            Ttls = ttls,
            At = world.Now,
        };
        _answers.Add(given);
        AwaitReading(given, Reading + (10 * world.Latency) + world.Line.LongestDelay);
        return Write(message, seen, given);
    }

    private static uint[] Repeated(uint ttl)
    {
        var ttls = new uint[LongRecords];
        Array.Fill(ttls, ttl);
        return ttls;
    }

    /// <summary>An answer waits while the process stands still.</summary>
    private void AwaitReading(GivenAnswer given, long wait)
    {
        long stopped = world.StoppedFor;
        world.After(wait, () =>
        {
            long more = world.StoppedFor - stopped;
            if (more > 0)
            {
                AwaitReading(given, more);
            }
            else
            {
                given.ReadBy = world.Now;
            }
        });
    }

    private static byte[] Write(byte[] message, ReadMessage seen, GivenAnswer given)
    {
        int questionEnd = Messages.QuestionEnd(message);
        bool hasData = given.Rcode == Rcode.NoError && !given.IsNegative;
        var answer = new List<byte>(message[..questionEnd]);
        ushort flags = (ushort)(Response | given.Flags | (seen.Flags & (RecursionDesired | CheckingDisabled)) | (int)given.Rcode);
        for (int record = 0; record < given.Ttls.Length; record++)
        {
            answer.AddRange(Record(given, record, hasData));
        }

        if (seen.HasOpt)
        {
            answer.AddRange(Opt(seen, given));
        }

        Span<byte> header = stackalloc byte[Header.Size];
        message.AsSpan(0, 2).CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], flags);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], 1);
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], (ushort)(hasData ? given.Ttls.Length : 0));
        BinaryPrimitives.WriteUInt16BigEndian(header[8..], (ushort)(hasData ? 0 : given.Ttls.Length));
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)(seen.HasOpt ? 1 : 0));
        for (int at = 0; at < header.Length; at++)
        {
            answer[at] = header[at];
        }

        return [.. answer];
    }

    private static byte[] Record(GivenAnswer given, int number, bool hasData)
    {
        const int SoaSize = 22;
        const int FixedSize = 12;
        int size = !hasData ? SoaSize : given.Wish.Type == RecordType.A ? 4 : 16;
        var record = new byte[FixedSize + size];
        BinaryPrimitives.WriteUInt16BigEndian(record, 0xC00C);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(2), hasData ? (ushort)given.Wish.Type : (ushort)RecordType.SOA);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(6), given.Ttls[number]);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(10), (ushort)size);
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(FixedSize + (hasData ? 0 : 2)), given.Serial);
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(record.Length - 4), hasData && given.Wish.Type == RecordType.A ? given.Serial : given.Ttls[number]);
        return record;
    }

    private static byte[] Opt(ReadMessage seen, GivenAnswer given)
    {
        var options = new List<byte>();
        if (given.Told is { } told)
        {
            options.AddRange(EdnsOptions.Write((ushort)EdnsOption.ClientSubnet, told.Write(given.Scope)));
        }

        if (seen.Option(EdnsOption.Cookie) is { } cookie)
        {
            options.AddRange(EdnsOptions.Write((ushort)EdnsOption.Cookie, [.. cookie[..8], .. cookie[..8]]));
        }

        if (seen.Option(EdnsOption.Nsid) is not null)
        {
            options.AddRange(EdnsOptions.Write((ushort)EdnsOption.Nsid, [(byte)given.Backend.Number]));
        }

        if (given.Wish.Topic.IsExplained)
        {
            options.AddRange(EdnsOptions.Write((ushort)EdnsOption.ExtendedError, [0, (byte)OwnError, (byte)'x']));
        }

        var opt = new byte[OptFixedSize];
        opt[2] = 41;
        BinaryPrimitives.WriteUInt16BigEndian(opt.AsSpan(3), 1232);
        opt[7] = (byte)(seen.DnssecOk ? 0x80 : 0);
        BinaryPrimitives.WriteUInt16BigEndian(opt.AsSpan(9), (ushort)options.Count);
        return [.. opt, .. options];
    }
}
