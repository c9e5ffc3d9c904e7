using System;
using System.Collections.Generic;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Limits;
using Fastdist.Proxy.Machines;
using Fastdist.Settings;
using Fastdist.Tls;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// One backend as one shard sees it: its connections, the queries waiting for room on them, and
/// whether it is up. This object decides where its connections live.
/// </summary>
internal sealed partial class Backend
{
    /// <summary>Timeout classes of a backend: clients' queries, then health checks.</summary>
    public const int ClassesPerBackend = 2;

    /// <summary>Queries that may wait for room on full connections, as a multiple of what one connection carries.</summary>
    private const int QueueFactor = 4;

    private static readonly BackendFailure s_noConnection = new(HealthCheckFailure.Network, "no connection");

    private readonly ShardContext _shard;
    private readonly BackendConnection[] _connections;
    private readonly ConnectionTable _table;
    private readonly Queue<BackendNews> _news;
    private readonly KnownBackend _known;
    private readonly WaitingQueue _queue;
    private readonly Backoff _backoff;
    private readonly Backoff _spareBackoff;
    private readonly SecondAsks _secondAsks;
    private readonly int _share;
    private string _lastComplaint = "";

    /// <param name="shard">The shard it belongs to.</param>
    /// <param name="shared">What all shards share of it.</param>
    /// <param name="tls">Context for its sessions, which it comes to own; null for plain TCP.</param>
    /// <param name="share">Connections this shard may keep.</param>
    /// <param name="table">Gives a connection its number in the shard.</param>
    /// <param name="news">Takes what it has to tell.</param>
    public Backend(ShardContext shard, SharedBackend shared, TlsContext? tls, int share, ConnectionTable table, Queue<BackendNews> news)
    {
        _shard = shard;
        _share = share;
        _table = table;
        _news = news;

        // One connection more than the share, so that a silent one can be replaced before it is given up.
        int connections = share + shared.Options.SpareConnections + 1;
        _queue = new WaitingQueue(shard.Table, (short)shared.Slot, Math.Max(shared.Options.MaxInFlight * QueueFactor, 64));
        _known = new KnownBackend(shard, shared, tls, new StandingBoard(_queue, connections));
        Rate = new QueryRate(new Rate(Options.Qps, BurstSeconds: 1, shard.Options.Shards));
        _backoff = new Backoff(shard.Random, LeastPauseMicroseconds, MostPauseMicroseconds, PausePart);
        _spareBackoff = new Backoff(shard.Random, LeastSparePauseMicroseconds, MostSparePauseMicroseconds, part: 1);
        _secondAsks = new SecondAsks(Options.MaxInFlight);
        QueryDeadlines = new DeadlineList(shard.Table, (short)(ClassesPerBackend * Index), Options.QueryTimeout * 1000L);
        CheckDeadlines = new DeadlineList(shard.Table, (short)((ClassesPerBackend * Index) + 1), Options.CheckTimeout * 1000L);
        Mode = shared.Mode;
        IsUp = shared.IsUp;
        _connections = new BackendConnection[connections];
        for (int i = 0; i < connections; i++)
        {
            _connections[i] = table.Add(number => new BackendConnection(shard, _known, table.Streams, table.Touched, number));
        }
    }

    /// <summary>What all shards share of it.</summary>
    public SharedBackend Shared => _known.Shared;

    /// <summary>Where it notes how ready and how busy it is, for the pools that it is in.</summary>
    public StandingBoard Board => _known.Board;

    /// <summary>Its slot in the shard's <see cref="BackendSet"/>.</summary>
    public int Index => Shared.Slot;

    public BackendOptions Options => Shared.Options;

    /// <summary>Clients' queries by their deadline.</summary>
    public DeadlineList QueryDeadlines { get; }

    /// <summary>Health checks by theirs.</summary>
    public DeadlineList CheckDeadlines { get; }

    /// <summary>What its queries get on their way and its answers lose again.</summary>
    public QueryEdits Edits => _known.Edits;

    /// <summary>Whether it bears that.</summary>
    public EditRefusals Refusals => _known.Refusals;

    public BackendCounters Counters => _known.Counters;

    /// <summary>This shard's part of the queries a second it is preferred for.</summary>
    public QueryRate Rate { get; }

    /// <summary>Its connections, open or not.</summary>
    public ReadOnlySpan<BackendConnection> Connections => _connections;

    /// <summary>True while a connection is being made.</summary>
    public bool IsStarting => Array.Exists(_connections, static c => c.IsStarting);

    /// <summary>Why the last connection failed, until another one works.</summary>
    public BackendFailure LastFailure { get; private set; } = s_noConnection;

    /// <summary>The same, when anything has failed.</summary>
    public BackendFailure? ConnectionFailure => LastFailure == s_noConnection ? null : LastFailure;

    /// <summary>Who decides whether it is up.</summary>
    public HealthCheckMode Mode
    {
        get;
        private set
        {
            field = value;
            Board.ReadinessChanged();
        }
    }

    /// <summary>Whether it is used, by health's verdict or the operator's.</summary>
    public bool IsUp
    {
        get;
        private set
        {
            field = value;
            Board.ReadinessChanged();
        }
    }

    /// <summary>Queries of this shard on its connections or waiting for one.</summary>
    public int Outstanding
    {
        get;
        private set
        {
            field = value;
            Board.LoadChanged();
            Board.RoomChanged();
        }
    }

    /// <summary>Makes further sessions with another context; those that are there keep theirs.</summary>
    public void Renew(TlsContext context) => _known.Renew(context);

    /// <summary>Hears health's verdict, which counts unless the operator decides.</summary>
    public void Judge(bool isUp)
    {
        IsUp = Mode == HealthCheckMode.Auto ? isUp : IsUp;
        LostAt = IsUp && HasHealthyConnection() ? Never : LostAt;
    }

    /// <summary>Has the operator decide, or health again, beginning with the state of now.</summary>
    public void SetMode(HealthCheckMode mode)
    {
        Mode = mode;

        // A verdict may have been published before this was heard; what is shared has it.
        IsUp = mode == HealthCheckMode.Auto ? Shared.IsUp : mode == HealthCheckMode.Up;
    }

    /// <summary>Keeps the wanted connections open and checks their clocks.</summary>
    public void Tick()
    {
        foreach (BackendConnection connection in _connections)
        {
            connection.Tick();
            Hear(connection);
            if (connection.IsOverdue && !HasHealthyConnection())
            {
                AddConnection();
            }
        }

        Counters.Outstanding = Outstanding;
        if (IsLeaving)
        {
            CloseUnused();
            return;
        }

        RetireSurplus();
        _waitsForDescriptor = false;
        EnsureConnected();
        KeepSpares();
        RoomFreed();
        FlushIfUnavailable();
        OfferElsewhere();
    }

    /// <summary>A connection that has room and is not silent, other than the given one.</summary>
    public BackendConnection? Pick(int frameLength, BackendConnection? except)
    {
        BackendConnection? best = null;
        foreach (BackendConnection connection in _connections)
        {
            if (connection != except && !connection.IsSpare && connection.HasRoom(frameLength) && (best is null || IsBetter(connection, best)))
            {
                best = connection;
            }
        }

        return except is not null && best is { IsSuspect: true } ? null : best;
    }

    /// <summary>Puts a query on a connection that has room for it.</summary>
    public void Put(int entry, BackendConnection connection)
    {
        ref InFlightEntry query = ref _shard.Table[entry];
        Leg leg = connection.Add(entry, ref query, _shard.Table.Frame(entry));
        if (query.First.IsUsed)
        {
            query.Second = leg;
        }
        else
        {
            query.First = leg;
        }

        Outstanding++;
    }

    private static bool IsBetter(BackendConnection candidate, BackendConnection best) =>
        candidate.IsSuspect != best.IsSuspect ? best.IsSuspect : candidate.Ids.InFlightCount < best.Ids.InFlightCount;
}
