using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using Fastdist.Settings;
using Fastdist.Streams;
using Fastdist.Tls;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// The TCP, DoT and DoH connections of a shard. Each is a stream and the protocol of its frontend; this part holds their life, and what
/// is read, handshakes, PROXY headers, clocks and limits are beside it.
/// </summary>
internal sealed partial class TcpClients : ClientAsker, IDisposable
{
    /// <summary>
    /// Bytes that the answers not yet taken by all of a shard's clients may occupy. Queries already in
    /// flight when a client stops reading are still answered; beyond this its connection is given up.
    /// </summary>
    private const long OutputBudget = 64L << 20;

    /// <summary>Bytes of a connection's buffer; most messages and batches fit.</summary>
    private const int BufferSize = 4096;

    /// <summary>Buffers made at the start, so that a moderate load finds all it needs.</summary>
    private const int BuffersAtStart = 64;

    private const int QueueCapacity = 1024;

    private readonly ShardContext _shard;
    private readonly Gate _gate;
    private readonly FrontendCounters[] _counters;
    private readonly ClientLimits _limits;
    private readonly ConnectionCount[] _frontendLimits;
    private readonly TlsContext?[] _tls;
    private readonly StreamProtocol[] _protocols;
    private readonly int[] _pools;
    private readonly StreamMemory _streams = new(BufferSize, StreamFraming.MaxFrame, OutputBudget);
    private readonly HttpMemory _http = new();
    private readonly List<ClientConnection> _connections = [];
    private readonly Stack<ClientConnection> _free = new();
    private readonly Queue<ClientConnection> _dirty = new(QueueCapacity);

    /// <param name="shard">The shard.</param>
    /// <param name="gate">Where queries pass.</param>
    /// <param name="counters">Where each frontend counts.</param>
    /// <param name="limits">The process's count of clients.</param>
    /// <param name="frontendLimits">The process's count of each frontend's connections.</param>
    /// <param name="tls">What each frontend presents; null where it speaks plain TCP.</param>
    public TcpClients(
        ShardContext shard, Gate gate, FrontendCounters[] counters, ClientLimits limits, ConnectionCount[] frontendLimits, TlsContext?[] tls)
        : base(shard, counters)
    {
        _shard = shard;
        _gate = gate;
        _counters = counters;
        _limits = limits;
        _frontendLimits = frontendLimits;
        _tls = tls;
        _waiting = new WaitingClients(gate);
        _pools = shard.Options.PoolsOfFrontends();
        _protocols = [.. shard.Options.Frontends.Select(CreateProtocol)];
        _handshakes = new HandshakeQueue(shard.Options.MaxHandshakeTime);
        _clocks = new ClientClocks(shard.Options);
        _dispensable = new DispensableClients(_connections);
        _streams.Prepare(BuffersAtStart);
    }

    /// <summary>Open connections.</summary>
    public int Count => _connections.Count - _free.Count;

    /// <summary>Its slots, free ones included.</summary>
    public IReadOnlyList<ClientConnection> Connections => _connections;

    /// <summary>Buffers that connections hold, and the bytes of those with answers that are not all taken yet.</summary>
    public (int Buffers, long OutputBytes) Held => (_streams.BuffersTaken, _streams.OutputBytes);

    /// <summary>Gives its memory back; its shard has ended.</summary>
    public void Dispose()
    {
        foreach (ClientConnection client in _connections)
        {
            if (client.State != ClientState.Free)
            {
                Free(client);
            }
        }

        _streams.Dispose();
        _http.Dispose();
    }

    /// <summary>Has new connections of a frontend use another context; established ones keep theirs.</summary>
    public void Present(int frontend, TlsContext context)
    {
        _tls[frontend]!.Dispose();
        _tls[frontend] = context;
    }

    /// <summary>Takes over an accepted connection that the gate let in.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="frontend">Whose it is.</param>
    /// <param name="peer">The other end.</param>
    /// <param name="isProxied">Whether that is a load balancer, which names the client in a PROXY header.</param>
    public void Adopt(int descriptor, int frontend, in SocketAddress peer, bool isProxied)
    {
        if (!_free.TryPop(out ClientConnection? client))
        {
            client = new ClientConnection(_connections.Count, _streams);
            _connections.Add(client);
        }

        Debug.Assert(client.State == ClientState.Free);
        client.Reset(frontend, _pools[frontend], in peer, _shard.Machine.GetLocal(descriptor), isProxied, _shard.Clock.Now);
        client.State = isProxied && (_tls[frontend] is null || _shard.Options.Frontends[frontend].ProxyProtocolOutsideTls)
            ? ClientState.AwaitingProxyHeader
            : FirstState(frontend);
        FrontendCounters counters = _counters[frontend];
        counters.NewConnections++;
        counters.CurrentConnections++;
        _shard.Machine.DisableNagle(descriptor);
        StreamHandle stream = _shard.Ring.Adopt(descriptor, StreamTags.ForClient(client.Index), StreamClass.Client);
        client.Stream.Begin(_shard.Ring, stream);
        if (!stream.IsValid)
        {
            counters.RefusedFull++;
            Free(client);
        }
    }

    /// <summary>Sends what the turn gathered, one send a connection.</summary>
    public void Flush()
    {
        Array.ForEach(_protocols, static protocol => protocol.EndTurn());
        while (_dirty.TryDequeue(out ClientConnection? client))
        {
            client.IsDirty = false;
            if (client.State is ClientState.Open or ClientState.Finishing or ClientState.Handshaking or ClientState.AwaitingProxyHeader)
            {
                Flush(client, _protocols[client.Frontend]);
            }
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
            Close(client);
            return;
        }

        NoteActivity(client);
        if (client.Stream.HasOutput || client.Stream.IsPaused || client.State == ClientState.Finishing || client.Http?.HasOutput == true)
        {
            MarkDirty(client);
        }
    }

    /// <summary>The peer's side ended, or reading failed.</summary>
    public void ReceiveEnded(int index, int errno)
    {
        ClientConnection client = _connections[index];
        FrontendCounters counters = _counters[client.Frontend];
        client.ReceiveEnded = true;
        if (client.State is ClientState.Handshaking)
        {
            counters.HandshakesClosed += errno == 0 ? 1 : 0;
            counters.HandshakesReset += errno == 0 ? 0 : 1;
            Close(client);
        }
        else if (client.State == ClientState.Lingering || errno != 0)
        {
            counters.DiedReadingQuery += client.Stream.Kept > 0 && errno != 0 ? 1 : 0;
            Close(client);
        }
        else
        {
            PeerFinished(client);
        }
    }

    /// <summary>The ring let go of the stream.</summary>
    public void Closed(int index) => Free(_connections[index]);

    /// <summary>Ends the sessions that are left in order; the shard ends, and the sockets with it.</summary>
    public void SayGoodbye()
    {
        foreach (ClientConnection client in _connections)
        {
            if (client.State is not (ClientState.Closing or ClientState.Free))
            {
                client.Stream.SayGoodbye();
            }
        }
    }

    /// <summary>Delivers the answer a query was waiting for; a client that left meanwhile is no error, but counted.</summary>
    protected override void Deliver(in InFlightEntry entry, ReadOnlySpan<byte> answer)
    {
        if (TakeBack(in entry) is not { } client)
        {
            _counters[entry.Frontend].LostResponses++;
        }
        else if (!_protocols[client.Frontend].TryAnswer(client, in entry, answer))
        {
            GiveUp(client);
        }
    }

    /// <summary>Leaves a query without an answer; where that cannot be said, its client is left without further ones, too.</summary>
    protected override void Leave(in InFlightEntry entry)
    {
        if (TakeBack(in entry) is { } client && !_protocols[client.Frontend].TryLeave(client, in entry))
        {
            Finish(client);
        }
    }

    /// <summary>A query has ended.</summary>
    /// <returns>Its client, of whose share it is no part any more; null when that left meanwhile.</returns>
    private ClientConnection? TakeBack(in InFlightEntry entry)
    {
        if (Find(entry.Client, entry.ClientGeneration) is not { } client)
        {
            return null;
        }

        client.InFlight--;
        MarkDirty(client);
        return client;
    }

    private StreamProtocol CreateProtocol(FrontendOptions options, int frontend) => options.Doh is null
        ? new DnsOverStream(_shard, _gate, this, _counters[frontend], options)
        : new DnsOverHttp(_shard, _gate, this, _counters[frontend], options, _http, _streams);

    private ClientConnection? Find(int index, uint generation)
    {
        ClientConnection client = _connections[index];
        return client.Generation == generation && client.State is ClientState.Open or ClientState.Finishing ? client : null;
    }

    private void Flush(ClientConnection client, StreamProtocol protocol)
    {
        // Nothing is gathered for a dead session: its last words are all that leaves.
        RingStream stream = client.Stream;
        bool isGathered = stream.HasFailed || protocol.TryGather(client);
        bool isSent = stream.TryFlush(_shard.Clock.Now, out _) && isGathered;
        if (stream.HasFailed)
        {
            Finish(client);
            return;
        }

        if (!isSent)
        {
            GiveUp(client);
            return;
        }

        if (protocol.HasEnded(client))
        {
            Finish(client);
        }

        if (client.Reads && stream.IsPaused && !client.IsWaiting && !client.IsYielded && protocol.MayGoOn(client))
        {
            Unpause(client);
        }

        EndIfDone(client);
    }

    private void MarkDirty(ClientConnection client)
    {
        if (!client.IsDirty)
        {
            client.IsDirty = true;
            _dirty.Enqueue(client);
        }
    }

    /// <summary>Bytes passed; an HTTP client is active while it has requests, not while it says PING.</summary>
    private void NoteActivity(ClientConnection client)
    {
        if (client.Http is null)
        {
            client.LastActive = _shard.Clock.Now;
        }
    }

    /// <summary>What a connection is before its first byte, once nobody has to be named any more.</summary>
    private ClientState FirstState(int frontend) => _tls[frontend] is null ? ClientState.Open : ClientState.Handshaking;

    /// <summary>The client will ask no more: FIN, or close_notify.</summary>
    private void PeerFinished(ClientConnection client)
    {
        if (client.Stream.Kept > 0)
        {
            _counters[client.Frontend].DiedReadingQuery++;
            client.Stream.DropKept();
        }

        Finish(client);
    }

    /// <summary>Reads no more; ends when the last answer is out.</summary>
    private void Finish(ClientConnection client)
    {
        if (client.State is ClientState.Open or ClientState.Handshaking or ClientState.AwaitingProxyHeader)
        {
            client.State = ClientState.Finishing;
            client.FinishingSince = _shard.Clock.Now;
            if (client.Http is null)
            {
                client.Stream.DropKept();
            }

            _protocols[client.Frontend].Finish(client);
            MarkDirty(client);
        }

        EndIfDone(client);
    }

    /// <summary>Ends a connection that finishes once nothing is left to answer, or nothing can be, and everything is out.</summary>
    private void EndIfDone(ClientConnection client)
    {
        bool isAnswered = client.Stream.HasFailed || (client.InFlight == 0 && _protocols[client.Frontend].IsDone(client));
        if (client.State != ClientState.Finishing || !isAnswered || !client.Stream.TryFinish(_shard.Clock.Now))
        {
            return;
        }

        if (client.ReceiveEnded || client.MakesRoom)
        {
            Close(client);
            return;
        }

        client.State = ClientState.Lingering;
        client.LingeringSince = _shard.Clock.Now;
        client.Stream.Linger();
        client.EndHttp();
    }

    /// <summary>
    /// Nothing can be sent to a client any more. A dead session still has its last words, and what was sealed before them, which the
    /// flush sends; who leaves too much untaken gets nothing.
    /// </summary>
    private void GiveUp(ClientConnection client)
    {
        if (client.Stream.HasFailed)
        {
            Finish(client);
            return;
        }

        _counters[client.Frontend].DiedSendingResponse++;
        Close(client);
    }

    private void Close(ClientConnection client)
    {
        if (client.State is not (ClientState.Closing or ClientState.Free))
        {
            client.State = ClientState.Closing;
            client.Stream.Close();

            // Many that end together take turns to, and nobody is to be refused or ended for their sake meanwhile.
            GiveUpPlace(client);
        }
    }

    private void Free(ClientConnection client)
    {
        FrontendCounters counters = _counters[client.Frontend];
        counters.CurrentConnections--;
        counters.EndedConnections++;
        counters.EndedQueries += client.Queries;
        counters.EndedReadIos += client.ReadIos;
        counters.EndedMilliseconds += (_shard.Clock.Now - client.OpenedAt) / 1000;
        GiveUpPlace(client);
        _shard.ConnectionClosed();
        client.Stream.Release();
        client.EndHttp();
        client.State = ClientState.Free;

        // Answers still on their way find another generation and are dropped.
        client.Generation++;
        _free.Push(client);
    }
}
