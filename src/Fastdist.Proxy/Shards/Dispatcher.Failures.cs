using System;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Shards;

/// <summary>What becomes of queries whose connection is lost or silent, or whose time is up.</summary>
internal sealed partial class Dispatcher
{
    /// <summary>Abnormal closes a query may be present at: at the second it may be what kills backends.</summary>
    private const int PoisonCloses = 2;

    /// <summary>Queries that get their SERVFAIL in one turn, which takes a millisecond.</summary>
    private const int ExpiredPerTurn = 1024;

    /// <summary>A connection ended with this query on it.</summary>
    public void LegLost(int index, BackendConnection connection, ushort id, bool isClean, BackendFailure failure)
    {
        ref InFlightEntry entry = ref _table[index];
        connection.Backend.LegEnded();
        bool isFirst = entry.First.Connection == connection.Index && entry.First.Id == id;
        Leg lost = isFirst ? entry.First : entry.Second;
        entry.First = isFirst ? entry.Second : entry.First;
        entry.Second = Leg.None;

        // A crash can look like an orderly close; a query that nothing was answered after may be its cause. What ended
        // a spare before its first answer may have ended it before the query came.
        bool mayBeCause = !connection.IsUntriedSpare && !(isClean && connection.HasAnsweredSince(lost));
        entry.AbnormalCloses += mayBeCause ? (byte)1 : (byte)0;
        if (!entry.First.IsUsed)
        {
            Resend(index, isClean ? null : failure);
        }
    }

    /// <summary>
    /// What came under this query's ID is no answer to it. A client's query goes on waiting, as another may come; a health
    /// check has seen enough, but its ID stays abandoned for the same reason.
    /// </summary>
    public void Misanswered(int index, BackendFailure failure)
    {
        if (_table[index].Source == QuerySource.HealthCheck)
        {
            FailCheck(index, failure);
        }
    }

    /// <summary>Finds another backend for a query that lost its own, or answers it.</summary>
    /// <param name="index">The query; it is on no connection and in no queue.</param>
    /// <param name="failure">What it costs a retry; null when nothing does: an orderly close, or waiting in vain.</param>
    public void Resend(int index, BackendFailure? failure)
    {
        ref InFlightEntry entry = ref _table[index];
        if (entry.Source == QuerySource.HealthCheck)
        {
            ResendCheck(index, failure);
            return;
        }

        Backend home = _backends[entry.DeadlineClass / Backend.ClassesPerBackend];

        // What one backend refused another may bear.
        entry.Traits &= ~(QueryTraits.IsUnedited | QueryTraits.IsEdited);
        entry.Retries += failure is null ? (byte)0 : (byte)1;
        if (entry.AbnormalCloses >= PoisonCloses)
        {
            GiveUp(index, "the backend closed the connection on this query twice"u8);
        }
        else if (entry.Retries > home.Options.Retries)
        {
            GiveUp(index, "retries used up"u8);
        }
        else if (Choose(index, out bool isFull) is not { } backend)
        {
            Refuse(index, isFull);
        }
        else
        {
            backend.Counters.Retries++;
            if (!backend.TryAssign(index))
            {
                Refuse(index, isFull: true);
            }
        }
    }

    /// <summary>Asks a second backend or connection for a query whose connection is silent.</summary>
    /// <returns>False when nobody else can be asked.</returns>
    public bool TryAskElsewhere(int index, BackendConnection silent)
    {
        ref InFlightEntry entry = ref _table[index];
        if (entry.Second.IsUsed || entry.Source == QuerySource.HealthCheck)
        {
            return true;
        }

        Backend? other = silent.Backend is { IsUp: true, IsLeaving: false } && silent.Backend.Pick(entry.FrameLength, silent) is not null ? silent.Backend : null;
        foreach (Backend backend in _backends.Active)
        {
            if (backend != silent.Backend && backend.IsUp && backend.Pick(entry.FrameLength, silent) is not null
                && (other is null || other == silent.Backend || backend.Outstanding < other.Outstanding))
            {
                other = backend;
            }
        }

        if (other is null)
        {
            return false;
        }

        // What one backend refused another may bear.
        entry.Traits &= other == silent.Backend ? entry.Traits : ~QueryTraits.IsUnedited;
        if (!other.TryAssign(index, except: silent))
        {
            return false;
        }

        other.Counters.Hedged++;
        return true;
    }

    /// <summary>An error that may be about what we added does not go to the client: the same backend is asked as the client asked.</summary>
    /// <returns>False when the answer is the query's.</returns>
    private bool MustAskUnedited(int index, Backend backend, ReadOnlySpan<byte> answer)
    {
        ref InFlightEntry entry = ref _table[index];
        if (!EditRefusals.IsPossible(answer, in entry))
        {
            if (backend.Refusals.Learn(answer, in entry, _shard.Clock.Now))
            {
                _shard.Log.EditsRefused(backend.Options.Name);
            }

            return false;
        }

        // Where it was asked twice the other connection is silent, and its turn comes again if this one falls silent, too.
        Abandon(entry.First);
        entry.First = Leg.None;
        backend.Counters.EditsRefused++;
        entry.Traits = (entry.Traits & ~QueryTraits.IsEdited) | QueryTraits.IsUnedited;
        if (!backend.TryAssign(index))
        {
            Refuse(index, isFull: true);
        }

        return true;
    }

    /// <summary>A connection attempt failed.</summary>
    public void BackendFailed(Backend backend) => ReportFailure(backend.Index);

    /// <summary>Ends the queries whose time is up, as many as a turn has time for.</summary>
    /// <returns>Whether that was all.</returns>
    public bool Expire()
    {
        int rest = ExpiredPerTurn;
        foreach (Backend backend in _backends.All)
        {
            Expire(backend.QueryDeadlines, ref rest);
            Expire(backend.CheckDeadlines, ref rest);
        }

        return rest > 0;
    }

    private void Expire(DeadlineList list, ref int rest)
    {
        for (; rest > 0 && list.TryGetExpired(_shard.Clock.Now, out int index); rest--)
        {
            ref InFlightEntry entry = ref _table[index];
            if (entry.First.IsUsed)
            {
                BackendCounters counters = _backends.Connections[entry.First.Connection].Backend.Counters;
                counters.Timeouts++;
                counters.CheckTimeouts += entry.Source == QuerySource.HealthCheck ? 1 : 0;
            }

            if (entry.Source == QuerySource.HealthCheck)
            {
                FailCheck(index, new BackendFailure(HealthCheckFailure.Timeout, "health check timed out"));
            }
            else
            {
                CountersOf(in entry).DownstreamTimeouts++;
                Fail(index, ExtendedError.NoReachableAuthority, "no backend answered in time"u8);
            }
        }
    }

    /// <summary>No backend for a query: overload is dropped, for a known failure the client is told.</summary>
    private void Refuse(int index, bool isFull)
    {
        ref InFlightEntry entry = ref _table[index];
        if (isFull && entry.Source == QuerySource.Datagram)
        {
            Udp.Dropped(in entry);
            End(index);
        }
        else if (isFull)
        {
            Fail(index, ExtendedError.NotReady, "all backends are at their limits"u8);
        }
        else
        {
            CountersOf(in entry).NoBackend++;
            Fail(index, ExtendedError.NoReachableAuthority, "no backend is up"u8);
        }
    }

    private void GiveUp(int index, ReadOnlySpan<byte> text)
    {
        ref InFlightEntry entry = ref _table[index];
        CountersOf(in entry).GaveUp++;
        _backends[entry.DeadlineClass / Backend.ClassesPerBackend].Counters.GaveUp++;
        Fail(index, ExtendedError.NetworkError, text);
    }

    private FrontendCounters CountersOf(in InFlightEntry entry) =>
        entry.Source == QuerySource.Datagram ? Udp.CountersOf(entry.Frontend) : Tcp.CountersOf(entry.Frontend);

    private void Fail(int index, ExtendedError reason, ReadOnlySpan<byte> text)
    {
        ref InFlightEntry entry = ref _table[index];
        int length = ErrorAnswer.Write(_table.Message(index), Rcode.ServFail, _errorAnswer, reason, text, _shard.Options.UdpMaxSize);
        ReadOnlySpan<byte> answer = _errorAnswer.AsSpan(0, length);
        if (entry.Source == QuerySource.Datagram)
        {
            Udp.Failed(in entry, answer);
        }
        else
        {
            Tcp.Failed(in entry, answer);
        }

        End(index);
    }

    /// <summary>An orderly close says nothing about health: the check goes out again on the next connection, if there is room.</summary>
    private void ResendCheck(int index, BackendFailure? failure)
    {
        Backend backend = _backends[_table[index].CheckedBackend];
        if (failure is { } broken)
        {
            FailCheck(index, broken);
        }
        else if (!backend.TryAssignCheck(index))
        {
            End(index);
            Health.Unsent(backend.Index);
        }
    }

    private void FailCheck(int index, BackendFailure failure)
    {
        int backend = _table[index].CheckedBackend;
        End(index);
        Health.Failed(backend, failure);
    }
}
