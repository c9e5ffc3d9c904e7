using System.Numerics;
using Fastdist.Proxy.Backends;

namespace Fastdist.Proxy.Pools;

/// <summary>
/// The members that can be chosen in a row, each as long as its weight. The weights are summed up in a Fenwick tree: sum number I, from 1,
/// is over as many members up to I as I's lowest bit says, so that finding, coming and going take a step for each doubling of the number
/// of members.
/// </summary>
/// <param name="members">By their numbers.</param>
internal sealed class WeightTree(Backend[] members)
{
    private readonly long[] _sums = new long[members.Length + 1];

    /// <summary>Length of the row: the sum of the weights.</summary>
    public long Total { get; private set; }

    /// <summary>A member takes its place, in the order of numbers.</summary>
    public void Add(int member) => Add(member, members[member].Options.Weight);

    /// <summary>A member leaves it.</summary>
    public void Remove(int member) => Add(member, -members[member].Options.Weight);

    /// <summary>The member at a place of the row.</summary>
    /// <param name="place">From 0, below <see cref="Total"/>.</param>
    public int At(long place)
    {
        int passed = 0;
        for (int step = (int)BitOperations.RoundUpToPowerOf2((uint)_sums.Length); step > 0; step /= 2)
        {
            if (passed + step < _sums.Length && _sums[passed + step] <= place)
            {
                passed += step;
                place -= _sums[passed];
            }
        }

        return passed;
    }

    private void Add(int member, long weight)
    {
        Total += weight;
        for (int sum = member + 1; sum < _sums.Length; sum += sum & -sum)
        {
            _sums[sum] += weight;
        }
    }
}
