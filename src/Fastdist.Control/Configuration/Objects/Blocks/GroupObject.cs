using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Dns;
using Fastdist.Lua;
using Fastdist.Rules.Addresses;
using Fastdist.Rules.Blocks;

namespace Fastdist.Control.Configuration.Objects.Blocks;

/// <summary>A group of blocking rules as an object.</summary>
internal static class GroupObject
{
    private const string Tail = "reason, blockSeconds[, action[, warning[, {tagName=, tagValue=}]]]";
    private const int MostRcode = 15;

    /// <summary>Its methods; their first argument is the group.</summary>
    public static readonly IReadOnlyList<Function> Methods =
    [
        Doing("setQueryRate", $"rate, seconds, {Tail}", "block who asks more a second", 4, 7, static (script, self, arguments) =>
            self.Rules = self.Rules with { QueryRate = Rate(script, arguments, 1) }),
        Doing("setResponseByteRate", $"rate, seconds, {Tail}", "block whose answers have more bytes a second", 4, 7, static (script, self, arguments) =>
            self.Rules = self.Rules with { ResponseByteRate = Rate(script, arguments, 1) }),
        Doing("setQTypeRate", $"type, rate, seconds, {Tail}", "block who asks for a type more often a second", 5, 8, static (script, self, arguments) =>
            self.Rules = self.Rules with { TypeRates = self.Rules.TypeRates.SetItem(arguments.Type(1), Rate(script, arguments, 2)) }),
        Doing("setRCodeRate", $"rcode, rate, seconds, {Tail}", "block who gets an outcome more often a second", 5, 8, static (script, self, arguments) =>
            self.Rules = self.Rules with { RcodeRates = self.Rules.RcodeRates.SetItem(Rcode(arguments, 1), Rate(script, arguments, 2)) }),
        Doing("setRCodeRatio", $"rcode, ratio, seconds, reason, blockSeconds, minimumResponses[, action[, warning[, options]]]", "block of whose answers a larger share has an outcome", 6, 9, static (script, self, arguments) =>
            self.Rules = self.Rules with { RcodeRatios = self.Rules.RcodeRatios.SetItem(Rcode(arguments, 1), Ratio(script, arguments, 2)) }),
        Doing("setAllowedRCodesRatio", "{rcode, ...}, ratio, seconds, reason, blockSeconds, minimumResponses[, action[, warning[, options]]]", "block of whose answers a larger share has other outcomes", 6, 9, static (script, self, arguments) =>
            self.Rules = self.Rules with
            {
                AllowedRcodes = [.. RuleArguments.InOrder(arguments.Table(1, "rcodes")).Select(static item => Rcode(new Arguments([item]), 0))],
                AllowedRcodesRatio = Ratio(script, arguments, 2),
            }),
        Doing("setCacheMissRatio", "ratio, seconds, reason, blockSeconds, minimumResponses, minimumGlobalHitRatio[, action[, warning[, options]]]", "block of whose answers a larger share is in no cache", 6, 9, static (script, self, arguments) =>
        {
            RatioRule rule = BlockArguments.With(new RatioRule(arguments.Ratio(1, "ratio")), script, arguments, window: 2, action: 7, options: 9);
            self.Rules = self.Rules with
            {
                CacheMissRatio = rule with
                {
                    MinResponses = arguments.Unsigned(5, "minimumResponses"), MinGlobalHitRatio = arguments.Ratio(6, "minimumGlobalHitRatio"), WarningRatio = arguments.Has(8) ? arguments.Ratio(8, "warning") : 0,
                },
            };
        }),
        Doing("setSuffixMatchRule", "seconds, reason, blockSeconds, action, function[, options]", "block the names that a function chooses, which is shown each with what was answered of it", 5, 6, SetSuffixes),
        Doing("setMasks", "v4, v6, port", "how many bits of its address, and of its port, make a client", 3, 3, static (_, self, arguments) =>
            self.Rules = self.Rules with { Masks = new AddressMasks(arguments.Integer(1, "v4", 0, 32), arguments.Integer(2, "v6", 0, 128), arguments.Integer(3, "port", 0, 16)) }),
        Doing("excludeRange", "network | {network, ...}", "never block clients of these", 1, 1, static (_, self, arguments) => ForEachNetwork(self, arguments, self.Ranges.Exclude)),
        Doing("includeRange", "network | {network, ...}", "block clients of these, though they are in larger ones that are excluded", 1, 1, static (_, self, arguments) => ForEachNetwork(self, arguments, self.Ranges.Include)),
        Doing("removeRange", "network | {network, ...}", "take back what was said of these", 1, 1, static (_, self, arguments) => ForEachNetwork(self, arguments, network => self.Ranges.Remove(network))),
        Doing("excludeDomains", "name | {name, ...}", "never block these names, nor what is below them", 1, 1, static (_, self, arguments) =>
        {
            foreach (DomainName name in arguments.Suffixes(1).All)
            {
                self.Domains.Add(name);
            }

            self.Changed();
        }),
        Doing("setQuiet", "boolean", "whether the log is told nothing of its blocks", 1, 1, static (_, self, arguments) =>
        {
            self.IsQuiet = arguments.Boolean(1, "boolean");
            self.Changed();
        }),
        Doing("setNewBlockInsertedHook", "function", "call this for each new block with kind, what, reason, action, seconds and whether it is a warning", 1, 1, static (_, self, arguments) =>
        {
            self.Hook = arguments.Function(1, "function");
            self.Hook.Keep();
            self.Changed();
        }),
        Doing("apply", "", "block who deserves it; to be called every second, in maintenance()", 0, 0, static (script, self, _) =>
        {
            if (script.Occasion == Occasion.Console)
            {
                self.Apply(script, script.Operator.Blocks);
            }
        }),
        new Function("toString", "", "its rules", static (_, arguments) => LuaValue.Of(Text(From(arguments)))) { Least = 1, Most = 1 },
    ];

    private static readonly LuaClass s_class = ObjectClass.Make<ScriptedGroup>("DynBlockRulesGroup", "blocks", Methods, [], Text);

    /// <summary>The object of a new group.</summary>
    public static LuaValue Make() => new LuaObject(s_class, new ScriptedGroup());

    private static ScriptedGroup From(Arguments arguments) => arguments.Object<ScriptedGroup>(0, "group", "a group that dynBlockRulesGroup made; write a colon in front of the method");

    private static int Rcode(Arguments arguments, int index) => arguments.Integer(index, "rcode", 0, MostRcode);

    private static RateRule Rate(Script script, Arguments arguments, int rate) => BlockArguments.With(
        new RateRule(arguments.Rate(rate, "rate")) { WarningRate = arguments.Has(rate + 5) ? arguments.Rate(rate + 5, "warning") : 0 }, script, arguments, rate + 1, rate + 4, rate + 6);

    private static RatioRule Ratio(Script script, Arguments arguments, int ratio) => BlockArguments.With(
        new RatioRule(arguments.Ratio(ratio, "ratio"))
        {
            MinResponses = arguments.Unsigned(ratio + 4, "minimumResponses"),
            WarningRatio = arguments.Has(ratio + 6) ? arguments.Ratio(ratio + 6, "warning") : 0,
        },
        script, arguments, ratio + 1, ratio + 5, ratio + 7);

    private static void SetSuffixes(Script script, ScriptedGroup self, Arguments arguments)
    {
        LuaFunction visitor = arguments.Function(5, "function");
        visitor.Keep();
        self.Rules = self.Rules with
        {
            Suffixes = BlockArguments.With(new SuffixRule((StatNode node, in NameStatistics own, in NameStatistics children) => NodeObjects.Ask(visitor, node, in own, in children)), script, arguments, window: 1, action: 4, options: 6),
        };
    }

    private static void ForEachNetwork(ScriptedGroup self, Arguments arguments, Action<IPNetwork> change)
    {
        foreach ((IPNetwork network, bool isIn) in arguments.Networks(1).Networks)
        {
            if (!isIn)
            {
                throw new ScriptException("write a network without ! here: excludeRange and includeRange say it");
            }

            change(network);
        }

        self.Changed();
    }

    private static string Text(ScriptedGroup group)
    {
        BlockRules rules = group.Rules;
        string[] lines =
        [
            .. rules.QueryRate is { } queries ? [$"- Query rate: {Text(queries)}"] : Array.Empty<string>(),
            .. rules.ResponseByteRate is { } bytes ? [$"- Response byte rate: {Text(bytes)}"] : Array.Empty<string>(),
            .. rules.CacheMissRatio is { } misses ? [$"- Cache-miss ratio: {Text(misses)}"] : Array.Empty<string>(),
            .. rules.TypeRates.Select(static entry => $"- {RecordTypes.ToText(entry.Key)}: {Text(entry.Value)}"),
            .. rules.RcodeRates.Select(static entry => $"- {Fastdist.Rules.Selectors.RcodeTexts.Of(entry.Key)}: {Text(entry.Value)}"),
            .. rules.RcodeRatios.Select(static entry => $"- {Fastdist.Rules.Selectors.RcodeTexts.Of(entry.Key)} ratio: {Text(entry.Value)}"),
            .. rules.AllowedRcodesRatio is { } allowed ? [$"- Other response codes: {Text(allowed)}"] : Array.Empty<string>(),
            .. rules.Suffixes is { } suffixes ? [$"- Suffixes: {suffixes.Seconds} s: {suffixes.Reason}"] : Array.Empty<string>(),
        ];
        return lines.Length == 0 ? "no rules\n" : string.Concat(lines.Select(static line => $"{line}\n"));
    }

    private static string Text(RateRule rule) => FormattableString.Invariant($"{rule.Rate} a second over {rule.Seconds} s, for {rule.BlockSeconds} s: {rule.Reason}");

    private static string Text(RatioRule rule) => FormattableString.Invariant($"{rule.Ratio} of {rule.MinResponses} or more over {rule.Seconds} s, for {rule.BlockSeconds} s: {rule.Reason}");

    private static Function Doing(string name, string parameters, string help, int least, int most, Action<Script, ScriptedGroup, Arguments> run) =>
        Function.Doing(name, parameters, help, 1 + least, 1 + most, (script, arguments) => run(script, From(arguments), arguments));
}
