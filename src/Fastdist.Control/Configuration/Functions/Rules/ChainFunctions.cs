using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Commands;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Lua;
using Fastdist.Settings.Rules;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Functions.Rules;

/// <summary>Chains of rules: each has functions of the same names but for one part.</summary>
internal static class ChainFunctions
{
    private const int UsualTop = 10;

    private static readonly Chain[] s_chains =
    [
        new("", ChainKind.Query), new("CacheMiss", ChainKind.CacheMiss), new("Response", ChainKind.Response), new("CacheHitResponse", ChainKind.CacheHitResponse),
        new("CacheInsertedResponse", ChainKind.CacheInsertedResponse), new("SelfAnsweredResponse", ChainKind.SelfAnsweredResponse), new("XFRResponse", ChainKind.XfrResponse),
    ];

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        .. s_chains.SelectMany(Of),
        .. s_chains.Where(static chain => chain.Kind is ChainKind.Query or ChainKind.Response or ChainKind.CacheHitResponse or ChainKind.SelfAnsweredResponse)
            .Select(static chain => MovingToTop(chain, $"top{chain.Part}Rule")),
        .. s_chains.Where(static chain => chain.Kind is ChainKind.Response or ChainKind.CacheHitResponse or ChainKind.SelfAnsweredResponse)
            .Select(static chain => GettingTop(chain, $"get{chain.Part}Rules")),
        PrintingTop(s_chains[3], "topCacheHitRules"),
        new Function("newRuleAction", "selector, action[, {name=, uuid=}]", "a rule for setRules", static (script, arguments) => RuleObjects.Of(RuleReader.Read(script, arguments, "newRuleAction"))) { Least = 2, Most = 3 },
        new Function("getAction", "number", "the action of a rule for queries; nil where there is none of the number", static (script, arguments) =>
        {
            int number = arguments.Index(0, "number");
            IReadOnlyList<Rule> rules = s_chains[0].RulesOf(script);
            return number < rules.Count ? RuleObjects.Of(rules[number].Action) : LuaValue.Nil;
        }) { Least = 1, Most = 1 },
    ];

    private static IEnumerable<Function> Of(Chain chain) =>
    [
        Adding(chain, $"add{chain.Part}Action"),
        Function.Doing(chain.Show, "[{showUUIDs=, truncateRuleWidth=}]", "print the rules of this chain, and how often each has matched", 0, 1, (script, arguments) =>
            Print(script, arguments, 0, chain.RulesOf(script), chain.Show)) with { IsForProcess = true, IsChange = false },
        Removing(chain, $"rm{chain.Part}Rule"),
        Moving(chain, $"mv{chain.Part}Rule"),
        MovingToTop(chain, $"mv{chain.Part}RuleToTop"),
        Getting(chain, $"get{chain.Part}Rule"),
        GettingTop(chain, $"getTop{chain.Part}Rules"),
        PrintingTop(chain, $"top{chain.Part}Rules"),
        Function.Doing($"clear{chain.Part}Rules", "", "take all rules out of this chain", 0, 0, (script, _) => chain.Change(script, [], $"clear{chain.Part}Rules")),
        Function.Doing($"set{chain.Part}Rules", "{rule, ...}", "have this chain have these rules, which newRuleAction makes, and no others", 1, 1, (script, arguments) =>
        {
            string function = $"set{chain.Part}Rules";
            var rules = new List<Rule>();
            foreach (Rule rule in RuleReader.ReadAll(arguments, 0))
            {
                rules.Add(chain.Admit(rule, rules, function));
            }

            chain.Change(script, rules, function);
        }),
    ];

    private static Function Adding(Chain chain, string name) =>
        Function.Doing(name, "selector, action[, {name=, uuid=}]", "put a rule at the end of this chain; names and networks stand for selectors, too", 2, 3, (script, arguments) =>
        {
            IReadOnlyList<Rule> rules = chain.RulesOf(script);
            chain.Change(script, [.. rules, chain.Admit(RuleReader.Read(script, arguments, name), rules, name)], name);
        });

    private static Function Removing(Chain chain, string name) =>
        Function.Doing(name, "number | uuid | name", "take a rule out, or all of a name", 1, 1, (script, arguments) =>
        {
            IReadOnlyList<Rule> rules = chain.RulesOf(script);
            IReadOnlyList<int> places = RuleReader.Find(rules, arguments, 0);
            if (places.Count == 0)
            {
                string what = arguments[0] is LuaNumber ? "attempt to delete non-existing rule" : "no rule matched";
                throw new ScriptException($"{what}: {RuleReader.Missing(rules, arguments[0], chain.Show)}");
            }

            HashSet<int> removed = [.. places];
            chain.Change(script, [.. rules.Where((_, i) => !removed.Contains(i))], name);
        });

    private static Function Moving(Chain chain, string name) =>
        Function.Doing(name, "from, to", "put a rule in front of another, or at the end where to is how many there are", 2, 2, (script, arguments) =>
        {
            List<Rule> rules = [.. chain.RulesOf(script)];
            int from = arguments.Index(0, "from"), to = arguments.Index(1, "to");
            if (from >= rules.Count || to > rules.Count)
            {
                throw new ScriptException($"attempt to move rules from/to invalid index: {RuleReader.Count(rules)}; see {chain.Show}()");
            }

            Rule moved = rules[from];
            rules.RemoveAt(from);
            rules.Insert(to > from ? to - 1 : to, moved);
            chain.Change(script, rules, name);
        });

    private static Function MovingToTop(Chain chain, string name) =>
        Function.Doing(name, "", "make the last rule the first", 0, 0, (script, _) =>
        {
            IReadOnlyList<Rule> rules = chain.RulesOf(script);
            chain.Change(script, rules.Count > 0 ? [rules[^1], .. rules.SkipLast(1)] : throw new ScriptException("there are no rules to move"), name);
        });

    private static Function Getting(Chain chain, string name) =>
        new(name, "number | uuid | name", "a rule; nil where none has the UUID or name", (script, arguments) =>
        {
            IReadOnlyList<Rule> rules = chain.RulesOf(script);
            IReadOnlyList<int> places = RuleReader.Find(rules, arguments, 0);
            return places.Count > 0 ? RuleObjects.Of(rules[places[0]])
                : arguments[0] is LuaNumber number ? throw new ScriptException($"there is no rule {number}: {RuleReader.Missing(rules, number, chain.Show)}")
                : LuaValue.Nil;
        })
        { Least = 1, Most = 1 };

    private static Function GettingTop(Chain chain, string name) =>
        new(name, "[number]", "the rules that matched most often, ten unless given", (script, arguments) => LuaValue.Of([.. Top(chain.RulesOf(script), arguments).Select(RuleObjects.Of)])) { Most = 1 };

    private static Function PrintingTop(Chain chain, string name) =>
        Function.Doing(name, "[number[, {showUUIDs=, truncateRuleWidth=}]]", "print the rules that matched most often, ten unless given", 0, 2, (script, arguments) =>
            Print(script, arguments, 1, Top(chain.RulesOf(script), arguments), name)) with
        { IsForProcess = true, IsChange = false };

    private static IReadOnlyList<Rule> Top(IReadOnlyList<Rule> rules, Arguments arguments)
    {
        int most = arguments.IntegerOr(0, "number", 0, int.MaxValue, otherwise: UsualTop);
        return [.. rules.OrderByDescending(static rule => rule.Hits.Total).Take(most)];
    }

    private static void Print(Script script, Arguments arguments, int index, IReadOnlyList<Rule> rules, string function)
    {
        OptionReader<ShowOptions> reader = new OptionReader<ShowOptions>(function, new OptionTable<ShowOptions>())
            .With("showUUIDs", static (_, options, value) => options with { ShowIds = OptionValue.Boolean(value) })
            .With("truncateRuleWidth", static (_, options, value) => options with { Width = Values.Integer(OptionValue.Text(value), 0, int.MaxValue) });
        ShowOptions options = reader.Apply(script, new ShowOptions(ShowIds: false, Width: null), arguments.Options(index));
        script.Print(Operator.PrintRules(rules, options.ShowIds, options.Width));
    }

    /// <param name="ShowIds">Whether UUIDs are shown.</param>
    /// <param name="Width">Characters that selectors are cut to.</param>
    private sealed record ShowOptions(bool ShowIds, int? Width);
}
