using System.Diagnostics;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// A connection that is made for a single query, one that may have ended the connection it was on. A backend that closes after so many
/// answers gives it one; when it ends with nothing answered, the query is why.
/// </summary>
/// <param name="table">The shard's queries.</param>
/// <param name="slot">The backend's.</param>
internal sealed class Trial(InFlightTable table, short slot)
{
    private BackendConnection? _connection;

    /// <summary>The query, while it waits for its connection.</summary>
    private WaitingPlace _query = new(table, slot);

    /// <summary>Whether there is such a connection, of which a backend has one at a time.</summary>
    public bool IsUnderWay => _connection is not null;

    /// <summary>Its connection, once the query was answered or nobody waits for it any more; null before that.</summary>
    public BackendConnection? Finished => !_query.IsTaken && _connection is { State: ConnectionState.Ready, Ids.InFlightCount: 0 } ? _connection : null;

    /// <summary>A connection was begun, for which the query waits.</summary>
    public void Begin(BackendConnection connection, int query)
    {
        Debug.Assert(!IsUnderWay);
        connection.IsForTrial = true;
        _connection = connection;
        _query.Take(query);
    }

    /// <summary>Whether a connection is the one that was begun.</summary>
    public bool IsOn(BackendConnection connection) => connection == _connection;

    /// <summary>The query, if it still waits.</summary>
    public bool TryPeek(out int query) => _query.TryPeek(out query);

    /// <summary>The query waits no longer.</summary>
    /// <returns>False when it is not the one that does.</returns>
    public bool TryRemove(int query) => _query.TryLeave(query);

    /// <summary>The connection has ended, or was never made.</summary>
    public void End() => _connection = null;
}
