using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Cache;
using Fastdist.Simulation.Models;
using Fastdist.Simulation.Network;
using Fastdist.Simulation.Tls;

namespace Fastdist.Simulation;

/// <summary>
/// A process with its shards, its clients and its backends, in a time of its own: what happens next is what is due first, and every
/// decision comes from one seed.
/// </summary>
internal sealed partial class World : IDisposable
{
    /// <summary>Violations after which nothing more is to be learnt.</summary>
    private const int MostViolations = 20;

    private const long Beginning = 1_000_000_000;

    private readonly PriorityQueue<Action, (long At, long Number)> _events = new();
    private readonly List<IDescriptor?> _descriptors = [];
    private readonly List<string> _violations = [];
    private readonly Action<string>? _trace;
    private long _eventNumber;
    private long _stoppedUntil;
    private long _stops;
    private bool _isDisposed;

    /// <param name="seed">Decides everything.</param>
    /// <param name="trace">Hears of every event; null for nobody.</param>
    public World(int seed, Action<string>? trace)
    {
        Seed = seed;
        _trace = trace;
        Random = new Random(seed);
        Ledger = new Ledger(this);
        Tls = new SimTls(Random, Violate);
        CoalescesAnswers = Random.Next(3) == 0;
        ClientTls = Tls.Theirs(new SimTlsOptions { Store = [], WantsOneMessageARecord = !CoalescesAnswers, KeyUpdates = 10, LargestRecord = 1 + Random.Next(SimTlsRecord.MaxPayload) });
        RudeClientTls = Tls.Theirs(new SimTlsOptions { Faults = [.. Enum.GetValues<HandshakeFault>().Select(static fault => (fault, 200))] });
        Latency = 20 + Random.NextInt64(Random.Next(3) == 0 ? 5000 : 300);
    }

    public int Seed { get; }

    /// <summary>Whether answers over TLS may share records.</summary>
    public bool CoalescesAnswers { get; }

    /// <summary>All chance there is.</summary>
    public Random Random { get; }

    /// <summary>Every query and what became of it.</summary>
    public Ledger Ledger { get; }

    /// <summary>The TLS library.</summary>
    public SimTls Tls { get; }

    /// <summary>What clients' sessions have in common.</summary>
    public SimTlsContext ClientTls { get; }

    /// <summary>The same of clients that do something wrong in their handshakes.</summary>
    public SimTlsContext RudeClientTls { get; }

    /// <summary>Microseconds.</summary>
    public long Now { get; private set; } = Beginning;

    /// <summary>How long it has lasted, microseconds.</summary>
    public long Age => Now - Beginning;

    /// <summary>Microseconds from one machine to another.</summary>
    public long Latency { get; set; }

    /// <summary>Stands for everything that happened, in its order.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    /// <summary>What was wrong.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>How long the process has not run so far, microseconds.</summary>
    public long StoppedFor => _stops - Math.Max(_stoppedUntil - Now, 0);

    /// <summary>When the process last went on after it had not run; 0 when it always has.</summary>
    public long WentOnAt => Math.Min(_stoppedUntil, Now);

    /// <summary>Whether its limits are so low that queries may be refused for want of room.</summary>
    public bool MayBeFull { get; set; }

    /// <summary>Whether clients ask what others have just asked.</summary>
    public bool AsksEqual { get; set; }

    /// <summary>The cache of its pools, which it has from the beginning; null for none.</summary>
    public PacketCache? Cache { get; set; }

    /// <summary>Whether clients with queries in flight may be cut off to make room.</summary>
    public bool MayCutOff { get; set; }

    /// <summary>Sockets that cannot be had for want of a descriptor, of 1,000.</summary>
    public int DescriptorShortage { get; set; }

    /// <summary>Clients that have not asked everything, or not heard everything.</summary>
    public int BusyClients { get; set; }

    /// <summary>Whether the process is ending.</summary>
    public bool IsStopping { get; private set; }

    private bool IsHopeless => _violations.Count >= MostViolations;

    /// <summary>Has something happen.</summary>
    /// <param name="time">When.</param>
    /// <param name="action">What.</param>
    public void At(long time, Action action) => _events.Enqueue(action, (Math.Max(time, Now), _eventNumber++));

    /// <summary>Has something happen after so many microseconds.</summary>
    public void After(long delay, Action action) => At(Now + delay, action);

    /// <summary>Notes that something happened.</summary>
    /// <param name="what">Short and of letters.</param>
    /// <param name="one">A number that belongs to it.</param>
    /// <param name="two">Another.</param>
    public void Note(string what, long one = 0, long two = 0)
    {
        Mix((ulong)Now);
        foreach (char letter in what)
        {
            Mix(letter);
        }

        Mix((ulong)one);
        Mix((ulong)two);
        _trace?.Invoke(FormattableString.Invariant($"{Now / 1e6:F6} {what} {one} {two}"));
    }

    /// <summary>Something was wrong.</summary>
    public void Violate(string what)
    {
        Note("VIOLATION");
        _trace?.Invoke(what);
        if (!IsHopeless)
        {
            _violations.Add(FormattableString.Invariant($"{Now / 1e6:F6} {what}"));
        }
    }

    /// <summary>Sees to it that something is as it must be.</summary>
    public void Require(bool holds, string violated)
    {
        if (!holds)
        {
            Violate(violated);
        }
    }

    /// <summary>Lets the process not run for a while: a stopped process, a paused machine, a step of the clock.</summary>
    public void Stop(long microseconds)
    {
        Note("stop", microseconds);
        long until = Math.Max(_stoppedUntil, Now + microseconds);
        _stops += until - Math.Max(_stoppedUntil, Now);
        _stoppedUntil = until;
    }

    /// <summary>Lets time go by.</summary>
    public void RunFor(long microseconds) => RunUntil(Now + microseconds);

    /// <summary>Lets time go by until something is so.</summary>
    /// <returns>Whether it became so.</returns>
    public bool RunUntil(Func<bool> isSo, long mostMicroseconds)
    {
        const long Step = 10_000;
        for (long end = Now + mostMicroseconds; !isSo() && Now < end && !IsHopeless;)
        {
            RunUntil(Math.Min(Now + Step, end));
        }

        return isSo();
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _shards.ForEach(static shard => shard.Shard.Dispose());
            _presented.ForEach(static context => context.Dispose());
            _caches.ForEach(static cache => cache.Dispose());
            Cache?.Dispose();
        }
    }

    /// <summary>Lets a socket be found by a number.</summary>
    public int AddDescriptor(IDescriptor socket)
    {
        _descriptors.Add(socket);
        return _descriptors.Count - 1;
    }

    /// <summary>The connection of a number.</summary>
    public SimSocket Descriptor(int descriptor) => (SimSocket)Find(descriptor);

    /// <summary>The socket of a number that is used no longer.</summary>
    public T TakeDescriptor<T>(int descriptor)
        where T : IDescriptor
    {
        var socket = (T)Find(descriptor);
        _descriptors[descriptor] = null;
        return socket;
    }

    private IDescriptor Find(int descriptor) => _descriptors[descriptor] ?? throw new InvalidOperationException("a descriptor was used after it was closed");

    private void Mix(ulong value) => Hash = (Hash ^ value) * 1099511628211;

    private void RunUntil(long end)
    {
        while (!IsHopeless)
        {
            bool hasEvent = _events.TryPeek(out _, out (long At, long Number) first);
            long eventAt = hasEvent ? first.At : long.MaxValue;
            SimShard? shard = NextShard(out long shardAt);
            if (Math.Min(eventAt, shardAt) > end)
            {
                Now = end;
                return;
            }

            Now = Math.Max(Now, Math.Min(eventAt, shardAt));
            if (eventAt <= shardAt)
            {
                _events.Dequeue()();
            }
            else
            {
                GiveTurn(shard!);
            }
        }
    }

    private SimShard? NextShard(out long at)
    {
        SimShard? next = null;
        at = long.MaxValue;
        foreach (SimShard shard in _shards)
        {
            long due = Math.Max(shard.IsDone ? long.MaxValue : shard.Ring.IsReady ? shard.BusyUntil : Math.Max(shard.BusyUntil, shard.WaitsUntil), _stoppedUntil);
            if (due < at)
            {
                (next, at) = (shard, due);
            }
        }

        return next;
    }
}
