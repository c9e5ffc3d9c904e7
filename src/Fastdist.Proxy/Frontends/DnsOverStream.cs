using System;
using Fastdist.Dns;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Tls;

namespace Fastdist.Proxy.Frontends;

/// <summary>DNS messages on a stream, each behind its length (RFC 7766, RFC 7858): pipelined queries in, answers out in any order.</summary>
/// <param name="shard">The shard.</param>
/// <param name="gate">Where queries pass.</param>
/// <param name="asker">Who hears of their answers.</param>
/// <param name="frontend">The frontend.</param>
internal sealed class DnsOverStream(ShardContext shard, Gate gate, ClientAsker asker, Frontend frontend)
    : StreamProtocol(shard, gate, asker, frontend)
{
    /// <summary>Most bytes that a keepalive option and padding add to an answer, headers included.</summary>
    private const int OptionsRoom = Padding.ResponseBlock + 4 + 6;

    /// <summary>The unit of edns-tcp-keepalive's TIMEOUT (RFC 7828 section 3.1), microseconds.</summary>
    private const long KeepaliveUnit = 100_000;

    /// <inheritdoc/>
    public override Uptake Take(ClientConnection client, ReadOnlySpan<byte> data, out int taken)
    {
        taken = 0;
        Uptake uptake = Uptake.Dry;
        while (uptake == Uptake.Dry && taken < data.Length)
        {
            if (MustWait(client, out Uptake reason))
            {
                return reason;
            }

            if (!StreamFraming.TryRead(data[taken..], out ReadOnlySpan<byte> message))
            {
                return Uptake.Dry;
            }

            taken += StreamFraming.PrefixSize + message.Length;
            uptake = TakeMessage(client, message);
        }

        return uptake;
    }

    /// <inheritdoc/>
    public override bool TryAnswer(ClientConnection client, in InFlightEntry query, ReadOnlySpan<byte> answer) => TryAppend(client, answer, query.Edns);

    /// <inheritdoc/>
    public override long IdleTimeout(ClientConnection client) =>
        ClientClocks.Seconds(client.TlsVersion == TlsVersion.Unknown ? Shard.Options.TcpIdleTimeout : Shard.Options.TlsIdleTimeout);

    private Uptake TakeMessage(ClientConnection client, ReadOnlySpan<byte> message)
    {
        ClientProtocol protocol = client.Tls is null ? ClientProtocol.Tcp : ClientProtocol.Tls;
        var origin = new Origin(protocol, client.Frontend, CountQuery(client), in client.Peer, in client.Local) { Pool = Pool, Session = client.Tls };
        bool isSent = true;
        switch (Gate.Judge(message, in origin, out Query query))
        {
            case Fate.Forward:
                isSent = TryForward(client, in query, in origin, httpStream: 0) || TryAppend(client, NoRoom(in query), query.Edns);
                break;
            case Fate.Answer:
                isSent = TryAppend(client, Gate.Judgement.Reply, query.Edns);
                RefreshIfDue(client, in query, in origin);
                break;
            default:
                // Nothing after what cannot be read can be trusted, and who is not to be answered is not to go on asking either.
                return Uptake.Over;
        }

        return !isSent ? Uptake.Unsendable : HasAskedEnough(client) || !client.Reads ? Uptake.Over : Uptake.Dry;
    }

    /// <summary>Gathers an answer, with the options that belong to this hop (RFC 7828, RFC 7830).</summary>
    /// <returns>False when it is lost.</returns>
    private bool TryAppend(ClientConnection client, ReadOnlySpan<byte> message, EdnsTraits edns)
    {
        bool isPadded = IsPadded(client, edns);
        bool hasKeepalive = (edns & EdnsTraits.EmptyKeepalive) != 0;
        int most = StreamFraming.PrefixSize + Math.Min(message.Length + (isPadded || hasKeepalive ? OptionsRoom : 0), ushort.MaxValue);
        if (!client.Stream.TryReserve(most, out Span<byte> frame))
        {
            Counters.LostResponses++;
            return false;
        }

        Span<byte> answer = frame[StreamFraming.PrefixSize..most];
        message.CopyTo(answer);
        int length = message.Length;
        if (hasKeepalive)
        {
            TcpKeepalive.TryAdd(answer, ref length, (ushort)Math.Min(IdleTimeout(client) / KeepaliveUnit, ushort.MaxValue));
        }

        if (isPadded)
        {
            Padding.TryPad(answer, ref length, Padding.ResponseBlock);
        }

        StreamFraming.WritePrefix(frame, length);
        bool isAdded = client.Stream.TryAdd(StreamFraming.PrefixSize + length);
        Counters.Responses += isAdded ? 1 : 0;
        Counters.LostResponses += isAdded ? 0 : 1;
        return isAdded;
    }
}
