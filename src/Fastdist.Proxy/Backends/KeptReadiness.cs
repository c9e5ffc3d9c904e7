using System;
using Fastdist.Proxy.Machines;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// How ready a backend is. Every query asks for that and it seldom changes, so it is kept: whatever it follows from says when it
/// changes, and the next who asks has it judged anew.
/// </summary>
/// <param name="clock">The shard's.</param>
/// <param name="known">The backend.</param>
/// <param name="absence">The time in which it may be back.</param>
/// <param name="connections">Its connections, open or not.</param>
internal sealed class KeptReadiness(ShardClock clock, KnownBackend known, Absence absence, BackendConnection[] connections)
{
    private readonly StandingBoard _board = known.Board;
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
    public long EndsAt { get; private set; }

    private static Readiness Better(Readiness one, Readiness other) => (Readiness)Math.Max((byte)one, (byte)other);

    private static Readiness Worse(Readiness one, Readiness other) => (Readiness)Math.Min((byte)one, (byte)other);

    private void EnsureJudged()
    {
        if (_board.IsJudged && clock.Now < EndsAt)
        {
            return;
        }

        bool isQueueFull = _board.BeginToJudge();
        Readiness reached = known.Options.HasDatagrams ? JudgeDatagrams() : isQueueFull ? JudgeFull() : JudgeOpen();
        _reachability = _board.IsLimitReached ? Worse(reached, Readiness.Full) : Better(reached, JudgeAbsent(isQueueFull));
        _readiness = known.Status.IsLeaving ? Readiness.Unavailable
            : known.Status.IsUp ? _reachability
            : absence.IsBrief ? Worse(_reachability, Readiness.Returning)
            : Readiness.Unavailable;
        EndsAt = NextChange(isQueueFull);
    }

    /// <summary>What it can be taken for because it has lost its last connection a moment ago.</summary>
    private Readiness JudgeAbsent(bool isQueueFull) => known.Options.HasDatagrams || (!absence.IsBrief && !absence.IsMomentary) ? Readiness.Unavailable
        : isQueueFull ? Readiness.Full
        : absence.IsMomentary ? Readiness.Ready
        : Readiness.Returning;

    /// <summary>What its UDP sockets make it, on which nobody waits for room.</summary>
    private Readiness JudgeDatagrams() => _board.Datagrams switch
    {
        ConnectionStanding.Working => Readiness.Ready,
        ConnectionStanding.Silent => Readiness.Suspect,
        _ => Readiness.Unavailable,
    };

    /// <summary>What its connections make it while more queries may wait.</summary>
    private Readiness JudgeOpen() => _board[ConnectionStanding.Working] > 0 ? Readiness.Ready
        : _board[ConnectionStanding.Starting] > 0 ? Readiness.Starting
        : _board[ConnectionStanding.Silent] > 0 ? Readiness.Suspect
        : Readiness.Unavailable;

    /// <summary>The same while no more may: those count that have room. A look at each connection, as long as that lasts.</summary>
    private Readiness JudgeFull()
    {
        Readiness best = _board[ConnectionStanding.None] < connections.Length ? Readiness.Full : Readiness.Unavailable;
        foreach (BackendConnection connection in connections)
        {
            if (connection.Standing is ConnectionStanding.Working or ConnectionStanding.Silent && connection.HasRoom(ConnectionChoice.SmallestFrame))
            {
                best = Better(best, connection.IsSuspect ? Readiness.Suspect : Readiness.Ready);
            }
        }

        return best;
    }

    private long NextChange(bool isQueueFull)
    {
        long next = absence.EndsAt;
        foreach (BackendConnection connection in isQueueFull ? connections : [])
        {
            next = Math.Min(next, connection.RoomChangesAt);
        }

        return next;
    }
}
