using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Shards;

/// <summary>
/// Queries that may have ended the connection they were on. A name that kills whoever reads it must not be carried from backend to
/// backend, and those that were with it must not be given up for it. So they wait until whatever ended connections has ended all that
/// it will, and are then tried one after the other: whose connection ends again is the cause.
/// </summary>
internal sealed partial class Dispatcher
{
    /// <summary>Closes within this time are one event, as when a machine goes down or a firewall forgets. Milliseconds.</summary>
    private const int EventMilliseconds = 100;

    /// <summary>A backend that dies of a query does so at once: one that is unanswered for so long is not the cause. Microseconds.</summary>
    private const long TrialMicroseconds = 100_000;

    /// <summary>More than these were hardly ended by one of them, and would wait long for each other.</summary>
    private const int MostOnTrial = 16;

    /// <summary>Connections it may end before it is asked no more.</summary>
    private const int MostSuspicions = 2;

    /// <summary>Mark of <see cref="InFlightEntry.QueuedAt"/> for those in line.</summary>
    private const short SuspectMark = -2;

    private const int None = -1;

    private readonly WaitingQueue _suspects;
    private int _onTrial = None;
    private long _trialUntil;

    /// <summary>Queries in line.</summary>
    public int SuspectCount => _suspects.Count;

    /// <summary>Whether a query may have ended another connection before, and not at about this moment.</summary>
    public bool WasSuspected(int index) => _table[index].Suspicions > 0 && !IsOfThisEvent(in _table[index]);

    /// <summary>A connection ended with this query on it, which may be why.</summary>
    /// <param name="index">The query.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="id">Its ID there.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="failure">Why, for a health check.</param>
    /// <param name="isOnlyOne">Whether just one of those that were on it was suspected before.</param>
    public void SuspectLost(int index, BackendConnection connection, ushort id, ConnectionEnd end, BackendFailure failure, bool isOnlyOne)
    {
        ref InFlightEntry entry = ref _table[index];
        bool isNew = entry.Suspicions == 0 || !IsOfThisEvent(in entry);
        if (isNew)
        {
            entry.Suspicions++;
            entry.SuspectedAt = _shard.Clock.Milliseconds;
        }

        if (!TakeLostLeg(index, connection, id, end, isCounted: isNew))
        {
            return;
        }

        if (entry.Source == QuerySource.HealthCheck)
        {
            LoseCheck(index, end, failure);
        }
        else if (entry.Suspicions >= MostSuspicions && isNew && isOnlyOne)
        {
            GiveUp(index, "connections to the backend broke on this query twice"u8);
        }
        else if (!GaveUpFruitless(index))
        {
            _onTrial = _onTrial == index ? None : _onTrial;
            _suspects.Append(index);
            _shard.TickWithin(EventMilliseconds * 1000);
        }
    }

    /// <summary>Sends on whoever's turn it is.</summary>
    public void TrySuspects()
    {
        while (_suspects.Count > MostOnTrial && _suspects.TryPeekLast(out int last) && _table[last].Suspicions < MostSuspicions && !IsOfThisEvent(in _table[last]))
        {
            _suspects.Remove(last);
            Resend(last, last: null);
        }

        while ((_onTrial == None || _shard.Clock.Now >= _trialUntil) && _suspects.TryPeek(out int first) && !IsOfThisEvent(in _table[first]))
        {
            _suspects.Remove(first);
            (_onTrial, _trialUntil) = (first, _shard.Clock.Now + TrialMicroseconds);
            Resend(first, last: null);
        }
    }

    private bool IsOfThisEvent(in InFlightEntry entry) => _shard.Clock.Milliseconds - entry.SuspectedAt < EventMilliseconds;
}
