using System;
using System.Collections.Generic;
using Fastdist.Streams;

namespace Fastdist.Proxy.Frontends;

/// <summary>From what arrives to the protocols, and who is held back.</summary>
internal sealed partial class TcpClients
{
    /// <summary>The room found may be for one query; waking everybody for it would only pause them all again.</summary>
    private const int ResumesPerTurn = 64;

    private readonly WaitingClients _waiting;
    private readonly Queue<ClientConnection> _yielded = new(QueueCapacity);

    /// <summary>Bytes arrived from the socket.</summary>
    /// <returns>How many were taken; fewer than all when the stream was paused.</returns>
    public int Received(int index, ReadOnlySpan<byte> data)
    {
        ClientConnection client = _connections[index];
        NoteActivity(client);
        client.ReadIos++;
        client.ReadIosOfQuery++;
        ReadOnlySpan<byte> rest = data;
        Take(client, ref rest);
        int taken = client.Stream.IsPaused ? data.Length - rest.Length : data.Length;
        return IsReadingSlowly(client) ? Punish(client, data.Length) : taken;
    }

    private void Take(ClientConnection client, ref ReadOnlySpan<byte> data)
    {
        if (client.State == ClientState.AwaitingProxyHeader && client.Tls is null && _frontends[client.Frontend].Tls is not null)
        {
            TakeOuterHeader(client, ref data);
            if (data.IsEmpty)
            {
                return;
            }
        }

        if (client.State == ClientState.Handshaking)
        {
            if (!MayShake(client))
            {
                return;
            }

            Shake(client, ref data);
        }

        TakeArrived(client, ref data);
    }

    /// <summary>Takes what arrived, and what was kept before it, until the bytes end or the stream is paused.</summary>
    private void TakeArrived(ClientConnection client, ref ReadOnlySpan<byte> data)
    {
        RingStream stream = client.Stream;
        StreamStatus status = StreamStatus.More;
        while (status == StreamStatus.More && !stream.IsPaused && (client.Reads || client.State == ClientState.AwaitingProxyHeader))
        {
            bool isNew = stream.Kept == 0;
            status = stream.Open(ref data, out ReadOnlySpan<byte> opened);
            if (!opened.IsEmpty)
            {
                int taken = TakePlain(client, opened);
                KeepRest(client, opened[taken..], isNew || taken > 0);
            }
        }

        if (stream.HasOutput)
        {
            MarkDirty(client);
        }

        switch (status)
        {
            case StreamStatus.Ended when !stream.IsPaused:
                client.ReceiveEnded = true;
                PeerFinished(client);
                break;
            case StreamStatus.Failed:
                CountersOf(client).TlsErrors += client.State == ClientState.Finishing ? 0 : 1;
                CountersOf(client).DiedReadingQuery += stream.Kept > 0 ? 1 : 0;
                Finish(client);
                break;
            default:
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

    private int Punish(ClientConnection client, int given)
    {
        CountersOf(client).TooManyReadIos++;
        if (!client.ExpectsProxyHeader)
        {
            // A load balancer is not to be banned for a client it has not named yet.
            _limits.Ban(in client.Peer, _shard.Clock.Now, _shard.Options.ClientLimits.BanSecondsForReadIos);
        }

        Close(client);
        return given;
    }

    /// <summary>Takes queries from plain bytes.</summary>
    /// <returns>How many bytes were taken; the rest is the beginning of a message, or comes again after a pause.</returns>
    private int TakePlain(ClientConnection client, ReadOnlySpan<byte> data)
    {
        int taken = 0;
        if (client.State == ClientState.AwaitingProxyHeader)
        {
            taken = TakeProxyHeader(client, data);
            if (taken == 0)
            {
                return 0;
            }
        }

        bool goesOn = true;
        while (goesOn && taken < data.Length && client.Reads)
        {
            goesOn = Heed(client, ProtocolOf(client).Take(client, data[taken..], out int count));
            taken += count;
        }

        if (client.Http is not null)
        {
            // Even if there is nothing to send this may be what the end of the connection waits for.
            MarkDirty(client);
        }

        // Bytes of a connection that is ending are of no use to anyone.
        return client.Reads ? taken : data.Length;
    }

    /// <summary>Has a connection go the way that a protocol said.</summary>
    /// <returns>Whether more can be taken at once.</returns>
    private bool Heed(ClientConnection client, Uptake uptake)
    {
        switch (uptake)
        {
            case Uptake.Over:
                Finish(client);
                return true;
            case Uptake.Unsendable:
                GiveUp(client);
                return true;
            case Uptake.Busy:
                client.Stream.Pause();
                return false;
            case Uptake.Full:
                client.Stream.Pause();
                Await(client);
                return false;
            case Uptake.Yield:
                client.Stream.Pause();
                client.IsYielded = true;
                _yielded.Enqueue(client);
                return false;
            default:
                return false;
        }
    }

    /// <summary>Has a connection wait for room in the proxy.</summary>
    private void Await(ClientConnection client)
    {
        if (!client.IsWaiting)
        {
            client.IsWaiting = true;
            _waiting.Add(client);
        }
    }

    /// <summary>Resumes connections that waited for room, where there is some.</summary>
    public void ResumeWaiting()
    {
        for (int count = Math.Min(_waiting.Count, ResumesPerTurn); count > 0 && _waiting.TryTake(out ClientConnection? client); count--)
        {
            if (client.IsWaiting)
            {
                client.IsWaiting = false;
                Unpause(client);
            }
        }
    }

    /// <summary>Goes on with connections that had their share of the turn before.</summary>
    public void ResumeYielded()
    {
        for (int count = _yielded.Count; count > 0; count--)
        {
            ClientConnection client = _yielded.Dequeue();
            if (client.IsYielded)
            {
                client.IsYielded = false;
                Unpause(client);
            }
        }
    }

    /// <summary>Goes on with a connection that was paused: with what is kept, then with what the ring has.</summary>
    private void Unpause(ClientConnection client)
    {
        if (client.Stream.IsPaused)
        {
            ReadOnlySpan<byte> nothing = default;
            client.PartialSince = _shard.Clock.Now;
            client.Stream.Unpause();
            TakeArrived(client, ref nothing);
            client.Stream.Resume();
        }
    }
}
