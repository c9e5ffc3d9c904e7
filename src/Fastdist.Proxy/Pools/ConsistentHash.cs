using System;
using System.Linq;
using Fastdist.Proxy.Backends;

namespace Fastdist.Proxy.Pools;

/// <summary>
/// Chooses by name, so that each name goes to the same backend while that can be chosen. The names of one that cannot go to the next
/// points of the ring, which are all the others' in turn: one more look for each that is passed over, so that half of the members missing
/// costs one look more.
/// </summary>
internal sealed class ConsistentHash : Policy
{
    private readonly Backend[] _members;
    private readonly HashRing _ring;

    /// <summary>The member in a slot, <see cref="Policy.Nobody"/> where it cannot be chosen.</summary>
    private readonly int[] _bySlot;

    /// <param name="members">By their numbers.</param>
    /// <param name="ring">Whose the names are; it may know other backends than there are.</param>
    public ConsistentHash(Backend[] members, HashRing ring)
    {
        _members = members;
        _ring = ring;
        _bySlot = new int[members.Length == 0 ? 0 : members.Max(static backend => backend.Index) + 1];
        Array.Fill(_bySlot, Nobody);
    }

    public override void Add(int member) => _bySlot[_members[member].Index] = member;

    public override void Remove(int member) => _bySlot[_members[member].Index] = Nobody;

    public override int Choose(ReadOnlySpan<byte> name)
    {
        int first = _ring.PointOf(name);
        for (int i = 0; i < _ring.Count; i++)
        {
            if (Find(_ring.SlotAt(first + i)) is >= 0 and int member)
            {
                return member;
            }
        }

        // Those on the ring are gone or not ready, and the ring that knows the others is on its way.
        return Nobody;
    }

    private int Find(int slot) => slot < _bySlot.Length ? _bySlot[slot] : Nobody;
}
