using Fastdist.Proxy.Counters;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// A connection that is made for a single query, one that may have ended the connection it was on. A backend that closes after so many
/// answers gives it one; when it ends with nothing answered, the query is why.
/// </summary>
internal sealed partial class Backend
{
    private BackendConnection? _trial;

    /// <summary>The query that waits for its connection.</summary>
    private int _tried = NoEntry;

    /// <summary>Has a query tried on a connection of its own.</summary>
    /// <returns>False when there is no slot for one at present.</returns>
    public bool TryAlone(int entry)
    {
        if (_trial is not null || OpenOne(isSpare: true) is not { } connection)
        {
            return false;
        }

        connection.IsForTrial = true;
        (_trial, _tried) = (connection, entry);
        CountQueued(entry);
        return true;
    }

    /// <summary>The connection is there.</summary>
    private void BeginTrial(BackendConnection connection)
    {
        if (_tried is not NoEntry and int entry)
        {
            Unqueue(entry);
            Put(entry, connection);
            Counters.Retries++;
        }
        else
        {
            Retire(connection);
        }
    }

    /// <summary>The connection has ended, or was never made, which says nothing about the query.</summary>
    private void EndTrial(BackendConnection connection, BackendFailure failure, ConnectionEnd end)
    {
        _trial = null;
        if (_tried is not NoEntry and int entry)
        {
            Unqueue(entry);
            _news.Enqueue(new BackendNews(NewsKind.Unserved, Index, entry));
        }

        _news.Enqueue(new BackendNews(NewsKind.ConnectionEnded, Index, connection.Index, failure, end));
    }

    /// <summary>The query was answered, or nobody waits for it any more.</summary>
    private void CloseIdleTrial()
    {
        if (_tried == NoEntry && _trial is { State: ConnectionState.Ready, Ids.InFlightCount: 0 } idle)
        {
            Retire(idle);
        }
    }

    private void CountQueued(int entry)
    {
        _shard.Table[entry].QueuedAt = (short)Index;
        Outstanding++;
        Counters.Queued++;
    }
}
