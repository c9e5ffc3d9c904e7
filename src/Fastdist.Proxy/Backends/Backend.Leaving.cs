using System;

namespace Fastdist.Proxy.Backends;

/// <summary>The end of a backend that was removed: what it was asked is waited for, then its connections close.</summary>
internal sealed partial class Backend : IDisposable
{
    /// <summary>Whether it was removed: it gets no further query, but answers to those it has are waited for.</summary>
    public bool IsLeaving
    {
        get;
        private set
        {
            field = value;
            Board.ReadinessChanged();
        }
    }

    /// <summary>Whether nothing of it is left: no connection, and no query whose time it rules.</summary>
    public bool HasLeft => IsLeaving && Outstanding == 0 && QueryDeadlines.IsEmpty && CheckDeadlines.IsEmpty
        && Array.TrueForAll(_connections, static c => c.State == ConnectionState.Idle);

    /// <summary>Begins to leave.</summary>
    public void Leave() => IsLeaving = true;

    /// <summary>Lets go of its connections' numbers and memory; it has left.</summary>
    public void Dispose()
    {
        foreach (BackendConnection connection in _connections)
        {
            _table.Remove(connection);
            connection.Dispose();
        }

        _known.Dispose();
    }

    /// <summary>Ends its sessions in order; the shard ends, and the sockets with it.</summary>
    public void SayGoodbye() => Array.ForEach(_connections, static connection => connection.SayGoodbye());

    /// <summary>Closes what carries nothing, unless queries wait for it.</summary>
    private void CloseUnused()
    {
        FlushIfUnavailable();
        if (_queue.Count > 0)
        {
            return;
        }

        foreach (BackendConnection connection in _connections)
        {
            if (connection.IsStarting || (connection.State == ConnectionState.Ready && connection.Ids.InFlightCount == 0))
            {
                Retire(connection);
            }
        }
    }
}
