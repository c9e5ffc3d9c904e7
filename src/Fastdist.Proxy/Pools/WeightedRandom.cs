using System;
using Fastdist.Proxy.Backends;

namespace Fastdist.Proxy.Pools;

/// <summary>Draws by weight, again where who was drawn is left out.</summary>
/// <param name="members">By their numbers.</param>
/// <param name="bound">Who is left out.</param>
/// <param name="random">The shard's.</param>
internal sealed class WeightedRandom(Backend[] members, BoundedLoad bound, Random random) : Weighted(members, bound)
{
    protected override int Find(ReadOnlySpan<byte> name, uint attempt) => Weights.At(random.NextInt64(Weights.Total));
}
