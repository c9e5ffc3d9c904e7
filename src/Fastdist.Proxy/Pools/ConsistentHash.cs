using System;
using System.Linq;
using Fastdist.Proxy.Backends;

namespace Fastdist.Proxy.Pools;

/// <summary>
/// Chooses by name, so that each name goes to the same backend while that can be chosen. The names of one that cannot, or is left out, go to the next
/// points of the circle, which are all the others' in turn: one more look for each that is passed over, so that half of the members missing
/// costs one look more.
/// </summary>
internal sealed class ConsistentHash : Policy
{
    private readonly Backend[] _members;
    private readonly HashCircle _circle;

    /// <summary>The member in a slot, <see cref="Policy.Nobody"/> where it cannot be chosen.</summary>
    private readonly int[] _bySlot;

    private readonly BoundedLoad _bound;

    /// <param name="members">By their numbers.</param>
    /// <param name="bound">Who is left out.</param>
    /// <param name="circle">Whose the names are; it may know other backends than there are.</param>
    public ConsistentHash(Backend[] members, BoundedLoad bound, HashCircle circle)
    {
        _members = members;
        _bound = bound;
        _circle = circle;
        _bySlot = new int[members.Length == 0 ? 0 : members.Max(static backend => backend.Index) + 1];
        Array.Fill(_bySlot, Nobody);
    }

    public override void Add(int member)
    {
        _bySlot[_members[member].Index] = member;
        _bound.Add(member);
    }

    public override void Remove(int member)
    {
        _bySlot[_members[member].Index] = Nobody;
        _bound.Remove(member);
    }

    public override int Choose(ReadOnlySpan<byte> name)
    {
        int first = _circle.PointOf(name);
        for (int i = 0; i < _circle.Count; i++)
        {
            if (Find(_circle.SlotAt(first + i)) is >= 0 and int member && !_bound.LeavesOut(member))
            {
                return member;
            }
        }

        // Those on the circle are gone or not ready, and the circle that knows the others is on its way.
        return Nobody;
    }

    private int Find(int slot) => slot < _bySlot.Length ? _bySlot[slot] : Nobody;
}
