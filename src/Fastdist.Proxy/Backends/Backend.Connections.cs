using System;
using Fastdist.Proxy.Counters;
using Fastdist.Settings;

namespace Fastdist.Proxy.Backends;

/// <summary>The life of a backend's connections: opened, proven, lost, replaced.</summary>
internal sealed partial class Backend
{
    /// <summary>Pauses between attempts: an eighth of how long they have failed, so that an outage is prolonged by as much. Microseconds.</summary>
    private const long LeastPauseMicroseconds = 20_000;
    private const long MostPauseMicroseconds = 3_000_000;
    private const int PausePart = 8;

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

    /// <summary>Hears what happened to a connection; to be called after whatever is done to one.</summary>
    public void Hear(BackendConnection connection)
    {
        while (connection.TryTakeReport(out ConnectionReport report))
        {
            switch (report.Event)
            {
                case ConnectionEvent.Established:
                    _hasWorked = true;
                    break;
                case ConnectionEvent.Ready:
                    ConnectionReady(connection);
                    break;
                case ConnectionEvent.Proven:
                    Proven(connection);
                    break;
                case ConnectionEvent.RoomFreed:
                    RoomFreed();
                    break;
                case ConnectionEvent.SlotFreed:
                    SlotFreed();
                    break;
                case ConnectionEvent.ProtocolRefused:
                    ProtocolRefused(connection);
                    break;
                case ConnectionEvent.CertificateRefused:
                    CertificateRefused(report.Failure.Reason, connection.RefusedSubject, connection.RefusedIssuer);
                    break;
                case ConnectionEvent.Lost:
                    ConnectionLost(connection, report.Failure, report.End);
                    break;
                default:
                    AttemptFailed(connection, report);
                    break;
            }
        }
    }

    private void Tell(NewsKind kind) => _news.Enqueue(new BackendNews(kind, Index));

    /// <summary>A connection can take queries.</summary>
    private void ConnectionReady(BackendConnection connection)
    {
        _shard.Log.ConnectionReady(Options.Name, connection.Index, _shard.Id);
        if (connection == _trial)
        {
            BeginTrial(connection);
            return;
        }

        ReadyUntil = 0;
        if (!IsUp)
        {
            Tell(NewsKind.Better);
        }

        RoomFreed();
        KeepSpares();
    }

    /// <summary>A connection answered its first query: only that proves that the backend works.</summary>
    private void Proven(BackendConnection connection)
    {
        _backoff.Succeeded();
        _lastComplaint = "";
        LastFailure = s_noConnection;
        Returned();
        if (connection.WasSpare)
        {
            _spareBackoff.Succeeded();
        }
    }

    /// <summary>A connection could not be made; for want of a descriptor the next tick tries again, and it is not held against the backend.</summary>
    private void AttemptFailed(BackendConnection connection, ConnectionReport report)
    {
        BackendFailure failure = report.Failure;
        if (connection.IsSpare)
        {
            SpareLost(connection, failure, ConnectionEnd.GivenUp);
            return;
        }

        LastFailure = failure;
        Complain(failure.Reason);
        if (report.Event == ConnectionEvent.CannotAttempt)
        {
            _waitsForDescriptor = true;
        }
        else
        {
            _backoff.Failed(_shard.Clock.Now);
            Tell(NewsKind.Worse);
        }

        AttemptEnded();
    }

    /// <summary>
    /// The backend speaks, but not under the protocol name that was offered: another attempt follows at once, without it, and
    /// what waits goes on waiting.
    /// </summary>
    private void ProtocolRefused(BackendConnection connection)
    {
        if (!Shared.RefusesProtocol)
        {
            Shared.RefusesProtocol = true;
            _shard.Log.ProtocolRefused(Options.Name, Options.Alpn);
        }

        if (connection == _trial)
        {
            EndTrial(connection, LastFailure, ConnectionEnd.Retired);
            return;
        }

        OpenOne(connection.IsSpare);
    }

    /// <summary>The backend showed a certificate that may not be believed.</summary>
    private void CertificateRefused(string reason, string subject, string issuer)
    {
        string complaint = $"certificate refused: {reason}";
        if (_lastComplaint != complaint)
        {
            _lastComplaint = complaint;
            _shard.Log.CertificateRefused(Options.Name, reason, subject, issuer);
        }
    }

    /// <summary>The ring let go of a stream, so its slot can be used.</summary>
    private void SlotFreed()
    {
        EnsureConnected();
        KeepSpares();
    }

    private void Retire(BackendConnection connection)
    {
        connection.Retire();
        Hear(connection);
    }

    private void AttemptEnded()
    {
        if (!HasHealthyConnection())
        {
            LastConnectionEnded(isOrdinary: false, isTakenForGranted: false);
        }

        FlushIfUnavailable();
        OfferElsewhere();
    }

    /// <summary>All connections are full: adds one when the share allows.</summary>
    /// <returns>True when a spare was taken into use, which may have room at once.</returns>
    private bool TryOpenMore() => Count(ConnectionStanding.Starting) == 0 && CountReady() < _share && AddConnection();

    /// <summary>Connections of its share, silent ones included.</summary>
    private int CountReady() => Count(ConnectionStanding.Working) + Count(ConnectionStanding.Silent);

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
            OpenOne(isSpare: false);
        }

        return false;
    }

    /// <summary>Begins a connection where there is a slot for it.</summary>
    /// <returns>The connection; null when none could be begun.</returns>
    private BackendConnection? OpenOne(bool isSpare)
    {
        if (IsLeaving)
        {
            return null;
        }

        foreach (BackendConnection connection in _connections)
        {
            if (connection.State != ConnectionState.Idle)
            {
                continue;
            }

            if (Shared.Limit.TryEnter())
            {
                _isRefused = false;
                connection.Open(isSpare);
                Hear(connection);
                return connection.IsStarting ? connection : null;
            }

            // It is tried again in every tick, which says nothing new.
            Counters.TooManyConnections += _isRefused ? 0 : 1;
            _isRefused = true;
            LastFailure = new BackendFailure(HealthCheckFailure.Network, $"the process has its {Options.MaxConcurrentTcpConnections} connections");
            if (isSpare)
            {
                _spareBackoff.Failed(_shard.Clock.Now);
            }

            return null;
        }

        MakeSlot();
        return null;
    }

    /// <summary>Slots are for connections that can take queries: one that waits only for answers that may never come leaves its own.</summary>
    private void MakeSlot()
    {
        if (!HasHealthyConnection() && !Array.Exists(_connections, static c => c.State == ConnectionState.Closing)
            && Array.Find(_connections, static c => c is { State: ConnectionState.Ready, IsRetiring: true }) is { } retiring)
        {
            Retire(retiring);
        }
    }

    /// <summary>Once a silent connection's replacement is not needed, the share holds again.</summary>
    private void RetireSurplus()
    {
        if (CountReady() <= _share)
        {
            return;
        }

        BackendConnection? idle = null;
        foreach (BackendConnection connection in _connections)
        {
            if (connection.Standing is ConnectionStanding.Working or ConnectionStanding.Silent)
            {
                idle = connection.Ids.InFlightCount == 0 && (idle is null || connection.IsSuspect) ? connection : idle;
            }
        }

        // A replacement that carries nothing yet is still needed, and would be opened again at once.
        if (idle is not null && (idle.IsSuspect || Count(ConnectionStanding.Working) > _share))
        {
            Retire(idle);
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
