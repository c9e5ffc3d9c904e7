using Fastdist.Proxy.Machines;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Which of a backend's connections takes the next query: the one with the fewest. Of one turn's queries so many in a row go to the same,
/// so that the look at all of them, some nanoseconds for each, is one for so many queries, and no connection has more than so many beyond the others.
/// </summary>
/// <param name="clock">The shard's, which stands still for a turn.</param>
/// <param name="connections">The connections, open or not.</param>
/// <param name="maxInFlight">What one carries.</param>
internal sealed class ConnectionChoice(ShardClock clock, BackendConnection[] connections, int maxInFlight)
{
    /// <summary>Prefix, header and a question for the root, bytes.</summary>
    public const int SmallestFrame = 2 + 12 + 5;

    /// <summary>The connection that took a query last, and how many more of the turn follow.</summary>
    private BackendConnection? _last;
    private Row _row;

    /// <summary>Whether one more query can go where the last one went.</summary>
    public bool HasLastRoom => HasLastRoomFor(SmallestFrame);

    /// <summary>A connection for a new query; null when none has room.</summary>
    public BackendConnection? Next(int frameLength)
    {
        if (!_row.TryGoOn(clock.Now) || !HasLastRoomFor(frameLength))
        {
            _last = Pick(frameLength);
            _row.Begin(clock.Now, maxInFlight);
        }

        return _last;
    }

    /// <summary>A connection that has room, a silent one only where there is no other; null when none has.</summary>
    public BackendConnection? Pick(int frameLength)
    {
        BackendConnection? best = null;
        foreach (BackendConnection connection in connections)
        {
            if (MayTake(connection, frameLength) && (best is null || IsBetter(connection, best)))
            {
                best = connection;
            }
        }

        return best;
    }

    /// <summary>A connection that has room and is not silent; null when there is none.</summary>
    public BackendConnection? PickWorking(int frameLength) => Pick(frameLength) is { IsSuspect: false } connection ? connection : null;

    /// <summary>The same, other than one that is silent.</summary>
    public BackendConnection? PickOther(int frameLength, BackendConnection silent)
    {
        BackendConnection? best = null;
        foreach (BackendConnection connection in connections)
        {
            if (connection != silent && !connection.IsSuspect && MayTake(connection, frameLength) && (best is null || IsBetter(connection, best)))
            {
                best = connection;
            }
        }

        return best;
    }

    private static bool MayTake(BackendConnection connection, int frameLength) => !connection.IsSpare && connection.HasRoom(frameLength);

    private static bool IsBetter(BackendConnection candidate, BackendConnection best) =>
        candidate.IsSuspect != best.IsSuspect ? best.IsSuspect : candidate.Ids.InFlightCount < best.Ids.InFlightCount;

    private bool HasLastRoomFor(int frameLength) => _last is { Standing: ConnectionStanding.Working } && _last.HasRoom(frameLength);
}
