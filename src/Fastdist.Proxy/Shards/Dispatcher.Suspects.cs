using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Shards;

/// <summary>
/// Queries that may have ended the connection they were on. A name that kills whoever reads it must not be carried from backend to
/// backend, and those that were with it, or with a backend that closes as it likes, must not be given up for it. So they wait until
/// whatever ended connections has ended all that it will, and are then tried one after the other, each on a connection of its own.
/// </summary>
internal sealed partial class Dispatcher
{
    /// <summary>Closes within this time are one event, as when a machine goes down or a firewall forgets. Milliseconds.</summary>
    private const int EventMilliseconds = 100;

    /// <summary>
    /// A backend that dies of a query does so at once: when one is unanswered for so long the next is tried, and where there is no slot
    /// for a connection of its own for so long it goes without. Microseconds.
    /// </summary>
    private const long TrialMicroseconds = 100_000;

    /// <summary>More than these were hardly ended by one of them, and would wait long for each other.</summary>
    private const int MostInLine = 16;

    /// <summary>Mark of <see cref="InFlightEntry.QueuedAt"/> for those in line.</summary>
    private const short SuspectMark = -2;

    private const int None = -1;

    private readonly WaitingQueue _suspects;
    private int _onTrial = None;

    /// <summary>When the next may be tried though this one is not answered; before it is tried, when it need not be alone.</summary>
    private long _trialUntil;

    /// <summary>Queries in line.</summary>
    public int SuspectCount => _suspects.Count;

    /// <summary>A connection ended with this query on it, which may be why.</summary>
    /// <param name="index">The query.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="id">Its ID there.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="failure">Why, for a health check.</param>
    private void SuspectLost(int index, BackendConnection connection, ushort id, ConnectionEnd end, BackendFailure failure)
    {
        ref InFlightEntry entry = ref _table[index];
        if (entry.Suspicions == 0 || !IsOfThisEvent(in entry))
        {
            entry.Suspicions++;
            entry.SuspectedAt = _shard.Clock.Milliseconds;
        }

        if (!TakeLostLeg(index, connection, id, end) && !TryTakeSilentLeg(index))
        {
            return;
        }

        if (entry.IsPinned)
        {
            LosePinned(index, end, failure);
        }
        else if (connection.IsForTrial && end == ConnectionEnd.Broken)
        {
            GiveUp(index, FailureKind.EndsConnections, failure);
        }
        else if (!GaveUpFruitless(index, failure))
        {
            _onTrial = _onTrial == index ? None : _onTrial;
            _suspects.Append(index);
            _shard.TickWithin(EventMilliseconds * 1000);
        }
    }

    /// <summary>
    /// What ends the connections that it is asked over a second time would be asked elsewhere anew at once, amid others, for as long as the
    /// first ask is not answered, so that is waited for no longer.
    /// </summary>
    /// <returns>False when the ask that is left is no silent one.</returns>
    private bool TryTakeSilentLeg(int index)
    {
        ref InFlightEntry entry = ref _table[index];
        if (!IsSilent(entry.First))
        {
            return false;
        }

        AbandonLegs(ref entry);
        Forget(index);
        return true;
    }

    /// <summary>Sends on whoever's turn it is.</summary>
    public void TrySuspects()
    {
        while (_suspects.Count > MostInLine && _suspects.TryPeekLast(out int last) && _table[last].Suspicions == 1 && !IsOfThisEvent(in _table[last]))
        {
            _suspects.Remove(last);
            Resend(last);
        }

        while (_suspects.TryPeek(out int first) && !IsOfThisEvent(in _table[first]) && IsTurnOf(first) && TryOne(first))
        {
        }
    }

    /// <summary>Whether nobody is on trial but who is first in line, and waits for a slot.</summary>
    private bool IsTurnOf(int first) => _onTrial == None || _onTrial == first || _shard.Clock.Now >= _trialUntil;

    /// <summary>Sends on the first in line.</summary>
    /// <returns>False when it has to wait.</returns>
    private bool TryOne(int index)
    {
        if (_onTrial != index)
        {
            (_onTrial, _trialUntil) = (index, _shard.Clock.Now + TrialMicroseconds);
        }

        Backend? backend = Choose(index, out _);
        if (backend?.Readiness is Readiness.Returning or Readiness.Starting)
        {
            _trialUntil = _shard.Clock.Now + TrialMicroseconds;
            return false;
        }

        _suspects.Remove(index);
        ForgetEdits(index);
        if (backend?.Readiness == Readiness.Ready && backend.TryAlone(index))
        {
            _trialUntil = _shard.Clock.Now + TrialMicroseconds;
            return true;
        }

        if (backend?.Readiness == Readiness.Ready && _shard.Clock.Now < _trialUntil)
        {
            _suspects.Prepend(index);
            return false;
        }

        _onTrial = None;
        Resend(index);
        return true;
    }

    private bool IsOfThisEvent(in InFlightEntry entry) => _shard.Clock.Milliseconds - entry.SuspectedAt < EventMilliseconds;
}
