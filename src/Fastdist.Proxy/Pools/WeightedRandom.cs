using System;
using Fastdist.Proxy.Backends;

namespace Fastdist.Proxy.Pools;

/// <summary>Draws by weight, again where who was drawn is left out.</summary>
/// <param name="members">By their numbers.</param>
/// <param name="bound">Who is left out.</param>
/// <param name="random">The shard's.</param>
internal sealed class WeightedRandom(Backend[] members, BoundedLoad bound, Random random) : Policy
{
    private readonly WeightTree _weights = new(members);

    public override void Add(int member)
    {
        _weights.Add(member);
        bound.Add(member);
    }

    public override void Remove(int member)
    {
        _weights.Remove(member);
        bound.Remove(member);
    }

    public override int Choose(ReadOnlySpan<byte> name)
    {
        int drawn = Draw();
        for (int draws = 1; draws < BoundedLoad.MostTries && bound.LeavesOut(drawn); draws++)
        {
            drawn = Draw();
        }

        return bound.NextFrom(drawn);
    }

    private int Draw() => _weights.At(random.NextInt64(_weights.Total));
}
