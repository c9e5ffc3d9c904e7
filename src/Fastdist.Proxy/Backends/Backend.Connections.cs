using System;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Backends;

/// <summary>The life of a backend's connections: opened, proven, lost, replaced.</summary>
internal sealed partial class Backend
{
    /// <summary>The process's limit stood in the way of the last connection that was wanted.</summary>
    private bool _isRefused;

    /// <summary>There was no descriptor for a connection in this tick.</summary>
    private bool _waitsForDescriptor;

    /// <summary>Starts a connection when there is none that works and the pause after a failure is over.</summary>
    public void EnsureConnected()
    {
        if (Mode != HealthCheckMode.Down && !HasHealthyConnection())
        {
            AddConnection();
        }
    }

    /// <summary>A connection can take queries.</summary>
    public void ConnectionReady(BackendConnection connection)
    {
        _shard.Log.ConnectionReady(Options.Name, connection.Index, _shard.Id);
        RoomFreed();
        KeepSpares();
    }

    /// <summary>A connection answered its first query: only that proves that the backend works.</summary>
    public void Proven(BackendConnection connection)
    {
        _backoff.Succeeded();
        _lastComplaint = "";
        LastFailure = s_noConnection;
        if (connection.WasSpare)
        {
            _spareBackoff.Succeeded();
        }
    }

    /// <summary>A connection is counted no longer: it failed to start, or the ring was told to close it.</summary>
    public void CountOut() => _limit.Leave();

    /// <summary>A connection could not be tried for want of a descriptor, which is not held against the backend: the next tick tries again.</summary>
    public void CannotAttempt(BackendConnection connection, BackendFailure failure)
    {
        if (connection.IsSpare)
        {
            SpareLost(failure.Reason);
            return;
        }

        _waitsForDescriptor = true;
        LastFailure = failure;
        Complain(failure.Reason);
        FlushIfUnavailable();
    }

    /// <summary>A connection attempt failed.</summary>
    public void AttemptFailed(BackendConnection connection, BackendFailure failure)
    {
        if (connection.IsSpare)
        {
            SpareLost(failure.Reason);
            return;
        }

        _backoff.Failed(_shard.Clock.Now);
        LastFailure = failure;
        Complain(failure.Reason);
        _shard.Dispatcher.BackendFailed(this);
        FlushIfUnavailable();
    }

    /// <summary>
    /// The backend speaks, but not under the protocol name that was offered: another attempt follows at once, without it, and
    /// what waits goes on waiting.
    /// </summary>
    public void ProtocolRefused(BackendConnection connection)
    {
        if (!View.RefusesProtocol)
        {
            View.RefusesProtocol = true;
            _shard.Log.ProtocolRefused(Options.Name, Options.Alpn);
        }

        TryOpenOne(connection.IsSpare);
    }

    /// <summary>An established connection ended; its queries go elsewhere.</summary>
    public void ConnectionLost(BackendConnection connection, BackendFailure failure, bool isClean)
    {
        if (connection.IsSpare)
        {
            SpareLost(failure.Reason);
            return;
        }

        bool mayReplace = isClean || _backoff.IsClear;
        if (!isClean)
        {
            failure = failure with { Reason = $"connection lost: {failure.Reason}" };
            Counters.LostConnections++;
            LastFailure = failure;
            Complain(failure.Reason);
            _backoff.Failed(_shard.Clock.Now);
        }

        // A replacement comes first, so that queries that have no other backend wait for it; a new one at once only
        // after a first failure, or a backend that accepts and breaks would be called without a pause.
        if (!HasHealthyConnection() && !TryUseSpare() && mayReplace)
        {
            TryOpenOne(isSpare: false);
        }

        for (int id = 0; id < connection.Ids.Size; id++)
        {
            if (connection.Ids.Find((ushort)id, out int entry) == IdState.InFlight)
            {
                _shard.Dispatcher.LegLost(entry, connection, (ushort)id, isClean, failure);
            }
        }

        RoomFreed();
        KeepSpares();
        FlushIfUnavailable();
    }

    /// <summary>The backend showed a certificate that may not be believed.</summary>
    public void CertificateRefused(string reason, string subject, string issuer)
    {
        string complaint = $"certificate refused: {reason}";
        if (_lastComplaint != complaint)
        {
            _lastComplaint = complaint;
            _shard.Log.CertificateRefused(Options.Name, reason, subject, issuer);
        }
    }

    /// <summary>The ring let go of a stream, so its slot can be used.</summary>
    public void SlotFreed()
    {
        EnsureConnected();
        KeepSpares();
    }

    /// <summary>Sends the queries of a silent connection a second time, over another connection or backend.</summary>
    public void AskElsewhere(BackendConnection silent)
    {
        if (!HasHealthyConnection())
        {
            AddConnection();
        }

        for (int id = 0; id < silent.Ids.Size; id++)
        {
            if (silent.Ids.Find((ushort)id, out int entry) == IdState.InFlight && !_shard.Dispatcher.TryAskElsewhere(entry, silent))
            {
                return;
            }
        }
    }

    /// <summary>When nobody here can serve the waiting queries, each tries elsewhere or is answered now.</summary>
    public void FlushIfUnavailable()
    {
        if (Reachability != Readiness.Unavailable)
        {
            return;
        }

        for (int count = _queue.Count; count > 0 && _queue.TryTake(out int entry); count--)
        {
            Outstanding--;
            Counters.Queued--;
            _shard.Dispatcher.Resend(entry, failure: null);
        }
    }

    private bool HasHealthyConnection()
    {
        foreach (BackendConnection connection in _connections)
        {
            if (!connection.IsSpare && (connection.IsStarting || connection is { State: ConnectionState.Ready, IsSuspect: false, IsRetiring: false }))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>All connections are full: adds one when the share allows.</summary>
    /// <returns>True when a spare was taken into use, which may have room at once.</returns>
    private bool TryOpenMore()
    {
        int open = 0;
        foreach (BackendConnection connection in _connections)
        {
            if (connection.IsSpare)
            {
                continue;
            }

            if (connection.IsStarting)
            {
                return false;
            }

            open += connection is { State: ConnectionState.Ready, IsRetiring: false } ? 1 : 0;
        }

        return open < _share && AddConnection();
    }

    /// <summary>One more connection: a spare, or else a new one unless there is a pause to keep.</summary>
    /// <returns>True when it was a spare.</returns>
    private bool AddConnection()
    {
        if (TryUseSpare())
        {
            return true;
        }

        if (!_waitsForDescriptor && _backoff.IsOver(_shard.Clock.Now))
        {
            TryOpenOne(isSpare: false);
        }

        return false;
    }

    private bool TryOpenOne(bool isSpare)
    {
        if (IsLeaving)
        {
            return false;
        }

        foreach (BackendConnection connection in _connections)
        {
            if (connection.State != ConnectionState.Idle)
            {
                continue;
            }

            if (_limit.TryEnter())
            {
                _isRefused = false;
                connection.Open(isSpare);
                return true;
            }

            // It is tried again in every tick, which says nothing new.
            Counters.TooManyConnections += _isRefused ? 0 : 1;
            _isRefused = true;
            LastFailure = new BackendFailure(HealthCheckFailure.Network, $"the process has its {Options.MaxConcurrentTcpConnections} connections");
            if (isSpare)
            {
                _spareBackoff.Failed(_shard.Clock.Now);
            }

            return false;
        }

        return false;
    }

    /// <summary>Once a silent connection's replacement is not needed, the share holds again.</summary>
    private void RetireSurplus()
    {
        int ready = 0;
        int healthy = 0;
        BackendConnection? idle = null;
        foreach (BackendConnection connection in _connections)
        {
            if (connection is { State: ConnectionState.Ready, IsSpare: false })
            {
                ready++;
                healthy += connection.IsSuspect ? 0 : 1;
                idle = connection.Ids.InFlightCount == 0 && (idle is null || connection.IsSuspect) ? connection : idle;
            }
        }

        // A replacement that carries nothing yet is still needed, and would be opened again at once.
        if (ready > _share && idle is not null && (idle.IsSuspect || healthy > _share))
        {
            idle.Retire();
        }
    }

    // The same failure every few seconds says nothing new.
    private void Complain(string reason)
    {
        if (!IsLeaving && _lastComplaint != reason && !reason.StartsWith("certificate refused", StringComparison.Ordinal))
        {
            _lastComplaint = reason;
            _shard.Log.ConnectionFailed(Options.Name, reason);
        }
    }
}
