using System;
using Fastdist.Proxy.Backends;

namespace Fastdist.Proxy.Pools;

/// <summary>Finds a member by a place in the row of all that can be chosen, each as long as its weight, and another place where who was found is left out.</summary>
/// <param name="members">By their numbers.</param>
/// <param name="bound">Who is left out.</param>
internal abstract class Weighted(Backend[] members, BoundedLoad bound) : Policy
{
    /// <summary>The row.</summary>
    protected WeightTree Weights { get; } = new(members);

    public override void Add(int member)
    {
        Weights.Add(member);
        bound.Add(member);
    }

    public override void Remove(int member)
    {
        Weights.Remove(member);
        bound.Remove(member);
    }

    public override int Choose(ReadOnlySpan<byte> name)
    {
        int found = Find(name, attempt: 0);
        for (uint attempt = 1; attempt < BoundedLoad.MostTries && bound.LeavesOut(found); attempt++)
        {
            found = Find(name, attempt);
        }

        return bound.NextFrom(found);
    }

    /// <summary>Finds a member, left out or not.</summary>
    /// <param name="name">The query's name, wire form.</param>
    /// <param name="attempt">How many were found for this query before and left out.</param>
    protected abstract int Find(ReadOnlySpan<byte> name, uint attempt);
}
