using Fastdist.Proxy.Counters;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Warm spares: established connections that carry nothing until one in use ends or is full, so that a backend that
/// closes after so many queries costs no handshake between two of them.
/// </summary>
internal sealed partial class Backend
{
    /// <summary>A backend that keeps closing spares unused is asked for one this seldom: an idle proxy has no use for it.</summary>
    private const long MostSparePauseMicroseconds = 60_000_000;
    private const long LeastSparePauseMicroseconds = 100_000;

    /// <summary>Opens the spares that are wanted, beside a connection that works.</summary>
    private void KeepSpares()
    {
        int missing = Options.SpareConnections;
        if (missing == 0 || !IsUp || !_spareBackoff.IsOver(_shard.Clock.Now))
        {
            return;
        }

        bool hasWorking = false;
        foreach (BackendConnection connection in _connections)
        {
            missing -= connection is { IsSpare: true, IsForTrial: false } && (connection.IsStarting || connection.State == ConnectionState.Ready) ? 1 : 0;
            hasWorking |= connection is { IsSpare: false, IsSuspect: false, State: ConnectionState.Ready };
        }

        while (hasWorking && missing-- > 0)
        {
            if (OpenOne(isSpare: true) is null)
            {
                return;
            }
        }
    }

    /// <summary>Takes a spare into use, one that is ready if there is.</summary>
    /// <returns>False when there is none.</returns>
    private bool TryUseSpare()
    {
        BackendConnection? spare = null;
        foreach (BackendConnection connection in _connections)
        {
            if (connection is { IsSpare: true, IsForTrial: false } && (connection.State == ConnectionState.Ready || (connection.IsStarting && spare is null)))
            {
                spare = connection;
            }
        }

        spare?.Use();
        return spare is not null;
    }

    /// <summary>A spare ended or did not start: no query was on it, unless it was for one, and those in use say how the backend is.</summary>
    private void SpareLost(BackendConnection connection, BackendFailure failure, ConnectionEnd end)
    {
        if (connection == _trial)
        {
            EndTrial(connection, failure, end);
            return;
        }

        _shard.Log.SpareLost(Options.Name, _shard.Id, failure.Reason);
        _spareBackoff.Failed(_shard.Clock.Now);
    }
}
