using System;
using System.Numerics;
using Fastdist.Proxy.Backends;

namespace Fastdist.Proxy.Pools;

/// <summary>
/// Draws by weight. The weights are summed up in a Fenwick tree: sum number I, from 1, is over as many members up to I as I's lowest bit
/// says, so that drawing, coming and going take a step for each doubling of the number of members.
/// </summary>
/// <param name="members">By their numbers.</param>
/// <param name="random">The shard's.</param>
internal sealed class WeightedRandom(Backend[] members, Random random) : Policy
{
    private readonly long[] _sums = new long[members.Length + 1];
    private long _total;

    public override void Add(int member) => Add(member, members[member].Options.Weight);

    public override void Remove(int member) => Add(member, -members[member].Options.Weight);

    public override int Choose(ReadOnlySpan<byte> name)
    {
        long drawn = random.NextInt64(_total);
        int passed = 0;
        for (int step = (int)BitOperations.RoundUpToPowerOf2((uint)_sums.Length); step > 0; step /= 2)
        {
            if (passed + step < _sums.Length && _sums[passed + step] <= drawn)
            {
                passed += step;
                drawn -= _sums[passed];
            }
        }

        return passed;
    }

    private void Add(int member, long weight)
    {
        _total += weight;
        for (int sum = member + 1; sum < _sums.Length; sum += sum & -sum)
        {
            _sums[sum] += weight;
        }
    }
}
