using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.InFlight;
using Fastdist.Ring;
using Fastdist.Tls;

namespace Fastdist.Proxy.Shards;

/// <summary>
/// One thread and all it owns: a ring, its sockets, its backend sessions, its queries in flight.
/// Its life is a row of turns: take the completions that are ready, do their work, send what they
/// caused.
/// </summary>
internal sealed class Shard : IRingHandler
{
    private const long BusyTickMicroseconds = 20_000;
    private const long IdleTickMicroseconds = 250_000;

    /// <summary>Under constant traffic a UDP socket is never empty; after this long it is left.</summary>
    private const long DrainMicroseconds = 200_000;

    private const int LongFrameBudget = 64 << 20;

    private readonly ShardContext _context;
    private readonly ShardSockets _sockets;
    private readonly Shard[] _all;
    private readonly ClientLimits _limits;
    private readonly UdpFrontends _udp;
    private readonly TcpClients _tcp;
    private readonly HealthChecks _health;
    private readonly Mailbox _mailbox = new();
    private readonly ManualResetEventSlim _started = new();
    private readonly List<BackendConnection> _connections = [];
    private readonly List<int> _listeners = [];
    private readonly List<int> _datagramSockets = [];
    private Thread? _thread;
    private volatile bool _stopRequested;

    // True from the start: messages may be waiting from before there was a ring to wake.
    private bool _hasMail = true;
    private bool _stopping;
    private bool _draining;
    private long _datagrams;
    private long _nextTick;
    private long _stopBy;
    private long _drainBy;

    /// <param name="id">Number of the shard.</param>
    /// <param name="options">The proxy's settings.</param>
    /// <param name="sockets">Its bound sockets, one of each kind a frontend.</param>
    /// <param name="contexts">Its TLS contexts, one a backend, null for plain TCP.</param>
    /// <param name="all">All shards, filled in while they are made.</param>
    /// <param name="limits">The process's count of clients.</param>
    /// <param name="hashSeed">Seed of name hashes, the same for all shards.</param>
    /// <param name="log">Where to log.</param>
    public Shard(
        int id, ProxyOptions options, ShardSockets sockets, TlsContext?[] contexts, Shard[] all, ClientLimits limits, uint hashSeed, Log log)
    {
        _sockets = sockets;
        _all = all;
        _limits = limits;
        var table = new InFlightTable(Math.Max(options.MaxInFlight / options.Shards, 1), LongFrameBudget / options.Shards);
        _context = new ShardContext(id, options, log, table);
        UdpCounters = CreateCounters(options);
        TcpCounters = CreateCounters(options);
        Backends = [.. options.Backends.Select((backend, index) =>
            new Backend(_context, index, backend, contexts[index], ConnectionShare(backend, id, options.Shards), _connections))];
        var policy = new Policy(options.Policy, Backends, options.Shards, hashSeed, _context.Random);
        _udp = new UdpFrontends(_context, UdpCounters);
        _tcp = new TcpClients(_context, TcpCounters, limits);
        _health = new HealthChecks(_context, Backends, PublishState);
        _context.Dispatcher = new Dispatcher(_context, Backends, _connections, policy)
        {
            Udp = _udp,
            Tcp = _tcp,
            Health = _health,
            ReportFailure = (backend, reason) => PostTo(HealthChecks.Owner(backend, options.Shards), new Message(MessageKind.BackendFailure, backend)),
        };
    }

    public FrontendCounters[] UdpCounters { get; }

    public FrontendCounters[] TcpCounters { get; }

    public Backend[] Backends { get; }

    public ShardCounters Counters { get; } = new();

    public RingCounters? RingCounters => _context.Ring?.Counters;

    public string RingName => _context.Ring?.Name ?? "";

    /// <summary>Why io_uring is not used although it was wanted; null when it is.</summary>
    public string? RingReason { get; private set; }

    /// <summary>Why the thread could not start or died; null while all is well.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Starts the thread and waits until its ring and sockets work.</summary>
    public void Start(int processor)
    {
        _thread = new Thread(() => Run(processor)) { Name = $"shard {_context.Id}", IsBackground = true };
        _thread.Start();
        _started.Wait();
    }

    /// <summary>Waits for the thread's end.</summary>
    public void Join() => _thread?.Join();

    /// <summary>Leaves a message from another thread.</summary>
    /// <returns>False when the mailbox is full or the shard is gone.</returns>
    public bool Post(in Message message) => _mailbox.TryPost(in message);

    /// <summary>Has the shard stop accepting, answer what is in flight, and end.</summary>
    public void Stop()
    {
        _stopRequested = true;
        _mailbox.Wake();
    }

    void IRingHandler.Awake()
    {
        _context.Clock.Advance();
        Counters.Turns++;
    }

    void IRingHandler.DatagramReceived(int socketTag, ReadOnlySpan<byte> payload, in DatagramRoute route, bool truncated)
    {
        _datagrams++;
        _udp.Received(socketTag, payload, in route, truncated);
    }

    void IRingHandler.Accepted(int listenerTag, int descriptor)
    {
        FrontendCounters counters = TcpCounters[listenerTag];
        if (!Sockets.TryGetPeer(descriptor, out SocketAddress peer))
        {
            Sockets.Close(descriptor);
        }
        else if (!_context.Options.Acl.Contains(in peer))
        {
            counters.AclDrops++;
            Sockets.Close(descriptor);
        }
        else if (!_limits.TryEnter(in peer))
        {
            counters.RefusedConnections++;
            Sockets.Close(descriptor);
        }
        else
        {
            Place(listenerTag, descriptor, in peer);
        }
    }

    void IRingHandler.ListenerClosed(int listenerTag)
    {
    }

    void IRingHandler.Connected(uint tag, StreamHandle stream, int errno) => _connections[StreamTags.IndexOf(tag)].Connected(errno);

    int IRingHandler.Received(uint tag, StreamHandle stream, ReadOnlySpan<byte> data) => StreamTags.IsBackend(tag)
        ? _connections[StreamTags.IndexOf(tag)].Received(data)
        : _tcp.Received(StreamTags.IndexOf(tag), data);

    void IRingHandler.ReceiveEnded(uint tag, StreamHandle stream, int errno)
    {
        if (StreamTags.IsBackend(tag))
        {
            _connections[StreamTags.IndexOf(tag)].ReceiveEnded(errno);
        }
        else
        {
            _tcp.ReceiveEnded(StreamTags.IndexOf(tag), errno);
        }
    }

    void IRingHandler.Sent(uint tag, StreamHandle stream, int errno)
    {
        if (StreamTags.IsBackend(tag))
        {
            _connections[StreamTags.IndexOf(tag)].Sent(errno);
        }
        else
        {
            _tcp.Sent(StreamTags.IndexOf(tag), errno);
        }
    }

    void IRingHandler.Closed(uint tag)
    {
        if (StreamTags.IsBackend(tag))
        {
            _connections[StreamTags.IndexOf(tag)].Closed();
        }
        else
        {
            _tcp.Closed(StreamTags.IndexOf(tag));
        }
    }

    void IRingHandler.Woken() => _hasMail = true;

    private static FrontendCounters[] CreateCounters(ProxyOptions options) =>
        [.. options.Frontends.Select(_ => new FrontendCounters())];

    private static int ConnectionShare(BackendOptions backend, int shard, int shards) =>
        backend.Connections == 0 ? 1 : (backend.Connections / shards) + (shard < backend.Connections % shards ? 1 : 0);

    private void Run(int processor)
    {
        try
        {
            Setup(processor);
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or OutOfMemoryException)
        {
            Failure = exception;
            _started.Set();
            return;
        }

        _started.Set();
        while (!IsDone())
        {
            Turn();
        }

        // The last answers were queued in the last turn; one more hands them to the kernel.
        _context.Ring.Turn(1, 0);
        _mailbox.Close();
        DropMail();
        _context.Ring.Dispose();
    }

    private void Setup(int processor)
    {
        if (processor >= 0)
        {
            Processors.Pin(processor);
        }

        var options = new RingOptions { MaxDatagram = _context.Options.UdpMaxSize };
        _context.Ring = RingFactory.Create(_context.Options.Io, options, this, out string? reason);
        RingReason = reason;
        _mailbox.Attach(_context.Ring);
        for (int frontend = 0; frontend < _sockets.Datagrams.Length; frontend++)
        {
            _datagramSockets.Add(_context.Ring.AddDatagramSocket(_sockets.Datagrams[frontend], frontend));
            _listeners.Add(_context.Ring.AddListener(_sockets.Listeners[frontend], frontend));
        }

        Tick();
    }

    /// <summary>Takes what is ready, does the work, sends what it caused. A turn never waits to gather more.</summary>
    private void Turn()
    {
        long wait = Math.Max(_nextTick - _context.Clock.Now, 0);
        Counters.Completions += _context.Ring.Turn(_context.Options.MaxTurn, (int)((wait + 999) / 1000));
        if (_hasMail)
        {
            _hasMail = false;
            ReadMail();
        }

        if (_context.Clock.Now >= _nextTick)
        {
            Tick();
        }

        _context.Dispatcher.Flush();
        _tcp.Flush();
        _tcp.ResumeWaiting();
    }

    private void Tick()
    {
        _context.Dispatcher.Expire();
        foreach (Backend backend in Backends)
        {
            backend.Tick();
        }

        if (!_stopping)
        {
            _health.Tick();
        }

        _tcp.Sweep();
        Counters.InFlight = _context.Table.Count;
        Counters.AllocatedBytes = GC.GetAllocatedBytesForCurrentThread();
        bool busy = _context.Table.Count > 0 || _stopping || Array.Exists(Backends, static b => b.IsStarting);
        _nextTick = _context.Clock.Now + (busy ? BusyTickMicroseconds : IdleTickMicroseconds);
        if (_stopping)
        {
            ContinueStop();
        }
    }

    private void ReadMail()
    {
        while (_mailbox.TryTake(out Message message))
        {
            switch (message.Kind)
            {
                case MessageKind.Adopt:
                    _tcp.Adopt(message.Descriptor, message.Index, message.Peer);
                    break;
                case MessageKind.BackendState:
                    Backends[message.Index].IsUp = message.IsUp;
                    break;
                default:
                    _health.CheckSoon(message.Index);
                    break;
            }
        }

        if (_stopRequested)
        {
            BeginStop();
        }
    }

    private void DropMail()
    {
        while (_mailbox.TryTake(out Message message))
        {
            if (message.Kind == MessageKind.Adopt)
            {
                Sockets.Close(message.Descriptor);
            }
        }
    }

    /// <summary>Gives an accepted connection to the shard with the fewest: the kernel's hash spreads few connections badly.</summary>
    private void Place(int frontend, int descriptor, in SocketAddress peer)
    {
        Shard target = this;
        foreach (Shard shard in _all)
        {
            if (shard._context.Connections < target._context.Connections)
            {
                target = shard;
            }
        }

        target._context.ConnectionAssigned();
        if (target == this)
        {
            _tcp.Adopt(descriptor, frontend, in peer);
        }
        else if (!target.Post(new Message(MessageKind.Adopt, frontend, descriptor, peer)))
        {
            target._context.ConnectionClosed();
            _limits.Leave(in peer);
            Sockets.Close(descriptor);
        }
    }

    private void PublishState(int backend, bool isUp)
    {
        foreach (Shard shard in _all)
        {
            PostTo(shard._context.Id, new Message(MessageKind.BackendState, backend, IsUp: isUp));
        }
    }

    private void PostTo(int shard, in Message message) => _all[shard].Post(in message);

    private void BeginStop()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = _draining = true;
        _stopBy = _context.Clock.Now + (_context.Options.ShutdownTimeout * 1000L);
        _drainBy = _context.Clock.Now + DrainMicroseconds;
        _listeners.ForEach(_context.Ring.CloseListener);
        _datagrams = 0;
        _nextTick = _context.Clock.Now + BusyTickMicroseconds;
    }

    /// <summary>Takes in what the sockets still hold, then only finishes what is in flight.</summary>
    private void ContinueStop()
    {
        if (_draining && (_datagrams == 0 || _context.Clock.Now >= _drainBy))
        {
            _draining = false;
            _datagramSockets.ForEach(_context.Ring.StopReceiving);
        }

        _datagrams = 0;
        _tcp.FinishAll();
    }

    private bool IsDone()
    {
        bool finished = !_draining && _context.Table.Count == 0 && _tcp.Count == 0;
        return _stopping && (finished || _context.Clock.Now >= _stopBy);
    }
}
