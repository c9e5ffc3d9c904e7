using System;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Shards;

/// <summary>What becomes of queries that cannot be answered, or whose time is up.</summary>
internal sealed partial class Dispatcher
{
    /// <summary>Queries that get their SERVFAIL in one turn, which takes a millisecond.</summary>
    private const int ExpiredPerTurn = 1024;

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
        if (!backend.TryAssign(index, isResent: true))
        {
            Resend(index, backend);
        }

        return true;
    }

    /// <summary>A connection attempt failed, or succeeded with a backend that is down: its next check need not wait.</summary>
    public void BackendChanged(Backend backend, bool isBetter) => ReportChange(backend.Index, isBetter);

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
                // Where it waited for a connection in vain, why there was none says more.
                BackendFailure? known = entry.QueuedAt < 0 ? null : _backends[entry.QueuedAt].ConnectionFailure;
                FailCheck(index, known ?? new BackendFailure(HealthCheckFailure.Timeout, "health check timed out"));
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

    private void FailCheck(int index, BackendFailure failure)
    {
        int backend = _table[index].CheckedBackend;
        End(index);
        Health.Failed(backend, failure);
    }
}
