using System;
using System.Collections.Generic;

namespace Fastdist.Settings.Tables;

/// <summary>What policies are called, here as in dnsdist.</summary>
public static class PolicyNames
{
    private static readonly (string Name, PolicyKind Policy)[] s_all =
    [
        ("leastOutstanding", PolicyKind.LeastOutstanding), ("firstAvailable", PolicyKind.FirstAvailable), ("roundrobin", PolicyKind.RoundRobin),
        ("wrandom", PolicyKind.WeightedRandom), ("whashed", PolicyKind.WeightedHash), ("chashed", PolicyKind.ConsistentHash),
    ];

    /// <summary>All of them, for help.</summary>
    public static string All { get; } = string.Join(", ", Array.ConvertAll(s_all, static policy => policy.Name));

    /// <summary>Each, with its name.</summary>
    public static IReadOnlyList<(string Name, PolicyKind Policy)> Each => s_all;

    /// <summary>A policy's name.</summary>
    public static string Of(PolicyKind policy) => Array.Find(s_all, p => p.Policy == policy).Name;

    /// <summary>Finds the policy of a name.</summary>
    public static bool TryRead(string text, out PolicyKind policy)
    {
        int index = Array.FindIndex(s_all, p => p.Name == text);
        policy = index < 0 ? default : s_all[index].Policy;
        return index >= 0;
    }

    /// <summary>Reads a policy's name.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static PolicyKind Read(string text) => Values.OneOf(text, s_all);
}
