using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Rules.Patterns;
using Fastdist.Rules.Rates;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Chains;

/// <summary>
/// A chain of rules as data: rows of tests with targets, and an index by which a name finds the rules about names that stand next to each other, so that a
/// thousand of them cost no more than a few. Made once; every shard reads it, and has its <see cref="ChainRunner"/> for what changes.
/// </summary>
public sealed class CompiledChain
{
    private CompiledChain(IReadOnlyList<Rule> rules, Test[] tests, int[] entries, NameKeys? keys, SelectorCompiler compiler, Func<string, int> poolNumbers)
    {
        Rules = [.. rules];
        (Tests, Entries, Keys) = (tests, entries, keys);
        (Patterns, Rates, Customs) = (compiler.Patterns, compiler.Rates, compiler.Customs);
        var actions = new List<CustomAction>();
        Actions = [.. rules.Select(rule => PreparedAction.Of(rule.Action, poolNumbers, compiler.Rates, actions))];
        CustomActions = actions;
        HasCustoms = actions.Count + Customs.Count > 0;
        PoolNumbers = poolNumbers;
    }

    /// <summary>Its rules, in order.</summary>
    public Rule[] Rules { get; }

    /// <summary>What each does.</summary>
    public PreparedAction[] Actions { get; }

    /// <summary>Whether some of it is no data: tests and actions that are written in a language.</summary>
    public bool HasCustoms { get; }

    /// <summary>The number of the pool of a name; -1 where there is none. Asked from any thread.</summary>
    public Func<string, int> PoolNumbers { get; }

    /// <summary>The name of the pool of a number. Asked from any thread.</summary>
    public Func<int, string> PoolNames { get; private init; } = static _ => "";

    /// <summary>The rows.</summary>
    internal Test[] Tests { get; }

    /// <summary>Where to begin with each rule, and after the last.</summary>
    internal int[] Entries { get; }

    /// <summary>The names that are looked for at once; null for none.</summary>
    internal NameKeys? Keys { get; }

    internal IReadOnlyList<Pattern> Patterns { get; }

    internal IReadOnlyList<ProcessRate> Rates { get; }

    internal IReadOnlyList<CustomSelector> Customs { get; }

    internal IReadOnlyList<CustomAction> CustomActions { get; }

    /// <summary>Compiles rules.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="poolNumbers">The number of the pool of a name; -1 where there is none.</param>
    /// <param name="poolNames">The name of the pool of a number.</param>
    public static CompiledChain Compile(IReadOnlyList<Rule> rules, Func<string, int> poolNumbers, Func<int, string>? poolNames = null)
    {
        var compiler = new SelectorCompiler(poolNumbers);
        int[] entries = new int[rules.Count + 1];
        entries[^1] = Test.End;
        for (int rule = rules.Count - 1; rule >= 0; rule--)
        {
            entries[rule] = compiler.Compile(rules[rule].Selector, Test.Matched(rule), entries[rule + 1]);
        }

        Test[] tests = [.. compiler.Tests];
        NameKeys? keys = Number(tests, entries, compiler.Keyed);
        return new CompiledChain(rules, tests, entries, keys, compiler, poolNumbers) { PoolNames = poolNames ?? (static number => $"{number}") };
    }

    /// <summary>Has what is no data be ready for shards.</summary>
    internal void Prepare(int shards)
    {
        foreach (CustomSelector custom in Customs)
        {
            custom.Prepare(shards);
        }

        foreach (CustomAction custom in CustomActions)
        {
            custom.Prepare(shards);
        }
    }

    /// <summary>
    /// Numbers the rows that look for names, those at the heads of rules first, in their order: of heads that stand next to each other, each knows the number of the
    /// last, so that the first one that holds is found without asking those before it.
    /// </summary>
    private static NameKeys? Number(Test[] tests, int[] entries, Dictionary<int, (IReadOnlyList<DomainName> Names, bool IsExact)> keyed)
    {
        if (keyed.Count == 0)
        {
            return null;
        }

        int[] heads = [.. entries.Where((entry, rule) => rule < entries.Length - 1 && keyed.ContainsKey(entry) && tests[entry].No == entries[rule + 1]).Distinct()];
        int[] rows = [.. heads, .. keyed.Keys.Except(heads).Order()];
        for (int number = rows.Length - 1; number >= 0; number--)
        {
            ref Test test = ref tests[rows[number]];
            test.A = number;
            bool isHead = number < heads.Length;
            bool isFollowed = number + 1 < heads.Length && test.No == heads[number + 1];
            test.B = !isHead ? -1 : isFollowed ? tests[heads[number + 1]].B : number;
        }

        return new NameKeys(rows, [.. rows.Select(row => keyed[row])]);
    }
}
