namespace Fastdist.Proxy.Backends;

/// <summary>
/// A backend that has just lost its last connection. Most are back in a moment, as servers close connections and are restarted; what
/// would go to it waits, while there is time and nobody better.
/// </summary>
internal sealed partial class Backend
{
    /// <summary>After an orderly end, or a first break, the next connection is taken for granted this long, microseconds.</summary>
    private const long MomentMicroseconds = 500_000;

    private const long Never = -1;

    private long _readyUntil;
    private long _lostAt = Never;

    /// <summary>Whether there ever was a connection: one that never let us in is not waited for.</summary>
    private bool _hasWorked;

    /// <summary>
    /// Whether it has lost its last connection so lately that a query of that time may still wait for the next one. Longer ones would
    /// only be told late what they can be told now.
    /// </summary>
    public bool IsReturning => _lostAt != Never && Mode != HealthCheckMode.Down && !IsLeaving && _shard.Clock.Now - _lostAt < Options.QueryTimeout * 1000L;

    /// <summary>What it can be taken for because of that.</summary>
    private Readiness Expected => !IsReturning && !IsReadyForAMoment ? Readiness.Unavailable
        : _queue.IsFull ? Readiness.Full
        : IsReadyForAMoment ? Readiness.Ready
        : Readiness.Returning;

    private bool IsReadyForAMoment => !IsLeaving && _shard.Clock.Now < _readyUntil;

    /// <summary>Whether there is no connection that takes what it can, but one is made or will be, or has room before long.</summary>
    private bool IsConnectionExpected
    {
        get
        {
            bool isExpected = IsReturning || IsReadyForAMoment;
            foreach (BackendConnection connection in _connections)
            {
                if (connection is { IsSpare: false, IsRetiring: false, IsLimited: false, State: ConnectionState.Ready })
                {
                    return false;
                }

                isExpected |= connection is { IsSpare: false } and ({ IsStarting: true } or { IsLimited: true, IsRetiring: false, State: ConnectionState.Ready });
            }

            return isExpected;
        }
    }

    /// <summary>A connection or the attempt to make one ended, and there is no other.</summary>
    /// <param name="isOrdinary">Whether it ended as connections do.</param>
    /// <param name="isTakenForGranted">Whether the next one is, until the attempt fails.</param>
    private void LastConnectionEnded(bool isOrdinary, bool isTakenForGranted)
    {
        _readyUntil = 0;
        if (!_hasWorked || !IsUp)
        {
            return;
        }

        long now = _shard.Clock.Now;
        _lostAt = isOrdinary || _lostAt == Never ? now : _lostAt;
        _readyUntil = isTakenForGranted ? now + MomentMicroseconds : 0;
        _shard.TickWithin(LeastPauseMicroseconds);
    }

    /// <summary>It answers, which makes it up at once if it was marked down after it was lost.</summary>
    private void Returned()
    {
        if (IsUp)
        {
            _lostAt = Never;
        }
        else if (IsReturning)
        {
            _shard.Dispatcher.ReportReturn(Index);
        }
    }
}
