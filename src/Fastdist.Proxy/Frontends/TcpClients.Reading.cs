using System;
using System.Buffers.Binary;
using Fastdist.Dns;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Ring;
using Fastdist.Tls;

namespace Fastdist.Proxy.Frontends;

/// <summary>From bytes to queries.</summary>
internal sealed partial class TcpClients
{
    /// <summary>The room found may be for one query; waking everybody for it would only pause them all again.</summary>
    private const int ResumesPerTurn = 64;

    /// <summary>Bytes arrived from the socket.</summary>
    /// <returns>How many were taken; fewer than all when the stream was paused.</returns>
    public int Received(int index, ReadOnlySpan<byte> data)
    {
        ClientConnection client = _connections[index];
        if (client.Http is null)
        {
            // An HTTP client is active while it has requests, not while it says PING.
            client.LastActive = _shard.Clock.Now;
        }

        client.ReadIos++;
        client.ReadIosOfQuery++;
        int taken = Take(index, client, data);
        return IsReadingSlowly(client) ? Punish(index, client, data.Length) : taken;
    }

    private int Take(int index, ClientConnection client, ReadOnlySpan<byte> data)
    {
        int header = 0;
        if (client.State == ClientState.AwaitingProxyHeader && client.Tls is null)
        {
            header = TakeProxyHeader(index, client, data);
            data = data[header..];
            if (data.IsEmpty)
            {
                return header;
            }
        }

        bool isSealed = client.State == ClientState.Handshaking || client.Tls is not null;
        return header + (isSealed ? TakeSealed(index, client, data) : TakePlain(index, client, data));
    }

    /// <summary>Whoever sends a query in very small pieces wants to hold the connection, not to ask.</summary>
    private bool IsReadingSlowly(ClientConnection client)
    {
        if (client.IsPaused)
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

    /// <summary>Takes whole messages from plain bytes and keeps the beginning of the next.</summary>
    /// <returns>How many bytes were taken; fewer than all when the stream was paused.</returns>
    private int TakePlain(int index, ClientConnection client, ReadOnlySpan<byte> data)
    {
        int taken = client.State == ClientState.AwaitingProxyHeader ? TakeProxyHeader(index, client, data) : 0;
        if (_doh[client.Frontend] is { } doh)
        {
            return taken + TakeHttp(index, client, doh, data[taken..]);
        }

        while (taken < data.Length && client.State == ClientState.Open)
        {
            if (MustWait(index, client))
            {
                return taken;
            }

            ReadOnlySpan<byte> rest = data[taken..];
            if (client.PartialLength > 0)
            {
                taken += Complete(index, client, rest);
            }
            else if (StreamFraming.TryRead(rest, out ReadOnlySpan<byte> message))
            {
                taken += StreamFraming.PrefixSize + message.Length;
                TakeMessage(index, client, message);
            }
            else
            {
                Begin(client, rest);
                return data.Length;
            }
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

    private static int FrameLength(ReadOnlySpan<byte> prefix) => StreamFraming.PrefixSize + BinaryPrimitives.ReadUInt16BigEndian(prefix);

    /// <summary>Leaves further queries in the kernel: the client has its share in flight, does not read, or we are full.</summary>
    private bool MustWait(int index, ClientConnection client)
    {
        bool full = !_gate.HasRoom;
        if (!full && client.InFlight < _shard.Options.Frontends[client.Frontend].MaxInFlight && client.OutputLength < OutputPause)
        {
            return false;
        }

        Pause(client);
        if (full && !client.IsWaiting)
        {
            client.IsWaiting = true;
            _waiting.Enqueue(index);
        }

        return true;
    }

    private void Pause(ClientConnection client)
    {
        if (!client.IsPaused)
        {
            client.IsPaused = true;
            _shard.Ring.Pause(client.Stream);
        }
    }

    private void Unpause(int index, ClientConnection client)
    {
        if (!client.IsPaused)
        {
            return;
        }

        client.IsPaused = false;
        client.PartialSince = _shard.Clock.Now;
        TakeOpened(index, client);
        if (!client.IsPaused)
        {
            _shard.Ring.Resume(client.Stream);
        }
    }

    private void Begin(ClientConnection client, ReadOnlySpan<byte> start)
    {
        client.Partial = _buffers.Take();
        client.PartialSince = _shard.Clock.Now;
        Append(client, start);
    }

    private void Append(ClientConnection client, ReadOnlySpan<byte> bytes)
    {
        int length = client.PartialLength + bytes.Length;
        if (client.Partial!.Length < length)
        {
            // Once the prefix is there it says how much there will be, so growing once is enough.
            int whole = client.PartialLength < StreamFraming.PrefixSize ? length : FrameLength(client.Partial.Span);
            client.Partial.Resize(whole, client.PartialLength);
        }

        bytes.CopyTo(client.Partial.Span[client.PartialLength..]);
        client.PartialLength = length;
    }

    /// <summary>Adds bytes to a message begun earlier, and takes it when that was its end.</summary>
    private int Complete(int index, ClientConnection client, ReadOnlySpan<byte> rest)
    {
        int used = 0;
        if (client.PartialLength < StreamFraming.PrefixSize)
        {
            Append(client, rest[..1]);
            used = 1;
        }

        if (client.PartialLength < StreamFraming.PrefixSize)
        {
            return used;
        }

        int frame = FrameLength(client.Partial!.Span);
        int more = Math.Min(frame - client.PartialLength, rest.Length - used);
        Append(client, rest.Slice(used, more));
        used += more;
        if (client.PartialLength == frame)
        {
            NativeBuffer buffer = client.Partial;
            client.Partial = null;
            client.PartialLength = 0;
            TakeMessage(index, client, buffer.Span[StreamFraming.PrefixSize..frame]);
            _buffers.Return(buffer);
        }

        return used;
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
