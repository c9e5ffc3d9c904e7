using System;
using Fastdist.Ring;
using Fastdist.Tls;
using Fastdist.Tls.Tickets;

namespace Fastdist.Proxy.Frontends;

/// <summary>TLS of the clients: handshakes within the turn's budget, records opened and sealed.</summary>
internal sealed partial class TcpClients
{
    /// <summary>Where records are opened to; a whole record of the largest kind fits.</summary>
    private const int OpenedCapacity = 16 * 1024 + 64;

    /// <summary>Room for what OpenSSL wants to send besides answers: a ticket, a key update, an alert.</summary>
    private const int PendingRoom = 1024;

    /// <summary>Silence after which a session's record buffers are given back, microseconds.</summary>
    private const long RestMicroseconds = 250_000;

    /// <summary>Connections that are looked at in one turn for some whose handshake may begin.</summary>
    private const int PassesPerTurn = 1024;

    private readonly NativeBuffer _opened = new(OpenedCapacity);
    private bool _hasPassedOver;

    /// <summary>How long handshakes that wait have to wait still, microseconds; 0 when none has to.</summary>
    public long HandshakeRest => _handshakes.Rest(_shard.Clock.Now, _shard.Table.Count > 0);

    /// <summary>Lets handshakes begin in the next turn, as many as fit its budget, unless queries are to come first.</summary>
    public void ResumeHandshakes()
    {
        _hasPassedOver = false;
        if (HandshakeRest > 0)
        {
            return;
        }

        // Those that left while they waited are passed over at once, or the living would queue behind them.
        int passes = PassesPerTurn;
        for (int count = _handshakes.LetIn(); count > 0 && passes > 0 && _handshakes.TryTake(out int index, out uint generation); passes--)
        {
            ClientConnection client = _connections[index];
            if (client.Generation == generation && client.State == ClientState.Handshaking)
            {
                client.MayShake = true;
                client.IsPaused = false;
                _shard.Ring.Resume(client.Stream);
                count--;
            }
        }

        _hasPassedOver = passes == 0;
    }

    /// <summary>Sealed bytes arrived, or what was opened earlier can go on.</summary>
    /// <returns>How many were taken; fewer than all when the stream was paused.</returns>
    private int TakeSealed(int index, ClientConnection client, ReadOnlySpan<byte> data)
    {
        int given = data.Length;
        if (client.State == ClientState.Handshaking)
        {
            if (!MayShake(index, client))
            {
                return 0;
            }

            Shake(index, client, data, out int consumed);
            data = data[consumed..];
        }

        data = OpenRecords(index, client, data);
        return client.IsPaused ? given - data.Length : given;
    }

    private bool MayShake(int index, ClientConnection client)
    {
        if (client.Tls is not null || (client.MayShake && !_handshakes.IsSpent))
        {
            return true;
        }

        client.MayShake = false;
        _counters[client.Frontend].HandshakesDeferred += _handshakes.IsBusy ? 1 : 0;
        _handshakes.Wait(index, client.Generation);
        Pause(client);
        return false;
    }

    /// <summary>Drives a handshake as far as the bytes at hand allow.</summary>
    private void Shake(int index, ClientConnection client, ReadOnlySpan<byte> data, out int consumed)
    {
        bool isFirst = client.Tls is null;
        long begun = isFirst ? _shard.Clock.Measure() : 0;
        client.Tls ??= _tls[client.Frontend]!.CreateSession();

        // What OpenSSL writes waits in the session until the turn's end, when it leaves in one send.
        TlsStatus status = client.Tls.Handshake(data, out consumed, default, out _);
        if (isFirst)
        {
            _handshakes.Took(begun, _shard.Clock.Measure());
        }

        if (client.Tls.HasPendingOutput)
        {
            MarkDirty(index, client);
        }

        switch (status)
        {
            case TlsStatus.Failed or TlsStatus.Closed:
                _counters[client.Frontend].HandshakeFailures[(int)client.Tls.Failure]++;
                Finish(index);
                break;
            default:
                if (client.Tls.IsEstablished)
                {
                    Established(index, client);
                }

                break;
        }
    }

    private void Established(int index, ClientConnection client)
    {
        FrontendCounters counters = _counters[client.Frontend];
        bool isResumed = client.Tls!.IsResumed;
        counters.TlsNewSessions += isResumed ? 0 : 1;
        counters.TlsResumptions += isResumed ? 1 : 0;
        CountTicket(counters, client.Tls.TicketUse);
        client.TlsVersion = client.Tls.Version;
        client.CloseNotified = false;
        client.ReadIosOfQuery = 0;
        client.State = client.ExpectsProxyHeader ? ClientState.AwaitingProxyHeader : ClientState.Open;
        client.PartialSince = _shard.Clock.Now;
        if (!client.ExpectsProxyHeader)
        {
            Charge(index, client);
        }
    }

    /// <summary>Counts the session against its client's rate, once it is known who that is.</summary>
    private void Charge(int index, ClientConnection client)
    {
        if (!_limits.SessionEstablished(in client.Peer, client.Tls!.IsResumed, _shard.Clock.Now))
        {
            _counters[client.Frontend].HandshakesRateLimited++;
            Close(index);
        }
    }

    private static void CountTicket(FrontendCounters counters, TicketUse use)
    {
        counters.TlsUnknownTicketKeys += use == TicketUse.Unknown ? 1 : 0;
        counters.TlsInactiveTicketKeys += use == TicketUse.Inactive ? 1 : 0;
        counters.TlsRefusedTickets += use == TicketUse.Refused ? 1 : 0;
    }

    /// <summary>Opens records and takes what is in them, until the bytes end or the stream is paused.</summary>
    /// <returns>The bytes that were not taken.</returns>
    private ReadOnlySpan<byte> OpenRecords(int index, ClientConnection client, ReadOnlySpan<byte> data)
    {
        while ((Reads(client) || client.State == ClientState.AwaitingProxyHeader) && !client.IsPaused)
        {
            TlsStatus status = client.Tls!.Receive(data, out int consumed, _opened.Span, out int written);
            data = data[consumed..];
            client.BuffersReleased = false;
            if (written > 0)
            {
                int taken = TakePlain(index, client, _opened.Span[..written]);
                KeepOpened(client, _opened.Span[taken..written]);
            }

            switch (status)
            {
                case TlsStatus.NeedOutput:
                    continue;
                case TlsStatus.Closed when client.IsPaused:
                    // What came before it waits; the session says so again after that.
                    return data;
                case TlsStatus.Closed:
                    client.ReceiveEnded = true;
                    PeerFinished(index, client);
                    return data;
                case TlsStatus.Failed:
                    _counters[client.Frontend].TlsErrors += client.State == ClientState.Finishing ? 0 : 1;
                    _counters[client.Frontend].DiedReadingQuery += client.PartialLength > 0 ? 1 : 0;
                    Finish(index);
                    return data;
                default:
                    if (client.Tls.HasPendingOutput)
                    {
                        MarkDirty(index, client);
                    }

                    return data;
            }
        }

        return data;
    }

    private void KeepOpened(ClientConnection client, ReadOnlySpan<byte> rest)
    {
        if (!rest.IsEmpty && client.IsPaused)
        {
            client.Opened = _buffers.Take(rest.Length);
            rest.CopyTo(client.Opened.Span);
            client.OpenedLength = rest.Length;
        }
    }

    /// <summary>Goes on with what a paused session had opened already, before the ring gives more.</summary>
    private void TakeOpened(int index, ClientConnection client)
    {
        if (client.Opened is { } opened)
        {
            int length = client.OpenedLength;
            client.Opened = null;
            client.OpenedLength = 0;
            int taken = TakePlain(index, client, opened.Span[..length]);
            KeepOpened(client, opened.Span[taken..length]);
            _buffers.Return(opened);
        }

        if (client.Tls is not null)
        {
            OpenRecords(index, client, default);
        }
    }

    /// <summary>
    /// Whether no record completes two answers: there are clients that take one of what a read gave them, and then wait for
    /// the socket although their TLS library holds the rest (dnsdist 1.7 over TLS), or drop it (dnsperf over HTTPS).
    /// Records that arrive together harm neither, as both leave the next one in the kernel.
    /// </summary>
    private bool SealsEach(ClientConnection client) => client.Tls is not null && !_shard.Options.Frontends[client.Frontend].Tls!.CoalesceAnswers;

    /// <summary>Seals bytes at once, behind what was sealed before and anything OpenSSL wants to say, in records of their own.</summary>
    /// <returns>False when the session can seal nothing any more, or there is no room.</returns>
    private bool TrySealAlone(ClientConnection client, ReadOnlySpan<byte> plain)
    {
        client.BuffersReleased = false;
        TlsStatus status = TlsStatus.NeedOutput;
        while (status == TlsStatus.NeedOutput)
        {
            if (!MakeRoom(client, client.OutputLength + SealedLength(plain.Length)))
            {
                return false;
            }

            status = client.Tls!.Send(plain, out int consumed, client.Output!.Span[client.OutputLength..], out int written);
            client.OutputLength += written;
            plain = plain[consumed..];
        }

        return status == TlsStatus.Ok;
    }

    /// <summary>Whether the session has failed, and what was sealed until then, the alert last, has yet to leave.</summary>
    private bool HasLastWords(ClientConnection client) => client.OutputLength > 0 && SealsEach(client) && client.Tls!.Failure != TlsFailure.None;

    /// <summary>Puts what OpenSSL wants to say behind what was sealed before; what has no room follows when this was sent.</summary>
    /// <returns>False when there is no room at all.</returns>
    private bool TryFlushPending(ClientConnection client)
    {
        while (client.Tls!.HasPendingOutput)
        {
            if (!MakeRoom(client, client.OutputLength + PendingRoom))
            {
                return client.OutputLength > 0;
            }

            client.OutputLength += client.Tls.FlushPending(client.Output!.Span[client.OutputLength..]);
        }

        return true;
    }

    /// <summary>Bytes that so many take at most once they are sealed.</summary>
    private static int SealedLength(int plain) => plain + (((plain / TlsContext.MaxRecordPayload) + 1) * TlsSession.RecordOverhead);

    /// <summary>Seals what was gathered, anything OpenSSL wants to say first.</summary>
    private bool TrySeal(ClientConnection client)
    {
        NativeBuffer cipher = _buffers.Take(SealedLength(client.OutputLength) + PendingRoom);
        ReadOnlySpan<byte> plain = client.Output is null ? default : client.Output.Span[..client.OutputLength];
        TlsStatus status = client.Tls!.Send(plain, out int consumed, cipher.Span, out int written);
        KeepUnsealed(client, consumed);
        client.BuffersReleased = false;
        return SendSealed(client, cipher, written) || status != TlsStatus.Failed;
    }

    /// <summary>Hands sealed bytes to the kernel; their buffer is the connection's until they are out.</summary>
    /// <returns>False when there are none.</returns>
    private bool SendSealed(ClientConnection client, NativeBuffer cipher, int length)
    {
        if (length == 0)
        {
            _buffers.Return(cipher);
            return false;
        }

        _outputBytes += cipher.Length;
        BeginSend(client, cipher, length);
        return true;
    }

    private void KeepUnsealed(ClientConnection client, int consumed)
    {
        client.OutputLength -= consumed;
        if (client.OutputLength > 0)
        {
            client.Output!.Span.Slice(consumed, client.OutputLength).CopyTo(client.Output.Span);
        }
        else
        {
            ReturnOutput(client.Output);
            client.Output = null;
        }
    }

    /// <summary>Sends close_notify, once, when there is a session to end in order (RFC 8446 section 6.1).</summary>
    /// <returns>True while something still has to leave.</returns>
    private bool NotifyClose(ClientConnection client)
    {
        if (client.Tls is null || (client.CloseNotified && !client.Tls.HasPendingOutput))
        {
            return false;
        }

        NativeBuffer cipher = _buffers.Take();
        return SendSealed(client, cipher, WriteClose(client, client.Tls, cipher.Span));
    }

    /// <summary>Says close_notify on a connection that is closed at once, as far as it can leave at once.</summary>
    private void SayGoodbye(ClientConnection client)
    {
        if (client.Tls is { } session && client.Sending is null)
        {
            if (SealsEach(client) && client.OutputLength > 0)
            {
                // The peer could not open what follows without what was sealed before.
                bool isTaken = _shard.Ring.SendLast(client.Stream, client.Output!.Span[..client.OutputLength]);
                client.OutputLength = 0;
                if (!isTaken)
                {
                    return;
                }
            }

            Span<byte> words = stackalloc byte[PendingRoom];
            _shard.Ring.SendLast(client.Stream, words[..WriteClose(client, session, words)]);
        }
    }

    private static int WriteClose(ClientConnection client, TlsSession session, Span<byte> words)
    {
        if (client.CloseNotified)
        {
            return session.FlushPending(words);
        }

        client.CloseNotified = true;
        session.Close(words, out int written);
        return written;
    }

    /// <summary>A session that is silent for a while does without its record buffers, some 20 kB.</summary>
    /// <returns>Whether it gave them back now.</returns>
    private bool Rest(ClientConnection client, long now)
    {
        if (!client.IsIdle || client.Tls is null || client.BuffersReleased || now - client.LastActive <= RestMicroseconds
            || !_shard.Options.Frontends[client.Frontend].Tls!.ReleaseBuffers)
        {
            return false;
        }

        client.BuffersReleased = true;
        client.Tls.ReleaseBuffers();
        return true;
    }

    private void EndSession(ClientConnection client)
    {
        client.Tls?.Dispose();
        client.Tls = null;
    }
}
