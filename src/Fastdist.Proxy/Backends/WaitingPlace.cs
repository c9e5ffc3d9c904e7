using System.Diagnostics;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Backends;

/// <summary>A place at a backend where one query may wait.</summary>
/// <param name="table">The shard's queries.</param>
/// <param name="slot">The backend's.</param>
internal struct WaitingPlace(InFlightTable table, short slot)
{
    private const int NoEntry = -1;

    private int _query = NoEntry;

    /// <summary>Whether one waits.</summary>
    public readonly bool IsTaken => _query != NoEntry;

    /// <summary>Has a query wait; no other does.</summary>
    public void Take(int query)
    {
        Debug.Assert(!IsTaken);
        _query = query;
        table[query].QueuedAt = slot;
    }

    /// <summary>A query waits no longer.</summary>
    /// <returns>False when it is not the one that does.</returns>
    public bool TryLeave(int query)
    {
        if (query != _query)
        {
            return false;
        }

        _query = NoEntry;
        table[query].QueuedAt = -1;
        return true;
    }

    /// <summary>The query, left where it is.</summary>
    public readonly bool TryPeek(out int query)
    {
        query = _query;
        return IsTaken;
    }
}
