using System;
using Fastdist.Dns;
using Fastdist.Http;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using Fastdist.Streams;

namespace Fastdist.Proxy.Frontends;

/// <summary>DNS over HTTPS (RFC 8484): requests to queries, answers to responses.</summary>
internal sealed partial class DnsOverHttp : StreamProtocol
{
    /// <summary>Bytes given to a session at once, so that what it asks for can be stopped in between.</summary>
    private const int Slice = 512;

    /// <summary>Room that there is at least when a session is asked for bytes to send.</summary>
    private const int GatherRoom = 1024;

    /// <summary>Bytes of answers a client may leave untaken when all clients together have filled the budget.</summary>
    private const int FairShare = 16 * 1024;

    private readonly Frontend _home;
    private readonly DohCounters _counters;
    private readonly HttpMemory _memory;
    private readonly StreamMemory _streams;
    private DohFrontend _frontend;
    private long _turn;

    /// <param name="shard">The shard.</param>
    /// <param name="gate">Where queries pass.</param>
    /// <param name="asker">Who hears of their answers.</param>
    /// <param name="frontend">The frontend.</param>
    /// <param name="memory">What the HTTP clients of a shard share.</param>
    /// <param name="streams">What the streams of its clients share.</param>
    public DnsOverHttp(
        ShardContext shard, Gate gate, ClientAsker asker, Frontend frontend, HttpMemory memory, StreamMemory streams)
        : base(shard, gate, asker, frontend)
    {
        _home = frontend;
        _frontend = new DohFrontend(frontend.Options);
        _counters = frontend.Tcp.Doh!;
        _memory = memory;
        _streams = streams;
    }

    /// <inheritdoc/>
    public override Uptake Take(ClientConnection client, ReadOnlySpan<byte> data, out int taken)
    {
        taken = 0;
        Uptake uptake = Uptake.Dry;
        while (uptake == Uptake.Dry && taken < data.Length)
        {
            // One that is ending asks no more, and what it says of its windows is awaited.
            if (client.State == ClientState.Open && (MustWait(client, out Uptake reason) || MustYield(client, out reason)))
            {
                return reason;
            }

            ReadOnlySpan<byte> slice = data.Slice(taken, Math.Min(data.Length - taken, Slice));
            client.Http ??= new Http2Session(_frontend.Session, _memory.Sessions, isNegotiated: client.Tls?.ApplicationProtocol == "h2");
            bool goesOn = client.Http.Receive(slice, Shard.Clock.Now);
            taken += slice.Length;
            uptake = TakeRequests(client, client.Http);
            if (!goesOn)
            {
                NoteEnd(client, client.Http);
                taken = data.Length;
                uptake = uptake == Uptake.Unsendable ? uptake : Uptake.Over;
            }

            // Only a request that is on its way can be slow; a peer without one may well say PING, or WINDOW_UPDATE as it takes its answers.
            client.ReadIosOfQuery = client.Http.IncompleteRequests == 0 ? 0 : client.ReadIosOfQuery;
        }

        return uptake;
    }

    /// <inheritdoc/>
    public override bool TryAnswer(ClientConnection client, in InFlightEntry query, ReadOnlySpan<byte> answer)
    {
        RespondDns(client, query.HttpStream, answer, query.Edns);
        return !IsOverdrawn(client.Http!);
    }

    /// <inheritdoc/>
    public override bool TryLeave(ClientConnection client, in InFlightEntry query)
    {
        Refuse(client, query.HttpStream, new HttpResponse(HttpStatus.Forbidden, HttpContent.Text, null));
        return true;
    }

    /// <inheritdoc/>
    public override long IdleTimeout(ClientConnection client) => ClientClocks.Seconds(_frontend.Options.IdleTimeout);

    /// <inheritdoc/>
    public override void SettingsChanged() => _frontend = new DohFrontend(_home.Options);

    /// <summary>Takes what the session has to send: the answers of one turn share a send, and records if they may.</summary>
    public override bool TryGather(ClientConnection client)
    {
        int count = 1;
        while (count > 0 && client.Http is { HasOutput: true } http && client.Stream.Gathered < OutputPause)
        {
            if (!client.Stream.TryReserve(GatherRoom, out Span<byte> room))
            {
                return false;
            }

            count = client.Stream.SealsEach ? http.SendOne(room) : http.Send(room);
            if (count > 0 && !client.Stream.TryAdd(count))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool HasEnded(ClientConnection client)
    {
        if (client.Http is not { IsOver: true } http)
        {
            return false;
        }

        NoteEnd(client, http);
        return true;
    }

    /// <inheritdoc/>
    public override bool IsLate(ClientConnection client, long now)
    {
        if (client.Http is not { OpenStreams: > 0 } http)
        {
            return false;
        }

        (long incomplete, long unsent) = http.Oldest();
        if (!client.IsWaiting && now - unsent > ClientClocks.Seconds(Shard.Options.TcpSendTimeout))
        {
            _counters.Stalled++;
            return true;
        }

        // What waited unread was late by our doing.
        return !client.Stream.IsPaused && now - Math.Max(incomplete, client.PartialSince) > ClientClocks.Seconds(Shard.Options.TcpReceiveTimeout);
    }

    /// <inheritdoc/>
    public override void Finish(ClientConnection client) => client.Http?.Finish();

    /// <summary>Whether all that was asked is answered: GOAWAY said that requests already begun are still taken.</summary>
    public override bool IsDone(ClientConnection client) =>
        client.Http is not { } http || (http.IsSettled && (http.IncompleteRequests == 0 || http.IsOver || client.ReceiveEnded));

    /// <inheritdoc/>
    public override void EndTurn() => _turn++;

    /// <summary>Leaves further requests for the next turn when the connection had its share of this one.</summary>
    private bool MustYield(ClientConnection client, out Uptake reason)
    {
        reason = Uptake.Yield;
        if (client.RequestsTurn != _turn)
        {
            client.RequestsTurn = _turn;
            client.RequestsOfTurn = 0;
        }

        bool hadItsShare = client.RequestsOfTurn >= _frontend.Options.MaxRequestsPerTurn;
        _counters.RequestsDeferred += hadItsShare ? 1 : 0;
        return hadItsShare;
    }

    private Uptake TakeRequests(ClientConnection client, Http2Session http)
    {
        bool isLast = false;
        while (!IsOverdrawn(http) && http.TryTake(out HttpRequest request))
        {
            client.LastActive = Shard.Clock.Now;
            client.RequestsOfTurn++;
            int status = Take(client, in request);
            if (status == HttpStatus.NoContent)
            {
                Respond(client, request.StreamId, new HttpResponse(status, HttpContent.None, null), default);
            }
            else if (status != HttpStatus.Ok)
            {
                Refuse(client, request.StreamId, new HttpResponse(status, HttpContent.Text, null));
            }

            isLast |= status == HttpStatus.Ok && HasAskedEnough(client);
        }

        return IsOverdrawn(http) ? Uptake.Unsendable : isLast ? Uptake.Over : Uptake.Dry;
    }

    /// <summary>Takes the query out of a request.</summary>
    /// <returns>200, or the status that the request is to be refused with.</returns>
    private int Take(ClientConnection client, in HttpRequest request)
    {
        SocketAddress peer = client.Peer;
        int status = _frontend.Paths.Find(in request, _memory.Message);
        if (status != HttpStatus.Ok)
        {
            return status;
        }

        if (_frontend.Responses.Find(in request) is { } response)
        {
            return RespondMapped(client, in request, response, ref peer);
        }

        status = _frontend.Paths.ReadMessage(in request, _memory.Message, out ReadOnlySpan<byte> message);
        if (status != HttpStatus.Ok)
        {
            return status;
        }

        if (!IsAdmitted(in request, ref peer))
        {
            return HttpStatus.Forbidden;
        }

        CountMethod(request.Method);
        return Ask(client, in request, message, in peer);
    }

    /// <summary>Answers a request that is for no DNS.</summary>
    /// <returns>200, or the status that the request is to be refused with.</returns>
    private int RespondMapped(ClientConnection client, in HttpRequest request, FixedResponse response, ref SocketAddress peer)
    {
        if (!IsAdmitted(in request, ref peer))
        {
            return HttpStatus.Forbidden;
        }

        _counters.MappedResponses++;
        Respond(client, request.StreamId, response);
        return HttpStatus.Ok;
    }

    /// <summary>Behind a load balancer that is trusted, the client is who the header names, and has to pass the ACL itself.</summary>
    private bool IsAdmitted(in HttpRequest request, ref SocketAddress peer)
    {
        if (!_frontend.Options.TrustForwardedForHeader || request.ForwardedFor.IsEmpty)
        {
            return true;
        }

        if (ForwardedFor.TryRead(request.ForwardedFor, out peer) && Gate.LetsIn(in peer))
        {
            return true;
        }

        Counters.AclDrops++;
        return false;
    }

    private void CountMethod(HttpMethod method)
    {
        _counters.Gets += method == HttpMethod.Get ? 1 : 0;
        _counters.Heads += method == HttpMethod.Head ? 1 : 0;
        _counters.Posts += method == HttpMethod.Post ? 1 : 0;
    }

    /// <summary>Sends a DNS message on its way, or answers it.</summary>
    /// <returns>200, or the status that the request is to be refused with.</returns>
    private int Ask(ClientConnection client, in HttpRequest request, ReadOnlySpan<byte> message, in SocketAddress peer)
    {
        int stream = request.StreamId;
        var origin = new Origin(ClientProtocol.Https, client.Frontend, CountQuery(client), in peer, in client.Local)
        {
            Pool = Pool,
            Session = client.Tls,
            Request = request,
            HasRequest = true,
        };
        switch (Gate.Judge(message, in origin, out Query query))
        {
            case Fate.Forward:
                if (!TryForward(client, in query, in origin, stream))
                {
                    RespondDns(client, stream, NoRoom(in query), query.Edns);
                }

                return HttpStatus.Ok;
            case Fate.Unreadable:
                return HttpStatus.BadRequest;
            case Fate.Drop:
                return HttpStatus.Forbidden;
            default:
                Judgement judgement = Gate.Judgement;
                if (judgement.Http is { } response)
                {
                    Respond(client, stream, response);
                }
                else
                {
                    RespondDns(client, stream, judgement.Reply, query.Edns);
                    RefreshIfDue(client, in query, in origin);
                }

                return HttpStatus.Ok;
        }
    }
}
