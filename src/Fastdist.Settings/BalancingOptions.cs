using System;

namespace Fastdist.Settings;

/// <summary>What policies go by besides weights, the same in every pool.</summary>
public sealed record BalancingOptions
{
    private static readonly uint s_drawn = (uint)Random.Shared.NextInt64(1L << 32);

    /// <summary>How many times its share by weight a server may have of all queries with wrandom and whashed, at least 1; 0 is no limit.</summary>
    public double WeightedFactor { get; init; }

    /// <summary>The same with chashed.</summary>
    public double ConsistentHashingFactor { get; init; }

    /// <summary>Seed of whashed's hash; drawn at the start unless it is set, so that outsiders cannot choose names that all go to one server.</summary>
    public uint WHashedPerturbation { get; init; } = s_drawn;

    /// <summary>Whether that seed was drawn: then it is nobody's to know.</summary>
    public bool IsPerturbationDrawn => WHashedPerturbation == s_drawn;
}
