using System;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Machines;

namespace Fastdist.Proxy.Pools;

/// <summary>
/// Chooses who has the fewest queries, and of equals by order, then latency. Within a turn it stays with its choice for a while, so
/// that queries which arrive together leave together (<see cref="Row"/>).
/// <para>
/// In a row go half as many queries as there are backends to choose from, 32 at most: of few each is touched anyway, and a turn that brings Q
/// queries to many touches Q / 32 of them and one more. Load stays even within as much: who is chosen has the fewest queries at that
/// moment, so nobody ever has more than a row beyond whoever had the fewest then, and a slow backend, which keeps what it is given, is
/// passed over until the others have as much. A backend that takes few queries at once gets at most an eighth of what a connection of it
/// carries, and none that would have to wait while others have room. A turn with one query, as they are while there is little to do, and a
/// choice between two or three, are as if there were no such rule.
/// </para>
/// </summary>
/// <param name="members">By their numbers.</param>
/// <param name="loads">Their loads.</param>
/// <param name="level">The readiness of those chosen from.</param>
/// <param name="clock">The shard's, which stands still for a turn.</param>
internal sealed class LeastOutstanding(Backend[] members, Loads loads, Readiness level, ShardClock clock) : Policy
{
    private int _chosen = Nobody;
    private Row _row;

    public override void Add(int member)
    {
    }

    public override void Remove(int member)
    {
        if (member == _chosen)
        {
            _row.End();
        }
    }

    public override int Choose(ReadOnlySpan<byte> name)
    {
        if (_row.TryGoOn(clock.Now) && members[_chosen].HasRoomForNext)
        {
            return _chosen;
        }

        _chosen = loads.Least(level);
        _row.Begin(clock.Now, members[_chosen].Options.MaxInFlight, loads.Count(level) / 2);
        return _chosen;
    }
}
