using System;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Shards;

/// <summary>What becomes of queries that cannot be answered, or whose time is up.</summary>
internal sealed partial class Dispatcher
{
    /// <summary>Queries that get their SERVFAIL in one turn, which takes a millisecond.</summary>
    private const int ExpiredPerTurn = 1024;

    private static readonly BackendFailure s_timeout = new(HealthCheckFailure.Timeout, "health check timed out");
    private static readonly BackendFailure s_noBackend = new(HealthCheckFailure.Network, "no backend");

    /// <summary>
    /// What came under this query's ID is no answer to it. A client's query goes on waiting, as another may come; one that is about
    /// the backend has seen enough, but its ID stays abandoned for the same reason.
    /// </summary>
    private void Misanswered(int index, BackendFailure failure)
    {
        if (_table[index].IsPinned)
        {
            Fail(index, FailureKind.BackendFailed, failure);
        }
    }

    /// <summary>An error that may be about what we added does not go to the client: the same backend is asked as the client asked.</summary>
    /// <returns>False when the answer is the query's.</returns>
    private bool MustAskUnedited(int index, Backend backend, ReadOnlySpan<byte> answer)
    {
        ref InFlightEntry entry = ref _table[index];
        bool isOfRules = entry.HasDecision && _table.DecisionOf(in entry).Has(DecisionNotes.OptAdded) && Answer.MayRefuseEdns(answer);
        if (!isOfRules && !EditRefusals.IsPossible(answer, in entry))
        {
            if (backend.Edits.Concern(in entry) && backend.Refusals.Learn(answer, in entry, _shard.Clock.Now))
            {
                _shard.Log.EditsRefused(backend.Options.Name);
            }

            return false;
        }

        // Where it was asked twice the other connection is silent, and its turn comes again if this one falls silent, too.
        AbandonLegs(ref entry);
        Forget(index);
        backend.Counters.EditsRefused++;
        entry.Notes = (entry.Notes & ~QueryNotes.IsEdited) | QueryNotes.IsUnedited;
        if (isOfRules)
        {
            TakeOptOut(index);
        }

        if (!backend.TryAssign(index, isResent: true))
        {
            Resend(index, backend);
        }

        return true;
    }

    /// <summary>What rules set in the OPT that they added goes with it.</summary>
    private void TakeOptOut(int index)
    {
        // It is another question than its followers have from here on.
        _equals.Unlink(index);
        Span<byte> message = _table.Message(index);
        int length = message.Length;
        EdnsEdit.TryRemoveOpt(message, ref length);
        _table.Shorten(index, length);
        _table.DecisionOf(in _table[index]).Notes &= ~DecisionNotes.OptAdded;
    }

    /// <summary>Ends the queries whose time is up, as many as a turn has time for.</summary>
    /// <returns>Whether that was all.</returns>
    public bool Expire()
    {
        int rest = ExpiredPerTurn;
        for (int place = 0; place < _backends.Agenda.Count; place++)
        {
            Backend backend = _backends[_backends.Agenda[place]];
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
                BackendCounters counters = _backends.HomeOf(entry.First).Counters;
                counters.Timeouts++;
                counters.CheckTimeouts += entry.IsPinned ? 1 : 0;
                NoteUnanswered(in entry);
            }

            // Where it waited for a connection in vain, why there was none says more.
            BackendFailure? known = entry.QueuedAt < 0 || Reminders.Hold(in entry) ? null : _backends[entry.QueuedAt].ConnectionFailure;
            Fail(index, FailureKind.TimedOut, known ?? s_timeout);
        }
    }

    /// <summary>Whoever was asked a client's query has not answered it.</summary>
    private void NoteUnanswered(in InFlightEntry entry)
    {
        if (entry.IsPinned)
        {
            return;
        }

        _backends.HomeOf(entry.First).NoteFailure();
        if (entry.Second.IsUsed)
        {
            _backends.HomeOf(entry.Second).NoteFailure();
        }
    }

    private void GiveUp(int index, FailureKind kind, BackendFailure cause)
    {
        _backends[_table[index].DeadlineClass / Backend.ClassesPerBackend].Counters.GaveUp++;
        Fail(index, kind, cause);
    }

    private void Fail(int index, FailureKind kind) => Fail(index, kind, s_noBackend);

    private void Fail(int index, FailureKind kind, BackendFailure cause)
    {
        ref InFlightEntry entry = ref _table[index];
        int followers = _equals.TakeFrom(index);
        _table.AskerOf(in entry).Failed(in entry, _table.Message(index), new QueryFailure(kind, cause));
        End(index);
        if (followers != EqualQueries.None)
        {
            LeaderFailed(followers, kind, cause);
        }
    }
}
