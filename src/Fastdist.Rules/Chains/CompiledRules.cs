using System;
using System.Linq;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Chains;

/// <summary>All chains of a process, compiled.</summary>
public sealed class CompiledRules
{
    private readonly CompiledChain?[] _chains;

    private CompiledRules(CompiledChain?[] chains, RateLimit? limit = null) => (_chains, Limit) = (chains, limit);

    /// <summary>No rules at all.</summary>
    public static CompiledRules None { get; } = new(new CompiledChain?[Enum.GetValues<ChainKind>().Length]);

    /// <summary>How often each client may ask; null for as often as it likes.</summary>
    public RateLimit? Limit { get; }

    /// <summary>A chain; null for one without rules.</summary>
    public CompiledChain? this[ChainKind kind] => _chains[(int)kind];

    /// <summary>Compiles chains.</summary>
    /// <param name="chains">The chains.</param>
    /// <param name="shards">Shards that there are.</param>
    /// <param name="poolNumbers">The number of the pool of a name; -1 where there is none.</param>
    /// <param name="limit">How often each client may ask.</param>
    /// <param name="poolNames">The name of the pool of a number.</param>
    public static CompiledRules Compile(RuleChains chains, int shards, Func<string, int> poolNumbers, RateLimit? limit = null, Func<int, string>? poolNames = null)
    {
        if (chains.IsEmpty && limit is null)
        {
            return None;
        }

        foreach ((_, Rule rule) in chains.All)
        {
            rule.Hits.Prepare(shards);
        }

        CompiledChain?[] compiled = [.. Enum.GetValues<ChainKind>().Select(kind => chains[kind].Count == 0 ? null : CompiledChain.Compile(chains[kind], poolNumbers, poolNames))];
        foreach (CompiledChain chain in compiled.OfType<CompiledChain>())
        {
            chain.Prepare(shards);
        }

        return new CompiledRules(compiled, limit);
    }
}
