using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using Fastdist.Settings;
using Fastdist.Streams;

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

    /// <summary>What a client's connection was opened to that is gone.</summary>
    private readonly SocketAddress _nowhere;

    private readonly ShardContext _shard;
    private readonly Gate _gate;
    private readonly FrontendSet _frontends;
    private readonly ClientLimits _limits;
    private readonly StreamMemory _streams = new(BufferSize, StreamFraming.MaxFrame, OutputBudget);
    private readonly HttpMemory _http = new();
    private readonly List<ClientConnection> _connections = [];
    private readonly Stack<ClientConnection> _free = new();
    private readonly Queue<ClientConnection> _dirty = new(QueueCapacity);

    /// <param name="shard">The shard.</param>
    /// <param name="gate">Where queries pass.</param>
    /// <param name="frontends">The frontends.</param>
    /// <param name="limits">The process's count of clients.</param>
    public TcpClients(ShardContext shard, Gate gate, FrontendSet frontends, ClientLimits limits)
        : base(shard, gate)
    {
        _shard = shard;
        _gate = gate;
        _frontends = frontends;
        _limits = limits;
        _waiting = new WaitingClients(gate);
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

    /// <summary>Has a frontend's clients be understood; before its first comes.</summary>
    public void Add(Frontend frontend) => frontend.Protocol = frontend.Options.Doh is null
        ? new DnsOverStream(_shard, _gate, this, frontend)
        : new DnsOverHttp(_shard, _gate, this, frontend, _http, _streams);

    /// <summary>Goes by other settings of the process.</summary>
    public void Use(ProxyOptions options)
    {
        _clocks = new ClientClocks(options);
        _handshakes.BudgetMicroseconds = options.MaxHandshakeTime;
    }

    /// <summary>Takes over an accepted connection that the gate let in.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="frontend">Whose it is.</param>
    /// <param name="peer">The other end.</param>
    /// <param name="isProxied">Whether that is a load balancer, which names the client in a PROXY header.</param>
    public void Adopt(int descriptor, int frontend, in SocketAddress peer, bool isProxied)
    {
        if (_frontends.Find(frontend) is not { } home)
        {
            Refuse(descriptor, in peer, isProxied);
            return;
        }

        if (!_free.TryPop(out ClientConnection? client))
        {
            client = new ClientConnection(_connections.Count, _streams);
            _connections.Add(client);
        }

        Debug.Assert(client.State == ClientState.Free);
        client.Reset(frontend, home.Pool, in peer, _shard.Machine.GetLocal(descriptor), isProxied, _shard.Clock.Now);
        client.State = isProxied && (home.Tls is null || home.Options.ProxyProtocolOutsideTls) ? ClientState.AwaitingProxyHeader : FirstState(home);
        FrontendCounters counters = home.Tcp;
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
        Array.ForEach(_frontends.All, static frontend => frontend.Protocol.EndTurn());
        while (_dirty.TryDequeue(out ClientConnection? client))
        {
            client.IsDirty = false;
            if (client.State is ClientState.Open or ClientState.Finishing or ClientState.Handshaking or ClientState.AwaitingProxyHeader)
            {
                Flush(client, ProtocolOf(client));
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
            CountersOf(client).DiedSendingResponse++;
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
        FrontendCounters counters = CountersOf(client);
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

    /// <inheritdoc/>
    public override FrontendCounters CountersOf(int frontend) => _frontends[frontend].Tcp;

    /// <summary>Delivers the answer a query was waiting for; a client that left meanwhile is no error, but counted.</summary>
    protected override void Deliver(in InFlightEntry entry, ReadOnlySpan<byte> answer, int delay)
    {
        if (TakeBack(in entry) is not { } client)
        {
            CountersOf(entry.Frontend).LostResponses++;
        }
        else if (!ProtocolOf(client).TryAnswer(client, in entry, answer))
        {
            GiveUp(client);
        }
    }

    /// <summary>Leaves a query without an answer; where that cannot be said, its client is left without further ones, too.</summary>
    protected override void Leave(in InFlightEntry entry)
    {
        if (TakeBack(in entry) is { } client && !ProtocolOf(client).TryLeave(client, in entry))
        {
            Finish(client);
        }
    }

    /// <inheritdoc/>
    public override Origin OriginOf([UnscopedRef] in InFlightEntry entry)
    {
        Frontend home = _frontends[entry.Frontend];
        ClientProtocol protocol = home.Options.Doh is not null ? ClientProtocol.Https : home.Tls is not null ? ClientProtocol.Tls : ClientProtocol.Tcp;
        ClientConnection? client = Find(entry.Client, entry.ClientGeneration);
        ref readonly SocketAddress local = ref client is null ? ref _nowhere : ref client.Local;
        return new Origin(protocol, entry.Frontend, home.Tcp, in entry.Route.Peer, in local) { Pool = home.Pool, Session = client?.Tls };
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

    private StreamProtocol ProtocolOf(ClientConnection client) => _frontends[client.Frontend].Protocol;

    private FrontendCounters CountersOf(ClientConnection client) => _frontends[client.Frontend].Tcp;

    /// <summary>Closes a connection that another shard accepted before it heard that its frontend was removed, when nothing is left of that here.</summary>
    private void Refuse(int descriptor, in SocketAddress peer, bool isProxied)
    {
        _shard.Machine.Close(descriptor);
        _shard.ConnectionClosed();
        if (!isProxied)
        {
            CountOut(in peer);
        }
    }

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
    private static ClientState FirstState(Frontend frontend) => frontend.Tls is null ? ClientState.Open : ClientState.Handshaking;

    /// <summary>The client will ask no more: FIN, or close_notify.</summary>
    private void PeerFinished(ClientConnection client)
    {
        if (client.Stream.Kept > 0)
        {
            CountersOf(client).DiedReadingQuery++;
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

            ProtocolOf(client).Finish(client);
            MarkDirty(client);
        }

        EndIfDone(client);
    }

    /// <summary>Ends a connection that finishes once nothing is left to answer, or nothing can be, and everything is out.</summary>
    private void EndIfDone(ClientConnection client)
    {
        bool isAnswered = client.Stream.HasFailed || (client.InFlight == 0 && ProtocolOf(client).IsDone(client));
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

        CountersOf(client).DiedSendingResponse++;
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
        FrontendCounters counters = CountersOf(client);
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
