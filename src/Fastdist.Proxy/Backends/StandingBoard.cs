using System;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Where a backend and its connections note what readiness follows from, for whoever keeps it: the backend, and the pools that it is in.
/// Each looks again when it asks next. The next tick looks at the backend, too.
/// </summary>
/// <param name="agenda">Whom ticks look at.</param>
/// <param name="slot">The backend's slot there.</param>
/// <param name="queue">Those that wait for the backend.</param>
/// <param name="connections">Connections, which all begin with no standing.</param>
internal sealed class StandingBoard(Agenda agenda, int slot, WaitingQueue queue, int connections)
{
    private readonly int[] _counts = [connections, 0, 0, 0];
    private Membership[] _memberships = [];
    private bool _wasQueueFull;

    /// <summary>Whether readiness is as it was judged last.</summary>
    public bool IsJudged { get; private set; }

    /// <summary>Whether a connection takes queries, or is being made.</summary>
    public bool IsAnyHealthy => this[ConnectionStanding.Starting] + this[ConnectionStanding.Working] > 0;

    /// <summary>How many connections have a standing.</summary>
    public int this[ConnectionStanding standing] => _counts[(int)standing];

    /// <summary>The backend becomes a member of a pool.</summary>
    public void Join(Membership membership) => _memberships = [.. _memberships, membership];

    /// <summary>It is a member no longer.</summary>
    public void Part(Membership membership) => _memberships = Array.FindAll(_memberships, m => m != membership);

    /// <summary>Whether it has as many queries of this shard as it may.</summary>
    public bool IsLimitReached
    {
        get;
        set
        {
            if (field != value)
            {
                field = value;
                ReadinessChanged();
            }
        }
    }

    /// <summary>What its UDP sockets count for together.</summary>
    public ConnectionStanding Datagrams
    {
        get;
        set
        {
            if (field != value)
            {
                field = value;
                ReadinessChanged();
            }
        }
    }

    /// <summary>Readiness is judged anew.</summary>
    /// <returns>Whether as many wait as may, so that it depends on the connections' room.</returns>
    public bool BeginToJudge()
    {
        IsJudged = true;
        return _wasQueueFull = queue.IsFull;
    }

    /// <summary>A connection counts for something else than it did.</summary>
    public void Move(ConnectionStanding before, ConnectionStanding now)
    {
        _counts[(int)before]--;
        _counts[(int)now]++;
        ReadinessChanged();
    }

    /// <summary>The room on a connection changed, or the number of those that wait, which matters where the queue is full.</summary>
    public void RoomChanged()
    {
        if (_wasQueueFull || queue.IsFull)
        {
            ReadinessChanged();
        }
    }

    /// <summary>Something happened that the next tick has to look at.</summary>
    public void Wake() => agenda.Wake(slot);

    /// <summary>Something changed that readiness follows from.</summary>
    public void ReadinessChanged()
    {
        Wake();
        IsJudged = false;
        foreach (Membership membership in _memberships)
        {
            membership.Readiness.Mark(membership.Member);
        }
    }

    /// <summary>The backend has another number of queries, or another latency.</summary>
    public void LoadChanged()
    {
        Wake();
        foreach (Membership membership in _memberships)
        {
            membership.Loads.Mark(membership.Member);
        }
    }
}
