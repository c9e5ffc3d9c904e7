using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Settings.Rules;

namespace Fastdist.Control.Configuration.Functions.Rules;

/// <summary>A chain as scripts change it: in the draft, so that all that a script does comes into use at once.</summary>
/// <param name="Part">What the names of its functions have in them.</param>
/// <param name="Kind">Which it is.</param>
internal sealed record Chain(string Part, ChainKind Kind)
{
    /// <summary>The function that prints it.</summary>
    public string Show => $"show{Part}Rules";

    /// <summary>Its rules, as the draft has them.</summary>
    public IReadOnlyList<Rule> RulesOf(Script script) => script.Draft.Settings.Proxy.Rules[Kind];

    /// <summary>Gives it others.</summary>
    /// <param name="script">What is changed.</param>
    /// <param name="rules">All of them.</param>
    /// <param name="function">The function that does it.</param>
    public void Change(Script script, IReadOnlyList<Rule> rules, string function)
    {
        Rule[] added = [.. rules.Except(RulesOf(script))];
        script.Draft.ChangeProxy(proxy => proxy with { Rules = proxy.Rules.With(Kind, rules) });
        if (Kind == ChainKind.XfrResponse && added.Length > 0)
        {
            script.Warn(script.Place, $"{function}: zone transfers are refused here, so that no such rule is ever asked");
        }

        if (script.Occasion == Occasion.Console)
        {
            IEnumerable<string> served = script.Draft.Servers.SelectMany(static server => server.Options.Pools);
            foreach (string pool in RuleObjects.PoolsOf(added).Except(served))
            {
                script.Warn(script.Place, $"{function}: {RuleObjects.WithoutServers(pool)}");
            }
        }
    }

    /// <summary>Refuses a rule that does not belong here.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="others">Those that are there.</param>
    /// <param name="function">The function that was to put it here.</param>
    public Rule Admit(Rule rule, IReadOnlyList<Rule> others, string function)
    {
        bool isForQueries = RuleChains.IsForQueries(Kind);
        if (rule.Action.IsForAnswers == isForQueries)
        {
            throw new ScriptException(isForQueries
                ? $"{function}() can only be called with query-related actions, not response-related ones. Are you looking for addResponseAction()?"
                : $"{function}() can only be called with response-related actions, not query-related ones. Are you looking for addAction()?");
        }

        return others.All(other => other.Id != rule.Id) ? rule : throw new ScriptException($"a rule of this chain has the UUID {rule.Id} already");
    }
}
