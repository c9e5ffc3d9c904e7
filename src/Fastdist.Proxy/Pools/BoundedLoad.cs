using Fastdist.Proxy.Backends;

namespace Fastdist.Proxy.Pools;

/// <summary>
/// Who is left out for having too much to do already: whoever has more than its share, by weight, of all queries and the one to come, times a
/// factor. As the factor is 1 or more, somebody always remains, and of the weights less than 1 / factor is left out at a time: who passes
/// over those left out at random looks at factor / (factor - 1) on average at most, however many there are.
/// <para>
/// The queries that count are those that this shard gave to members that can be chosen, where dnsdist counts the whole process's. What is
/// kept to in each shard is kept to by all together, but for one query a shard, and on a query's way nothing is shared.
/// </para>
/// </summary>
/// <param name="members">By their numbers.</param>
/// <param name="loads">Their loads.</param>
/// <param name="level">The readiness of those chosen from.</param>
/// <param name="factor">At least 1, or 0 when nobody is left out.</param>
internal sealed class BoundedLoad(Backend[] members, Loads loads, Readiness level, double factor)
{
    /// <summary>Times that somebody is tried at random before the next in order is taken, as there may be few that are not left out.</summary>
    public const int MostTries = 16;

    private readonly PositionSet _choosable = new(members.Length);
    private long _weights;

    /// <summary>A member can be chosen from now on.</summary>
    public void Add(int member)
    {
        _choosable.Add(member);
        _weights += members[member].Options.Weight;
    }

    /// <summary>A member can be chosen no longer.</summary>
    public void Remove(int member)
    {
        _choosable.Remove(member);
        _weights -= members[member].Options.Weight;
    }

    /// <summary>Whether a member that can be chosen is left out.</summary>
    public bool LeavesOut(int member) =>
        factor > 0 && members[member].Outstanding * (double)_weights > (loads.Outstanding(level) + 1) * factor * members[member].Options.Weight;

    /// <summary>The first that is not left out, of those that can be chosen from a number on and around.</summary>
    public int NextFrom(int member)
    {
        int next = member;
        while (LeavesOut(next))
        {
            next = _choosable.NextFrom(next + 1) is >= 0 and int later ? later : _choosable.NextFrom(0);
            if (next == member)
            {
                break;
            }
        }

        return next;
    }
}
