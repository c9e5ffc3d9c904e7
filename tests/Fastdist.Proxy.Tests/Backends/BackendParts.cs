using System;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Tests.Allocation;
using Fastdist.Proxy.Tests.Machines;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>What a backend is made of, each part for itself, on a shard whose clock is moved by hand.</summary>
internal sealed class BackendParts : IDisposable
{
    /// <summary>Bytes of a question for the root.</summary>
    private const int RootQuestion = 5;

    private readonly ConnectionTable _table = new();
    private long _measured = 1L << 50;

    /// <param name="options">The backend's settings.</param>
    /// <param name="share">Connections it may have, beside the one meant for replacing and the spares.</param>
    public BackendParts(BackendOptions options, int share = 1)
    {
        var proxy = new ProxyOptions { Frontends = [], Backends = [options] };
        Shard = new ShardContext(0, proxy, Machine.Real, Log, new InFlightTable(256, 0)) { Ring = new FakeRing() };
        Shard.Clock.Advance(_measured);
        Queue = new WaitingQueue(Shard.Table, 0, WaitingQueries.BoundOf(options));
        Shared = new SharedBackend(0, options, shards: 1);
        Known = new KnownBackend(Shard, Shared, tls: null, new StandingBoard(Agenda, 0, Queue, BackendConnections.PlacesFor(options, share)));
        Failure = new LatestFailure(Log, Known);
        Connections = new BackendConnections(Shard, Known, share, _table, Failure);
    }

    public Agenda Agenda { get; } = new();

    public LineCollector Log { get; } = new();

    public ShardContext Shard { get; }

    public SharedBackend Shared { get; }

    public KnownBackend Known { get; }

    public WaitingQueue Queue { get; }

    public LatestFailure Failure { get; }

    public BackendConnections Connections { get; }

    /// <summary>Connections in a state.</summary>
    public int Count(ConnectionState state) => Array.FindAll(Connections.All, c => c.State == state).Length;

    /// <summary>Has time go by.</summary>
    public void Advance(long microseconds)
    {
        for (long rest = microseconds; rest > 0; rest -= ShardClock.MostMicroseconds)
        {
            Shard.Clock.Advance(_measured += Math.Min(rest, ShardClock.MostMicroseconds));
        }
    }

    /// <summary>Opens a connection that is ready at once.</summary>
    public BackendConnection Connect(bool isSpare = false)
    {
        BackendConnection? connection = Connections.Open(isSpare);
        Assert.NotNull(connection);
        connection.Connected(0);
        return connection;
    }

    /// <summary>A query that nobody was given yet.</summary>
    public int Query()
    {
        Assert.True(Shard.Table.TryAdd(new byte[Header.Size + RootQuestion], out int entry));
        Shard.Table[entry].QuestionEnd = Header.Size + RootQuestion;
        return entry;
    }

    public void Dispose()
    {
        Connections.Dispose();
        Known.Dispose();
        _table.Dispose();
        Shard.Table.Dispose();
    }
}
