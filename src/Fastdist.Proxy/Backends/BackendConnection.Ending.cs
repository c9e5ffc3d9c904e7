using Fastdist.Ring;
using Fastdist.Tls;

namespace Fastdist.Proxy.Backends;

/// <summary>The ways a connection ends, each under its counter.</summary>
internal sealed partial class BackendConnection
{
    /// <summary>The ring let go of the stream: the slot is free for the next attempt.</summary>
    public void Closed()
    {
        _tls?.Dispose();
        _tls = null;
        _stream = StreamHandle.None;
        State = ConnectionState.Idle;
        _backend.SlotFreed();
    }

    /// <summary>The backend's side ended, or reading failed.</summary>
    public void ReceiveEnded(int errno)
    {
        if (errno == 0)
        {
            _counters.ClosedByPeer++;
        }

        if (State == ConnectionState.Handshaking)
        {
            FailHandshake(errno, errno == 0 ? "closed by the backend" : Sockets.Describe(errno));
            return;
        }

        if (State == ConnectionState.Probing && errno == 0 && IsProbeAnswered)
        {
            // It closes after every answer, so there is never a second message to share a record with.
            _backend.Batching = RecordBatching.Fails;
            Fail("closed by the backend", isClean: true);
            return;
        }

        // A close before any answer, soon after the start, is no ordinary end of an idle connection; a spare never got a question.
        bool isOld = IsSpare || _shard.Clock.Now - _attemptedAt > OrdinaryLifeMicroseconds;
        bool isClean = errno == 0 && State == ConnectionState.Ready && (_answers > 0 || (isOld && Ids.InFlightCount == 0));
        _counters.DiedReadingResponse += CanReceive && !isClean ? 1 : 0;
        Fail(errno == 0 ? "closed by the backend" : Sockets.Describe(errno), isClean);
    }

    /// <summary>
    /// Says close_notify (RFC 8446 section 6.1), or the alert that a failed session has to tell, as far as that can leave at once.
    /// </summary>
    public void SayGoodbye()
    {
        if (_tls is not null && !_sending && State != ConnectionState.Closing)
        {
            _tls.Close(_cipher!.Span, out int written);
            _shard.Ring.SendLast(_stream, _cipher.Span[..written]);
        }
    }

    /// <summary>Ends a connection that is no longer needed; nothing is in flight on it.</summary>
    public void Retire() => Fail("retired", isClean: true);

    private static string Source(BackendOptions options) => (options.SourceAddress, options.SourceInterface) switch
    {
        (null, "") => "",
        (null, var name) => $" by {name}",
        (var address, "") => $" from {address}",
        var (address, name) => $" from {address} by {name}",
    };

    private void FailToOpen(string reason, bool isOurs = false)
    {
        _counters.ConnectFailures++;
        _backend.CountOut();
        var failure = new BackendFailure(HealthCheckFailure.Network, reason);
        if (isOurs)
        {
            _backend.CannotAttempt(this, failure);
        }
        else
        {
            _backend.AttemptFailed(this, failure);
        }
    }

    private void SendFailed(int errno)
    {
        if (State == ConnectionState.Handshaking)
        {
            FailHandshake(errno, Sockets.Describe(errno));
            return;
        }

        _counters.DiedSendingQuery += CanReceive ? 1 : 0;
        Fail($"send: {Sockets.Describe(errno)}", isClean: false);
    }

    private void FailHandshake(int errno, string reason)
    {
        _counters.TlsFailures++;
        if (errno == 0)
        {
            _counters.HandshakesClosed++;
        }
        else
        {
            _counters.HandshakesReset++;
        }

        Fail($"TLS handshake: {reason}", isClean: false);
    }

    private void FailTls()
    {
        _counters.TlsFailures++;
        if (State == ConnectionState.Handshaking)
        {
            // One that was only closed is told of without a failure.
            TlsFailure failure = _tls!.Failure == TlsFailure.None ? TlsFailure.Other : _tls.Failure;
            _counters.HandshakeFailures[(int)failure]++;
        }
        else
        {
            _counters.DiedReadingResponse += CanReceive ? 1 : 0;
        }

        if (State == ConnectionState.Handshaking && _offersProtocol && _tls!.Failure == TlsFailure.AlertNoApplicationProtocol)
        {
            Leave();
            _backend.ProtocolRefused(this);
        }
        else if (_tls!.IsCertificateRefused)
        {
            _backend.CertificateRefused(_tls.Error, _tls.RefusedSubject, _tls.RefusedIssuer);
            Fail($"certificate refused: {_tls.Error}", isClean: false);
        }
        else
        {
            Fail($"TLS: {_tls.Error}", isClean: false);
        }
    }

    private void Fail(string reason, bool isClean) => End(new BackendFailure(HealthCheckFailure.Network, reason), isClean);

    private void TimeOut(string reason, bool isClean) => End(new BackendFailure(HealthCheckFailure.Timeout, reason), isClean);

    private void End(BackendFailure failure, bool isClean)
    {
        if (State is ConnectionState.Closing or ConnectionState.Idle)
        {
            return;
        }

        bool wasUseful = State == ConnectionState.Ready || (State == ConnectionState.Probing && isClean);
        if (CanReceive)
        {
            _counters.EndedConnections++;
            _counters.EndedQueries += _carried;
            _counters.EndedMilliseconds += (_shard.Clock.Now - _attemptedAt) / 1000;
        }

        _counters.CurrentConnections -= State == ConnectionState.Ready ? 1 : 0;
        Leave();
        if (wasUseful)
        {
            _backend.ConnectionLost(this, failure, isClean);
        }
        else
        {
            _backend.AttemptFailed(this, failure);
        }
    }

    /// <summary>Ends the session in order and has the ring close the stream.</summary>
    private void Leave()
    {
        SayGoodbye();
        State = ConnectionState.Closing;
        _shard.Ring.Close(_stream);
        _batchLength = 0;
        _backend.CountOut();
    }
}
