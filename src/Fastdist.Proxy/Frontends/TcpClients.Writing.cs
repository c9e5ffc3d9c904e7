using System;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Streams;

namespace Fastdist.Proxy.Frontends;

/// <summary>From answers to bytes.</summary>
internal sealed partial class TcpClients
{
    /// <summary>Most bytes that a keepalive option and padding add to an answer, headers included.</summary>
    private const int OptionsRoom = Padding.ResponseBlock + 4 + 6;

    /// <summary>The unit of edns-tcp-keepalive's TIMEOUT (RFC 7828 section 3.1), microseconds.</summary>
    private const long KeepaliveUnit = 100_000;

    /// <summary>Delivers the answer a query was waiting for; a client that left meanwhile is no error, but counted.</summary>
    protected override void Deliver(in InFlightEntry entry, ReadOnlySpan<byte> answer)
    {
        if (Find(entry.Client, entry.ClientGeneration) is { } client)
        {
            client.InFlight--;
            if (client.Http is null)
            {
                Append(entry.Client, client, answer, entry.Traits);
            }
            else
            {
                RespondDns(entry.Client, client, entry.HttpStream, answer, entry.Traits);
            }
        }
        else
        {
            _counters[entry.Frontend].LostResponses++;
        }
    }

    /// <summary>Sends what the turn gathered, one send a connection.</summary>
    public void Flush()
    {
        _turn++;
        while (_dirty.TryDequeue(out int index))
        {
            ClientConnection client = _connections[index];
            client.IsDirty = false;
            if (client.State is not (ClientState.Open or ClientState.Finishing or ClientState.Handshaking or ClientState.AwaitingProxyHeader))
            {
                continue;
            }

            // Nothing is gathered for a dead session: its last words are all that leaves.
            RingStream stream = client.Stream;
            bool isGathered = client.Http is null || stream.HasFailed || TryGather(client);
            bool isSent = stream.TryFlush(_shard.Clock.Now, out _) && isGathered;
            if (stream.HasFailed)
            {
                Finish(index);
                continue;
            }

            if (!isSent)
            {
                GiveUp(index, client);
                continue;
            }

            if (client.Http is { IsOver: true })
            {
                HttpEnded(index, client);
            }

            if (Reads(client) && stream.IsPaused && !client.IsWaiting && !client.IsYielded && stream.Gathered < OutputPause
                && client.InFlight < _shard.Options.Frontends[client.Frontend].MaxInFlight)
            {
                Unpause(index, client);
            }

            EndIfDone(index);
        }
    }

    /// <summary>A send ended.</summary>
    public void Sent(int index, int errno)
    {
        ClientConnection client = _connections[index];
        if (!client.Stream.Sent(errno, _shard.Clock.Now))
        {
            return;
        }

        if (errno != 0)
        {
            _counters[client.Frontend].DiedSendingResponse++;
            Close(index);
            return;
        }

        if (client.Http is null)
        {
            client.LastActive = _shard.Clock.Now;
        }

        if (client.Stream.HasOutput || client.Stream.IsPaused || client.State == ClientState.Finishing || client.Http?.HasOutput == true)
        {
            MarkDirty(index, client);
        }
    }

    private ClientConnection? Find(int index, uint generation)
    {
        ClientConnection client = _connections[index];
        return client.Generation == generation && client.State is ClientState.Open or ClientState.Finishing ? client : null;
    }

    /// <summary>Gathers an answer, with the options that belong to this hop (RFC 7828, RFC 7830).</summary>
    private void Append(int index, ClientConnection client, ReadOnlySpan<byte> message, QueryTraits traits)
    {
        bool isPadded = IsPadded(client, traits);
        bool hasKeepalive = (traits & QueryTraits.HasKeepalive) != 0;
        int most = StreamFraming.PrefixSize + Math.Min(message.Length + (isPadded || hasKeepalive ? OptionsRoom : 0), ushort.MaxValue);
        if (!client.Stream.TryReserve(most, out Span<byte> frame))
        {
            LoseAnswer(index, client);
            return;
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
        if (!client.Stream.TryAdd(StreamFraming.PrefixSize + length))
        {
            LoseAnswer(index, client);
            return;
        }

        _counters[client.Frontend].Responses++;
        MarkDirty(index, client);
    }

    private void LoseAnswer(int index, ClientConnection client)
    {
        _counters[client.Frontend].LostResponses++;
        GiveUp(index, client);
    }

    /// <summary>
    /// Nothing can be sent to a client any more. A dead session still has its last words, and what was sealed before them, which the
    /// flush sends; who leaves too much untaken gets nothing.
    /// </summary>
    private void GiveUp(int index, ClientConnection client)
    {
        if (client.Stream.HasFailed)
        {
            MarkDirty(index, client);
            Finish(index);
            return;
        }

        _counters[client.Frontend].DiedSendingResponse++;
        Close(index);
    }

    private bool IsPadded(ClientConnection client, QueryTraits traits) =>
        client.Tls is not null && (traits & OwedPadding(_shard.Options.Frontends[client.Frontend].Tls!.PadResponses)) != 0;

    private static QueryTraits OwedPadding(ResponsePadding padding) => padding switch
    {
        ResponsePadding.Asked => QueryTraits.HasPadding,
        ResponsePadding.Edns => QueryTraits.HasEdns,
        _ => QueryTraits.None,
    };

    private void MarkDirty(int index, ClientConnection client)
    {
        if (!client.IsDirty)
        {
            client.IsDirty = true;
            _dirty.Enqueue(index);
        }
    }
}
