using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Settings;

namespace Fastdist.Proxy;

/// <summary>Which pools the process has, by their numbers, and how each chooses. Changed by one thread at a time, read by any.</summary>
/// <param name="options">Those that there are from the start.</param>
internal sealed class PoolRoster(ProxyOptions options)
{
    private volatile PoolOptions[] _all = [.. options.AllPools];
    private volatile PolicyKind _policy = options.Policy;

    /// <summary>All of them, each under its number, the default pool first.</summary>
    public IReadOnlyList<PoolOptions> All => _all;

    /// <summary>How those choose that have no way of their own.</summary>
    public PolicyKind Policy
    {
        get => _policy;
        set => _policy = value;
    }

    /// <summary>The number of a pool; -1 when there is none of that name.</summary>
    public int NumberOf(string name) => Array.FindIndex(_all, pool => pool.Name == name);

    /// <summary>How a pool chooses.</summary>
    public PolicyKind PolicyOf(PoolOptions pool) => pool.Policy ?? _policy;

    /// <summary>Why there cannot be pools of these names, too; empty when there can.</summary>
    public string ProblemWith(IEnumerable<string> names) => names.Count(name => NumberOf(name) < 0) + _all.Length > ProxyOptions.MostPools
        ? $"there are {_all.Length} pools, and {ProxyOptions.MostPools} are the most"
        : "";

    /// <summary>Takes in a pool under the next number.</summary>
    public void Add(string name) => _all = [.. _all, new PoolOptions { Name = name }];

    /// <summary>Has a pool choose in a way of its own.</summary>
    public void SetPolicy(string name, PolicyKind policy) =>
        _all = Array.ConvertAll(_all, pool => pool.Name == name ? pool with { Policy = policy } : pool);
}
