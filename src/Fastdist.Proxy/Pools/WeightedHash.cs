using System;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;

namespace Fastdist.Proxy.Pools;

/// <summary>
/// Chooses by name: its hash, modulo the sum of the weights, is a place in the row of all that can be chosen. So each name goes to the same member as
/// long as the same can be chosen, and nearly all go elsewhere when one comes or goes. Where the member is left out the name is hashed
/// again, so that the other names stay where they are.
/// </summary>
/// <param name="members">By their numbers.</param>
/// <param name="bound">Who is left out.</param>
/// <param name="perturbation">Seed of the hash.</param>
internal sealed class WeightedHash(Backend[] members, BoundedLoad bound, uint perturbation) : Weighted(members, bound)
{
    protected override int Find(ReadOnlySpan<byte> name, uint attempt)
    {
        uint seed = perturbation + attempt;
        ulong hash = Names.Hash(name, seed);

        // Weights that are large for no reason may add up to more than a hash reaches.
        hash |= Weights.Total > uint.MaxValue ? (ulong)Names.Hash(name, ~seed) << 32 : 0;
        return Weights.At((long)(hash % (ulong)Weights.Total));
    }
}
