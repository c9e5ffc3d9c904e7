using System;
using System.Threading;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Pools;
using Fastdist.Ring;
using Fastdist.Rules.Chains;
using Fastdist.Settings;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Shards;

/// <summary>
/// One thread and all it owns: a ring, its sockets, its backend sessions, its queries in flight.
/// Its life is a row of turns: take the completions that are ready, do their work, send what they
/// caused.
/// </summary>
internal sealed partial class Shard : IRingHandler, IDisposable
{
    private const long BusyTickMicroseconds = 20_000;
    private const long IdleTickMicroseconds = 250_000;

    /// <summary>While a backend is expected back, its next connection is not to wait long for the end of a pause.</summary>
    private const long ReturningTickMicroseconds = 10_000;

    /// <summary>What may have to be read after a stop: the receive buffers of all sockets.</summary>
    private const long CatchUpMicroseconds = 1_000_000;

    private const int LongFrameBudget = 64 << 20;

    private readonly ShardContext _context;
    private readonly Shard[] _all;
    private readonly Gate _gate;
    private readonly Dispatcher _dispatcher;
    private readonly UdpFrontends _udp;
    private readonly TcpClients _tcp;
    private readonly HealthChecks _health;
    private readonly FrontendSet _frontends = new();
    private readonly BackendSet _backends = new();
    private readonly PoolSet _pools = new();
    private readonly Mailbox _mailbox = new();
    private readonly Complaints _complaints;
    private readonly ManualResetEventSlim _started = new();
    private Thread? _thread;
    private volatile bool _stopRequested;

    // True from the start: messages may be waiting from before there was a ring to wake.
    private bool _hasMail = true;
    private bool _stopping;
    private bool _draining;
    private long _datagrams;
    private long _catchUpBy;
    private long _stopBy;
    private long _drainBy;

    /// <param name="id">Number of the shard.</param>
    /// <param name="options">The proxy's settings.</param>
    /// <param name="machine">What it runs on.</param>
    /// <param name="all">All shards, filled in while they are made.</param>
    /// <param name="limits">The process's count of clients.</param>
    /// <param name="complaints">What all shards say once.</param>
    /// <param name="log">Where to log.</param>
    public Shard(int id, ProxyOptions options, Machine machine, Shard[] all, ClientLimits limits, Complaints complaints, ILogger log)
    {
        _complaints = complaints;
        _all = all;
        var table = new InFlightTable(Math.Max(options.MaxInFlight / options.Shards, 1), LongFrameBudget / options.Shards);
        _context = new ShardContext(id, options, machine, log, table);
        foreach (PoolOptions pool in options.AllPools)
        {
            AddPool(pool.Policy ?? options.Policy);
        }

        _health = new HealthChecks(_context, PublishState);
        _dispatcher = new Dispatcher(_context, _backends, _pools, _health)
        {
            ReportChange = (backend, isBetter) => PostTo(HealthChecks.Owner(backend, options.Shards), new Message(MessageKind.BackendChange, backend, IsUp: isBetter)),
            ReportReturn = backend => PostTo(HealthChecks.Owner(backend, options.Shards), new Message(MessageKind.BackendReturned, backend)),
        };
        _context.Rules.Pools = _dispatcher;
        _context.Caches.TellsNetworks = number => _pools[number].TellsNetworks;
        _gate = new Gate(_context, _dispatcher, Gate.JudgesOf(options, CompiledRules.None, _context));
        _udp = new UdpFrontends(_context, _gate, _frontends);
        _tcp = new TcpClients(_context, _gate, _frontends, limits);
        _context.Table.Register(_udp);
        _context.Table.Register(_tcp);
        _context.Table.Register(_udp.Refresher);
        _context.Table.Register(_tcp.Refresher);
    }

    /// <summary>What its parts share.</summary>
    public ShardContext Context => _context;

    /// <summary>What takes its queries to backends and their answers back.</summary>
    public Dispatcher Dispatcher => _dispatcher;

    /// <summary>Its backends.</summary>
    public BackendSet Backends => _backends;

    /// <summary>The pools of its backends.</summary>
    public PoolSet Pools => _pools;

    /// <summary>Its TCP, DoT and DoH connections.</summary>
    public TcpClients Clients => _tcp;

    /// <summary>Its frontends.</summary>
    public FrontendSet Frontends => _frontends;

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

    private void Run(int processor)
    {
        try
        {
            if (processor >= 0)
            {
                Processors.Pin(processor);
            }

            Begin();
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

        End();
    }

    /// <summary>Makes the ring; whoever calls this gives the shard its turns until it is done, then ends it.</summary>
    public void Begin()
    {
        RingOptions options = RingOptions.For(_context.Options.UdpMaxSize);
        _context.Ring = _context.Machine.CreateRing(_context.Options.Io, options, this, out string? reason);
        RingReason = reason;
        _mailbox.Attach(_context.Ring);

        // What is configured came by mail, backends before the frontends, so that the first query finds them.
        ReadMail(int.MaxValue);
        Tick();
    }

    /// <summary>Takes what is ready, does the work, sends what it caused. A turn never waits to gather more.</summary>
    public void Turn()
    {
        int reported = _context.Ring.Turn(_context.Options.MaxTurn, Patience());
        Counters.Completions += reported;
        _context.Blocks.Tick(_context.Clock.Shared);
        if (_hasMail)
        {
            ReadMail(_context.Options.MaxTurn);
        }

        if (!IsCatchingUp(reported))
        {
            if (_context.Clock.Now >= _context.NextTick)
            {
                Tick();
            }

            _tcp.Sweep();
        }

        _udp.SendDue(_context.Clock.Now);
        _dispatcher.GiveStale();
        MakeRoomForBackends();
        _dispatcher.Flush();
        _tcp.Flush();
        _tcp.ResumeWaiting();
        _tcp.ResumeYielded();
        _tcp.ResumeHandshakes();
    }

    /// <summary>How long the next turn may wait for completions, milliseconds.</summary>
    public int Patience()
    {
        if (_hasMail || _tcp.HasMore || _context.Clock.Now < _catchUpBy)
        {
            return 0;
        }

        long wait = Math.Max(Math.Min(Math.Min(_context.NextTick, _udp.NextDue), _dispatcher.NextStale) - _context.Clock.Now, 0);
        if (_tcp.HandshakeRest is > 0 and long rest)
        {
            wait = Math.Min(wait, rest);
        }

        return (int)((wait + 999) / 1000);
    }

    /// <summary>
    /// When the shard did not run for a while the sockets hold what came meanwhile. It is read before any clock is judged by:
    /// until a turn finds nothing more, or traffic that never pauses has had its time.
    /// </summary>
    private bool IsCatchingUp(int reported)
    {
        _catchUpBy = _context.Clock.HasStopped ? _context.Clock.Now + CatchUpMicroseconds : reported == 0 ? 0 : _catchUpBy;
        return _context.Clock.Now < _catchUpBy;
    }

    private void Tick()
    {
        bool haveAllExpired = _dispatcher.Expire();
        _dispatcher.Tick();
        while (_backends.TryForget(out Backend? left))
        {
            _health.Remove(left);
            left.Shared.ShardLeft();
        }

        LetFrontendsGo();
        if (!_stopping)
        {
            _dispatcher.SendChecks();
        }

        KeepSpare();
        Counters.InFlight = _context.Table.Count;
        Counters.AllocatedBytes = GC.GetAllocatedBytesForCurrentThread();
        bool busy = _context.Table.Count > 0 || _stopping || Array.Exists(_frontends.All, static f => f.IsLeaving) || _backends.FindAwake(static b => b.IsStarting) is not null;
        bool isAwaiting = _backends.FindAwake(static b => b.IsReturning) is not null;
        _context.NextTick = _context.Clock.Now
            + (!haveAllExpired ? 0 : isAwaiting ? ReturningTickMicroseconds : busy ? BusyTickMicroseconds : IdleTickMicroseconds);
        if (_stopping)
        {
            ContinueStop();
        }
    }

    /// <summary>Does what other threads asked for, as many requests of it at once as a turn has time for.</summary>
    private void ReadMail(int most)
    {
        _hasMail = false;
        for (int count = 0; !_hasMail && _mailbox.TryTake(out Message message); _hasMail = ++count == most)
        {
            switch (message.Kind)
            {
                case MessageKind.Adopt:
                    _tcp.Adopt(message.Descriptor, message.Index, message.Peer, message.IsProxied);
                    break;
                case MessageKind.Change:
                    message.Change!(this);
                    break;
                case MessageKind.BackendState:
                    _backends.Judge(message.Index, message.IsUp);
                    break;
                case MessageKind.BackendReturned:
                    _health.Returned(message.Index);
                    break;
                default:
                    _health.CheckSoon(message.Index, isBetter: message.IsUp);
                    break;
            }

            _dispatcher.TakeNews();
        }

        if (_stopRequested)
        {
            BeginStop();
        }
    }

    private void PostTo(int shard, in Message message) => _all[shard].Post(in message);
}
