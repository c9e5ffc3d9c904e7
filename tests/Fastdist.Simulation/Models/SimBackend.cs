using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Ring;
using Fastdist.Settings;
using Fastdist.Simulation.Network;
using Fastdist.Simulation.Tls;

namespace Fastdist.Simulation.Models;

/// <summary>What a backend's machine and process are like at a moment.</summary>
internal enum BackendHealth : byte
{
    /// <summary>It runs.</summary>
    Up,

    /// <summary>Its process is gone: connections are refused.</summary>
    Dead,

    /// <summary>Nothing that is sent to it is heard of again.</summary>
    BlackHole,

    /// <summary>Its process stands still: connections are accepted, nothing is read.</summary>
    Frozen,
}

/// <summary>A backend, its machine included.</summary>
internal sealed class SimBackend(int number, BackendPlan plan, Func<BackendOptions, BackendOptions>? settings = null)
{
    /// <summary>Connections to nobody that one shard may try in a second.</summary>
    private const int MostRefusals = 40;

    private const long FirstSynPause = 1_000_000;
    private const long LastSynPause = 64_000_000;

    private readonly List<BackendSession> _sessions = [];
    private readonly Queue<long> _swallowed = [];
    private readonly Queue<long> _refusals = [];
    private World _world = null!;
    private SimTlsContext? _serverTls;
    private List<ulong> _tickets = [];
    private int _faults;
    private long _faultyUntil;
    private int _sessionNumber;

    public int Number => number;

    /// <summary>Whether it is asked over TLS.</summary>
    public bool IsTls => Options.IsTls;

    /// <summary>Its nature at present.</summary>
    public BackendPlan Plan { get; set; } = plan;

    /// <summary>What the proxy is told of it.</summary>
    public BackendOptions Options { get; } = (settings ?? (o => o))(new BackendOptions
    {
        Address = World.BackendAddress(number),
        Name = $"b{number}",
        Tls = BackendTransport.None,
        Order = number + 1,
    });

    /// <summary>Where it is.</summary>
    public SocketAddress Address => SocketAddress.From(Options.Address);

    /// <summary>What the process's shards share of it.</summary>
    public SharedBackend Shared { get; private set; } = null!;

    public int Slot => Shared.Slot;

    /// <summary>What it does over UDP, whether or not the process asks it that way.</summary>
    public DatagramService Datagrams { get; private set; } = null!;

    /// <summary>What it is like at the moment.</summary>
    public BackendHealth Health { get; private set; }

    /// <summary>Whether the process was told to forget it.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Whether it is in both pools where there are two; else in the default one only.</summary>
    public bool IsInBoth { get; set; } = true;

    /// <summary>What the operator said of it.</summary>
    public HealthCheckMode Mode { get; set; }

    /// <summary>Times that it was killed by a poison name.</summary>
    public int Poisonings { get; private set; }

    /// <summary>Queries of clients that it read.</summary>
    public int Queries { get; set; }

    /// <summary>Connections that it accepted.</summary>
    public int Accepted => _sessionNumber;

    /// <summary>Its open connections.</summary>
    public int Connections => _sessions.Count;

    /// <summary>When connections of it ended, or began to misbehave, as the proxy may take for broken.</summary>
    public List<long> Breaks { get; } = [];

    /// <summary>It swallows a query, which is to be asked again elsewhere.</summary>
    public void Swallow() => _swallowed.Enqueue(_world.Now);

    /// <summary>Queries that it swallowed in the last so many microseconds.</summary>
    public int SwallowedWithin(long microseconds)
    {
        while (_swallowed.TryPeek(out long at) && at < _world.Now - microseconds)
        {
            _swallowed.Dequeue();
        }

        return _swallowed.Count;
    }

    /// <summary>Whether it has been reachable and answering all the time since a moment, as far as it lies with it.</summary>
    public bool IsSoundSince(long moment) => !IsRemoved && IsInBoth && Mode != HealthCheckMode.Down && Health == BackendHealth.Up && _faults == 0 && _faultyUntil < moment;

    /// <summary>Becomes one of a process's.</summary>
    /// <param name="world">Where it is.</param>
    /// <param name="shared">What the shards share of it.</param>
    /// <param name="isFirst">Whether it was there when the process began: queries wait for its first connection.</param>
    public void Join(World world, SharedBackend shared, bool isFirst)
    {
        _world = world;
        Shared = shared;
        Datagrams = new DatagramService(world, this);
        Mode = Options.HealthCheckMode;
        _faultyUntil = isFirst ? long.MinValue : world.Now;
        _serverTls = IsTls ? world.Tls.Theirs(Plan.Tls with { IsServer = true, ReadsFirstMessageOnly = world.Random.Next(5) == 0, KeyUpdates = 10 }) : null;
    }

    /// <summary>A context for one shard's sessions to it; null where it speaks plain TCP.</summary>
    public SimTlsContext? NewContext() => IsTls ? _world.Tls.Ours(new SimTlsOptions { Store = _tickets, Protocol = Options.Alpn }) : null;

    /// <summary>Has new sessions begin from nothing.</summary>
    public void ForgetTickets() => _tickets = [];

    /// <summary>All is well with it from now on.</summary>
    public void Recover()
    {
        Plan = new BackendPlan();
        _serverTls = IsTls ? _world.Tls.Theirs(new SimTlsOptions { IsServer = true }) : null;
        foreach (BackendSession session in _sessions.FindAll(static s => s.IsFaulty))
        {
            session.End(CloseStyle.AtOnce);
        }

        if (Health != BackendHealth.Up)
        {
            Revive();
        }
    }

    /// <summary>A fault begins that lasts until it is ended.</summary>
    public void BeginFault() => _faults++;

    /// <summary>A fault ends.</summary>
    public void EndFault()
    {
        _faults--;
        _faultyUntil = _world.Now;
    }

    /// <summary>Something was wrong just now.</summary>
    public void Blame() => _faultyUntil = _world.Now;

    /// <summary>A SYN arrives, or gets lost and is sent again after pauses that double.</summary>
    public void Knock(SimSocket from, Action<int> connected, long pause = FirstSynPause)
    {
        if (from.IsClosed)
        {
            return;
        }

        if (Health == BackendHealth.BlackHole)
        {
            if (pause > LastSynPause)
            {
                connected(Errno.TimedOut);
            }
            else
            {
                _world.After(pause, () => Knock(from, connected, 2 * pause));
            }

            return;
        }

        if (Health == BackendHealth.Dead)
        {
            CountRefusal();
            _world.After(_world.Latency, () => connected(Errno.ConnectionRefused));
            return;
        }

        var end = new SimSocket(_world, default);
        SimSocket.Join(from, end, _world.Latency);
        var session = new BackendSession(_world, this, end, _serverTls?.Begin(), ++_sessionNumber);
        _sessions.Add(session);
        _world.Note("accept", number, _sessionNumber);
        _world.After(_world.Latency, () => connected(0));
        session.Begin();
    }

    /// <summary>What it answers.</summary>
    /// <param name="query">The query as it sees it.</param>
    /// <param name="known">The query as a client sent it; null for a health check.</param>
    /// <param name="failure">An error in the place of what it would say.</param>
    public byte[] Answer(byte[] query, SimQuery? known, Rcode failure = Rcode.NoError) =>
        known?.Wish is null ? Messages.Answer(query, failure, known?.Kind == NameKind.Long) : _world.Caching!.Answers.Write(query, known, this, failure);

    /// <summary>A session is over.</summary>
    public void Forget(BackendSession session) => _sessions.Remove(session);

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _world.Note("kill", number);
        Change(BackendHealth.Dead);
        Datagrams.Die();
        CloseAll(CloseStyle.AtOnce);
    }

    /// <summary>The process is there again, or goes on.</summary>
    public void Revive()
    {
        _world.Note("revive", number);
        Change(BackendHealth.Up);
        Array.ForEach(_sessions.ToArray(), static session => session.GoOn());
        Datagrams.GoOn();
    }

    /// <summary>Nothing reaches it any more, or nothing moves in it.</summary>
    public void Disappear(BackendHealth how)
    {
        _world.Note("disappear", number, (int)how);
        Change(how);
    }

    /// <summary>Closes all connections at once.</summary>
    public void CloseAll(CloseStyle style)
    {
        _world.Note("close", number, (int)style);
        Breaks.Add(_world.Now);
        foreach (BackendSession session in _sessions.ToArray())
        {
            session.End(style);
        }
    }

    /// <summary>A poison name was read.</summary>
    public void Poison()
    {
        Poisonings++;
        Kill();
        _world.After(Plan.Recovery, Revive);
    }

    /// <summary>Whoever is refused comes again after pauses.</summary>
    private void CountRefusal()
    {
        _refusals.Enqueue(_world.Now);
        while (_refusals.Peek() < _world.Now - 1_000_000)
        {
            _refusals.Dequeue();
        }

        int most = MostRefusals * _world.Shards.Count;
        _world.Require(_refusals.Count <= most, $"b{number} refused {_refusals.Count} connections in a second");
    }

    private void Change(BackendHealth health)
    {
        Health = health;
        Blame();
    }
}
