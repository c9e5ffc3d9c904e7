using System;
using System.Linq;
using Fastdist.Control.Tests.Commands;
using Fastdist.Dns;
using Fastdist.Rules.Blocks;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Control.Tests.Blocks;

/// <summary>Rules by which a function of a script chooses names to block.</summary>
public sealed class SuffixRuleTests : IDisposable
{
    private readonly ConsoleUnderTest _console = new();

    private FakeProxy Proxy => _console.Proxy;

    public void Dispose() => _console.Dispose();

    [Fact]
    public void A_function_sees_each_name_with_what_was_answered_of_it()
    {
        Apply("table.insert(seen, table.concat({node.fullname, node.labelsCount, node:numChildren(), self.queries, children.queries, children.noerrors, children.nxdomains, children.servfails, children.drops, children.bytes, children.hits}, ' ')) return false");
        Proxy.Answer("192.0.2.1", 2, "a.example");
        Proxy.Answer("192.0.2.2", 1, "b.example", Rcode.NXDomain);
        Proxy.Answer("192.0.2.2", 1, "example", Rcode.ServFail);
        Proxy.Pass();
        Assert.Equal("", _console.Execute("seen = {} g:apply()"));
        Assert.Equal("a.example. 2 0 2 2 2 0 0 0 200 0|b.example. 2 0 1 1 0 1 0 0 100 0|example. 1 2 1 4 2 1 1 0 400 0|. 0 1 0 4 2 1 1 0 400 0\n", _console.Execute("table.sort(seen, function(a, b) return #a:match('%S+') > #b:match('%S+') or #a:match('%S+') == #b:match('%S+') and a < b end) return table.concat(seen, '|')"));
        Assert.Empty(Proxy.Blocks.All);
    }

    [Theory]
    [InlineData("return true", "names", BlockAction.Refused)]
    [InlineData("return true, 'why'", "why", BlockAction.Refused)]
    [InlineData("return true, nil, DNSAction.Nxdomain", "names", BlockAction.Nxdomain)]
    [InlineData("return true, '', DNSAction.NoOp", "names", BlockAction.NoOp)]
    [InlineData("return true, 'why', DNSAction.None, 'more'", "why", BlockAction.None)]
    public void It_says_whether_why_and_what_is_done(string verdict, string reason, BlockAction action)
    {
        Apply($"if node.labelsCount == 1 then {verdict} end return false");
        Proxy.Answer("192.0.2.1", 1, "a.example");
        Proxy.Pass();
        Assert.Equal("", _console.Execute("g:apply()"));
        Block block = Assert.Single(Proxy.Blocks.All);
        Assert.Equal(("example.", reason, action, 60u), (block.What, block.Terms.Reason, block.Terms.Action, block.Terms.Seconds));
    }

    [Theory]
    [InlineData("return 1", "expected true or false, got 1")]
    [InlineData("return true, {}", "expected a reason, got a table")]
    [InlineData("return true, 'why', DNSAction.Pool", "expected an action of DNSAction, got 6")]
    [InlineData("return true, 'why', 'drop'", "expected an action of DNSAction, got a string")]
    [InlineData("error('visitor failed', 0)", "visitor failed")]
    public void What_else_it_says_or_that_it_fails_is_told_and_the_next_time_is_a_whole_one(string verdict, string problem)
    {
        Apply($"if node.labelsCount == 0 and isWrong then {verdict} end return node.labelsCount == 2");
        Proxy.Answer("192.0.2.1", 1, "a.example");
        Proxy.Pass();
        Assert.EndsWith(problem, _console.Refusal("isWrong = true g:apply()"), StringComparison.Ordinal);
        Assert.Equal("a.example.", Assert.Single(Proxy.Blocks.All).What);
        Proxy.Answer("192.0.2.1", 1, "b.example");
        Proxy.Pass();
        Assert.Equal("", _console.Execute("isWrong = false g:apply()"));
        Assert.Equal(["a.example.", "b.example."], Proxy.Blocks.All.Select(static block => block.What).Order());
    }

    [Fact]
    public void Nothing_is_blocked_that_a_function_says_nothing_of_nor_what_is_excluded()
    {
        Apply("if node.labelsCount > 0 and node.labelsCount ~= 2 then return true end", "g:excludeDomains({'org', newDNSName('b.example')}) ");
        Proxy.Answer("192.0.2.1", 1, "a.example");
        Proxy.Answer("192.0.2.1", 1, "a.b.example");
        Proxy.Answer("192.0.2.1", 1, "www.org");
        Proxy.Pass();
        Assert.Equal("", _console.Execute("g:apply()"));
        Assert.Equal("example.", Assert.Single(Proxy.Blocks.All).What);
    }

    [Fact]
    public void A_hook_is_told_of_names_at_once_and_of_those_before_a_fault()
    {
        Apply("if node.labelsCount == 0 and isWrong then error('visitor failed') end return node.labelsCount == 2", "told = {} g:setNewBlockInsertedHook(function(kind, what) table.insert(told, kind .. ' ' .. what) end) ");
        Proxy.Answer("192.0.2.1", 1, "a.example");
        Proxy.Pass();
        _console.Refusal("isWrong = true g:apply()");
        Assert.Equal("1 a.example.\n", _console.Execute("table.concat(told, '|')"));
    }

    [Fact]
    public void Other_rules_of_the_group_are_looked_at_with_it()
    {
        Apply("return false", "g:setQueryRate(2, 1, 'many', 60) ");
        Proxy.Ask("192.0.2.1", 3);
        Proxy.Pass();
        Assert.Empty(Proxy.Blocks.All);
        Assert.Equal("", _console.Execute("g:apply()"));
        Assert.Equal("many", Assert.Single(Proxy.Blocks.All).Terms.Reason);
    }

    [Fact]
    public void A_function_that_applies_its_own_group_does_no_harm()
    {
        Apply("g:apply() return node.labelsCount == 2");
        Proxy.Answer("192.0.2.1", 1, "a.example");
        Proxy.Pass();
        Assert.Equal("", _console.Execute("g:apply()"));
        Assert.Single(Proxy.Blocks.All);
    }

    private void Apply(string body, string more = "")
    {
        Assert.Equal("", _console.Execute($"seen = {{}} g = dynBlockRulesGroup() g:setSuffixMatchRule(5, 'names', 60, DNSAction.Refused, function(node, self, children) {body} end) {more}g:apply()"));
    }
}
