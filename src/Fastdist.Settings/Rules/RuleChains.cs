using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Settings.Rules;

/// <summary>The rules of a process: a list for each <see cref="ChainKind"/>, asked from its beginning. Equal when the same rules are in the same places.</summary>
public sealed class RuleChains : IEquatable<RuleChains>
{
    private static readonly int s_count = Enum.GetValues<ChainKind>().Length;

    private readonly IReadOnlyList<Rule>[] _chains;

    private RuleChains(IReadOnlyList<Rule>[] chains) => _chains = chains;

    /// <summary>No rules at all.</summary>
    public static RuleChains None { get; } = new([.. Enumerable.Repeat<IReadOnlyList<Rule>>([], s_count)]);

    /// <summary>The rules of a chain.</summary>
    public IReadOnlyList<Rule> this[ChainKind kind] => _chains[(int)kind];

    /// <summary>All rules, with the chain each is in.</summary>
    public IEnumerable<(ChainKind Kind, Rule Rule)> All => _chains.SelectMany(static (chain, kind) => chain.Select(rule => ((ChainKind)kind, rule)));

    /// <summary>Whether there is no rule.</summary>
    public bool IsEmpty => Array.TrueForAll(_chains, static chain => chain.Count == 0);

    /// <summary>The same with other rules in one chain.</summary>
    public RuleChains With(ChainKind kind, IReadOnlyList<Rule> rules)
    {
        IReadOnlyList<Rule>[] chains = [.. _chains];
        chains[(int)kind] = [.. rules];
        return new RuleChains(chains);
    }

    /// <summary>
    /// Has rules go on that were there before, when all are read anew: those with the same UUID, else those that have the same name, look for the same and do the same, in their order.
    /// </summary>
    /// <param name="last">The rules until now.</param>
    public void TakeOver(RuleChains last)
    {
        for (int kind = 0; kind < s_count; kind++)
        {
            TakeOver(_chains[kind], last._chains[kind]);
        }
    }

    /// <summary>Whether a chain is one of queries.</summary>
    public static bool IsForQueries(ChainKind kind) => kind is ChainKind.Query or ChainKind.CacheMiss;

    /// <inheritdoc/>
    public bool Equals(RuleChains? other) => other is not null && _chains.Zip(other._chains).All(static pair => pair.First.SequenceEqual(pair.Second));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RuleChains);

    /// <inheritdoc/>
    public override int GetHashCode() => All.Aggregate(0, static (hash, entry) => HashCode.Combine(hash, entry.Kind, entry.Rule));

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Enum.GetValues<ChainKind>().Where(kind => this[kind].Count > 0).Select(kind => $"{kind} {this[kind].Count}"));

    private static void TakeOver(IReadOnlyList<Rule> next, IReadOnlyList<Rule> last)
    {
        Dictionary<Guid, Rule> known = last.DistinctBy(static rule => rule.Id).ToDictionary(static rule => rule.Id);
        Rule[] unknown = [.. next.Where(rule => !known.ContainsKey(rule.Id))];
        ILookup<string, Rule> alike = last.Except(next.Select(rule => known.GetValueOrDefault(rule.Id)).OfType<Rule>()).ToLookup(Describe);
        foreach (Rule rule in next.Except(unknown))
        {
            rule.TakeOver(known[rule.Id]);
        }

        foreach (IGrouping<string, Rule> rules in unknown.GroupBy(Describe))
        {
            foreach ((Rule rule, Rule same) in rules.Zip(alike[rules.Key]))
            {
                rule.TakeOver(same);
            }
        }
    }

    private static string Describe(Rule rule) => $"{rule.Name}\n{rule.Selector}\n{rule.Action}";
}
