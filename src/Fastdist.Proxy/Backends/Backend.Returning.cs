using Fastdist.Settings;

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

    /// <summary>Whether there ever was a connection: one that never let us in is not waited for.</summary>
    private bool _hasWorked;

    /// <summary>How long after that it is waited for, microseconds.</summary>
    private long ReturningMicroseconds => Options.QueryTimeout * 1000L;

    private long ReadyUntil
    {
        get;
        set
        {
            field = value;
            Board.ReadinessChanged();
        }
    }

    private long LostAt
    {
        get;
        set
        {
            field = value;
            Board.ReadinessChanged();
        }
    } = Never;

    /// <summary>
    /// Whether it has lost its last connection so lately that a query of that time may still wait for the next one. Longer ones would
    /// only be told late what they can be told now.
    /// </summary>
    public bool IsReturning => LostAt != Never && Mode != HealthCheckMode.Down && !IsLeaving && _shard.Clock.Now - LostAt < ReturningMicroseconds;

    /// <summary>Whether its next connection is taken for granted.</summary>
    public bool IsReadyForAMoment => !IsLeaving && _shard.Clock.Now < ReadyUntil;

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
        ReadyUntil = 0;
        if (!_hasWorked || !IsUp)
        {
            return;
        }

        long now = _shard.Clock.Now;
        LostAt = isOrdinary || LostAt == Never ? now : LostAt;
        ReadyUntil = isTakenForGranted ? now + MomentMicroseconds : 0;
        _shard.TickWithin(LeastPauseMicroseconds);
    }

    /// <summary>It answers, which makes it up at once if it was marked down after it was lost.</summary>
    private void Returned()
    {
        if (IsUp)
        {
            LostAt = Never;
        }
        else if (IsReturning)
        {
            Tell(NewsKind.Returned);
        }
    }
}
