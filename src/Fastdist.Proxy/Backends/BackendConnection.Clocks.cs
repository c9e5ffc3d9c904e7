using System;
using Fastdist.Settings;

namespace Fastdist.Proxy.Backends;

/// <summary>The clocks of a connection: what takes too long, and what is silent.</summary>
internal sealed partial class BackendConnection
{
    /// <summary>Silence after which a session gives its record buffers back.</summary>
    private const long IdleMicroseconds = 1_000_000;

    /// <summary>Silence after which a connection ends that is kept for what cannot go over UDP.</summary>
    private const long UnusedMicroseconds = 10_000_000;

    /// <summary>Silent for so long that nothing is to be expected of it any more, though some of what is on it can still be answered in time.</summary>
    public bool IsDead => Silence(_shard.Clock.Now) * 2 > _backend.Options.Deadline * 1000L;

    /// <summary>Silent for so long that clients' queries on it are asked elsewhere, too.</summary>
    public bool IsOverdue => State == ConnectionState.Ready && Silence(_shard.Clock.Now) > _backend.Options.SilenceTimeout * 1000L;

    /// <summary>
    /// When its clocks have to be looked at though nothing happens, microseconds of the shard's clock: long past while something is under way, the
    /// greatest number when they need not be.
    /// </summary>
    public long DueAt => State is ConnectionState.Idle or ConnectionState.Closing ? long.MaxValue
        : IsStarting || Owed > 0 || IsSuspect || IsRetiring || _stream.IsSending ? long.MinValue
        : Math.Min(
            Math.Min(IsLimited ? _readyAt + Allowance.LimitedMicroseconds : long.MaxValue, UnusedAt),
            _backend.Options.ReleaseBuffers && _stream.CanRest ? _activeAt + IdleMicroseconds : long.MaxValue);

    /// <summary>Checks this connection's clocks.</summary>
    public void Tick()
    {
        long now = _shard.Clock.Now;
        BackendOptions options = _backend.Options;
        if (State == ConnectionState.Probing)
        {
            ConcludeProbe();
        }
        else if (IsStarting && options.TcpConnectTimeout > 0 && now - _attemptedAt > options.TcpConnectTimeout * 1_000_000L)
        {
            _counters.ConnectTimeouts++;
            _counters.HandshakesTimedOut += State == ConnectionState.Handshaking ? 1 : 0;
            TimeOut(State == ConnectionState.Connecting ? "connect: timed out" : "TLS handshake: timed out", ConnectionEnd.GivenUp);
        }
        else if (State == ConnectionState.Ready)
        {
            TickReady(now, options);
        }
    }

    private void TickReady(long now, BackendOptions options)
    {
        if (_stream.IsSending && options.TcpSendTimeout > 0 && now - _stream.SendingSince > options.TcpSendTimeout * 1_000_000L)
        {
            _counters.WriteTimeouts++;
            TimeOut("send timed out", ConnectionEnd.GivenUp);
            return;
        }

        IsLimited &= now - _readyAt < Allowance.LimitedMicroseconds;
        IsRetiring |= Ids.AbandonedCount * 2 >= Ids.Size;
        if (IsRetiring && Ids.InFlightCount == 0)
        {
            _shard.Log.ConnectionRetired(options.Name, Ids.AbandonedCount);
            Retire();
            return;
        }

        if (Owed == 0)
        {
            IsSuspect = false;
            ReleaseIfIdle(now);
            RetireIfUnused(now);
            return;
        }

        if (!HasTimedOut(now, options) && IsOverdue && !IsSuspect)
        {
            IsSuspect = true;
            _backend.Batching = RecordBatching.Unknown;
            _counters.SuspectConnections++;
            _shard.Log.ConnectionSilent(options.Name, OwedToClients);
        }
    }

    /// <summary>How long clients' queries have waited with nothing coming, microseconds.</summary>
    private long Silence(long now) => OwedToClients > 0 ? now - Math.Max(_heardAt, _askedAt) : 0;

    /// <summary>
    /// Gives the connection up when nothing comes any more. A query of our own has a time of its own: a backend that is slow to
    /// answer it is judged by the health check, not by its connection.
    /// </summary>
    private bool HasTimedOut(long now, BackendOptions options)
    {
        long silence = Silence(now);
        if (silence <= options.Deadline * 1000L)
        {
            silence = Ids.CheckCount > 0 ? now - Math.Max(_heardAt, _checkedAt) : 0;
            if (silence <= Math.Max(options.Deadline, options.CheckTimeout) * 1000L)
            {
                return false;
            }
        }

        // One that never answered at all was no connection, and the next comes after a pause.
        _counters.ReadTimeouts++;
        bool isNeededNoLonger = Ids.InFlightCount == 0 && _heardAt > _attemptedAt;
        TimeOut($"silent for {silence / 1000} ms with {Owed} answers due", isNeededNoLonger ? ConnectionEnd.Retired : ConnectionEnd.GivenUp);
        return true;
    }

    /// <summary>When it ends for want of use, microseconds of the shard's clock; the greatest number when it does not.</summary>
    private long UnusedAt => _backend.Options.HasDatagrams ? _activeAt + UnusedMicroseconds : long.MaxValue;

    private void RetireIfUnused(long now)
    {
        if (now >= UnusedAt)
        {
            Retire();
        }
    }

    private void ReleaseIfIdle(long now)
    {
        if (_backend.Options.ReleaseBuffers && now - _activeAt > IdleMicroseconds)
        {
            _stream.TryRest();
        }
    }
}
