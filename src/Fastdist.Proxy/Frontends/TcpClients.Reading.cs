using System;
using Fastdist.Dns;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Streams;
using Fastdist.Tls;

namespace Fastdist.Proxy.Frontends;

/// <summary>From bytes to queries.</summary>
internal sealed partial class TcpClients
{
    /// <summary>The room found may be for one query; waking everybody for it would only pause them all again.</summary>
    private const int ResumesPerTurn = 64;

    /// <summary>Bytes arrived from the socket.</summary>
    /// <returns>How many were taken; fewer than all when the stream was paused.</returns>
    public int Received(int index, Span<byte> data)
    {
        ClientConnection client = _connections[index];
        if (client.Http is null)
        {
            // An HTTP client is active while it has requests, not while it says PING.
            client.LastActive = _shard.Clock.Now;
        }

        client.ReadIos++;
        client.ReadIosOfQuery++;
        Span<byte> rest = data;
        Take(index, client, ref rest);
        int taken = client.Stream.IsPaused ? data.Length - rest.Length : data.Length;
        return IsReadingSlowly(client) ? Punish(index, client, data.Length) : taken;
    }

    private void Take(int index, ClientConnection client, ref Span<byte> data)
    {
        if (client.State == ClientState.AwaitingProxyHeader && client.Tls is null && _tls[client.Frontend] is not null)
        {
            TakeOuterHeader(index, client, ref data);
            if (data.IsEmpty)
            {
                return;
            }
        }

        if (client.State == ClientState.Handshaking)
        {
            if (!MayShake(index, client))
            {
                return;
            }

            Shake(index, client, ref data);
        }

        TakeArrived(index, client, ref data);
    }

    /// <summary>Takes what arrived, and what was kept before it, until the bytes end or the stream is paused.</summary>
    private void TakeArrived(int index, ClientConnection client, ref Span<byte> data)
    {
        RingStream stream = client.Stream;
        StreamStatus status = StreamStatus.More;
        while (status == StreamStatus.More && !stream.IsPaused && (Reads(client) || client.State == ClientState.AwaitingProxyHeader))
        {
            bool isNew = stream.Kept == 0;
            status = stream.Open(ref data, out Span<byte> opened);
            if (!opened.IsEmpty)
            {
                int taken = TakePlain(index, client, opened);
                KeepRest(client, opened[taken..], isNew || taken > 0);
            }
        }

        switch (status)
        {
            case StreamStatus.Ended when !stream.IsPaused:
                client.ReceiveEnded = true;
                PeerFinished(index, client);
                break;
            case StreamStatus.Failed:
                _counters[client.Frontend].TlsErrors += client.State == ClientState.Finishing ? 0 : 1;
                _counters[client.Frontend].DiedReadingQuery += stream.Kept > 0 ? 1 : 0;
                Finish(index);
                break;
            default:
                if (stream.HasOutput)
                {
                    MarkDirty(index, client);
                }

                break;
        }
    }

    /// <summary>Keeps the beginning of a message, or what a pause left.</summary>
    private void KeepRest(ClientConnection client, ReadOnlySpan<byte> rest, bool isNew)
    {
        client.Stream.Keep(rest);
        if (isNew && !rest.IsEmpty)
        {
            client.PartialSince = _shard.Clock.Now;
        }
    }

    /// <summary>Whoever sends a query in very small pieces wants to hold the connection, not to ask.</summary>
    private bool IsReadingSlowly(ClientConnection client)
    {
        if (client.Stream.IsPaused)
        {
            // What waits for room is read again and again, and that is our doing.
            client.ReadIosOfQuery = 0;
        }

        int most = _shard.Options.ClientLimits.MaxReadIosPerQuery;
        return most > 0 && client.ReadIosOfQuery > most && client.State is ClientState.Open or ClientState.Handshaking or ClientState.AwaitingProxyHeader;
    }

    private int Punish(int index, ClientConnection client, int given)
    {
        _counters[client.Frontend].TooManyReadIos++;
        if (!client.ExpectsProxyHeader)
        {
            // A load balancer is not to be banned for a client it has not named yet.
            _limits.Ban(in client.Peer, _shard.Clock.Now, _shard.Options.ClientLimits.BanSecondsForReadIos);
        }

        Close(index);
        return given;
    }

    /// <summary>Takes whole messages from plain bytes.</summary>
    /// <returns>How many bytes were taken; the rest is the beginning of a message, or comes again after a pause.</returns>
    private int TakePlain(int index, ClientConnection client, ReadOnlySpan<byte> data)
    {
        int taken = 0;
        if (client.State == ClientState.AwaitingProxyHeader)
        {
            taken = TakeProxyHeader(index, client, data);
            if (taken == 0)
            {
                return 0;
            }
        }

        if (_doh[client.Frontend] is { } doh)
        {
            return taken + TakeHttp(index, client, doh, data[taken..]);
        }

        while (taken < data.Length && client.State == ClientState.Open)
        {
            if (MustWait(index, client) || !StreamFraming.TryRead(data[taken..], out ReadOnlySpan<byte> message))
            {
                return taken;
            }

            taken += StreamFraming.PrefixSize + message.Length;
            TakeMessage(index, client, message);
        }

        // Bytes of a connection that is ending are of no use to anyone.
        return data.Length;
    }

    /// <summary>Resumes connections that waited for room in the proxy, while there is room.</summary>
    public void ResumeWaiting()
    {
        for (int count = Math.Min(_waiting.Count, ResumesPerTurn); count > 0 && _gate.HasRoom; count--)
        {
            int index = _waiting.Dequeue();
            if (_connections[index].IsWaiting)
            {
                _connections[index].IsWaiting = false;
                Unpause(index, _connections[index]);
            }
        }
    }

    /// <summary>Leaves further queries in the kernel: the client has its share in flight, does not read, or we are full.</summary>
    private bool MustWait(int index, ClientConnection client)
    {
        bool full = !_gate.HasRoom;
        if (!full && client.InFlight < _shard.Options.Frontends[client.Frontend].MaxInFlight && client.Stream.Gathered < OutputPause)
        {
            return false;
        }

        client.Stream.Pause();
        if (full && !client.IsWaiting)
        {
            client.IsWaiting = true;
            _waiting.Enqueue(index);
        }

        return true;
    }

    /// <summary>Goes on with a connection that was paused: with what is kept, then with what the ring has.</summary>
    private void Unpause(int index, ClientConnection client)
    {
        if (client.Stream.IsPaused)
        {
            Span<byte> nothing = default;
            client.PartialSince = _shard.Clock.Now;
            client.Stream.Unpause();
            TakeArrived(index, client, ref nothing);
            client.Stream.Resume();
        }
    }

    private void TakeMessage(int index, ClientConnection client, ReadOnlySpan<byte> message)
    {
        var origin = new Origin(client.Tls is null ? ClientProtocol.Tcp : ClientProtocol.Tls, client.Frontend, CountQuery(client), in client.Peer, in client.Local)
        {
            Session = client.Tls,
        };
        switch (_gate.Judge(message, in origin, out Query query))
        {
            case Fate.Forward:
                if (!TryForward(index, client, in query, in origin, httpStream: 0))
                {
                    Append(index, client, NoRoom(in query, in origin), query.Traits);
                }

                break;
            case Fate.Answer:
                Append(index, client, _gate.Judgement.Reply, query.Traits);
                break;
            default:
                // Nothing after what cannot be read can be trusted, and who is not to be answered is not to go on asking either.
                Finish(index);
                return;
        }

        EndAfterQuery(index, client);
    }

    private FrontendCounters CountQuery(ClientConnection client)
    {
        FrontendCounters counters = _counters[client.Frontend];
        counters.Queries++;
        client.Queries++;
        client.ReadIosOfQuery = 0;
        CountVersion(counters, client.TlsVersion);
        return counters;
    }

    private void EndAfterQuery(int index, ClientConnection client)
    {
        if (_shard.Options.MaxTcpQueriesPerConnection is > 0 and int most && client.Queries >= most)
        {
            Finish(index);
        }
    }

    /// <summary>Sends a query on its way.</summary>
    /// <returns>False when there is no room for it: only the byte budget for long queries can be short here.</returns>
    private bool TryForward(int index, ClientConnection client, in Query query, in Origin origin, int httpStream)
    {
        if (!_gate.TryKeep(in query, in origin, this, out int entry))
        {
            return false;
        }

        ref InFlightEntry waiting = ref _shard.Table[entry];
        waiting.Client = index;
        waiting.HttpStream = httpStream;
        waiting.Route.Peer = origin.Peer;
        waiting.ClientGeneration = client.Generation;
        waiting.AnswerLimit = ushort.MaxValue;
        client.InFlight++;
        _gate.Forward(entry);
        return true;
    }

    /// <summary>The SERVFAIL of a query there was no room for; a stream has no way to drop one.</summary>
    private ReadOnlySpan<byte> NoRoom(in Query query, in Origin origin)
    {
        origin.Counters.ServFail++;
        _gate.Judgement.Refuse(query.Message, Rcode.ServFail, ExtendedError.NotReady, "no room for a query of this length"u8);
        return _gate.Judgement.Reply;
    }

    private static void CountVersion(FrontendCounters counters, TlsVersion version)
    {
        switch (version)
        {
            case TlsVersion.Tls13:
                counters.Tls13Queries++;
                break;
            case TlsVersion.Tls12:
                counters.Tls12Queries++;
                break;
            case TlsVersion.Tls11:
                counters.Tls11Queries++;
                break;
            case TlsVersion.Tls10:
                counters.Tls10Queries++;
                break;
            default:
                break;
        }
    }
}
