using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Pools;
using Fastdist.Proxy.Shards;
using Fastdist.Proxy.Tests.Frontends;
using Fastdist.Proxy.Tests.Machines;
using Fastdist.Settings;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Backends of one shard without sockets, brought into any readiness by hand.</summary>
internal sealed partial class BackendBench : IDisposable
{
    /// <summary>Queries that fill a backend: one on its only connection, the rest in its queue.</summary>
    private const int MaxInFlight = 1;
    private const int QueueBound = 64;

    /// <summary>ECONNREFUSED.</summary>
    private const int Refused = 111;

    /// <summary>Bytes of a question for the root.</summary>
    private const int RootQuestion = 5;

    private readonly InFlightTable _table = new(4096, 1 << 20);
    private readonly BackendSet _set = new();
    private readonly PoolSet _pools = new();
    private readonly ShardContext _shard;
    private readonly HandMachine _machine = new();
    private readonly FakeRing _ring = new();
    private readonly Dispatcher _dispatcher;
    private readonly Gate _gate;
    private readonly UdpFrontends _udp;
    private readonly StreamAsker _streams = new();
    private readonly int _share;

    // Far behind whatever the shard's clock read when it was made.
    private long _measured = 1L << 50;
    private readonly long _beginning;
    private int _errno;

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
        _shard = new ShardContext(0, options, _machine, NullLogger.Instance, _table) { Ring = _ring };
        _shard.Clock.Advance(_measured);
        _beginning = Now;

        // A share of none is a single connection: the one meant for replacing.
        _pools.Add(new Pool(PolicyKind.LeastOutstanding, options.Balancing, _shard.Clock, new Random(1)));
        _pools.Add(new Pool(PolicyKind.LeastOutstanding, options.Balancing, _shard.Clock, new Random(1)));
        for (int index = 0; index < backends.Length; index++)
        {
            Add(index, backends[index]);
        }

        Health = new HealthChecks(_shard, (_, isUp) => Verdicts.Add(isUp));
        _dispatcher = new Dispatcher(_shard, _set, _pools, Health)
        {
            ReportChange = Health.CheckSoon,
            ReportReturn = Health.Returned,
        };
        _gate = new Gate(_shard, _dispatcher, []);
        _udp = new UdpFrontends(_shard, _gate, TestFrontends.Plain());
        _udp.Add(0, _machine.GetLocal(0));
        _table.Register(_udp);
        _table.Register(_streams);
    }

    public Backend[] Backends => _set.All;

    /// <summary>The health checks, of which none is made unless a test wants it.</summary>
    public HealthChecks Health { get; }

    /// <summary>What they found, in order.</summary>
    public List<bool> Verdicts { get; } = [];

    /// <summary>The pool they are in.</summary>
    public Pool Pool => _pools[0];

    /// <summary>Another pool, with nobody in it unless a test says so.</summary>
    public Pool Second => _pools[1];

    /// <summary>The pool that clients' queries are for.</summary>
    public int DecidedPool { get; set; }

    /// <summary>Whether no stream is to be read on whose queries are for a pool.</summary>
    public bool IsSaturated(int pool) => _dispatcher.IsSaturated(pool);

    /// <summary>Has a backend be in the second pool, too.</summary>
    public void JoinSecond(int slot) => _pools.Join(_set[slot], 1);

    /// <summary>Has a backend be in a pool no longer.</summary>
    public void Part(int slot, int pool) => _pools.Part(_set[slot], pool);

    /// <summary>The set they are in.</summary>
    public BackendSet Set => _set;

    /// <summary>Every connection of every backend, open or not.</summary>
    public IReadOnlyList<BackendConnection> Connections =>
        [.. Enumerable.Range(0, Backends.Sum(b => b.Options.SpareConnections + _share + 1)).Select(number => _set.Connections[number])];

    /// <summary>The shard's queries.</summary>
    public InFlightTable Table => _table;

    /// <summary>The shard's time, microseconds.</summary>
    public long Now => _shard.Clock.Now;

    /// <summary>How long ago it was made, microseconds of that time.</summary>
    public long Age => Now - _beginning;

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

    /// <summary>A pool of all of them that shares queries out in another way.</summary>
    public TestPool Policy(PolicyKind kind, uint seed = 1, int randomSeed = 1) =>
        Policy(kind, Backends, new HashCircle([.. Backends.Select(b => b.Shared)], seed), randomSeed);

    /// <summary>The same, with what policies go by besides weights.</summary>
    public TestPool Policy(PolicyKind kind, BalancingOptions balancing) =>
        Policy(kind, Backends, new HashCircle([.. Backends.Select(b => b.Shared)], seed: 1), randomSeed: 1, balancing);

    /// <summary>A pool of some of them.</summary>
    public TestPool Policy(PolicyKind kind, Backend[] members, HashCircle circle, int randomSeed = 1) =>
        Policy(kind, members, circle, randomSeed, new BalancingOptions());

    private TestPool Policy(PolicyKind kind, Backend[] members, HashCircle circle, int randomSeed, BalancingOptions balancing)
    {
        var pool = new Pool(kind, balancing, _shard.Clock, new Random(randomSeed));
        Array.ForEach(members, pool.Add);
        pool.Use(kind, circle);
        return new TestPool(this, pool);
    }

    /// <summary>Has the shard's clock go on, and nothing else happen.</summary>
    public void Advance(long microseconds)
    {
        for (long rest = microseconds; rest > 0; rest -= ShardClock.MostMicroseconds)
        {
            _shard.Clock.Advance(_measured += Math.Min(rest, ShardClock.MostMicroseconds));
        }
    }

    /// <summary>Adds a backend to those that are there.</summary>
    public Backend Add(int slot, BackendOptions options)
    {
        var backend = new Backend(_shard, new SharedBackend(slot, options, shards: 1), null, _share, _set);
        _set.Add(backend);
        _pools.Join(backend, 0);
        return backend;
    }

    /// <summary>Removes one, as a shard does.</summary>
    public void Remove(int slot)
    {
        _pools.Part(_set[slot]);
        _set.Remove(slot);
    }

    /// <summary>Gives a backend its connection.</summary>
    public void Connect(int backend)
    {
        Backends[backend].EnsureConnected();
        Connected(_set.Connections[backend], 0);
    }

    /// <summary>Puts queries on a backend.</summary>
    public void Load(int backend, int queries)
    {
        for (int i = 0; i < queries; i++)
        {
            Assert.True(_table.TryAdd(new byte[Header.Size + RootQuestion], out int entry));
            _table[entry].Asker = _udp.Number;
            _table[entry].QuestionEnd = Header.Size + RootQuestion;
            _table[entry].DeadlineClass = 0;
            Assert.True(Backends[backend].TryAssign(entry));
        }
    }

    /// <summary>Has a client ask for a name of one label; the answer is found by its ID.</summary>
    /// <returns>Whether it is on its way.</returns>
    public bool Ask(ushort id, string label = "a", Opcode opcode = Opcode.Query) => Ask(_udp, id, label, opcode);

    /// <summary>The same over a stream.</summary>
    public bool AskOverStream(ushort id) => Ask(_streams, id, "a", Opcode.Query);

    /// <summary>Why queries over streams failed, in order.</summary>
    public List<FailureKind> StreamFailures => _streams.Failures;

    /// <summary>The answers to queries over streams, in order.</summary>
    public List<byte[]> StreamAnswers => _streams.Answers;

    /// <summary>The codes of the answers that clients got so far, by ID.</summary>
    public Dictionary<int, Rcode> Answers => _ring.Datagrams.ToDictionary(answer => (int)Header.Id(answer), answer => Header.Rcode(answer));

    /// <summary>Clients' queries on a connection, by the IDs their clients gave them.</summary>
    public int[] On(BackendConnection connection) => connection.State != ConnectionState.Ready ? [] : [.. InFlight(connection).Select(found => (int)_table[found.Entry].OriginalId)];

    /// <summary>A query that waits for a backend.</summary>
    public int Queued(int backend) => Enumerable.Range(0, _table.Count).First(entry => _table[entry].QueuedAt == Backends[backend].Index);

    /// <summary>Has the backend answer a client's query.</summary>
    public void Answer(BackendConnection connection, ushort clientsId) =>
        Answer(connection, InFlight(connection).Single(found => _table[found.Entry].OriginalId == clientsId));

    /// <summary>The same with another message than the query with its bit turned.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="clientsId">Which query.</param>
    /// <param name="word">Changes the message.</param>
    public void Answer(BackendConnection connection, ushort clientsId, Action<byte[]> word) =>
        Answer(connection, InFlight(connection).Single(found => _table[found.Entry].OriginalId == clientsId), word);

    /// <summary>The same for the later ask of one that was asked twice.</summary>
    public void AnswerLatest(BackendConnection connection, ushort clientsId) =>
        Answer(connection, InFlight(connection).Where(found => _table[found.Entry].OriginalId == clientsId).MinBy(found => connection.Order.After(found.Id)));

    /// <summary>Has the backend answer the health check that is on a connection.</summary>
    public void AnswerCheck(BackendConnection connection) => AnswerCheck(connection, static _ => { });

    /// <summary>The same with another message than the check with its bit turned.</summary>
    public void AnswerCheck(BackendConnection connection, Action<byte[]> word) =>
        Answer(connection, InFlight(connection).Single(found => _table[found.Entry].IsPinned), word);

    /// <summary>Of what is sent on a connection, the last so many bytes never arrive.</summary>
    public int Unarrived
    {
        set => _ring.Unarrived = value;
    }

    /// <summary>Why there is no socket to be had; 0 when there is.</summary>
    public int Shortage
    {
        set => _machine.Shortage = value;
    }

    /// <summary>From now on connections succeed as time goes by, or fail.</summary>
    public void ConnectsTo(int errno) => _errno = errno;

    private void Answer(BackendConnection connection, (ushort Id, int Entry) query) => Answer(connection, query, static _ => { });

    private void Answer(BackendConnection connection, (ushort Id, int Entry) query, Action<byte[]> word)
    {
        byte[] message = _table.Message(query.Entry).ToArray();
        Header.SetId(message, query.Id);
        message[2] |= 0x80;
        word(message);
        Received(connection, [(byte)(message.Length >> 8), (byte)message.Length, .. message]);
    }

    /// <summary>Has the backend answer a query that nobody waits for any more, which shows that it works.</summary>
    public void Prove(BackendConnection connection)
    {
        Assert.True(connection.Ids.TryTake(0, out ushort id, isCheck: true));
        connection.Ids.Abandon(id);
        Received(connection, [0, Header.Size, (byte)(id >> 8), (byte)id, 0x80, .. new byte[Header.Size - 3]]);
    }

    /// <summary>Lets time go by, a tick after the other; whatever is asked of the kernel has happened at the next.</summary>
    public void Pass(int milliseconds)
    {
        int tick = Math.Clamp(milliseconds, 1, 20);
        for (int passed = 0; passed < milliseconds; passed += tick)
        {
            _shard.Clock.Advance(_measured += tick * 1000);
            foreach (BackendConnection connection in Connections)
            {
                Progress(connection);
            }

            _dispatcher.TrySuspects();
            _dispatcher.Expire();
            _dispatcher.Tick();
            SendChecks();
        }
    }

    /// <summary>A connection was made, or was not.</summary>
    public void Connected(BackendConnection connection, int errno) => _dispatcher.Connected(connection.Index, errno);

    /// <summary>Bytes came on a connection.</summary>
    public void Received(BackendConnection connection, byte[] bytes) => _dispatcher.Received(connection.Index, bytes);

    /// <summary>The backend ended a connection.</summary>
    public void ReceiveEnded(BackendConnection connection, int errno) => _dispatcher.ReceiveEnded(connection.Index, errno);

    /// <summary>A send on a connection ended.</summary>
    public void Sent(BackendConnection connection, int errno) => _dispatcher.Sent(connection.Index, errno);

    /// <summary>The ring let go of a connection.</summary>
    public void Closed(BackendConnection connection) => _dispatcher.Closed(connection.Index);

    /// <summary>Has a connection end that is no longer needed.</summary>
    public void Retire(BackendConnection connection)
    {
        connection.Retire();
        _set.HomeOf(connection).Hear();
        _dispatcher.TakeNews();
    }

    /// <summary>Has a backend look at its clocks.</summary>
    public void Tick(Backend backend)
    {
        backend.Tick();
        _dispatcher.TakeNews();
    }

    /// <summary>Ends the queries whose time is up.</summary>
    /// <returns>Whether that was all.</returns>
    public bool Expire() => _dispatcher.Expire();

    /// <summary>Sends the health checks whose time has come.</summary>
    public void SendChecks() => _dispatcher.SendChecks();

    /// <summary>Sends what was gathered.</summary>
    public void Flush() => _dispatcher.Flush();

    public void Dispose()
    {
        _table.Dispose();
        _caches.ForEach(static cache => cache.Dispose());
    }

    private bool Ask(Asker asker, ushort id, string label, Opcode opcode)
    {
        byte[] message = [(byte)(id >> 8), (byte)id, (byte)(1 | ((int)opcode << 3)), 0, 0, 1, 0, 0, 0, 0, 0, 0, (byte)label.Length, .. Encoding.ASCII.GetBytes(label), 0, 0, 1, 0, 1];
        return Ask(asker, message);
    }

    private bool Ask(Asker asker, byte[] message) => Ask(asker, message, default, asker == _streams ? ushort.MaxValue : 512, static (ref _) => { });

    private bool Ask(Asker asker, byte[] message, SocketAddress peer, int limit, Decide decide)
    {
        var origin = new Origin(ClientProtocol.Udp, 0, _udp.CountersOf(0), in peer, in peer);
        Assert.Equal(Fate.Forward, _gate.Judge(message, in origin, out Query query));
        if (DecidedPool != 0)
        {
            _gate.Judgement.Decision.Pool = (short)DecidedPool;
        }

        var decision = new Decision();
        decide(ref decision);
        if (decision != new Decision())
        {
            _gate.Judgement.Decision = decision;
        }

        if (!_gate.TryKeep(in query, in origin, asker, out int index))
        {
            return false;
        }

        _table[index].AnswerLimit = (ushort)limit;
        _table[index].Route.Peer = peer;

        // Whoever has a connection has left it.
        _table[index].ClientGeneration = uint.MaxValue;
        _gate.Forward(index);
        return true;
    }

    private void Progress(BackendConnection connection)
    {
        if (connection.State == ConnectionState.Connecting)
        {
            Connected(connection, _errno);
        }
        else if (connection.State == ConnectionState.Closing)
        {
            Closed(connection);
        }
    }

    private IEnumerable<(ushort Id, int Entry)> InFlight(BackendConnection connection)
    {
        for (int id = 0; id < connection.Ids.Size; id++)
        {
            if (connection.Ids.Find((ushort)id, out int entry) == IdState.InFlight)
            {
                yield return ((ushort)id, entry);
            }
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
            case Readiness.Returning:
                Connect(backend);
                Prove(_set.Connections[backend]);
                ReceiveEnded(_set.Connections[backend], 0);
                Closed(_set.Connections[backend]);
                Connected(_set.Connections[backend], Refused);
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
