using System;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Limits;
using Fastdist.Proxy.Machines;
using Fastdist.Settings;
using Fastdist.Tls;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// One backend as one shard sees it: its connections, the queries on them or waiting for room there, and whether it is up. Whoever gives it
/// queries knows it by this; each of its parts is a class of its own.
/// </summary>
internal sealed class Backend : IDisposable
{
    /// <summary>Timeout classes of a backend: clients' queries, then health checks.</summary>
    public const int ClassesPerBackend = 2;

    private readonly ShardContext _shard;
    private readonly KnownBackend _known;
    private readonly BackendConnections _connections;
    private readonly BackendQueries _queries;
    private readonly LatestFailure _failure;
    private readonly Absence _absence;
    private readonly KeptReadiness _readiness;
    private readonly Consequences _consequences;
    private readonly SecondAsks _secondAsks;
    private readonly DatagramExchange? _datagrams;

    /// <param name="shard">The shard it belongs to.</param>
    /// <param name="shared">What all shards share of it.</param>
    /// <param name="tls">Context for its sessions, which it comes to own; null for plain TCP.</param>
    /// <param name="share">Connections this shard may keep.</param>
    /// <param name="set">The shard's backends, among which it will be.</param>
    public Backend(ShardContext shard, SharedBackend shared, TlsContext? tls, int share, BackendSet set)
    {
        _shard = shard;
        BackendOptions options = shared.Options;
        var queue = new WaitingQueue(shard.Table, (short)shared.Slot, WaitingQueries.BoundOf(options));
        _known = new KnownBackend(shard, shared, tls, new StandingBoard(set.Agenda, shared.Slot, queue, BackendConnections.PlacesFor(options, share)));
        _failure = new LatestFailure(shard.Log, _known);
        _connections = new BackendConnections(shard, _known, share, set.Connections, _failure);
        _datagrams = options.HasDatagrams ? new DatagramExchange(shard, _known, set.Sockets) : null;
        _absence = new Absence(shard, _known);
        _readiness = new KeptReadiness(shard.Clock, _known, _absence, _connections.All);
        _queries = new BackendQueries(
            shard, _known, _connections, _datagrams, new WaitingQueries(shard.Table, queue, (short)shared.Slot), _readiness, set.News);
        _consequences = new Consequences(shard, _known, _connections, _queries, _readiness, _absence, _failure, set.News);
        _secondAsks = new SecondAsks(options.MaxInFlight, options.HasDatagrams ? SecondAsks.QueriesForOneDatagram : SecondAsks.QueriesForOne);
        Rate = RateOf(options);
        QueryDeadlines = new DeadlineList(shard.Table, (short)(ClassesPerBackend * Index), options.Deadline * 1000L);
        CheckDeadlines = new DeadlineList(shard.Table, (short)((ClassesPerBackend * Index) + 1), options.CheckTimeout * 1000L);
    }

    /// <summary>What all shards share of it.</summary>
    public SharedBackend Shared => _known.Shared;

    /// <summary>Where it notes how ready and how busy it is, for the pools that it is in.</summary>
    public StandingBoard Board => _known.Board;

    /// <summary>Its slot in the shard's <see cref="BackendSet"/>.</summary>
    public int Index => _known.Slot;

    public BackendOptions Options => _known.Options;

    public BackendCounters Counters => _known.Counters;

    /// <summary>What its queries get on their way and its answers lose again.</summary>
    public QueryEdits Edits => _known.Edits;

    /// <summary>Whether it bears that.</summary>
    public EditRefusals Refusals => _known.Refusals;

    /// <summary>What the next connection may carry at once.</summary>
    public Allowance NextAllowance => _known.NextAllowance;

    /// <summary>Clients' queries by their deadline.</summary>
    public DeadlineList QueryDeadlines { get; }

    /// <summary>Health checks by theirs.</summary>
    public DeadlineList CheckDeadlines { get; }

    /// <summary>This shard's part of the queries a second it is preferred for.</summary>
    public QueryRate Rate { get; private set; }

    /// <summary>Its connections, open or not.</summary>
    public ReadOnlySpan<BackendConnection> Connections => _connections.All;

    /// <summary>Its exchange over UDP; null where it has none.</summary>
    public DatagramExchange? Datagrams => _datagrams;

    /// <summary>True while a connection is being made.</summary>
    public bool IsStarting => _connections.IsStarting;

    /// <summary>Why the last connection failed, until another one works.</summary>
    public BackendFailure LastFailure => _failure.Last;

    /// <summary>The same, when anything has failed.</summary>
    public BackendFailure? ConnectionFailure => _failure.Known;

    /// <summary>
    /// When a tick has to look at it though nothing happens, microseconds of the shard's clock: long past while something is under way, the greatest
    /// number when there is nothing to do.
    /// </summary>
    public long DueAt => IsBusy ? long.MinValue : Math.Min(_connections.DueAt, _datagrams?.Standing.DueAt ?? long.MaxValue);

    /// <summary>Who decides whether it is up.</summary>
    public HealthCheckMode Mode => _known.Status.Mode;

    /// <summary>Whether it is used, by health's verdict or the operator's.</summary>
    public bool IsUp => _known.Status.IsUp;

    /// <summary>Whether it was removed.</summary>
    public bool IsLeaving => _known.Status.IsLeaving;

    /// <summary>Whether nothing of it is left: no connection, and no query whose time it rules.</summary>
    public bool HasLeft => IsLeaving && Outstanding == 0 && QueryDeadlines.IsEmpty && CheckDeadlines.IsEmpty && _connections.AreIdle
        && (_datagrams is null || _datagrams.IsClosed);

    /// <summary>Whether it has lost its last connection so lately that queries wait for the next one.</summary>
    public bool IsReturning => _absence.IsBrief;

    /// <summary>Whether its next connection is taken for granted.</summary>
    public bool IsReadyForAMoment => _absence.IsMomentary;

    /// <summary>How ready it is, whatever health says.</summary>
    public Readiness Reachability => _readiness.Reachability;

    /// <summary>How ready it is for a client's query.</summary>
    public Readiness Readiness => _readiness.Readiness;

    /// <summary>When readiness as it was judged last changes by itself, microseconds of the shard's clock; the greatest number when it does not.</summary>
    public long ReadinessEndsAt => _readiness.EndsAt;

    /// <summary>Queries of this shard on its connections or waiting for one.</summary>
    public int Outstanding => _queries.Outstanding;

    /// <summary>Whether as many queries wait as may.</summary>
    public bool IsQueueFull => _queries.IsFull;

    /// <summary>Whether one more query can go at once where the last one went.</summary>
    public bool HasRoomForNext => _queries.HasRoomForNext;

    /// <summary>Goes by other settings, of which only those are others that <see cref="EditableSettings"/> names.</summary>
    public void Edit(BackendOptions options)
    {
        Rate = options.Qps == Options.Qps ? Rate : RateOf(options);
        _known.Options = options;
        _queries.LimitChanged();
        QueryDeadlines.Retime(options.Deadline * 1000L);
        CheckDeadlines.Retime(options.CheckTimeout * 1000L);
        Board.ReadinessChanged();
    }

    /// <summary>Makes further sessions with another context; those that are there keep theirs.</summary>
    public void Renew(TlsContext context) => _known.Renew(context);

    /// <summary>Hears health's verdict, which counts unless the operator decides.</summary>
    public void Judge(bool isUp)
    {
        bool wasUp = IsUp;
        if (!isUp && _datagrams is not null)
        {
            // Who has asked nothing lately did not see it go, as a connection would have told.
            _absence.Begin(isOrdinary: false, isTakenForGranted: false);
        }

        _known.Status.Judge(isUp);
        if (IsUp && !wasUp && Options.ReconnectOnUp)
        {
            _datagrams?.OpenAnew();
        }

        if (IsUp && (Board.IsAnyHealthy || Board.Datagrams == ConnectionStanding.Working))
        {
            _absence.End();
        }
    }

    /// <summary>Has the operator decide, or health again.</summary>
    public void SetMode(HealthCheckMode mode) => _known.Status.SetMode(mode);

    /// <summary>Begins to leave: what it was asked is waited for, then its connections close.</summary>
    public void Leave() => _known.Status.Leave();

    /// <summary>Starts a connection when there is none that works and the pause after a failure is over, and opens the UDP sockets that are missing.</summary>
    public void EnsureConnected()
    {
        if (Mode != HealthCheckMode.Down && !IsLeaving)
        {
            _datagrams?.Open();
        }

        _consequences.EnsureConnected();
    }

    /// <summary>Hears what happened to its connections; to be called after whatever is done to one.</summary>
    public void Hear() => _consequences.Hear();

    /// <summary>Keeps the wanted connections open and checks their clocks.</summary>
    public void Tick()
    {
        foreach (BackendConnection connection in _connections.All)
        {
            connection.Tick();
            Hear();
        }

        Counters.Outstanding = Outstanding;
        if (IsLeaving)
        {
            CloseUnused();
            return;
        }

        _datagrams?.Tick();
        Hear();
        _connections.RetireSurplus();
        Hear();
        _connections.StopWaiting();
        EnsureConnected();
        _consequences.KeepSpares();
        RoomFreed();
        _consequences.OfferElsewhere();
    }

    /// <summary>Whether a query that is asked elsewhere could be asked here, too.</summary>
    public bool HasRoomFor(in InFlightEntry query) => _queries.HasRoomFor(in query);

    /// <summary>Whether a query goes over a connection here where others go over UDP.</summary>
    public bool NeedsConnectionFor(in InFlightEntry query) => _queries.NeedsConnection(in query);

    /// <summary>Begins what a query lacks to be asked here, too: a connection, where others go over UDP.</summary>
    /// <returns>Whether it is to be there before long.</returns>
    public bool TryMakeRoomFor(in InFlightEntry query)
    {
        bool isBegun = _queries.TryMakeRoomFor(in query);
        Hear();
        return isBegun;
    }

    /// <summary>Asks a query here, too, at once or not at all.</summary>
    /// <returns>False when there is no room.</returns>
    public bool TryPut(int entry) => _queries.TryPut(entry);

    /// <summary>A connection that has room and is not silent, other than one that is; null when there is none.</summary>
    public BackendConnection? PickOther(int frameLength, BackendConnection silent) => _queries.PickOther(frameLength, silent);

    /// <summary>Puts a query on a connection that has room for it.</summary>
    public void Put(int entry, BackendConnection connection) => _queries.Put(entry, connection);

    /// <summary>Gives a query to a connection, or lets it wait for one.</summary>
    /// <param name="entry">The query, which is on no connection.</param>
    /// <param name="isResent">Whether it was on its way before: it goes ahead of what waits, and finds room where new ones do not.</param>
    /// <returns>False when there is no room at all.</returns>
    public bool TryAssign(int entry, bool isResent = false)
    {
        bool isAssigned = _queries.TryAssign(entry, isResent);
        Hear();
        return isAssigned;
    }

    /// <summary>Sends a health check, ahead of whatever waits; it waits itself only for a connection that is to be expected.</summary>
    /// <returns>False when it could not be sent, which says something about the backend only when it is not full.</returns>
    public bool TryAssignCheck(int entry) => _queries.TryAssignCheck(entry, mayWait: IsConnectionExpected);

    /// <summary>Has a query tried on a connection of its own, as it may have ended the one it was on.</summary>
    /// <returns>False when there is no place for one at present.</returns>
    public bool TryAlone(int entry)
    {
        bool isTried = _queries.TryAlone(entry);
        Hear();
        return isTried;
    }

    /// <summary>
    /// Takes a second ask for a query on one of its connections from the budget, which does not count where nothing is answered any more,
    /// or nothing new is asked.
    /// </summary>
    /// <returns>False when the budget is used up.</returns>
    public bool MayAskAgain(BackendConnection connection) => connection.IsDead || IsLeaving || _secondAsks.TryTake(Counters.Queries, _shard.Clock.Now);

    /// <summary>The same for a query that was sent as a datagram.</summary>
    public bool MayAskAgain() => _datagrams!.Standing.IsDead || IsLeaving || _secondAsks.TryTake(Counters.Queries - Counters.Repeats, _shard.Clock.Now);

    /// <summary>A query left one of the connections.</summary>
    public void LegEnded() => _queries.LegEnded();

    /// <summary>Remembers that a query was not answered in time or could not be sent, where its checks go by that.</summary>
    public void NoteFailure() => Note(isFailure: true);

    /// <summary>Remembers what a query was answered, where its checks go by that.</summary>
    public void NoteAnswer(Rcode rcode) => Note(rcode == Rcode.ServFail && Options.LazyHealthCheck.CountsServFail);

    /// <summary>Takes a query from those that wait: it was answered elsewhere or its time is up.</summary>
    public void Unqueue(int entry) => _queries.Unqueue(entry);

    /// <summary>Room appeared: waiting queries go out.</summary>
    public void RoomFreed() => _consequences.RoomFreed();

    /// <summary>What was lost with a connection has gone elsewhere or come back: those that wait come next.</summary>
    public void Settle()
    {
        RoomFreed();
        _consequences.KeepSpares();
        _consequences.OfferElsewhere();
    }

    /// <summary>When nobody here can serve the waiting queries, each tries elsewhere or is answered now.</summary>
    public void FlushIfUnavailable() => _queries.FlushIfUnavailable();

    /// <summary>Has waiting queries choose again.</summary>
    /// <param name="isWanted">Which of them.</param>
    public void FlushQueue(Predicate<int> isWanted) => _queries.Flush(isWanted);

    /// <summary>Ends its sessions in order; the shard ends, and the sockets with it.</summary>
    public void SayGoodbye() => _connections.SayGoodbye();

    /// <summary>Lets go of its connections' numbers and memory; it has left.</summary>
    public void Dispose()
    {
        _connections.Dispose();
        _datagrams?.Dispose();
        _known.Dispose();
    }

    private QueryRate RateOf(BackendOptions options) => new(new Rate(options.Qps, BurstSeconds: 1, _shard.Options.Shards));

    private void Note(bool isFailure)
    {
        if (Mode == HealthCheckMode.Lazy)
        {
            Shared.AddResult(_shard.Id, isFailure);
        }
    }

    /// <summary>Whether it has queries or deadlines, or is coming or going. What is counted of its queries is brought up to date in ticks.</summary>
    private bool IsBusy => Outstanding > 0 || Counters.Outstanding > 0 || !QueryDeadlines.IsEmpty || !CheckDeadlines.IsEmpty || IsLeaving || IsReturning;

    /// <summary>Whether there is no connection that takes what it can, but one is made or will be, or has room before long.</summary>
    private bool IsConnectionExpected => !_connections.IsAnyUnlimited && (_datagrams is not null || IsReturning || IsReadyForAMoment || _connections.IsRoomExpected);

    /// <summary>Closes what carries nothing, unless queries wait for it.</summary>
    private void CloseUnused()
    {
        _datagrams?.CloseUnused();
        FlushIfUnavailable();
        if (!_queries.IsAnyWaiting)
        {
            _connections.RetireUnused();
            Hear();
        }
    }
}
