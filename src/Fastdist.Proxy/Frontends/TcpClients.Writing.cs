using System;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>From answers to bytes.</summary>
internal sealed partial class TcpClients
{
    private const int SendSliceLength = 64 * 1024;

    /// <summary>Most bytes that a keepalive option and padding add to an answer, headers included.</summary>
    private const int OptionsRoom = Padding.ResponseBlock + 4 + 6;

    /// <summary>The unit of edns-tcp-keepalive's TIMEOUT (RFC 7828 section 3.1), microseconds.</summary>
    private const long KeepaliveUnit = 100_000;

    /// <summary>Where an answer is put together that is sealed on its own, or as much of one as is gathered at once.</summary>
    private readonly NativeBuffer _frame = new(StreamFraming.PrefixSize + ushort.MaxValue);

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

            if (!StartSend(client))
            {
                GiveUp(index, client);
                continue;
            }

            if (client.Http is { IsOver: true })
            {
                HttpEnded(index, client);
            }

            if (Reads(client) && client.IsPaused && !client.IsWaiting && !client.IsYielded && client.OutputLength < OutputPause
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
        if (errno == 0 && client.SendingOffset < client.SendingLength && client.State != ClientState.Closing)
        {
            SendSlice(client);
            return;
        }

        ReturnOutput(client.Sending);
        client.Sending = null;

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

        if (client.OutputLength > 0 || client.IsPaused || client.State == ClientState.Finishing || client.Tls?.HasPendingOutput == true
            || client.Http?.HasOutput == true)
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
        bool isSealed = SealsEach(client);
        if (!isSealed && !MakeRoom(client, client.OutputLength + most))
        {
            LoseAnswer(index, client);
            return;
        }

        Span<byte> frame = (isSealed ? _frame.Span : client.Output!.Span[client.OutputLength..])[..most];
        Span<byte> answer = frame[StreamFraming.PrefixSize..];
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
        length += StreamFraming.PrefixSize;
        if (isSealed && !TrySealAlone(client, frame[..length]))
        {
            LoseAnswer(index, client);
            return;
        }

        client.OutputLength += isSealed ? 0 : length;
        _counters[client.Frontend].Responses++;
        MarkDirty(index, client);
    }

    /// <summary>An answer has no room or cannot be sealed; the alert that says why is still sent.</summary>
    private void LoseAnswer(int index, ClientConnection client)
    {
        _counters[client.Frontend].LostResponses++;
        if (HasLastWords(client))
        {
            MarkDirty(index, client);
        }
        else
        {
            GiveUp(index, client);
        }
    }

    /// <summary>There is no way to send an answer any more.</summary>
    private void GiveUp(int index, ClientConnection client)
    {
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

    private bool MakeRoom(ClientConnection client, int needed)
    {
        if (client.Output is null)
        {
            client.Output = _buffers.Take();
            _outputBytes += client.Output.Length;
        }

        if (needed <= client.Output.Length)
        {
            return true;
        }

        int length = Math.Max(needed, client.Output.Length * 2);
        if (_outputBytes + length > OutputBudget)
        {
            return false;
        }

        _outputBytes += length - client.Output.Length;
        client.Output.Resize(length, client.OutputLength);
        return true;
    }

    private void MarkDirty(int index, ClientConnection client)
    {
        if (!client.IsDirty)
        {
            client.IsDirty = true;
            _dirty.Enqueue(index);
        }
    }

    /// <summary>Hands what was gathered to the kernel, sealed when the client speaks TLS.</summary>
    /// <returns>False when the session can seal nothing any more, or there is no room.</returns>
    private bool StartSend(ClientConnection client)
    {
        if (client.Sending is not null)
        {
            return true;
        }

        if (client.Http is not null && !TryGather(client) && !HasLastWords(client))
        {
            return false;
        }

        if (client.Tls is not null && !SealsEach(client))
        {
            return (client.OutputLength == 0 && !client.Tls.HasPendingOutput) || TrySeal(client);
        }

        if (client.Tls is { HasPendingOutput: true } && !TryFlushPending(client))
        {
            return false;
        }

        if (client.OutputLength > 0)
        {
            NativeBuffer output = client.Output!;
            int length = client.OutputLength;
            client.Output = null;
            client.OutputLength = 0;
            BeginSend(client, output, length);
        }

        return true;
    }

    private void BeginSend(ClientConnection client, NativeBuffer buffer, int length)
    {
        client.Sending = buffer;
        client.SendingOffset = 0;
        client.SendingLength = length;
        SendSlice(client);
    }

    /// <summary>Sends the next part; parts are small enough that each one done is progress of the client's.</summary>
    private void SendSlice(ClientConnection client)
    {
        int length = Math.Min(client.SendingLength - client.SendingOffset, SendSliceLength);
        client.SendingSince = _shard.Clock.Now;
        _shard.Ring.Send(client.Stream, client.Sending!, client.SendingOffset, length);
        client.SendingOffset += length;
    }
}
