using System;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Pools;
using Fastdist.Rules.Chains;
using Fastdist.Settings;

namespace Fastdist.Proxy.Shards;

/// <summary>
/// The way of a query through a shard: from a frontend to a backend, back again, or to another
/// backend when the first one is lost. Every entry of the in-flight table ends here, exactly once.
/// </summary>
internal sealed partial class Dispatcher : IForwarder, IPoolStates
{
    private readonly ShardContext _shard;
    private readonly InFlightTable _table;
    private readonly BackendSet _backends;
    private readonly PoolSet _pools;
    private readonly HealthChecks _health;
    private readonly AnswerSide _answers;

    /// <param name="shard">Its shard.</param>
    /// <param name="backends">Who can be asked.</param>
    /// <param name="pools">Among whom queries are shared out.</param>
    /// <param name="health">Who asks about backends.</param>
    public Dispatcher(ShardContext shard, BackendSet backends, PoolSet pools, HealthChecks health)
    {
        _shard = shard;
        _table = shard.Table;
        _suspects = new WaitingQueue(_table, SuspectMark, int.MaxValue);
        _equals = new EqualQueries(_table);
        _backends = backends;
        _pools = pools;
        _isAnyReadyFor = index => PoolOf(index).IsAnyReady;
        _health = health;
        _answers = new AnswerSide(shard);
        _equalKeys = new EqualKeys(_table, _answers.Caches);
    }

    /// <summary>Called when there is a reason to check a backend, for the worse or the better, for the shard that does.</summary>
    public Action<int, bool> ReportChange { get; set; } = null!;

    /// <summary>Called when a backend answers that had been lost, for the shard that checks it.</summary>
    public Action<int> ReportReturn { get; set; } = null!;

    /// <summary>Goes by other settings of the process.</summary>
    public void Use(ProxyOptions options) => _answers.PayloadSize = options.UdpMaxSize;

    /// <summary>Has other rules decide about answers.</summary>
    public void Use(CompiledRules rules) => _answers.Use(rules);

    /// <inheritdoc/>
    public bool IsAvailable(int pool) => _pools[pool].IsAnyReady || _pools[pool].IsSaturated;

    /// <summary>How many queries of a pool wait for answers: each shard has about as many.</summary>
    public long Outstanding(int pool)
    {
        long sum = 0;
        foreach (Backend member in _pools[pool].Members)
        {
            sum += member.Outstanding;
        }

        return sum * _shard.Options.Shards;
    }

    /// <inheritdoc/>
    public bool IsSaturated(int pool) => _pools[pool].IsSaturated;

    /// <inheritdoc/>
    public void Forward(int index)
    {
        if (_keys is not null && TryFollow(_keys, index))
        {
            return;
        }

        Backend? backend = Choose(index, out bool isFull);

        // A stream is left unread when there is no room; one that was read before that was known finds room where those do that come back.
        bool isAdmitted = isFull && !_table.AskerOf(in _table[index]).MayBeDropped;
        backend ??= isAdmitted ? PoolOf(index).FindFull() : null;
        if (backend is null)
        {
            Fail(index, isFull ? FailureKind.Full : FailureKind.NoBackend);
            return;
        }

        backend.QueryDeadlines.Append(index);
        NoteStale(index);
        if (!backend.TryAssign(index, isAdmitted))
        {
            Fail(index, FailureKind.Full);
        }

        TakeNews();
    }

    /// <summary>Sends the health checks whose time has come.</summary>
    public void SendChecks()
    {
        Span<byte> message = stackalloc byte[QueryWriter.MaxSize];
        while (_health.TryBegin(message, out Backend? backend, out int length))
        {
            if (!TryAskOne(backend, message[..length], _health))
            {
                _health.Unsent(backend.Index);
            }

            TakeNews();
        }
    }

    /// <summary>Asks one backend, up or down, about itself.</summary>
    private bool TryAskOne(Backend backend, ReadOnlySpan<byte> message, Asker asker)
    {
        if (!_table.TryAdd(message, out int index))
        {
            return false;
        }

        ref InFlightEntry entry = ref _table[index];
        entry.Asker = asker.Number;
        entry.PinnedTo = (short)backend.Index;
        entry.OriginalId = Header.Id(message);
        entry.QuestionEnd = (ushort)message.Length;
        entry.Arrived = _shard.Clock.Now;
        backend.CheckDeadlines.Append(index);
        backend.EnsureConnected();
        if (backend.TryAssignCheck(index))
        {
            return true;
        }

        End(index);
        return false;
    }

    /// <summary>A backend answered on a connection.</summary>
    private void Answered(int index, BackendConnection connection, ReadOnlySpan<byte> message)
    {
        ushort id = Header.Id(message);
        connection.Ids.Release(id);
        TakeAnswered(ref _table[index], new Leg { Connection = connection.Index, Id = id });
        Backend backend = _backends.HomeOf(connection);
        backend.LegEnded();
        Answered(index, backend, message);
    }

    /// <summary>A backend answered a query that it is waited for no longer.</summary>
    private void Answered(int index, Backend backend, ReadOnlySpan<byte> message)
    {
        ref InFlightEntry entry = ref _table[index];
        if ((entry.HasDecision || backend.Edits.Concern(in entry)) && MustAskUnedited(index, backend, message))
        {
            backend.RoomFreed();
            return;
        }

        backend.Counters.CountLatency(_shard.Clock.Now - entry.Arrived, isOfClient: !entry.IsPinned);
        if (!entry.IsPinned)
        {
            backend.NoteAnswer(Header.Rcode(message));
        }

        Span<byte> answer = _answers.TakeIn(index, message, backend.Options);
        bool isShared = TryShare(index, message, backend, out FollowerAnswer shared);
        _answers.Pass(index, backend.Edits.Undo(answer, message.Length, in entry), backend.Options);
        End(index);
        if (isShared)
        {
            AnswerFollowers(in shared, backend);
        }

        backend.RoomFreed();
    }

    /// <summary>Sends what the turn gathered, one send a connection.</summary>
    public void Flush()
    {
        TrySuspects();
        TakeNews();
        do
        {
            LeadOrphans();
            while (_backends.Connections.Touched.TryDequeue(out BackendConnection? connection))
            {
                connection.Flush();
                Hear(connection);
            }
        }
        while (_equals.HasOrphans);
    }

    private Backend? Choose(int index, out bool isFull)
    {
        return PoolOf(index).Choose(Query.NameOf(_table.Message(index), _table[index].QuestionEnd), out isFull);
    }

    private Pool PoolOf(int index) => PoolOf(in _table[index]);

    private Pool PoolOf(in InFlightEntry entry) => _pools[_table.PoolOf(in entry)];

    /// <summary>Frees an entry and everything that points at it.</summary>
    private void End(int index)
    {
        ref InFlightEntry entry = ref _table[index];
        AbandonLegs(ref entry);
        _onTrial = _onTrial == index ? None : _onTrial;
        Forget(index);
        if ((entry.Notes & QueryNotes.IsEqual) != 0)
        {
            _equals.Unlink(index);
        }

        if (entry.QueuedAt == SuspectMark)
        {
            _suspects.Remove(index);
        }
        else if (entry.QueuedAt >= 0)
        {
            _backends[entry.QueuedAt].Unqueue(index);
        }

        if (entry.DeadlineClass >= 0)
        {
            Backend home = _backends[entry.DeadlineClass / Backend.ClassesPerBackend];
            (entry.IsPinned ? home.CheckDeadlines : home.QueryDeadlines).Remove(index);
        }

        _table.Remove(index);
    }

    /// <summary>Takes from a query the leg that was answered; when that was the second, who was asked first has not answered in time.</summary>
    private void TakeAnswered(ref InFlightEntry entry, Leg leg)
    {
        if (entry.First != leg && entry.First.IsUsed)
        {
            _backends.HomeOf(entry.First).NoteFailure();
        }

        entry.TakeLeg(leg);
    }

    /// <summary>A query is no longer waited for wherever it was sent.</summary>
    private void AbandonLegs(ref InFlightEntry entry)
    {
        Abandon(entry.First);
        Abandon(entry.Second);
        entry.First = entry.Second = Leg.None;
    }

    private void Abandon(Leg leg)
    {
        if (leg.IsDatagram)
        {
            Release(leg);
        }
        else if (leg.IsUsed)
        {
            BackendConnection connection = _backends.Connections[leg.Connection];
            connection.Ids.Abandon(leg.Id);
            _backends.HomeOf(connection).LegEnded();
        }
    }
}
