using System;
using System.Collections.Generic;
using System.Diagnostics;
using Fastdist.Proxy.Shards;
using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// The TCP connections of a shard (RFC 7766): pipelined queries in, answers out in any order, one
/// send in flight each. This part holds their life; reading and writing are beside it.
/// </summary>
internal sealed partial class TcpClients
{
    /// <summary>Answers not yet taken by the client after which its queries are left unread, bytes.</summary>
    private const int OutputPause = 64 * 1024;

    /// <summary>
    /// Bytes that the answers not yet taken by all of a shard's clients may occupy. Queries already in
    /// flight when a client stops reading are still answered; beyond this its connection is given up.
    /// </summary>
    private const long OutputBudget = 64L << 20;

    private const long LingerMicroseconds = 2_000_000;
    private const int QueueCapacity = 1024;
    private const long SweepMicroseconds = 250_000;

    private readonly ShardContext _shard;
    private readonly FrontendCounters[] _counters;
    private readonly ClientLimits _limits;
    private readonly BufferPool _buffers = new();
    private readonly List<ClientConnection> _connections = [];
    private readonly Stack<int> _free = new();
    private readonly Queue<int> _dirty = new(QueueCapacity);
    private readonly Queue<int> _waiting = new(QueueCapacity);
    private long _outputBytes;
    private long _nextSweep;

    public TcpClients(ShardContext shard, FrontendCounters[] counters, ClientLimits limits)
    {
        _shard = shard;
        _counters = counters;
        _limits = limits;
    }

    /// <summary>Open connections.</summary>
    public int Count => _connections.Count - _free.Count;

    /// <summary>Takes over an accepted connection that the gate and the limits let in.</summary>
    public void Adopt(int descriptor, int frontend, in SocketAddress peer)
    {
        if (!_free.TryPop(out int index))
        {
            index = _connections.Count;
            _connections.Add(new ClientConnection());
        }

        ClientConnection client = _connections[index];
        Debug.Assert(client.State == ClientState.Free);
        client.Generation++;
        client.State = ClientState.Open;
        client.Frontend = frontend;
        client.Peer = peer;
        client.Queries = 0;
        client.InFlight = 0;
        client.IsPaused = client.IsWaiting = client.ReceiveEnded = false;
        client.OpenedAt = client.LastActive = _shard.Clock.Now;
        FrontendCounters counters = _counters[frontend];
        counters.NewConnections++;
        counters.CurrentConnections++;
        counters.MaxConnections = Math.Max(counters.MaxConnections, counters.CurrentConnections);
        Sockets.DisableNagle(descriptor);
        client.Stream = _shard.Ring.Adopt(descriptor, StreamTags.ForClient(index), StreamClass.Client);
        if (!client.Stream.IsValid)
        {
            counters.RefusedConnections++;
            Free(index);
        }
    }

    /// <summary>The peer's side ended, or reading failed.</summary>
    public void ReceiveEnded(int index, int errno)
    {
        ClientConnection client = _connections[index];
        client.ReceiveEnded = true;
        if (client.State == ClientState.Lingering || errno != 0)
        {
            if (client.PartialLength > 0 && errno != 0)
            {
                _counters[client.Frontend].DiedReadingQuery++;
            }

            Close(index);
            return;
        }

        if (client.PartialLength > 0)
        {
            _counters[client.Frontend].DiedReadingQuery++;
            DropPartial(client);
        }

        Finish(index);
    }

    /// <summary>The ring let go of the stream.</summary>
    public void Closed(int index) => Free(index);

    /// <summary>
    /// Looks at every connection's clocks. A walk over the table costs nanoseconds a connection, so
    /// a few times a second is cheaper than keeping lists up to date on every message.
    /// </summary>
    public void Sweep()
    {
        long now = _shard.Clock.Now;
        if (now < _nextSweep)
        {
            return;
        }

        _nextSweep = now + SweepMicroseconds;
        ProxyOptions options = _shard.Options;
        for (int index = 0; index < _connections.Count; index++)
        {
            ClientConnection client = _connections[index];
            switch (client.State)
            {
                case ClientState.Open or ClientState.Finishing when client.Sending is not null
                    && now - client.SendingSince > Seconds(options.TcpSendTimeout):
                    TimeOut(index);
                    break;
                case ClientState.Open when client.PartialLength > 0 && !client.IsPaused
                    && now - client.PartialSince > Seconds(options.TcpReceiveTimeout):
                    TimeOut(index);
                    break;
                case ClientState.Open when client.InFlight == 0 && client.Sending is null && !client.IsPaused
                    && now - client.LastActive > Seconds(options.TcpIdleTimeout):
                    _counters[client.Frontend].ClientTimeouts++;
                    Finish(index);
                    break;
                case ClientState.Open when options.MaxTcpConnectionDuration > 0
                    && now - client.OpenedAt > Seconds(options.MaxTcpConnectionDuration):
                    Finish(index);
                    break;
                case ClientState.Lingering when now - client.LingeringSince > LingerMicroseconds:
                    Close(index);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Lets every connection answer what it has in flight, then end.</summary>
    public void FinishAll()
    {
        for (int index = 0; index < _connections.Count; index++)
        {
            Finish(index);
        }
    }

    private static long Seconds(int seconds) => seconds * 1_000_000L;

    private void TimeOut(int index)
    {
        _counters[_connections[index].Frontend].ClientTimeouts++;
        Close(index);
    }

    /// <summary>Reads no more; ends when the last answer is out.</summary>
    private void Finish(int index)
    {
        ClientConnection client = _connections[index];
        if (client.State == ClientState.Open)
        {
            client.State = ClientState.Finishing;
            DropPartial(client);
        }

        EndIfDone(index);
    }

    private void EndIfDone(int index)
    {
        ClientConnection client = _connections[index];
        if (client.State != ClientState.Finishing || client.InFlight > 0 || client.OutputLength > 0 || client.Sending is not null)
        {
            return;
        }

        if (client.ReceiveEnded)
        {
            Close(index);
            return;
        }

        client.State = ClientState.Lingering;
        client.LingeringSince = _shard.Clock.Now;
        _shard.Ring.ShutdownSend(client.Stream);
        Unpause(client);
    }

    private void Close(int index)
    {
        ClientConnection client = _connections[index];
        if (client.State is not (ClientState.Closing or ClientState.Free))
        {
            client.State = ClientState.Closing;
            _shard.Ring.Close(client.Stream);
        }
    }

    private void Free(int index)
    {
        ClientConnection client = _connections[index];
        _counters[client.Frontend].CurrentConnections--;
        _limits.Leave(in client.Peer);
        _shard.ConnectionClosed();
        DropPartial(client);
        ReturnOutput(client.Output);
        ReturnOutput(client.Sending);
        client.Output = client.Sending = null;
        client.OutputLength = 0;
        client.Stream = StreamHandle.None;
        client.State = ClientState.Free;

        // Answers still on their way find another generation and are dropped.
        client.Generation++;
        _free.Push(index);
    }

    private void ReturnOutput(NativeBuffer? buffer)
    {
        if (buffer is not null)
        {
            _outputBytes -= buffer.Length;
            _buffers.Return(buffer);
        }
    }

    private void DropPartial(ClientConnection client)
    {
        if (client.Partial is not null)
        {
            _buffers.Return(client.Partial);
            client.Partial = null;
            client.PartialLength = 0;
        }
    }
}
