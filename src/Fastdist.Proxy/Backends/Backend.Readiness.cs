using System;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// How ready the backend is. Every query asks for that and it seldom changes, so it is kept: whatever it follows from says when it
/// changes, and the next who asks has it judged anew.
/// </summary>
internal sealed partial class Backend
{
    /// <summary>Prefix, header and a question for the root, bytes.</summary>
    public const int SmallestFrame = 2 + 12 + 5;

    private Readiness _readiness;
    private Readiness _reachability;

    /// <summary>How ready it is, whatever health says.</summary>
    public Readiness Reachability
    {
        get
        {
            EnsureJudged();
            return _reachability;
        }
    }

    /// <summary>How ready it is for a client's query. One that was marked down while it returns is better than nobody.</summary>
    public Readiness Readiness
    {
        get
        {
            EnsureJudged();
            return _readiness;
        }
    }

    /// <summary>When readiness as it was judged last changes by itself, microseconds of the shard's clock; the greatest number when it does not.</summary>
    public long ReadinessEndsAt { get; private set; }

    /// <summary>Whether as many queries wait as may.</summary>
    public bool IsQueueFull => _queue.IsFull;

    /// <summary>What it can be taken for because it has lost its last connection a moment ago.</summary>
    private Readiness Expected => !IsReturning && !IsReadyForAMoment ? Readiness.Unavailable
        : IsQueueFull ? Readiness.Full
        : IsReadyForAMoment ? Readiness.Ready
        : Readiness.Returning;

    private static Readiness Better(Readiness one, Readiness other) => (Readiness)Math.Max((byte)one, (byte)other);

    private int Count(ConnectionStanding standing) => Board[standing];

    private bool HasHealthyConnection() => Count(ConnectionStanding.Starting) + Count(ConnectionStanding.Working) > 0;

    private void EnsureJudged()
    {
        if (Board.IsJudged && _shard.Clock.Now < ReadinessEndsAt)
        {
            return;
        }

        bool isQueueFull = Board.BeginToJudge();
        _reachability = Better(isQueueFull ? JudgeFull() : JudgeOpen(), Expected);
        _readiness = IsLeaving ? Readiness.Unavailable
            : IsUp ? _reachability
            : IsReturning ? (Readiness)Math.Min((byte)_reachability, (byte)Readiness.Returning)
            : Readiness.Unavailable;
        ReadinessEndsAt = NextChange(isQueueFull);
    }

    /// <summary>What its connections make it while more queries may wait.</summary>
    private Readiness JudgeOpen() => Count(ConnectionStanding.Working) > 0 ? Readiness.Ready
        : Count(ConnectionStanding.Starting) > 0 ? Readiness.Starting
        : Count(ConnectionStanding.Silent) > 0 ? Readiness.Suspect
        : Readiness.Unavailable;

    /// <summary>The same while no more may: those count that have room. A look at each connection, as long as that lasts.</summary>
    private Readiness JudgeFull()
    {
        Readiness best = Count(ConnectionStanding.None) < _connections.Length ? Readiness.Full : Readiness.Unavailable;
        foreach (BackendConnection connection in _connections)
        {
            if (connection.Standing is ConnectionStanding.Working or ConnectionStanding.Silent && connection.HasRoom(SmallestFrame))
            {
                best = Better(best, connection.IsSuspect ? Readiness.Suspect : Readiness.Ready);
            }
        }

        return best;
    }

    private long NextChange(bool isQueueFull)
    {
        long next = IsReturning ? LostAt + ReturningMicroseconds : long.MaxValue;
        next = IsReadyForAMoment ? Math.Min(next, ReadyUntil) : next;
        foreach (BackendConnection connection in isQueueFull ? _connections : [])
        {
            next = Math.Min(next, connection.RoomChangesAt);
        }

        return next;
    }
}
