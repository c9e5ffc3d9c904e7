using System;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Machines;

namespace Fastdist.Proxy.Pools;

/// <summary>
/// Chooses who has the fewest queries, and of equals by order, then latency. Within a turn it stays with its choice for a while, so
/// that queries which arrive together leave together: each backend that a turn touches costs a TLS record and a send, and another
/// record and receive for its answers, which is as much as several queries cost.
/// <para>
/// A turn that brings Q queries touches Q / 32 backends and one more, however many there are. Load stays even within as many: who is
/// chosen has the fewest queries at that moment and gets at most 32 in a row, so nobody ever has more than 31 beyond whoever had the
/// fewest then, and a slow backend, which keeps what it is given, is passed over until the others have as much. A backend that takes few
/// queries at once gets at most an eighth of what a connection of it carries, and none that would have to wait while others have room.
/// A turn with one query, as they are while there is little to do, chooses as if there were no such rule.
/// </para>
/// </summary>
/// <param name="members">By their numbers.</param>
/// <param name="loads">Their loads.</param>
/// <param name="level">The readiness of those chosen from.</param>
/// <param name="clock">The shard's, which stands still for a turn.</param>
internal sealed class LeastOutstanding(Backend[] members, Loads loads, Readiness level, ShardClock clock) : Policy
{
    /// <summary>Queries of one turn that one backend gets in a row.</summary>
    public const int MostInARow = 32;

    /// <summary>The part of a connection's IDs that may be taken in a row.</summary>
    private const int PartOfConnection = 8;

    private int _chosen = Nobody;
    private int _rest;
    private long _turn;

    public override void Add(int member)
    {
    }

    public override void Remove(int member) => _rest = member == _chosen ? 0 : _rest;

    public override int Choose(ReadOnlySpan<byte> name)
    {
        if (_rest > 0 && _turn == clock.Now && members[_chosen].HasRoomForNext)
        {
            _rest--;
            return _chosen;
        }

        _chosen = loads.Least(level);
        _rest = Math.Min(MostInARow, members[_chosen].Options.MaxInFlight / PartOfConnection) - 1;
        _turn = clock.Now;
        return _chosen;
    }
}
