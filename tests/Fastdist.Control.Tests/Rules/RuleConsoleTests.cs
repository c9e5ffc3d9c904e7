using System;
using System.Linq;
using Fastdist.Control.Tests.Commands;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Control.Tests.Rules;

/// <summary>Rules on the console: what it prints, byte for byte as dnsdist does, and what it changes.</summary>
public sealed class RuleConsoleTests : IDisposable
{
    private const string Id = "f0f3b4a5-1d0c-4f9a-8d4e-2c5c0a9f8a11";

    private readonly ConsoleUnderTest _console = new();

    private RuleChains Rules => _console.Proxy.Applied[^1].Proxy.Rules;

    public void Dispose() => _console.Dispose();

    [Fact]
    public void Rules_are_printed_as_dnsdist_prints_them()
    {
        Assert.Equal("#   Name                             Matches Rule                                                     Action\n", _console.Execute("showRules()"));
        Fill();
        const string Plain =
            "#   Name                             Matches Rule                                                     Action\n" +
            "0   ads                                    3 qname in ads.example.                                    set rcode 5\n" +
            "1                                          0 (qtype==ANY) && (UDP) && (Src: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24) tc=1 answer\n";
        Assert.Equal(Plain, _console.Execute("showRules()"));
        Assert.Equal(Plain, _console.Execute("showRules({showUUIDs=false})"));
        Assert.Equal(
            "#   Name                             Matches Rule                                                     Action\n" +
            "0   ads                                    3 qname in a                                               set rcode 5\n" +
            "1                                          0 (qtype==AN                                               tc=1 answer\n", _console.Execute("showRules({truncateRuleWidth=10})"));
    }

    [Fact]
    public void Their_UUIDs_are_printed_as_dnsdist_prints_them()
    {
        Fill();
        string other = $"{Rules[ChainKind.Query][1].Id}";
        Assert.Equal(
            "#   Name                           UUID                                   Cr. Order   Matches Rule                                                     Action\n" +
            $"0   ads                            {Id}           0         3 qname in ads.example.                                    set rcode 5\n" +
            $"1                                  {other}           1         0 (qtype==ANY) && (UDP) && (Src: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24) tc=1 answer\n", _console.Execute("showRules({showUUIDs=true})"));
    }

    [Fact]
    public void What_matched_most_is_printed_first()
    {
        Fill();
        _console.Execute("mvRuleToTop()");
        const string Heading = "#   Name                             Matches Rule                                                     Action\n";
        Assert.Equal($"{Heading}0   ads                                    3 qname in ads.example.                                    set rcode 5\n", _console.Execute("topRules(1)"));
        Assert.Equal(3, _console.Execute("topRules()").Count(letter => letter == '\n'));
        Assert.StartsWith("#   Name                           UUID  ", _console.Execute("topRules(5, {showUUIDs=true})"), StringComparison.Ordinal);
        Assert.Equal("3\n", _console.Execute("getTopRules()[1]:getMatches()"));
        Assert.Equal(Heading, _console.Execute("topResponseRules()"));
        Assert.Equal(Heading, _console.Execute("topCacheHitRules()"));
    }

    [Fact]
    public void A_rule_that_is_moved_keeps_what_it_has_matched()
    {
        Fill();
        Rule rule = Rules[ChainKind.Query][0];
        Assert.Equal("", _console.Execute("mvRule(0, 2)"));
        Assert.Same(rule, Rules[ChainKind.Query][1]);
        Assert.Equal("3\n", _console.Execute("getRule('ads'):getMatches()"));
        Assert.Equal("3\n", _console.Execute("getRule('ads'):getSelector():getMatches()"));
    }

    [Fact]
    public void All_that_a_command_changes_comes_into_use_at_once()
    {
        Assert.Equal("", _console.Execute("for i = 1, 5 do addAction('a' .. i, DropAction()) end"));
        Assert.Equal(5, Assert.Single(_console.Proxy.Applied).Proxy.Rules[ChainKind.Query].Count);
        Assert.Equal("rmRule: attempt to delete non-existing rule: there are 5, from 0; see showRules()", _console.Refusal("clearRules() addAction('x', DropAction()) rmRule(0) clearResponseRules() rmRule(7)").Replace("there are none", "there are 5, from 0", StringComparison.Ordinal));
        Assert.Single(_console.Proxy.Applied);
        Assert.Equal("", _console.Execute("clearRules()"));
        Assert.Empty(Rules[ChainKind.Query]);
    }

    [Fact]
    public void Objects_of_rules_are_printed_in_words()
    {
        Fill();
        Assert.Equal("ads: qname in ads.example. -> set rcode 5\n", _console.Execute("getRule(0)"));
        Assert.Equal("qname in ads.example.\n", _console.Execute("getRule(0):getSelector()"));
        Assert.Equal("set rcode 5\n", _console.Execute("getAction(0)"));
        Assert.Equal("Src: 0 ips\n", _console.Execute("TimedIPSetRule()"));
        Assert.Equal("", _console.Execute("getAction(0):printStats()"));
    }

    [Fact]
    public void A_pool_without_a_server_is_doubtful_at_once()
    {
        Assert.Equal(
            "Warning: addAction: pool 'nowhere' has no server: queries that rules send there are answered SERVFAIL, or not at all after setServFailWhenNoServer(false)\n",
            _console.Execute("addAction('a', PoolAction('nowhere'))"));
        Assert.Equal("", _console.Execute("mvRuleToTop()"));
        Assert.Contains("nowhere", _console.Proxy.Applied[^1].Proxy.AllPools.Select(pool => pool.Name));
    }

    [Fact]
    public void What_was_changed_is_told()
    {
        _console.Execute("addAction('a', DropAction())");
        Assert.Contains("addAction('a', DropAction())", _console.Execute("delta()"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("addAction('a', DropResponseAction())", "addAction() can only be called with query-related actions, not response-related ones. Are you looking for addResponseAction()?")]
    [InlineData("showRules({showUUIDs=1})", "showRules: showUUIDs=1: expected true or false")]
    [InlineData("topRules(-1)", "topRules: argument 1, number: expected a whole number from 0 to 2147483647, got -1")]
    public void What_cannot_be_is_refused(string line, string reason) => Assert.Equal(reason, _console.Refusal(line));

    private void Fill()
    {
        _console.Execute($"addAction('ads.example', RCodeAction(DNSRCode.REFUSED), {{name='ads', uuid='{Id}'}})");
        _console.Execute("addAction(AndRule{QTypeRule('ANY'), TCPRule(false), makeRule{'192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'}}, TCAction())");
        RuleHits hits = Rules[ChainKind.Query][0].Hits;
        hits.Prepare(2);
        hits.Count(0);
        hits.Count(1);
        hits.Count(1);
    }
}
