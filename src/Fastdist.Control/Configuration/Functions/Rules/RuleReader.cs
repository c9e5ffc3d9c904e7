using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Lua;
using Fastdist.Settings.Rules;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Functions.Rules;

/// <summary>Makes rules of what functions are given, and looks for them.</summary>
internal static class RuleReader
{
    /// <summary>Makes the rule of a selector, an action and options.</summary>
    /// <param name="script">What it is written in.</param>
    /// <param name="arguments">The three.</param>
    /// <param name="function">The function that was given them.</param>
    public static Rule Read(Script script, Arguments arguments, string function)
    {
        RuleOptions options = Reader(function).Apply(script, new RuleOptions("", Id: null), arguments.Options(2));
        return new Rule(Shorthand.Read(script, arguments, 0), arguments.Action(1))
        {
            Name = options.Name,
            Id = options.Id ?? Guid.NewGuid(),
            CreationOrder = script.CountRule(),
        };
    }

    /// <summary>Rules of a table.</summary>
    public static IReadOnlyList<Rule> ReadAll(Arguments arguments, int index) =>
        [.. RuleArguments.InOrder(arguments.Table(index, "rules")).Select(static item => item is LuaObject { Target: Rule rule }
            ? rule
            : throw new Arguments([item]).Wrong(0, "rules", "a rule that newRuleAction made in each place of the table"))];

    /// <summary>Where a rule is that is given by its number, UUID or name.</summary>
    /// <param name="rules">The chain.</param>
    /// <param name="arguments">What was given.</param>
    /// <param name="index">Where it is.</param>
    /// <returns>All places; of a number or UUID at most one.</returns>
    public static IReadOnlyList<int> Find(IReadOnlyList<Rule> rules, Arguments arguments, int index)
    {
        if (arguments[index] is LuaNumber)
        {
            int number = arguments.Index(index, "rule");
            return number < rules.Count ? [number] : [];
        }

        string text = arguments.String(index, "rule");
        bool isId = Guid.TryParse(text, out Guid id);
        return [.. Enumerable.Range(0, rules.Count).Where(i => isId ? rules[i].Id == id : rules[i].Name == text && text.Length > 0)];
    }

    /// <summary>What is said where there is no rule of a number, UUID or name.</summary>
    public static string Missing(IReadOnlyList<Rule> rules, LuaValue given, string show) => given is LuaNumber
        ? $"{Count(rules)}; see {show}()"
        : $"none has the UUID or name '{given}'{Nearest.Suggest($"{given}", rules.Select(static rule => rule.Name))}";

    /// <summary>How many rules there are, in words.</summary>
    public static string Count(IReadOnlyList<Rule> rules) => rules.Count == 0 ? "there are none" : $"there {(rules.Count == 1 ? "is" : "are")} {rules.Count}, from 0";

    private static OptionReader<RuleOptions> Reader(string function) => new OptionReader<RuleOptions>(function, new OptionTable<RuleOptions>())
        .With("name", static (_, options, value) => options with { Name = OptionValue.Text(value) })
        .With("uuid", static (_, options, value) => options with { Id = OptionValue.Text(value) is { Length: > 0 } text ? Values.Uuid(text) : null });

    /// <param name="Name">Its name; empty without one.</param>
    /// <param name="Id">Its UUID; null for a random one.</param>
    private sealed record RuleOptions(string Name, Guid? Id);
}
