using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration;
using Fastdist.Control.Tests.Configuration;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Control.Tests.Rules;

/// <summary>Chains of rules as a configuration writes them.</summary>
public class ChainTests
{
    private const string Three = "addAction('a', DropAction(), {name='first'}) addAction('b', DropAction(), {name='second', uuid='f0f3b4a5-1d0c-4f9a-8d4e-2c5c0a9f8a11'}) addAction('c', DropAction(), {name='third'}) ";

    public static TheoryData<string, ChainKind, bool> Chains => new()
    {
        { "", ChainKind.Query, true },
        { "CacheMiss", ChainKind.CacheMiss, true },
        { "Response", ChainKind.Response, false },
        { "CacheHitResponse", ChainKind.CacheHitResponse, false },
        { "CacheInsertedResponse", ChainKind.CacheInsertedResponse, false },
        { "SelfAnsweredResponse", ChainKind.SelfAnsweredResponse, false },
        { "XFRResponse", ChainKind.XfrResponse, false },
    };

    [Theory]
    [MemberData(nameof(Chains))]
    public void Each_chain_has_functions_of_its_own(string part, ChainKind kind, bool isForQueries)
    {
        string drop = isForQueries ? "DropAction()" : "DropResponseAction()", allow = isForQueries ? "AllowAction()" : "AllowResponseAction()";
        string two = $"add{part}Action('a', {drop}, {{name='one'}}) add{part}Action('b', {allow}) ";
        Assert.Equal(["qname in a.|drop", "qname in b.|allow"], Rules(two, kind));
        Assert.Equal(["qname in b.|allow", "qname in a.|drop"], Rules($"{two} mv{part}RuleToTop()", kind));
        Assert.Equal(["qname in b.|allow", "qname in a.|drop"], Rules($"{two} mv{part}Rule(0, 2)", kind));
        Assert.Equal(["qname in b.|allow"], Rules($"{two} rm{part}Rule('one')", kind));
        Assert.Equal(["qname in a.|drop"], Rules($"{two} rm{part}Rule(1)", kind));
        Assert.Empty(Rules($"{two} clear{part}Rules()", kind));
        Assert.Equal(["All|drop"], Rules($"{two} set{part}Rules({{newRuleAction(AllRule(), {drop})}})", kind));
        Assert.Equal(["qname in b.|allow"], Rules($"{two} rm{part}Rule(0) assert(get{part}Rule(0):getAction():toString() == 'allow')", kind));
        Assert.Equal("2", Scripts.Text($"{two} return #getTop{part}Rules()"));
        Assert.Equal("1", Scripts.Text($"{two} return #getTop{part}Rules(1)"));
    }

    [Theory]
    [MemberData(nameof(Chains))]
    public void An_action_of_the_other_kind_is_refused(string part, ChainKind kind, bool isForQueries)
    {
        Assert.Equal(isForQueries, RuleChains.IsForQueries(kind));
        string action = isForQueries ? "DropResponseAction()" : "DropAction()";
        string expected = isForQueries
            ? $"add{part}Action() can only be called with query-related actions, not response-related ones. Are you looking for addResponseAction()?"
            : $"add{part}Action() can only be called with response-related actions, not query-related ones. Are you looking for addAction()?";
        Assert.Equal(expected, Scripts.Problem($"add{part}Action(AllRule(), {action})"));
        Assert.Equal(expected.Replace("add", "set", StringComparison.Ordinal).Replace("Action() can", "Rules() can", StringComparison.Ordinal).Replace("setResponseAction()?", "addResponseAction()?", StringComparison.Ordinal)
            .Replace("for setAction()?", "for addAction()?", StringComparison.Ordinal), Scripts.Problem($"set{part}Rules({{newRuleAction(AllRule(), {action})}})"));
    }

    [Theory]
    [InlineData("mvRule(0, 2)", "second first third")]
    [InlineData("mvRule(2, 0)", "third first second")]
    [InlineData("mvRule(0, 3)", "second third first")]
    [InlineData("mvRule(1, 1)", "first second third")]
    [InlineData("mvRule(0, 1)", "first second third")]
    [InlineData("mvRuleToTop()", "third first second")]
    [InlineData("topRule()", "third first second")]
    [InlineData("rmRule(1)", "first third")]
    [InlineData("rmRule('third')", "first second")]
    [InlineData("rmRule('F0F3B4A5-1d0c-4f9a-8d4e-2c5c0a9f8a11')", "first third")]
    [InlineData("addAction('d', DropAction(), {name='first'}) rmRule('first')", "second third")]
    [InlineData("setRules({getRule(2), [7]=getRule('first')})", "third first")]
    public void Rules_are_moved_and_taken_out(string script, string names) =>
        Assert.Equal(names, string.Join(' ', Scripts.Settings(Three + script).Proxy.Rules[ChainKind.Query].Select(rule => rule.Name)));

    [Theory]
    [InlineData("rmRule(3)", "rmRule: attempt to delete non-existing rule: there are 3, from 0; see showRules()")]
    [InlineData("rmRule('thirdd')", "rmRule: no rule matched: none has the UUID or name 'thirdd'; did you mean 'third'?")]
    [InlineData("rmRule('')", "rmRule: no rule matched: none has the UUID or name ''")]
    [InlineData("rmResponseRule(0)", "rmResponseRule: attempt to delete non-existing rule: there are none; see showResponseRules()")]
    [InlineData("mvRule(3, 0)", "mvRule: attempt to move rules from/to invalid index: there are 3, from 0; see showRules()")]
    [InlineData("mvRule(0, 4)", "mvRule: attempt to move rules from/to invalid index: there are 3, from 0; see showRules()")]
    [InlineData("mvResponseRuleToTop()", "mvResponseRuleToTop: there are no rules to move")]
    [InlineData("getRule(5)", "getRule: there is no rule 5: there are 3, from 0; see showRules()")]
    [InlineData("setRules({5})", "setRules: argument 1, rules: expected a rule that newRuleAction made in each place of the table, got 5")]
    [InlineData("setRules({getRule(0), getRule(0)})", "setRules: a rule of this chain has the UUID ")]
    [InlineData("addAction('a', DropAction(), {uuid='f0f3b4a5-1d0c-4f9a-8d4e-2c5c0a9f8a11'})", "addAction: a rule of this chain has the UUID f0f3b4a5-1d0c-4f9a-8d4e-2c5c0a9f8a11 already")]
    [InlineData("addAction('a', DropAction(), {uuid='x'})", "addAction: uuid=x: expected ")]
    [InlineData("addAction('a')", "addAction: expected 2 to 3 arguments, got 1")]
    [InlineData("addAction('a', 'drop')", "addAction: argument 2, action: expected an action such as DropAction(), got 'drop'")]
    [InlineData("addAction(5, DropAction())", "addAction: argument 1, selector: expected a selector such as QTypeRule(DNSQType.ANY), a name, a network, or a table of names and networks, got 5")]
    [InlineData("DisableECSAction()", "DisableECSAction is not supported: is gone from dnsdist too (1.6): it is written with Set in front (or start with --ignore-unsupported to leave it out)")]
    public void What_cannot_be_is_told(string script, string problem)
    {
        string told = Scripts.Problem($"(function() {Three} return {script} end)()");
        Assert.StartsWith($"{problem}", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("getRule('nobody')", "nil")]
    [InlineData("getRule('second')", "second: qname in b. -> drop")]
    [InlineData("getRule('f0f3b4a5-1d0c-4f9a-8d4e-2c5c0a9f8a11'):toString()", "second: qname in b. -> drop")]
    [InlineData("getRule(0):getSelector()", "qname in a.")]
    [InlineData("getRule(0):getSelector():getMatches()", "0")]
    [InlineData("getRule(0):getMatches()", "0")]
    [InlineData("getAction(2)", "drop")]
    [InlineData("getAction(3)", "nil")]
    [InlineData("#getAction(0):getStats()", "0")]
    [InlineData("getAction(0):printStats()", "nil")]
    public void Rules_are_objects(string script, string text) => Assert.Equal(text, Scripts.Text($"{Three} return {script}"));

    [Fact]
    public void An_option_that_nobody_knows_is_left_out_with_a_warning() =>
        Assert.Equal(["addAction: unknown option 'naem', left out"], Scripts.Said("addAction('a', DropAction(), {naem='x'})"));

    [Fact]
    public void Rules_of_zone_transfers_are_doubtful() => Assert.Equal(
        ["addXFRResponseAction: zone transfers are refused here, so that no such rule is ever asked"], Scripts.Said("addXFRResponseAction(AllRule(), DropResponseAction()) clearXFRResponseRules()"));

    [Fact]
    public void Rules_are_numbered_as_they_are_made_and_have_UUIDs()
    {
        Rule[] rules = [.. Scripts.Settings(Three + "addResponseAction('a', DropResponseAction()) mvRuleToTop()").Proxy.Rules.All.Select(entry => entry.Rule)];
        Assert.Equal([2, 0, 1, 3], rules.Select(rule => rule.CreationOrder));
        Assert.Equal(4, rules.Select(rule => rule.Id).Distinct().Count());
        Assert.Equal(Guid.Parse("f0f3b4a5-1d0c-4f9a-8d4e-2c5c0a9f8a11"), rules[2].Id);
    }

    [Fact]
    public void A_configuration_that_is_read_again_goes_on_with_what_rules_have_matched()
    {
        RuleChains first = Scripts.Settings(Three + "addAction('a', DropAction(), {name='first'}) addResponseAction('a', DropResponseAction())").Proxy.Rules;
        Count(first);
        RuleChains again = Scripts.Settings("addAction('z', AllowAction()) " + Three.Replace("AllowAction", "DropAction", StringComparison.Ordinal).Replace("'b'", "'changed'", StringComparison.Ordinal)
            + "addAction('a', DropAction(), {name='first'}) addAction('a', DropAction(), {name='first'})").Proxy.Rules;
        again.TakeOver(first);

        // One is new, two are the same, one has its UUID and looks for something else, another is the same, and there was no third of it.
        Assert.Equal([0, 1, 2, 3, 4, 0], again[ChainKind.Query].Select(rule => rule.Hits.Total));
        Assert.Same(first[ChainKind.Query][0].Hits, again[ChainKind.Query][1].Hits);
        Assert.Equal(first[ChainKind.Query][0].Id, again[ChainKind.Query][1].Id);
        again.TakeOver(again);
        Assert.Equal([0, 1, 2, 3, 4, 0], again[ChainKind.Query].Select(rule => rule.Hits.Total));
    }

    [Fact]
    public void A_pool_without_a_server_is_doubtful_once_all_is_read()
    {
        ProcessOptions settings = Scripts.Settings("newServer{address='192.0.2.1', pool='served'} addAction('a', PoolAction('served')) addAction('b', ContinueAction(QPSPoolAction(5, 'empty'))) addAction('c', PoolAction('empty'))");
        var problems = new Problems();
        ConfigurationFile.Doubt(settings, problems);
        Assert.Equal("pool 'empty' has no server: queries that rules send there are answered SERVFAIL, or not at all after setServFailWhenNoServer(false)", Assert.Single(problems.Notes).Text);
        Assert.False(problems.Any);
    }

    [Fact]
    public void A_chain_of_thousands_is_read_at_once() =>
        Assert.Equal(5000, Scripts.Settings("for i = 1, 5000 do addAction('n' .. i .. '.example', DropAction()) end").Proxy.Rules[ChainKind.Query].Count);

    private static void Count(RuleChains rules)
    {
        int hits = 1;
        foreach ((_, Rule rule) in rules.All)
        {
            rule.Hits.Prepare(2);
            for (int i = 0; i < hits; i++)
            {
                rule.Hits.Count(i % 2);
            }

            hits++;
        }
    }

    private static IEnumerable<string> Rules(string script, ChainKind kind) => Scripts.Settings(script).Proxy.Rules[kind].Select(rule => $"{rule.Selector}|{rule.Action}");
}
