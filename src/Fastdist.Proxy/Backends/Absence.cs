using System;
using Fastdist.Proxy.Machines;
using Fastdist.Settings;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// The time since a backend has lost its last connection. Most are back in a moment, as servers close connections and are restarted; what
/// would go to it waits, while there is time and nobody better.
/// </summary>
/// <param name="shard">The shard.</param>
/// <param name="known">The backend.</param>
internal sealed class Absence(ShardContext shard, KnownBackend known)
{
    /// <summary>After an orderly end, or a first break, the next connection is taken for granted this long, microseconds.</summary>
    private const long MomentMicroseconds = 500_000;

    private const long Never = -1;

    /// <summary>Whether there ever was a connection: one that never let us in is not waited for.</summary>
    private bool _hasWorked;

    /// <summary>
    /// Whether it began so lately that a query of that time may still wait for the next connection. Longer ones would only be told late what
    /// they can be told now.
    /// </summary>
    public bool IsBrief => LostAt != Never && known.Status is { IsLeaving: false, Mode: not HealthCheckMode.Down } && shard.Clock.Now - LostAt < PatienceMicroseconds;

    /// <summary>Whether the next connection is taken for granted.</summary>
    public bool IsMomentary => !known.Status.IsLeaving && shard.Clock.Now < ReadyUntil;

    /// <summary>When one of these ends by itself, microseconds of the shard's clock; the greatest number when none will.</summary>
    public long EndsAt => Math.Min(IsBrief ? LostAt + PatienceMicroseconds : long.MaxValue, IsMomentary ? ReadyUntil : long.MaxValue);

    /// <summary>How long it is waited for, microseconds.</summary>
    private long PatienceMicroseconds => known.Options.Deadline * 1000L;

    private long ReadyUntil
    {
        get;
        set
        {
            field = value;
            known.Board.ReadinessChanged();
        }
    }

    private long LostAt
    {
        get;
        set
        {
            field = value;
            known.Board.ReadinessChanged();
        }
    } = Never;

    /// <summary>The backend let us in.</summary>
    public void HasWorked() => _hasWorked = true;

    /// <summary>A connection or the attempt to make one ended, and there is no other.</summary>
    /// <param name="isOrdinary">Whether it ended as connections do.</param>
    /// <param name="isTakenForGranted">Whether the next one is, until the attempt fails.</param>
    public void Begin(bool isOrdinary, bool isTakenForGranted)
    {
        ReadyUntil = 0;
        if (!_hasWorked || !known.Status.IsUp)
        {
            return;
        }

        long now = shard.Clock.Now;
        LostAt = isOrdinary || LostAt == Never ? now : LostAt;
        ReadyUntil = isTakenForGranted ? now + MomentMicroseconds : 0;
        shard.TickWithin(BackendConnections.LeastPauseMicroseconds);
    }

    /// <summary>There is a connection, which has to prove itself, and is what it is.</summary>
    public void Connected() => ReadyUntil = 0;

    /// <summary>It is over.</summary>
    public void End() => LostAt = Never;
}
