using System;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.InFlight;
using Fastdist.Ring;
using Fastdist.Settings;
using Fastdist.Tls;

namespace Fastdist.Proxy.Backends;

/// <summary>The ways a connection ends, each under its counter.</summary>
internal sealed partial class BackendConnection
{
    /// <summary>Of the certificate that was refused last.</summary>
    public string RefusedSubject { get; private set; } = "";

    /// <summary>Who issued that.</summary>
    public string RefusedIssuer { get; private set; } = "";

    /// <summary>Whether it gave as many answers as the one before it did until it ended.</summary>
    public bool EndsAsExpected => _allowance.IsExpectedEnd(_answers);

    /// <summary>
    /// Whether a query that is on this connection, which has ended, may be why: the backend may have read it, and read nothing after it.
    /// What ended a spare before its first answer may have ended it before the query came, and where a connection ends that was expected
    /// to end, it is nobody's fault.
    /// </summary>
    public bool MayHaveBeenEndedBy(ushort id, ConnectionEnd end) =>
        end is ConnectionEnd.Ordinary or ConnectionEnd.Broken && !IsUntriedSpare && !EndsAsExpected
        && Order.MayHaveArrived(id) && !Order.IsOvertaken(id);

    /// <summary>What the end of this connection says about the next one: those that close with an answer do so again after as many.</summary>
    public Allowance AllowanceAfter(ConnectionEnd end) =>
        end == ConnectionEnd.Retired ? _allowance
        : end == ConnectionEnd.Broken || (end == ConnectionEnd.Ordinary && (Ids.InFlightCount > 0 || _shard.Clock.Now - _heardAt <= SoonMicroseconds))
            ? new Allowance(_answers)
            : Allowance.Unlimited;

    /// <summary>Lists the IDs in flight, of which there are as many as fit, in the order in which they were sent, the latest first.</summary>
    public void ListLatestFirst(Span<ushort> list)
    {
        int count = 0;
        for (int id = 0; count < list.Length; id++)
        {
            if (Ids.Find((ushort)id, out _) == IdState.InFlight)
            {
                list[count++] = (ushort)id;
            }
        }

        list.Sort((one, other) => Order.After(one).CompareTo(Order.After(other)));
    }

    /// <summary>The ring let go of the stream: the slot is free for the next attempt.</summary>
    public void Closed()
    {
        _stream.Release();
        State = ConnectionState.Idle;
        Report(ConnectionEvent.SlotFreed);
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

        ConnectionEnd end = EndByBackend(hasClosed: errno == 0);
        _counters.DiedReadingResponse += CanReceive && (errno != 0 || end == ConnectionEnd.Broken) ? 1 : 0;
        Fail(errno == 0 ? "closed by the backend" : Sockets.Describe(errno), end);
    }

    /// <summary>Says close_notify where there is a session, as far as that can leave at once.</summary>
    public void SayGoodbye()
    {
        if (State != ConnectionState.Closing)
        {
            _stream.SayGoodbye();
        }
    }

    /// <summary>Ends a connection that is no longer needed; what is in flight on it is asked elsewhere.</summary>
    public void Retire() => Fail("retired", ConnectionEnd.Retired);

    private static string Source(BackendOptions options) => (options.SourceAddress, options.SourceInterface) switch
    {
        (null, "") => "",
        (null, var name) => $" by {name}",
        (var address, "") => $" from {address}",
        var (address, name) => $" from {address} by {name}",
    };

    private void CountOut()
    {
        if (IsSpare)
        {
            _backend.Shared.Limit.LeaveSpare();
        }
        else
        {
            _backend.Shared.Limit.Leave();
        }
    }

    private void FailToOpen(string reason, bool isOurs = false)
    {
        _counters.ConnectFailures++;
        CountOut();
        ConnectionEvent happened = isOurs ? ConnectionEvent.CannotAttempt : ConnectionEvent.AttemptFailed;
        Report(happened, new BackendFailure(HealthCheckFailure.Network, reason));
    }

    private void SendFailed(int errno)
    {
        if (State == ConnectionState.Handshaking)
        {
            FailHandshake(errno, Sockets.Describe(errno));
            return;
        }

        _counters.DiedSendingQuery += CanReceive ? 1 : 0;
        Order.NotTaken();
        Fail($"send: {Sockets.Describe(errno)}", EndByBackend(hasClosed: Sockets.HadEnded(errno)));
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

        Fail($"TLS handshake: {reason}", ConnectionEnd.Broken);
    }

    private void FailTls()
    {
        TlsSession session = _stream.Session!;
        _counters.TlsFailures++;
        if (State == ConnectionState.Handshaking)
        {
            // One that was only closed is told of without a failure.
            TlsFailure failure = session.Failure == TlsFailure.None ? TlsFailure.Other : session.Failure;
            _counters.HandshakeFailures[(int)failure]++;
        }
        else
        {
            _counters.DiedReadingResponse += CanReceive ? 1 : 0;
        }

        if (State == ConnectionState.Handshaking && _offersProtocol && session.Failure == TlsFailure.AlertNoApplicationProtocol)
        {
            Leave();
            Report(ConnectionEvent.ProtocolRefused);
        }
        else if (session.IsCertificateRefused)
        {
            (RefusedSubject, RefusedIssuer) = (session.RefusedSubject, session.RefusedIssuer);
            Report(ConnectionEvent.CertificateRefused, new BackendFailure(HealthCheckFailure.Network, session.Error));
            Fail($"certificate refused: {session.Error}", ConnectionEnd.Broken);
        }
        else
        {
            Fail($"TLS: {session.Error}", ConnectionEnd.Broken);
        }
    }

    /// <summary>
    /// A query that is written while the backend's FIN is on its way is answered by a reset, so how it ended says less than what it did
    /// before. A close before any answer, soon after the start, is no ordinary end of an idle connection; a spare never got a question.
    /// </summary>
    /// <param name="hasClosed">Whether FIN came, so that what it does not acknowledge was never read.</param>
    private ConnectionEnd EndByBackend(bool hasClosed)
    {
        if (State == ConnectionState.Probing && _probe.IsAnswered)
        {
            // It closes after every answer, so there is never a second message to share a record with.
            _backend.Batching = RecordBatching.Fails;
        }

        if (hasClosed)
        {
            Order.NotArrived(_stream.Unacknowledged);
        }

        bool isOld = IsSpare || _shard.Clock.Now - _attemptedAt > OrdinaryLifeMicroseconds;
        bool wasIdle = State == ConnectionState.Ready && isOld && Ids.InFlightCount == 0;
        return _answers > 0 || wasIdle ? ConnectionEnd.Ordinary : ConnectionEnd.Broken;
    }

    private void Fail(string reason, ConnectionEnd end) => End(new BackendFailure(HealthCheckFailure.Network, reason), end);

    private void TimeOut(string reason, ConnectionEnd end) => End(new BackendFailure(HealthCheckFailure.Timeout, reason), end);

    private void End(BackendFailure failure, ConnectionEnd end)
    {
        if (State is ConnectionState.Closing or ConnectionState.Idle)
        {
            return;
        }

        bool wasUseful = State == ConnectionState.Ready || (State == ConnectionState.Probing && end is ConnectionEnd.Retired or ConnectionEnd.Ordinary);
        if (CanReceive)
        {
            _counters.EndedConnections++;
            _counters.EndedQueries += _carried;
            _counters.EndedMilliseconds += (_shard.Clock.Now - _attemptedAt) / 1000;
        }

        _counters.CurrentConnections -= State == ConnectionState.Ready ? 1 : 0;
        Leave();
        Report(wasUseful ? ConnectionEvent.Lost : ConnectionEvent.AttemptFailed, failure, end);
    }

    /// <summary>Ends the session in order and has the ring close the stream; what was gathered is asked elsewhere.</summary>
    private void Leave()
    {
        State = ConnectionState.Closing;
        _stream.DropGathered();
        _stream.Close();
        CountOut();
    }
}
