using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Selectors;
using Fastdist.Settings.Rules;
using static Fastdist.Control.Configuration.Objects.ValueMethod;

namespace Fastdist.Control.Configuration.Objects.Rules;

/// <summary>Selectors, actions and rules as objects.</summary>
internal static class RuleObjects
{
    /// <summary>Methods of a selector, which is their first argument.</summary>
    public static readonly IReadOnlyList<Function> SelectorMethods =
    [
        new Function("getMatches", "", "how often the rules that it is in have matched", static (script, arguments) =>
        {
            Selector self = arguments.Selector(0);
            return LuaValue.Of(script.Draft.Settings.Proxy.Rules.All.Where(entry => ReferenceEquals(entry.Rule.Selector, self)).Sum(static entry => entry.Rule.Hits.Total));
        }) { Least = 1, Most = 1 },
        Giving<Selector>("toString", "", "what it looks for", 0, static (self, _) => LuaValue.Of($"{self}")),
    ];

    private static readonly LuaClass s_selector = ObjectClass.Make<Selector>("DNSRule", "selector", SelectorMethods, [], static self => $"{self}");

    /// <summary>Methods of an action, which is their first argument.</summary>
    public static readonly IReadOnlyList<Function> ActionMethods =
    [
        Giving<RuleAction>("getStats", "", "its figures: none has any", 0, static (_, _) => new LuaTable([], [])),
        Doing<RuleAction>("printStats", "", "print its figures: none has any", 0, static (_, _) => { }),
        Function.Having("reload", "", "open the file that it writes to anew, once that was moved away; nothing else has one", 1, static (_, arguments) =>
        {
            RuleAction self = arguments.Action(0);
            return () => (self as LogAction)?.Sink?.Reopen();
        }),
        Giving<RuleAction>("toString", "", "what it does", 0, static (self, _) => LuaValue.Of($"{self}")),
    ];

    private static readonly LuaClass s_action = ObjectClass.Make<RuleAction>("DNSAction", "action", ActionMethods, [], static self => $"{self}");

    /// <summary>Methods of a rule, which is their first argument.</summary>
    public static readonly IReadOnlyList<Function> RuleMethods =
    [
        Giving<Rule>("getAction", "", "its action", 0, static (self, _) => Of(self.Action)),
        Giving<Rule>("getMatches", "", "how often it has matched", 0, static (self, _) => LuaValue.Of(self.Hits.Total)),
        Giving<Rule>("getSelector", "", "its selector", 0, static (self, _) => Of(self.Selector)),
        Giving<Rule>("toString", "", "what it looks for and does", 0, static (self, _) => LuaValue.Of(Text(self))),
    ];

    private static readonly LuaClass s_rule = ObjectClass.Make<Rule>("RuleAction", "rule", RuleMethods, [], Text);

    /// <summary>The object of a selector.</summary>
    /// <exception cref="ScriptException">It is made of too many others.</exception>
    public static LuaValue Of(Selector selector) => selector is LogicSelector logic && (logic.Levels > LogicSelector.MostLevels || logic.Selectors > LogicSelector.MostSelectors)
        ? throw new ScriptException(logic.Levels > LogicSelector.MostLevels
            ? $"at most {LogicSelector.MostLevels} selectors can be within one another: write AndRule and OrRule with longer tables instead"
            : $"at most {LogicSelector.MostSelectors} selectors can be one: put names into a SuffixMatchNode and networks into a NetmaskGroup instead")
        : new LuaObject(s_selector, selector);

    /// <summary>The object of an action.</summary>
    public static LuaValue Of(RuleAction action) => new LuaObject(s_action, action);

    /// <summary>The object of a rule.</summary>
    public static LuaValue Of(Rule rule) => new LuaObject(s_rule, rule);

    /// <summary>A function that makes a selector.</summary>
    public static Function Selecting(string name, string parameters, string help, int least, int most, Func<Script, Arguments, Selector> make) =>
        new(name, parameters, help, (script, arguments) => Of(make(script, arguments))) { Least = least, Most = most };

    /// <inheritdoc cref="Selecting(string, string, string, int, int, Func{Script, Arguments, Selector})"/>
    public static Function Selecting(string name, string parameters, string help, int least, int most, Func<Arguments, Selector> make) =>
        Selecting(name, parameters, help, least, most, (_, arguments) => make(arguments));

    /// <summary>A function that makes an action.</summary>
    public static Function Acting(string name, string parameters, string help, int least, int most, Func<Script, Arguments, RuleAction> make) =>
        new(name, parameters, help, (script, arguments) => Of(make(script, arguments))) { Least = least, Most = most };

    /// <inheritdoc cref="Acting(string, string, string, int, int, Func{Script, Arguments, RuleAction})"/>
    public static Function Acting(string name, string parameters, string help, int least, int most, Func<Arguments, RuleAction> make) =>
        Acting(name, parameters, help, least, most, (_, arguments) => make(arguments));

    /// <summary>Pools that rules send queries to.</summary>
    public static IEnumerable<string> PoolsOf(IEnumerable<Rule> rules) => rules.Select(static rule => PoolOf(rule.Action)).OfType<string>().Distinct();

    /// <summary>What is said of a pool that rules send queries to and that has no server.</summary>
    public static string WithoutServers(string pool) => $"pool '{pool}' has no server: queries that rules send there are answered SERVFAIL, or not at all after setServFailWhenNoServer(false)";

    private static string? PoolOf(RuleAction action) => action switch
    {
        PoolAction pool => pool.Pool,
        LimitedPoolAction pool => pool.Pool,
        ContinueAction outer => PoolOf(outer.Inner),
        _ => null,
    };

    private static string Text(Rule rule) => $"{(rule.Name.Length > 0 ? $"{rule.Name}: " : "")}{rule.Selector} -> {rule.Action}";
}
