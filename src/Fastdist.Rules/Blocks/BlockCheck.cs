using System;

namespace Fastdist.Rules.Blocks;

/// <summary>A rule over the sums of a client.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Count">The sum that it is about.</param>
/// <param name="Total">The sum that it is a share of; -1 for a rate.</param>
/// <param name="Limit">How many are just not too many, or which share.</param>
/// <param name="Warning">The same for a warning; 0 for none.</param>
internal sealed record BlockCheck(BlockRule Rule, int Count, int Total, double Limit, double Warning)
{
    /// <summary>With a smaller total nothing is said.</summary>
    public uint MinTotal { get; init; }

    /// <summary>With a smaller share of hits of all clients nothing is said.</summary>
    public double MinGlobalHitRatio { get; init; }

    /// <summary>Whether it is too much.</summary>
    public bool IsOver(ReadOnlySpan<long> sums, double globalHitRatio) => Exceeds(sums, globalHitRatio, Limit);

    /// <summary>Whether it is worth a warning, which is left to say for who is not blocked.</summary>
    public bool IsWarning(ReadOnlySpan<long> sums, double globalHitRatio) => Warning > 0 && Exceeds(sums, globalHitRatio, Warning);

    private bool Exceeds(ReadOnlySpan<long> sums, double globalHitRatio, double limit)
    {
        if (Total < 0)
        {
            return sums[Count] > limit;
        }

        long total = sums[Total];
        return total >= MinTotal && sums[Count] > limit * total && globalHitRatio >= MinGlobalHitRatio;
    }
}
