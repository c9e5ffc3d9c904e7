using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Shards;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Backends of one shard without sockets, brought into any readiness by hand.</summary>
internal sealed class BackendBench : IDisposable
{
    /// <summary>Queries that fill a backend: one on its only connection, the rest in its queue.</summary>
    private const int MaxInFlight = 1;
    private const int QueueBound = 64;

    /// <summary>Bytes of a question for the root.</summary>
    private const int RootQuestion = 5;

    private readonly InFlightTable _table = new(4096, 0);
    private readonly BackendSet _set;
    private readonly ShardContext _shard;
    private readonly int _share;

    // Far behind whatever the shard's clock read when it was made.
    private long _measured = 1L << 50;

    public BackendBench(params BackendOptions[] backends)
        : this(share: 0, backends)
    {
    }

    /// <param name="share">Connections a backend may have, beside the one meant for replacing and the spares.</param>
    /// <param name="backends">Their settings.</param>
    /// <param name="shards">Shards of the process, of which this is the first.</param>
    public BackendBench(int share, BackendOptions[] backends, int shards = 1)
    {
        _share = share;
        var options = new ProxyOptions { Frontends = [], Backends = backends, Shards = shards };
        _shard = new ShardContext(0, options, Machine.Real, NullLogger.Instance, _table) { Ring = new FakeRing() };
        _shard.Clock.Advance(_measured);

        // A share of none is a single connection: the one meant for replacing.
        _set = new BackendSet((active, ring) => new Policy(PolicyKind.LeastOutstanding, active, ring, new Random(1)));
        for (int index = 0; index < backends.Length; index++)
        {
            Add(index, backends[index]);
        }

        Health = new HealthChecks(_shard, (_, isUp) => Verdicts.Add(isUp));
        _shard.Dispatcher = new Dispatcher(_shard, _set) { ReportFailure = _ => { }, Health = Health };
    }

    public Backend[] Backends => _set.All;

    /// <summary>The health checks, of which none is made unless a test wants it.</summary>
    public HealthChecks Health { get; }

    /// <summary>What they found, in order.</summary>
    public List<bool> Verdicts { get; } = [];

    /// <summary>The set they are in.</summary>
    public BackendSet Set => _set;

    /// <summary>Every connection of every backend, open or not.</summary>
    public IReadOnlyList<BackendConnection> Connections =>
        [.. Enumerable.Range(0, Backends.Sum(b => b.Options.SpareConnections + _share + 1)).Select(number => _set.Connections[number])];

    /// <summary>The shard's queries.</summary>
    public InFlightTable Table => _table;

    /// <summary>The shard's time, microseconds.</summary>
    public long Now => _shard.Clock.Now;

    /// <summary>A backend at 192.0.2.NUMBER over plain TCP.</summary>
    public static BackendOptions Options(int number) => new()
    {
        Address = new IPEndPoint(new IPAddress([192, 0, 2, (byte)number]), 53),
        Name = $"b{number}",
        Tls = BackendTransport.None,
        MaxInFlight = 1000,
    };

    /// <summary>Backends of which each has its connection.</summary>
    public static BackendBench Connected(params BackendOptions[] backends) => ConnectedOf(1, backends);

    /// <summary>The same at one of several shards.</summary>
    public static BackendBench ConnectedOf(int shards, params BackendOptions[] backends)
    {
        var bench = new BackendBench(share: 0, backends, shards);
        for (int index = 0; index < backends.Length; index++)
        {
            bench.Connect(index);
        }

        return bench;
    }

    /// <summary>As many backends as readinesses, each in its own.</summary>
    public static BackendBench With(params Readiness[] states)
    {
        var bench = new BackendBench([.. states.Select((state, index) => Options(index) with
        {
            MaxInFlight = state == Readiness.Full ? MaxInFlight : 1000,

            // Below zero, so that a connection with a query in flight is silent at once.
            SilenceTimeout = state == Readiness.Suspect ? -1 : 1000,
        })]);
        for (int index = 0; index < states.Length; index++)
        {
            bench.Bring(index, states[index]);
        }

        return bench;
    }

    public Policy Policy(PolicyKind kind, uint seed = 1, int randomSeed = 1) =>
        new(kind, Backends, new HashRing([.. Backends.Select(b => b.View)], seed), new Random(randomSeed));

    /// <summary>Adds a backend to those that are there.</summary>
    public Backend Add(int slot, BackendOptions options)
    {
        var backend = new Backend(_shard, new BackendView(slot, options, shards: 1), null, _share, _set.Connections);
        _set.Add(backend);
        return backend;
    }

    /// <summary>Gives a backend its connection.</summary>
    public void Connect(int backend)
    {
        Backends[backend].EnsureConnected();
        _set.Connections[backend].Connected(0);
    }

    /// <summary>Puts queries on a backend.</summary>
    public void Load(int backend, int queries)
    {
        for (int i = 0; i < queries; i++)
        {
            Assert.True(_table.TryAdd(new byte[Header.Size + RootQuestion], out int entry));
            _table[entry].Source = QuerySource.Datagram;
            _table[entry].QuestionEnd = Header.Size + RootQuestion;
            _table[entry].Traits = QueryTraits.None;
            _table[entry].DeadlineClass = 0;
            Assert.True(Backends[backend].TryAssign(entry));
        }
    }

    /// <summary>Lets time go by, a tick after the other; whatever is asked of the kernel has happened at the next.</summary>
    public void Pass(int milliseconds)
    {
        const int Tick = 20;
        for (int passed = 0; passed < milliseconds; passed += Tick)
        {
            _shard.Clock.Advance(_measured += Tick * 1000);
            foreach (BackendConnection connection in Connections)
            {
                Progress(connection);
            }

            _shard.Dispatcher.Expire();
            Array.ForEach(Backends, backend => backend.Tick());
            Health.Tick();
        }
    }

    /// <summary>Sends what was gathered.</summary>
    public void Flush() => _shard.Dispatcher.Flush();

    public void Dispose()
    {
        _table.Dispose();
    }

    private static void Progress(BackendConnection connection)
    {
        if (connection.State == ConnectionState.Connecting)
        {
            connection.Connected(0);
        }
        else if (connection.State == ConnectionState.Closing)
        {
            connection.Closed();
        }
    }

    private void Bring(int backend, Readiness state)
    {
        switch (state)
        {
            case Readiness.Unavailable:
                break;
            case Readiness.Starting:
                Backends[backend].EnsureConnected();
                break;
            case Readiness.Suspect:
                Connect(backend);
                Load(backend, 1);
                _set.Connections[backend].Tick();
                break;
            case Readiness.Full:
                Connect(backend);
                Load(backend, MaxInFlight + QueueBound);
                break;
            default:
                Connect(backend);
                break;
        }

        Assert.Equal(state, Backends[backend].Readiness);
    }
}
