using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Pools;
using Fastdist.Proxy.Shards;
using Fastdist.Settings;
using Fastdist.Simulation.Models;
using Fastdist.Simulation.Network;
using Fastdist.Simulation.Tls;
using Fastdist.Tls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Simulation;

/// <summary>The process: its shards and what its control thread would have them do.</summary>
internal sealed partial class World
{
    private readonly List<SimShard> _shards = [];
    private readonly List<SimBackend> _backends = [];
    private ProxyOptions _options = null!;
    private ClientLimits _limits = null!;
    private SharedFrontend[] _frontends = [];
    private SimRing? _newRing;
    private HashCircle? _circle;

    /// <summary>What each shard presents to clients.</summary>
    private readonly List<TlsContext> _presented = [];

    /// <summary>Its settings.</summary>
    public ProxyOptions Options => _options;

    /// <summary>Whether clients over TLS ask a pool of their own, which has the same backends: in every other life.</summary>
    public bool HasTwoPools => Seed % 2 == 1;

    /// <summary>Its shards.</summary>
    public IReadOnlyList<SimShard> Shards => _shards;

    /// <summary>The backends it has or had.</summary>
    public IReadOnlyList<SimBackend> Backends => _backends;

    /// <summary>The process's count of clients.</summary>
    public ClientLimits Limits => _limits;

    /// <summary>Connections that count against the frontends' limits.</summary>
    public int FrontendConnections => AllFrontends.Sum(static frontend => frontend.Limit.Current);

    /// <summary>Address number so many of the backends' network.</summary>
    public static IPEndPoint BackendAddress(int number) => new(new IPAddress([192, 0, 2, (byte)(number + 1)]), 53);

    /// <summary>Starts the process with all its backends.</summary>
    public void Begin(ProxyOptions options, params SimBackend[] backends)
    {
        FrontendOptions plain = new() { Address = new IPEndPoint(IPAddress.Loopback, 53) };
        FrontendOptions tls = new()
        {
            Address = new IPEndPoint(IPAddress.Loopback, 853),
            Tls = new TlsFrontendOptions { CoalesceAnswers = CoalescesAnswers },
            Pool = HasTwoPools ? "other" : PoolOptions.Default,
        };
        _options = options with { Backends = [], Frontends = [plain, tls] };
        _options = Caching?.Settle(_options) ?? _options;
        _limits = new ClientLimits(_options.ClientLimits);
        _frontends = [.. _options.Frontends.Select((frontend, number) => new SharedFrontend(number, frontend, options.Shards))];
        ILogger log = _trace is null ? NullLogger.Instance : new TraceLogger(this, _trace);
        var shards = new Shard[options.Shards];
        for (int id = 0; id < shards.Length; id++)
        {
            _presented.Add(Tls.Ours(new SimTlsOptions { IsServer = true }));
            shards[id] = new Shard(id, _options, new SimMachine(this), shards, _limits, new Complaints(log), log);
        }

        foreach (SimBackend backend in backends)
        {
            Add(backend, shards);
        }

        int[] pools = _options.PoolsOfFrontends();
        foreach (Shard shard in shards)
        {
            TlsContext presented = _presented[shard.Context.Id];
            Post(shard, s => s.AddFrontend(_frontends[PlainFrontend], new ShardSockets { Datagrams = { 0 }, Listeners = { 0 } }, context: null, pools[PlainFrontend]));
            Post(shard, s => s.AddFrontend(_frontends[TlsFrontend], new ShardSockets { Listeners = { 0 } }, presented, pools[TlsFrontend]));
            UseCache(shard);
            shard.Begin();
            _shards.Add(new SimShard(shard, _newRing!));
            _newRing!.Submit();
        }
    }

    /// <summary>Adds a backend to those of a process that runs.</summary>
    public void Add(SimBackend backend) => Add(backend, [.. _shards.Select(s => s.Shard)]);

    /// <summary>Removes a backend.</summary>
    public void Remove(SimBackend backend)
    {
        Note("remove", backend.Slot);
        backend.IsRemoved = true;
        PostToAll(shard => shard.RemoveBackend(backend.Shared));
        ShareOut();
    }

    /// <summary>Takes a backend out of the second pool, or puts it back.</summary>
    public void SetInBoth(SimBackend backend, bool isInBoth)
    {
        Note("pool", backend.Slot, isInBoth ? 1 : 0);
        backend.IsInBoth = isInBoth;
        PostToAll(shard =>
        {
            if (isInBoth)
            {
                shard.JoinPool(backend.Shared, 1);
            }
            else
            {
                shard.PartPool(backend.Shared, 1);
            }
        });
        ShareOut();
    }

    /// <summary>Has the operator decide about a backend.</summary>
    public void SetMode(SimBackend backend, HealthCheckMode mode)
    {
        Note("mode", backend.Slot, (int)mode);
        backend.Mode = mode;
        if (mode != HealthCheckMode.Auto)
        {
            backend.Shared.IsUp = mode == HealthCheckMode.Up;
        }

        backend.Shared.Mode = mode;
        PostToAll(shard => shard.SetMode(backend.Shared, mode));
    }

    /// <summary>New certificates everywhere: sessions that are open stay as they are.</summary>
    public void Reload()
    {
        Note("reload");
        for (int id = 0; id < _shards.Count; id++)
        {
            TlsContext context = _presented[id] = Tls.Ours(new SimTlsOptions { IsServer = true, TicketKey = (uint)Random.Next(3) });
            _shards[id].Shard.Post(new Message(MessageKind.Change, Change: s => s.Present(_frontends[TlsFrontend], context)));
        }

        foreach (SimBackend backend in _backends.Where(static b => !b.IsRemoved && b.IsTls))
        {
            backend.ForgetTickets();
            foreach (SimShard shard in _shards)
            {
                TlsContext context = backend.NewContext()!;
                shard.Shard.Post(new Message(MessageKind.Change, Change: s => s.Renew(backend.Shared, context)));
            }
        }
    }

    /// <summary>A ring comes into being.</summary>
    public SimRing AddRing(SimRing ring) => _newRing = ring;

    /// <summary>A connection of a shard to an address is begun.</summary>
    /// <param name="socket">The shard's end.</param>
    /// <param name="connected">Hears of the outcome.</param>
    public void Connect(SimSocket socket, Action<int> connected)
    {
        SimBackend backend = BackendAt(socket.Remote);
        After(Latency, () => backend.Knock(socket, connected));
    }

    /// <summary>Lets everything come to rest, ends the process, and looks at what is left.</summary>
    public void Finish()
    {
        foreach (SimBackend backend in _backends.Where(static b => !b.IsRemoved))
        {
            backend.Recover();
        }

        DescriptorShortage = 0;
        Line = new Line();
        const long MostMicroseconds = 600_000_000;
        RunUntil(() => BusyClients == 0 && Ledger.IsQuiet, MostMicroseconds);
        RunFor(5_000_000);
        Invariants.CheckQuiet(this);
        StopProcess();
        Invariants.CheckEnd(this);
        Dispose();
        Invariants.CheckNothingIsLeft(this);
    }

    /// <summary>Whoever is at an address now.</summary>
    public SimBackend BackendAt(SocketAddress address) => _backends.FindLast(b => b.Address == address)!;

    /// <summary>Whether a socket is wanted that cannot be had.</summary>
    public bool LacksDescriptor() => DescriptorShortage > 0 && Random.Next(1000) < DescriptorShortage;

    /// <summary>Tells the shards to stop, and waits for their end.</summary>
    public void StopProcess()
    {
        IsStopping = true;
        Note("shutdown");
        _shards.ForEach(static shard => shard.Shard.Stop());
        bool ended = RunUntil(() => _shards.TrueForAll(static s => s.IsDone), (_options.ShutdownTimeout * 1000L) + 500_000);
        Require(ended, "a shard did not end within the shutdown timeout");
    }

    private void Add(SimBackend backend, Shard[] shards)
    {
        Action<Shard> add = Adding(backend, shards.Length, isFirst: _shards.Count == 0, HasTwoPools ? [0, 1] : [0]);
        Array.ForEach(shards, shard => Post(shard, add));
        if (_options.Policy == PolicyKind.ConsistentHash)
        {
            ShareOut(shards);
        }
    }

    /// <summary>Takes in a backend, and says what has a shard do the same.</summary>
    private Action<Shard> Adding(SimBackend backend, int shards, bool isFirst, params int[] pools)
    {
        int slot = 0;
        while (_backends.Exists(b => b.Slot == slot && !(b.IsRemoved && b.Shared.IsGone)))
        {
            slot++;
        }

        backend.Join(this, new SharedBackend(slot, backend.Options, shards), isFirst);
        _backends.Add(backend);
        Note("add", slot);
        TlsContext?[] contexts = [.. Enumerable.Range(0, shards).Select(_ => backend.NewContext())];
        return shard => shard.AddBackend(backend.Shared, contexts[shard.Context.Id], pools);
    }

    /// <summary>The slot of the backend that a name belongs to, where names belong to backends.</summary>
    public int OwnerOf(SimQuery query) => _circle!.SlotAt(_circle.PointOf(query.Name));

    private void ShareOut() => ShareOut([.. _shards.Select(s => s.Shard)]);

    private void ShareOut(Shard[] shards)
    {
        if (_options.Policy == PolicyKind.ConsistentHash)
        {
            _circle = ShareOut(shards, 0, static _ => true);
            if (HasTwoPools)
            {
                ShareOut(shards, 1, static b => b.IsInBoth);
            }
        }
    }

    private HashCircle ShareOut(Shard[] shards, int pool, Func<SimBackend, bool> isIn)
    {
        var circle = new HashCircle([.. _backends.Where(b => !b.IsRemoved && isIn(b)).Select(b => b.Shared)], (uint)Seed);
        Array.ForEach(shards, shard => shard.Post(new Message(MessageKind.Change, Change: s => s.Use(pool, PolicyKind.ConsistentHash, circle))));
        return circle;
    }

    private static void Post(Shard shard, Action<Shard> change) => shard.Post(new Message(MessageKind.Change, Change: change));

    private void PostToAll(Action<Shard> change) => _shards.ForEach(shard => shard.Shard.Post(new Message(MessageKind.Change, Change: change)));

    private void GiveTurn(SimShard shard)
    {
        try
        {
            shard.Shard.Turn();
            shard.Ring.Submit();
            if (shard.Shard.IsDone())
            {
                shard.Shard.End();
                shard.IsDone = true;
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Violate($"a shard died: {exception}");
            shard.IsDone = true;
            return;
        }

        // A turn takes some microseconds, in which more comes for the next.
        shard.BusyUntil = Now + 1 + Random.Next(30);
        shard.WaitsUntil = Now + (shard.Shard.Patience() * 1000L);
        Invariants.CheckTurn(this, shard);
    }

    private sealed class TraceLogger(World world, Action<string> trace) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            trace(FormattableString.Invariant($"{world.Now / 1e6:F6} log {formatter(state, exception)}"));
    }
}
