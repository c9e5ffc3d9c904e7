using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Settings;

namespace Fastdist.Proxy.Pools;

/// <summary>
/// The members of a pool by their readiness. Each says when that may have changed and is looked at again before the next choice, so
/// that a choice costs what has changed since the last, however many members there are. Members are known by their numbers.
/// </summary>
internal sealed class Lineup
{
    private const int Levels = (int)Readiness.Ready + 1;

    private readonly Backend[] _members;
    private readonly Membership[] _memberships;
    private readonly ShardClock _clock;
    private readonly ChangeList _changed;
    private readonly Loads _loads;
    private readonly Policy[] _policies;
    private readonly RoundRobin.Turn _turn = new();
    private readonly Readiness[] _readiness;

    /// <summary>Members whose readiness changes by itself, each by when that is.</summary>
    private readonly PriorityQueue<int, long> _ending = new();
    private readonly long[] _endsAt;

    /// <param name="kind">How to choose.</param>
    /// <param name="balancing">By what besides weights.</param>
    /// <param name="members">Whom to choose from.</param>
    /// <param name="circle">For <see cref="PolicyKind.ConsistentHash"/>.</param>
    /// <param name="clock">The shard's.</param>
    /// <param name="random">The shard's.</param>
    public Lineup(PolicyKind kind, BalancingOptions balancing, Backend[] members, HashCircle circle, ShardClock clock, Random random)
    {
        _members = members;
        _clock = clock;
        _changed = new ChangeList(members.Length);
        var loads = new ChangeList(members.Length);
        _loads = new Loads(members, loads, Levels);
        _readiness = new Readiness[members.Length];
        _endsAt = new long[members.Length];
        _policies = [.. Enum.GetValues<Readiness>().Select(level => Create(kind, level, balancing, circle, random))];
        _memberships = [.. members.Select((_, member) => new Membership(member, _changed, loads))];
        for (int member = 0; member < members.Length; member++)
        {
            members[member].Board.Join(_memberships[member]);
            _endsAt[member] = long.MaxValue;
            Enter(member, Readiness.Unavailable);
            _changed.Mark(member);
        }
    }

    /// <summary>Has its members tell it nothing any more.</summary>
    public void Disband()
    {
        for (int member = 0; member < _members.Length; member++)
        {
            _members[member].Board.Part(_memberships[member]);
        }
    }

    /// <summary>The readiness of the readiest; <see cref="Readiness.Unavailable"/> when there is nobody.</summary>
    public Readiness Best()
    {
        Settle();
        Readiness level = Readiness.Ready;
        while (level > Readiness.Unavailable && _loads.Count(level) == 0)
        {
            level--;
        }

        return level;
    }

    /// <summary>How many are this ready.</summary>
    public int Count(Readiness level)
    {
        Settle();
        return _loads.Count(level);
    }

    /// <summary>Chooses among those that are this ready, of which there are some.</summary>
    public int Choose(Readiness level, ReadOnlySpan<byte> name) =>
        _policies[(int)level].Choose(name) is >= 0 and int member ? member : _loads.Least(level);

    /// <summary>Of those that are this ready, of which there are some, the one with the fewest queries.</summary>
    public int Least(Readiness level) => _loads.Least(level);

    /// <summary>Another member than a silent one that works and has room for a query: of those the one that has the fewest.</summary>
    public Backend? FindRoom(in InFlightEntry query, Backend silent)
    {
        Settle();
        return _loads.FindRoom(Readiness.Ready, in query, silent);
    }

    /// <summary>How ready a member is taken to be.</summary>
    public Readiness ReadinessOf(int member) => _readiness[member];

    /// <summary>Looks at what has changed.</summary>
    private void Settle()
    {
        while (_ending.TryPeek(out int ending, out long at) && at <= _clock.Now)
        {
            _ending.Dequeue();
            _changed.Mark(ending);
        }

        while (_changed.TryTake(out int member))
        {
            Refile(member);
        }
    }

    private void Refile(int member)
    {
        Readiness now = _members[member].Readiness;
        long endsAt = _members[member].ReadinessEndsAt;
        if (endsAt != _endsAt[member] && endsAt != long.MaxValue)
        {
            _ending.Enqueue(member, endsAt);
        }

        _endsAt[member] = endsAt;
        if (now != _readiness[member])
        {
            _policies[(int)_readiness[member]].Remove(member);
            _loads.Remove(member, _readiness[member]);
            Enter(member, now);
        }
    }

    private void Enter(int member, Readiness level)
    {
        _readiness[member] = level;
        _loads.Add(member, level);
        _policies[(int)level].Add(member);
    }

    private Policy Create(PolicyKind kind, Readiness level, BalancingOptions balancing, HashCircle circle, Random random) => kind switch
    {
        PolicyKind.FirstAvailable => new FirstAvailable(_members, _clock),
        PolicyKind.RoundRobin => new RoundRobin(_members.Length, _turn),
        PolicyKind.WeightedRandom => new WeightedRandom(_members, Bound(level, balancing.WeightedFactor), random),
        PolicyKind.WeightedHash => new WeightedHash(_members, Bound(level, balancing.WeightedFactor), balancing.WHashedPerturbation),
        PolicyKind.ConsistentHash => new ConsistentHash(_members, Bound(level, balancing.ConsistentHashingFactor), circle),
        _ => new LeastOutstanding(_members, _loads, level, _clock),
    };

    private BoundedLoad Bound(Readiness level, double factor) => new(_members, _loads, level, factor);
}
