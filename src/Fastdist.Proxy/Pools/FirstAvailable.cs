using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Machines;

namespace Fastdist.Proxy.Pools;

/// <summary>
/// Chooses who is first in order and has not reached its rate. Who has reached it is put aside until its next token comes, so that it is
/// passed over once a token and not at every choice.
/// </summary>
internal sealed class FirstAvailable : Policy
{
    private readonly ShardClock _clock;
    private readonly Backend[] _members;

    /// <summary>Members by their order, those of the same in the order they were added; and where each stands there.</summary>
    private readonly int[] _ranked;
    private readonly int[] _rankOf;

    /// <summary>The ranks of those that can be chosen, and of these the ones that are not put aside.</summary>
    private readonly PositionSet _choosable;
    private readonly PositionSet _unspent;

    /// <summary>Ranks that were put aside, by when, microseconds, the next token comes; and the same to look one up.</summary>
    private readonly PriorityQueue<int, long> _spent = new();
    private readonly PositionSet _isSpent;

    /// <param name="members">By their numbers.</param>
    /// <param name="clock">The shard's.</param>
    public FirstAvailable(Backend[] members, ShardClock clock)
    {
        _members = members;
        _clock = clock;
        _ranked = [.. Enumerable.Range(0, members.Length).OrderBy(member => members[member].Options.Order)];
        _rankOf = new int[members.Length];
        for (int rank = 0; rank < _ranked.Length; rank++)
        {
            _rankOf[_ranked[rank]] = rank;
        }

        (_choosable, _unspent, _isSpent) = (new PositionSet(members.Length), new PositionSet(members.Length), new PositionSet(members.Length));
        _spent.EnsureCapacity(members.Length);
    }

    public override void Add(int member)
    {
        int rank = _rankOf[member];
        _choosable.Add(rank);
        if (!_isSpent.Contains(rank))
        {
            _unspent.Add(rank);
        }
    }

    public override void Remove(int member)
    {
        _choosable.Remove(_rankOf[member]);
        _unspent.Remove(_rankOf[member]);
    }

    public override int Choose(ReadOnlySpan<byte> name)
    {
        TakeBack();
        for (int rank = _unspent.NextFrom(0); rank >= 0; rank = _unspent.NextFrom(rank))
        {
            QueryRate rate = _members[_ranked[rank]].Rate;
            if (rate.HasRoom(_clock.Now))
            {
                rate.Take(_clock.Now);
                return _ranked[rank];
            }

            _unspent.Remove(rank);
            _isSpent.Add(rank);
            _spent.Enqueue(rank, rate.NextAt);
        }

        return Nobody;
    }

    /// <summary>Those whose next token has come can be chosen again.</summary>
    private void TakeBack()
    {
        while (_spent.TryPeek(out int rank, out long at) && at <= _clock.Now)
        {
            _spent.Dequeue();
            _isSpent.Remove(rank);
            if (_choosable.Contains(rank))
            {
                _unspent.Add(rank);
            }
        }
    }
}
