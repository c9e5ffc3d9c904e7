using System;

namespace Fastdist.Rules.Chains;

/// <summary>What the rules of one shard have in common.</summary>
/// <param name="shard">Number of the shard.</param>
/// <param name="random">The shard's.</param>
public sealed class ShardRules(int shard, Random random)
{
    /// <summary>Number of the shard.</summary>
    public int Shard => shard;

    /// <summary>The shard's.</summary>
    public Random Random => random;

    /// <summary>What rules may ask about pools; null where there are none.</summary>
    public IPoolStates? Pools { get; set; }

    /// <summary>The tags on its queries.</summary>
    public TagStore Tags { get; } = new();
}
