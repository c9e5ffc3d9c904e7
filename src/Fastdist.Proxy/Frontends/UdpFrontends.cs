using System;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Shards;
using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>The UDP side of a shard: datagrams to queries, answers to datagrams.</summary>
internal sealed class UdpFrontends(ShardContext shard, FrontendCounters[] counters)
{
    /// <summary>Room for header, question and OPT: what is left of an answer that is too large.</summary>
    private readonly byte[] _truncated = new byte[1024];

    /// <summary>Where a frontend counts.</summary>
    public FrontendCounters CountersOf(int frontend) => counters[frontend];

    /// <summary>A datagram arrived.</summary>
    public void Received(int frontend, ReadOnlySpan<byte> message, in DatagramRoute route, bool wasCut)
    {
        FrontendCounters count = counters[frontend];
        if (!shard.Acl.Contains(in route.Peer))
        {
            count.AclDrops++;
            return;
        }

        count.Queries++;
        QueryVerdict verdict = Refusal.Judge(message, shard.Options, out Query query);
        if (verdict != QueryVerdict.Forward || wasCut)
        {
            Refuse(verdict, message, in query, in route, wasCut, count);
            return;
        }

        if (!shard.Dispatcher.HasRoom || !shard.Dispatcher.TryAdd(in query, QuerySource.Datagram, frontend, out int index))
        {
            count.DroppedOverload++;
            return;
        }

        ref InFlightEntry entry = ref shard.Table[index];
        entry.Route = route;
        entry.AnswerLimit = (ushort)Math.Min(query.UdpPayloadSize, shard.Options.UdpMaxSize);
        shard.Dispatcher.Start(index);
    }

    /// <summary>Sends an answer, cut to what the client takes (RFC 2181 section 9, RFC 6891 section 6.2.5).</summary>
    public void Answer(in InFlightEntry entry, ReadOnlySpan<byte> message)
    {
        FrontendCounters count = counters[entry.Frontend];
        if (message.Length > entry.AnswerLimit)
        {
            int length = Truncation.Write(message, _truncated);
            if (length == 0)
            {
                count.TruncationFailures++;
                return;
            }

            count.Truncated++;
            message = _truncated.AsSpan(0, length);
        }

        count.Responses++;
        shard.Ring.SendDatagram(entry.Route.Socket, in entry.Route, message);
    }

    /// <summary>Sends the SERVFAIL of a query that found no backend.</summary>
    public void Failed(in InFlightEntry entry, ReadOnlySpan<byte> message)
    {
        counters[entry.Frontend].ServFail++;
        Answer(in entry, message);
    }

    /// <summary>A query is dropped for want of room: UDP clients ask again.</summary>
    public void Dropped(in InFlightEntry entry) => counters[entry.Frontend].DroppedOverload++;

    /// <summary>Answers what is not forwarded. A query that lost its end, as it was larger than we say we receive, is one with a broken format.</summary>
    private void Refuse(QueryVerdict verdict, ReadOnlySpan<byte> message, in Query query, in DatagramRoute route, bool wasCut, FrontendCounters count)
    {
        if (verdict is QueryVerdict.TooShort or QueryVerdict.NotAQuery)
        {
            count.NoncompliantQueries++;
            return;
        }

        if (wasCut && verdict != QueryVerdict.NotImplemented)
        {
            verdict = QueryVerdict.FormatError;
        }

        Span<byte> answer = stackalloc byte[ErrorAnswer.MaxSize];
        int length = Refusal.Write(verdict, message, in query, count, answer, shard.Options.UdpMaxSize);
        if (length > 0)
        {
            count.Responses++;
            shard.Ring.SendDatagram(route.Socket, in route, answer[..length]);
        }
    }
}
