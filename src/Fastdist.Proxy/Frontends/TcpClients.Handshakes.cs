using System;
using Fastdist.Proxy.Counters;
using Fastdist.Streams;
using Fastdist.Tls.Tickets;

namespace Fastdist.Proxy.Frontends;

/// <summary>TLS of the clients: handshakes within the turn's budget.</summary>
internal sealed partial class TcpClients
{
    /// <summary>Connections that are looked at in one turn for some whose handshake may begin.</summary>
    private const int PassesPerTurn = 1024;

    private readonly HandshakeQueue _handshakes;
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
                client.Stream.Unpause();
                client.Stream.Resume();
                count--;
            }
        }

        _hasPassedOver = passes == 0;
    }

    private bool MayShake(ClientConnection client)
    {
        if (client.Tls is not null || (client.MayShake && !_handshakes.IsSpent))
        {
            return true;
        }

        client.MayShake = false;
        CountersOf(client).HandshakesDeferred += _handshakes.IsBusy ? 1 : 0;
        _handshakes.Wait(client.Index, client.Generation);
        client.Stream.Pause();
        return false;
    }

    /// <summary>Drives a handshake as far as the bytes at hand allow.</summary>
    private void Shake(ClientConnection client, ref ReadOnlySpan<byte> data)
    {
        bool isFirst = client.Tls is null;
        long begun = isFirst ? _shard.Clock.Measure() : 0;
        if (isFirst)
        {
            client.Stream.Coalesces = _frontends[client.Frontend].Options.Tls!.CoalesceAnswers;
            client.Stream.Secure(_frontends[client.Frontend].Tls!.CreateSession());
        }

        StreamStatus status = client.Stream.Handshake(ref data);
        if (isFirst)
        {
            _handshakes.Took(begun, _shard.Clock.Measure());
        }

        if (client.Stream.HasOutput)
        {
            MarkDirty(client);
        }

        switch (status)
        {
            case StreamStatus.Failed:
                CountersOf(client).HandshakeFailures[(int)client.Tls!.Failure]++;
                Finish(client);
                break;
            case StreamStatus.More:
                Established(client);
                break;
            default:
                break;
        }
    }

    private void Established(ClientConnection client)
    {
        FrontendCounters counters = CountersOf(client);
        bool isResumed = client.Tls!.IsResumed;
        counters.TlsNewSessions += isResumed ? 0 : 1;
        counters.TlsResumptions += isResumed ? 1 : 0;
        CountTicket(counters, client.Tls.TicketUse);
        client.TlsVersion = client.Tls.Version;
        client.ReadIosOfQuery = 0;
        client.State = client.ExpectsProxyHeader ? ClientState.AwaitingProxyHeader : ClientState.Open;
        client.PartialSince = _shard.Clock.Now;
        if (!client.ExpectsProxyHeader)
        {
            Charge(client);
        }
    }

    /// <summary>Counts the session against its client's rate, once it is known who that is.</summary>
    private void Charge(ClientConnection client)
    {
        if (!_limits.SessionEstablished(in client.Peer, client.Tls!.IsResumed, _shard.Clock.Now))
        {
            CountersOf(client).HandshakesRateLimited++;
            Close(client);
        }
    }

    private static void CountTicket(FrontendCounters counters, TicketUse use)
    {
        counters.TlsUnknownTicketKeys += use == TicketUse.Unknown ? 1 : 0;
        counters.TlsInactiveTicketKeys += use == TicketUse.Inactive ? 1 : 0;
        counters.TlsRefusedTickets += use == TicketUse.Refused ? 1 : 0;
    }
}
