using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using Fastdist.Streams;
using Fastdist.Tls;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// The TCP, DoT and DoH connections of a shard (RFC 7766, RFC 7858, RFC 8484): pipelined queries in, answers out
/// in any order, one send in flight each. This part holds their life; TLS, HTTP, reading and writing are beside it.
/// </summary>
internal sealed partial class TcpClients : ClientAsker, IDisposable
{
    /// <summary>Answers not yet taken by the client after which its queries are left unread, bytes.</summary>
    private const int OutputPause = 64 * 1024;

    /// <summary>
    /// Bytes that the answers not yet taken by all of a shard's clients may occupy. Queries already in
    /// flight when a client stops reading are still answered; beyond this its connection is given up.
    /// </summary>
    private const long OutputBudget = 64L << 20;

    /// <summary>Bytes of a connection's buffer; most messages and batches fit.</summary>
    private const int BufferSize = 4096;

    /// <summary>Buffers made at the start, so that a moderate load finds all it needs.</summary>
    private const int BuffersAtStart = 64;

    private const long LingerMicroseconds = 2_000_000;
    private const int QueueCapacity = 1024;

    private readonly ShardContext _shard;
    private readonly Gate _gate;
    private readonly FrontendCounters[] _counters;
    private readonly ClientLimits _limits;
    private readonly ConnectionCount[] _frontendLimits;
    private readonly TlsContext?[] _tls;
    private readonly HandshakeQueue _handshakes;
    private readonly StreamMemory _streams = new(BufferSize, StreamFraming.MaxFrame, OutputBudget);
    private readonly List<ClientConnection> _connections = [];
    private readonly Stack<int> _free = new();
    private readonly Queue<int> _dirty = new(QueueCapacity);
    private readonly Queue<int> _waiting = new(QueueCapacity);

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
        _doh = [.. shard.Options.Frontends.Select(frontend => frontend.Doh is null ? null : new DohFrontend(frontend))];
        _handshakes = new HandshakeQueue(shard.Options.MaxHandshakeTime);
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
        for (int index = 0; index < _connections.Count; index++)
        {
            if (_connections[index].State != ClientState.Free)
            {
                Free(index);
            }
        }

        _streams.Dispose();
        _message.Dispose();
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
        if (!_free.TryPop(out int index))
        {
            index = _connections.Count;
            _connections.Add(new ClientConnection(_streams));
        }

        ClientConnection client = _connections[index];
        Debug.Assert(client.State == ClientState.Free);
        client.Reset(frontend, in peer, _shard.Machine.GetLocal(descriptor), isProxied, _shard.Clock.Now);
        client.State = isProxied && (_tls[frontend] is null || _shard.Options.Frontends[frontend].ProxyProtocolOutsideTls)
            ? ClientState.AwaitingProxyHeader
            : FirstState(frontend);
        FrontendCounters counters = _counters[frontend];
        counters.NewConnections++;
        counters.CurrentConnections++;
        _shard.Machine.DisableNagle(descriptor);
        StreamHandle stream = _shard.Ring.Adopt(descriptor, StreamTags.ForClient(index), StreamClass.Client);
        client.Stream.Begin(_shard.Ring, stream);
        if (!stream.IsValid)
        {
            counters.RefusedFull++;
            Free(index);
        }
    }

    /// <summary>The peer's side ended, or reading failed.</summary>
    public void ReceiveEnded(int index, int errno)
    {
        ClientConnection client = _connections[index];
        client.ReceiveEnded = true;
        if (client.State is ClientState.Handshaking)
        {
            FrontendCounters counters = _counters[client.Frontend];
            counters.HandshakesClosed += errno == 0 ? 1 : 0;
            counters.HandshakesReset += errno == 0 ? 0 : 1;
            Close(index);
            return;
        }

        if (client.State == ClientState.Lingering || errno != 0)
        {
            if (client.Stream.Kept > 0 && errno != 0)
            {
                _counters[client.Frontend].DiedReadingQuery++;
            }

            Close(index);
            return;
        }

        PeerFinished(index, client);
    }

    /// <summary>The client will ask no more: FIN, or close_notify.</summary>
    private void PeerFinished(int index, ClientConnection client)
    {
        if (client.Stream.Kept > 0)
        {
            _counters[client.Frontend].DiedReadingQuery++;
            client.Stream.DropKept();
        }

        Finish(index);
    }

    /// <summary>The ring let go of the stream.</summary>
    public void Closed(int index) => Free(index);

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

    /// <summary>What a connection is before its first byte, once nobody has to be named any more.</summary>
    private ClientState FirstState(int frontend) => _tls[frontend] is null ? ClientState.Open : ClientState.Handshaking;

    /// <summary>Reads no more; ends when the last answer is out.</summary>
    private void Finish(int index)
    {
        ClientConnection client = _connections[index];
        if (client.State is ClientState.Open or ClientState.Handshaking or ClientState.AwaitingProxyHeader)
        {
            client.State = ClientState.Finishing;
            client.FinishingSince = _shard.Clock.Now;
            if (client.Http is null)
            {
                client.Stream.DropKept();
            }

            FinishHttp(index, client);
        }

        EndIfDone(index);
    }

    /// <summary>Ends a connection that finishes once nothing is left to answer, or nothing can be, and everything is out.</summary>
    private void EndIfDone(int index)
    {
        ClientConnection client = _connections[index];
        bool isAnswered = client.Stream.HasFailed || (client.InFlight == 0 && IsHttpDone(client));
        if (client.State != ClientState.Finishing || !isAnswered || !client.Stream.TryFinish(_shard.Clock.Now))
        {
            return;
        }

        if (client.ReceiveEnded || client.MakesRoom)
        {
            Close(index);
            return;
        }

        client.State = ClientState.Lingering;
        client.LingeringSince = _shard.Clock.Now;
        client.Stream.Linger();
        EndHttp(client);
    }

    private void Close(int index)
    {
        ClientConnection client = _connections[index];
        if (client.State is not (ClientState.Closing or ClientState.Free))
        {
            client.State = ClientState.Closing;
            client.Stream.Close();

            // Many that end together take turns to, and nobody is to be refused or ended for their sake meanwhile.
            GiveUpPlace(client);
        }
    }

    private void Free(int index)
    {
        ClientConnection client = _connections[index];
        FrontendCounters counters = _counters[client.Frontend];
        counters.CurrentConnections--;
        counters.EndedConnections++;
        counters.EndedQueries += client.Queries;
        counters.EndedReadIos += client.ReadIos;
        counters.EndedMilliseconds += (_shard.Clock.Now - client.OpenedAt) / 1000;
        GiveUpPlace(client);
        _shard.ConnectionClosed();
        client.Stream.Release();
        EndHttp(client);
        client.State = ClientState.Free;

        // Answers still on their way find another generation and are dropped.
        client.Generation++;
        _free.Push(index);
    }

    /// <summary>It counts no longer against the limits on connections.</summary>
    private void GiveUpPlace(ClientConnection client)
    {
        if (client.HasPlace)
        {
            client.HasPlace = false;
            _frontendLimits[client.Frontend].Leave();
        }

        CountOut(client);
    }

    private void CountOut(ClientConnection client)
    {
        if (client.IsCounted)
        {
            client.IsCounted = false;
            _limits.Leave(in client.Peer);
        }
    }
}
