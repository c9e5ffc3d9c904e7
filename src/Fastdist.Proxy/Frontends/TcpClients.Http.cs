using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Http;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>HTTP of the clients (RFC 8484): requests to queries, answers to responses.</summary>
internal sealed partial class TcpClients
{
    /// <summary>Bytes given to a session at once, so that what it asks for can be stopped in between.</summary>
    private const int HttpSlice = 512;

    /// <summary>Room that there is at least when a session is asked for bytes to send.</summary>
    private const int GatherRoom = 1024;

    /// <summary>Bytes of answers a client may leave untaken when all clients together have filled the budget.</summary>
    private const int FairShare = 16 * 1024;

    private readonly DohFrontend?[] _doh;
    private readonly Http2Pool _http = new();
    private readonly NativeBuffer _message = new(ushort.MaxValue);
    private readonly Queue<int> _yielded = new(QueueCapacity);
    private long _turn;

    /// <summary>Goes on with connections that had their share of the turn before.</summary>
    public void ResumeYielded()
    {
        for (int count = _yielded.Count; count > 0; count--)
        {
            int index = _yielded.Dequeue();
            ClientConnection client = _connections[index];
            if (client.IsYielded)
            {
                client.IsYielded = false;
                Unpause(index, client);
            }
        }
    }

    /// <summary>Whether bytes from the client matter: an HTTP client that is ending still says how much it takes.</summary>
    private static bool Reads(ClientConnection client) =>
        client.State == ClientState.Open || (client.State == ClientState.Finishing && client.Http is not null && !client.ReceiveEnded);

    private DohCounters DohCountersOf(ClientConnection client) => _counters[client.Frontend].Doh!;

    /// <summary>Takes requests from plain bytes.</summary>
    /// <returns>How many bytes were taken; fewer than all when the stream was paused.</returns>
    private int TakeHttp(int index, ClientConnection client, DohFrontend doh, ReadOnlySpan<byte> data)
    {
        int taken = 0;
        while (taken < data.Length && Reads(client))
        {
            if (client.State == ClientState.Open && (MustWait(index, client) || MustYield(index, client, doh)))
            {
                return taken;
            }

            ReadOnlySpan<byte> slice = data.Slice(taken, Math.Min(data.Length - taken, HttpSlice));
            client.Http ??= new Http2Session(doh.Session, _http, isNegotiated: client.Tls?.ApplicationProtocol == "h2");
            bool goesOn = client.Http.Receive(slice, _shard.Clock.Now);
            taken += slice.Length;
            TakeRequests(index, client, doh);
            if (!goesOn)
            {
                HttpEnded(index, client);
                break;
            }
        }

        if (client.Http is { } http)
        {
            // Only a request that is on its way can be slow; a peer without one may well say PING, or WINDOW_UPDATE as it takes its answers.
            client.ReadIosOfQuery = http.IncompleteRequests == 0 ? 0 : client.ReadIosOfQuery;
            MarkDirty(index, client);
        }

        // Bytes of a connection that is ending are of no use to anyone.
        return data.Length;
    }

    /// <summary>Leaves further requests for the next turn when the connection had its share of this one.</summary>
    private bool MustYield(int index, ClientConnection client, DohFrontend doh)
    {
        if (client.RequestsTurn != _turn)
        {
            client.RequestsTurn = _turn;
            client.RequestsOfTurn = 0;
        }

        if (client.RequestsOfTurn < doh.Options.MaxRequestsPerTurn)
        {
            return false;
        }

        DohCountersOf(client).RequestsDeferred++;
        client.Stream.Pause();
        client.IsYielded = true;
        _yielded.Enqueue(index);
        return true;
    }

    private void TakeRequests(int index, ClientConnection client, DohFrontend doh)
    {
        while (Reads(client) && client.Http!.TryTake(out HttpRequest request))
        {
            client.LastActive = _shard.Clock.Now;
            client.RequestsOfTurn++;
            SocketAddress peer = client.Peer;
            int stream = request.StreamId;
            int status = doh.Paths.Read(in request, _message.Span, out ReadOnlySpan<byte> message);
            if (status == HttpStatus.Ok && !IsAdmitted(client, doh, in request, ref peer))
            {
                status = HttpStatus.Forbidden;
            }

            if (status == HttpStatus.Ok)
            {
                CountMethod(client, request.Method);
                status = Ask(index, client, in request, message, in peer);
            }

            if (status == HttpStatus.NoContent)
            {
                Respond(index, client, stream, new HttpResponse(status, HttpContent.None, null), default);
            }
            else if (status != HttpStatus.Ok)
            {
                Refuse(index, client, stream, new HttpResponse(status, HttpContent.Text, null));
            }
        }
    }

    /// <summary>Behind a load balancer that is trusted, the client is who the header names, and has to pass the ACL itself.</summary>
    private bool IsAdmitted(ClientConnection client, DohFrontend doh, in HttpRequest request, ref SocketAddress peer)
    {
        if (!doh.Options.TrustForwardedForHeader || request.ForwardedFor.IsEmpty)
        {
            return true;
        }

        if (ForwardedFor.TryRead(request.ForwardedFor, out peer) && _gate.LetsIn(in peer))
        {
            return true;
        }

        _counters[client.Frontend].AclDrops++;
        return false;
    }

    private void CountMethod(ClientConnection client, HttpMethod method)
    {
        DohCounters counters = DohCountersOf(client);
        counters.Gets += method == HttpMethod.Get ? 1 : 0;
        counters.Heads += method == HttpMethod.Head ? 1 : 0;
        counters.Posts += method == HttpMethod.Post ? 1 : 0;
    }

    /// <summary>Sends a DNS message on its way, or answers it.</summary>
    /// <returns>200, or the status that the request is to be refused with.</returns>
    private int Ask(int index, ClientConnection client, in HttpRequest request, ReadOnlySpan<byte> message, in SocketAddress peer)
    {
        int stream = request.StreamId;
        var origin = new Origin(ClientProtocol.Https, client.Frontend, CountQuery(client), in peer, in client.Local)
        {
            Session = client.Tls,
            Request = request,
        };
        switch (_gate.Judge(message, in origin, out Query query))
        {
            case Fate.Forward:
                if (!TryForward(index, client, in query, in origin, stream))
                {
                    RespondDns(index, client, stream, NoRoom(in query, in origin), query.Traits);
                }

                break;
            case Fate.Unreadable:
                return HttpStatus.BadRequest;
            case Fate.Drop:
                return HttpStatus.Forbidden;
            default:
                Judgement judgement = _gate.Judgement;
                if (judgement.Http is { } response)
                {
                    Respond(index, client, stream, response, judgement.Reply);
                }
                else
                {
                    RespondDns(index, client, stream, judgement.Reply, query.Traits);
                }

                break;
        }

        EndAfterQuery(index, client);
        return HttpStatus.Ok;
    }

    /// <summary>Answers a request with a DNS message, whatever its RCODE (RFC 8484 section 4.2.1).</summary>
    private void RespondDns(int index, ClientConnection client, int stream, ReadOnlySpan<byte> message, QueryTraits traits)
    {
        FrontendCounters counters = _counters[client.Frontend];
        if (message.Length < Header.Size)
        {
            counters.LostResponses++;
            Refuse(index, client, stream, new HttpResponse(HttpStatus.BadGateway, HttpContent.Text, Freshness.None));
            return;
        }

        long? maxAge = _doh[client.Frontend]!.Options.SendCacheControlHeaders ? Freshness.Of(message) : null;
        if (IsPadded(client, traits))
        {
            int length = message.Length;
            message.CopyTo(_message.Span);
            Padding.TryPad(_message.Span, ref length, Padding.ResponseBlock);
            message = _message.Span[..length];
        }

        if (Respond(index, client, stream, new HttpResponse(HttpStatus.Ok, HttpContent.DnsMessage, maxAge), message))
        {
            counters.Responses++;
        }
        else
        {
            counters.LostResponses++;
        }
    }

    private void Refuse(int index, ClientConnection client, int stream, HttpResponse response)
    {
        DohCountersOf(client).Refusals[response.Status]++;
        Respond(index, client, stream, response, HttpStatus.TextOf(response.Status));
    }

    private bool Respond(int index, ClientConnection client, int stream, HttpResponse response, ReadOnlySpan<byte> body)
    {
        if (!client.Http!.Respond(stream, in response, body, _shard.Clock.Now))
        {
            // There is nothing to send, but this may have been what the end of the connection waited for.
            DohCountersOf(client).Abandoned++;
            MarkDirty(index, client);
            return false;
        }

        if (_http.HeldBytes + _streams.OutputBytes > OutputBudget && client.Http.HeldBytes > FairShare)
        {
            _counters[client.Frontend].DiedSendingResponse++;
            Close(index);
            return false;
        }

        MarkDirty(index, client);
        return true;
    }

    /// <summary>Takes what the session has to send: the answers of one turn share a send, and records if they may.</summary>
    /// <returns>False when the session can seal nothing any more, or there is no room.</returns>
    private bool TryGather(ClientConnection client)
    {
        Http2Session http = client.Http!;
        int count = 1;
        while (count > 0 && http.HasOutput && client.Stream.Gathered < OutputPause)
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

    private static bool TryGather(ClientConnection client, ReadOnlySpan<byte> bytes)
    {
        if (!client.Stream.TryReserve(bytes.Length, out Span<byte> room))
        {
            return false;
        }

        bytes.CopyTo(room);
        return client.Stream.TryAdd(bytes.Length);
    }

    /// <summary>The session takes no more requests: what it answered still leaves, and its own last words.</summary>
    private void HttpEnded(int index, ClientConnection client)
    {
        if (client.State != ClientState.Open)
        {
            return;
        }

        Http2End end = client.Http!.End;
        DohCountersOf(client).Ends[(int)end]++;
        if (end == Http2End.Http1 && TryGather(client, Http1.Refusal))
        {
            MarkDirty(index, client);
        }

        Finish(index);
    }

    /// <summary>Whether a request takes too long to arrive, or an answer to be taken.</summary>
    private bool IsHttpLate(ClientConnection client, long now)
    {
        if (client.Http!.OpenStreams == 0)
        {
            return false;
        }

        (long incomplete, long unsent) = client.Http.Oldest();
        if (!client.IsWaiting && now - unsent > Seconds(_shard.Options.TcpSendTimeout))
        {
            DohCountersOf(client).Stalled++;
            return true;
        }

        // What waited unread was late by our doing.
        return !client.Stream.IsPaused && now - Math.Max(incomplete, client.PartialSince) > Seconds(_shard.Options.TcpReceiveTimeout);
    }

    /// <summary>Whether all that was asked is answered: GOAWAY said that requests already begun are still taken.</summary>
    private static bool IsHttpDone(ClientConnection client) =>
        client.Http is not { } http || (http.IsSettled && (http.IncompleteRequests == 0 || http.IsOver || client.ReceiveEnded));

    private void FinishHttp(int index, ClientConnection client)
    {
        if (client.Http is { } http)
        {
            http.Finish();
            MarkDirty(index, client);
        }
    }

    private static void EndHttp(ClientConnection client)
    {
        client.Http?.Dispose();
        client.Http = null;
    }
}
