using System.Collections.Generic;

namespace Fastdist.Settings;

/// <summary>A pool of backends, with the names an operator writes.</summary>
public sealed record PoolOptions
{
    /// <summary>Name of the default pool, where queries go about which nothing else was decided.</summary>
    public const string Default = "";

    /// <summary>That pool and no other.</summary>
    public static IReadOnlyList<string> OnlyDefault { get; } = [Default];

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How its backends are chosen; null for the way of the default pool.</summary>
    public PolicyKind? Policy { get; init; }

    /// <summary>The cache that is asked before its backends; null for none. Pools whose caches have the same number have one in common.</summary>
    public CacheOptions? Cache { get; init; }
}
