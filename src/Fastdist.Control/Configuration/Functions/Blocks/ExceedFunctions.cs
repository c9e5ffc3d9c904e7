using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects.Blocks;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Dns;
using Fastdist.Lua;
using Fastdist.Proxy;
using Fastdist.Rules.Blocks;

namespace Fastdist.Control.Configuration.Functions.Blocks;

/// <summary>
/// The functions that give who is over a rate, as configurations from before groups of rules have them. Counting begins with the first call of each; until there was a second of it
/// nobody is over.
/// </summary>
internal static class ExceedFunctions
{
    /// <summary>What each script counts, by what was asked.</summary>
    private static readonly ConditionalWeakTable<Script, Dictionary<string, (BlockGroup Group, RateRule Rule)>> s_groups = [];

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Rate("exceedQRate", "queries", static (rules, rule) => rules with { QueryRate = rule }),
        Rate("exceedRespByterate", "bytes of answers", static (rules, rule) => rules with { ResponseByteRate = rule }),
        Rate("exceedServFails", "answers SERVFAIL", static (rules, rule) => rules with { RcodeRates = rules.RcodeRates.Add((int)Rcode.ServFail, rule) }),
        Rate("exceedNXDOMAINs", "answers NXDOMAIN", static (rules, rule) => rules with { RcodeRates = rules.RcodeRates.Add((int)Rcode.NXDomain, rule) }),
        new Function("exceedQTypeRate", "type, rate, seconds", "addresses that ask for a type more often a second, with how often", static (script, arguments) =>
        {
            RecordType type = arguments.Type(0);
            var rule = new RateRule(arguments.Rate(1, "rate")) { Seconds = arguments.Window(2) };
            return Over(script, $"type {type} {rule.Rate} {rule.Seconds}", rule, new BlockRules { TypeRates = new BlockRules().TypeRates.Add(type, rule) });
        }) { Least = 3, Most = 3, IsForProcess = true },
    ];

    private static Function Rate(string name, string what, Func<BlockRules, RateRule, BlockRules> add) =>
        new(name, "rate, seconds", $"addresses with more {what} a second, with how many", (script, arguments) =>
        {
            var rule = new RateRule(arguments.Rate(0, "rate")) { Seconds = arguments.Window(1) };
            return Over(script, $"{name} {rule.Rate} {rule.Seconds}", rule, add(new BlockRules(), rule));
        })
        { Least = 2, Most = 2, IsForProcess = true };

    private static LuaTable Over(Script script, string key, RateRule rule, BlockRules rules)
    {
        DynamicBlocks blocks = script.Operator.Blocks;
        Dictionary<string, (BlockGroup Group, RateRule Rule)> groups = s_groups.GetOrCreateValue(script);
        if (!groups.TryGetValue(key, out (BlockGroup Group, RateRule Rule) counted))
        {
            counted = (new BlockGroup(rules, blocks.Shards), rule);
            groups.Add(key, counted);
        }

        return blocks.Look(counted.Group)
            ? new LuaTable([], [.. counted.Group.Over(counted.Rule).Select(static entry => (LuaValue.Of($"{entry.Client.Key.ToIPAddress()}"), LuaValue.Of(entry.Rate)))])
            : throw new ScriptException("there are as many groups at work as there may be: use one for several rules");
    }
}
