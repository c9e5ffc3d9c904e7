using System;
using System.Linq;
using Fastdist.Control.Tests.Commands;
using Fastdist.Control.Tests.Configuration;
using Fastdist.Dns;
using Fastdist.Rules.Blocks;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Control.Tests.Blocks;

/// <summary>Groups of blocking rules as scripts write them: what each method says, and what comes of it.</summary>
public sealed class BlockGroupTests : IDisposable
{
    private readonly ConsoleUnderTest _console = new();

    private FakeProxy Proxy => _console.Proxy;

    private string[] Blocked => [.. Proxy.Blocks.All.Select(static block => $"{block.What} {block.Terms.Reason}").Order(StringComparer.Ordinal)];

    public void Dispose() => _console.Dispose();

    [Theory]
    [InlineData("setQueryRate(50, 10, 'many', 60)", "- Query rate: 50 a second over 10 s, for 60 s: many\n")]
    [InlineData("setQueryRate(2.5, 0, 'many', 60, DNSAction.Drop, 1, {tagName='a'})", "- Query rate: 2.5 a second over 0 s, for 60 s: many\n")]
    [InlineData("setResponseByteRate(10000, 10, 'large', 60)", "- Response byte rate: 10000 a second over 10 s, for 60 s: large\n")]
    [InlineData("setQTypeRate(DNSQType.ANY, 5, 10, 'any', 60)", "- ANY: 5 a second over 10 s, for 60 s: any\n")]
    [InlineData("setQTypeRate('TXT', '5', '10', 'txt', '60')", "- TXT: 5 a second over 10 s, for 60 s: txt\n")]
    [InlineData("setRCodeRate(DNSRCode.NXDOMAIN, 5, 10, 'nx', 60)", "- Non-Existent domain: 5 a second over 10 s, for 60 s: nx\n")]
    [InlineData("setRCodeRatio(DNSRCode.SERVFAIL, 0.5, 10, 'fails', 60, 20)", "- Server Failure ratio: 0.5 of 20 or more over 10 s, for 60 s: fails\n")]
    [InlineData("setAllowedRCodesRatio({DNSRCode.NOERROR}, 0.5, 10, 'others', 60, 20, DNSAction.Refused, 0.2)", "- Other response codes: 0.5 of 20 or more over 10 s, for 60 s: others\n")]
    [InlineData("setCacheMissRatio(0.9, 10, 'misses', 60, 20, 0.5)", "- Cache-miss ratio: 0.9 of 20 or more over 10 s, for 60 s: misses\n")]
    [InlineData("setSuffixMatchRule(10, 'names', 60, DNSAction.Drop, function() end)", "- Suffixes: 10 s: names\n")]
    [InlineData("setMasks(24, 56, 0)", "no rules\n")]
    [InlineData("excludeRange('192.0.2.0/24')", "no rules\n")]
    [InlineData("setQuiet(true)", "no rules\n")]
    public void A_group_says_its_rules(string method, string text)
    {
        Assert.Equal(text, Scripts.Text($"local g = dynBlockRulesGroup() g:{method} return g:toString()"));
        Assert.Equal(text, Scripts.Text($"local g = dynBlockRulesGroup() g:{method} return g"));
    }

    [Fact]
    public void A_second_rule_of_a_kind_takes_the_place_of_the_first() => Assert.Equal(
        "- Query rate: 5 a second over 10 s, for 60 s: second\n- A: 2 a second over 10 s, for 60 s: a\n- AAAA: 1 a second over 10 s, for 60 s: aaaa\n",
        Scripts.Text("local g = dynBlockRulesGroup() g:setQueryRate(9, 10, 'first', 60) g:setQueryRate(5, 10, 'second', 60) "
            + "g:setQTypeRate('AAAA', 1, 10, 'aaaa', 60) g:setQTypeRate('A', 1, 10, 'a', 60) g:setQTypeRate('A', 2, 10, 'a', 60) return g"));

    [Theory]
    [InlineData("setQueryRate(50, 10, 'x')", "setQueryRate: expected 4 to 7 arguments, got 3")]
    [InlineData("setQueryRate(-1, 10, 'x', 60)", "setQueryRate: argument 1, rate: expected a number from 0, got -1")]
    [InlineData("setQueryRate(1/0, 10, 'x', 60)", "setQueryRate: argument 1, rate: expected a number from 0, got inf")]
    [InlineData("setQueryRate(50, 301, 'x', 60)", "setQueryRate: argument 2, seconds: expected a whole number from 0 to 300, got 301")]
    [InlineData("setQueryRate(50, 1.5, 'x', 60)", "setQueryRate: argument 2, seconds: expected a whole number from 0 to 300, got 1.5")]
    [InlineData("setQueryRate(50, 10, nil, 60)", "setQueryRate: argument 3, reason: expected a string, got nil")]
    [InlineData("setQueryRate(50, 10, 'x', 0)", "setQueryRate: argument 4, seconds: expected a whole number from 1 to 31536000, got 0")]
    [InlineData("setQueryRate(50, 10, 'x', 60, DNSAction.Allow)", "setQueryRate: argument 5, action: expected DNSAction.Drop, Nxdomain, Refused, Truncate, NoRecurse, NoOp, SetTag or None, got 4")]
    [InlineData("setQueryRate(50, 10, 'x', 60, 0, -1)", "setQueryRate: argument 6, warning: expected a number from 0, got -1")]
    [InlineData("setQueryRate(50, 10, 'x', 60, 0, 1, 'tag')", "setQueryRate: argument 7, options: expected a table of key=value, got 'tag'")]
    [InlineData("setQTypeRate('NOTHING', 5, 10, 'x', 60)", "setQTypeRate: argument 1, type: expected a type such as DNSQType.AAAA or 'AAAA', got 'NOTHING'")]
    [InlineData("setRCodeRate(16, 5, 10, 'x', 60)", "setRCodeRate: argument 1, rcode: expected a whole number from 0 to 15, got 16")]
    [InlineData("setRCodeRatio(2, 1.5, 10, 'x', 60, 20)", "setRCodeRatio: argument 2, ratio: expected a number from 0 to 1, got 1.5")]
    [InlineData("setRCodeRatio(2, 0.5, 10, 'x', 60, -1)", "setRCodeRatio: argument 6, minimumResponses: expected a whole number from 0 to 4294967295, got -1")]
    [InlineData("setRCodeRatio(2, 0.5, 10, 'x', 60, 20, 0, 2)", "setRCodeRatio: argument 8, warning: expected a number from 0 to 1, got 2")]
    [InlineData("setAllowedRCodesRatio(0, 0.5, 10, 'x', 60, 20)", "setAllowedRCodesRatio: argument 1, rcodes: expected a table, got 0")]
    [InlineData("setCacheMissRatio(0.9, 10, 'x', 60, 20, 7)", "setCacheMissRatio: argument 6, minimumGlobalHitRatio: expected a number from 0 to 1, got 7")]
    [InlineData("setSuffixMatchRule(10, 'x', 60, 0, 'f')", "setSuffixMatchRule: argument 5, function: expected a function, got 'f'")]
    [InlineData("setMasks(33, 128, 0)", "setMasks: argument 1, v4: expected a whole number from 0 to 32, got 33")]
    [InlineData("setMasks(32, 129, 0)", "setMasks: argument 2, v6: expected a whole number from 0 to 128, got 129")]
    [InlineData("setMasks(32, 128, 17)", "setMasks: argument 3, port: expected a whole number from 0 to 16, got 17")]
    [InlineData("excludeRange('!192.0.2.0/24')", "excludeRange: write a network without ! here: excludeRange and includeRange say it")]
    [InlineData("excludeRange('nothing')", "excludeRange: argument 1, networks: ")]
    [InlineData("setQuiet('no')", "setQuiet: argument 1, boolean: expected true or false, got 'no'")]
    [InlineData("setNewBlockInsertedHook(5)", "setNewBlockInsertedHook: argument 1, function: expected a function, got 5")]
    [InlineData("excludeDomains(5)", "excludeDomains: ")]
    [InlineData("apply(1)", "apply: expected no arguments, got 1")]
    public void What_cannot_be_is_told(string method, string problem) =>
        Assert.StartsWith($"blocks:{problem}", Scripts.Problem($"(function() local g = dynBlockRulesGroup() return g:{method} end)()"), StringComparison.Ordinal);

    [Fact]
    public void An_option_that_nobody_knows_is_left_out_with_a_warning() => Assert.EndsWith(
        "unknown option 'tag', left out: there are tagName and tagValue",
        Assert.Single(Scripts.Said("dynBlockRulesGroup():setQueryRate(5, 10, 'x', 60, 0, 0, {tag='a'})")), StringComparison.Ordinal);

    [Fact]
    public void Nothing_is_applied_while_a_configuration_is_read() => Assert.Empty(Scripts.Said("local g = dynBlockRulesGroup() g:setQueryRate(5, 10, 'x', 60) g:apply()"));

    [Fact]
    public void A_group_that_is_applied_blocks_who_is_over_its_rates()
    {
        Run("g = dynBlockRulesGroup() g:setQueryRate(10, 1, 'many', 60) g:setQTypeRate('ANY', 1, 1, 'any', 30, DNSAction.Refused) g:setResponseByteRate(1000, 1, 'large', 60) g:setRCodeRate(3, 4, 1, 'nx', 60)");
        Run("g:apply()");
        Proxy.Ask("192.0.2.1", 11);
        Proxy.Ask("192.0.2.2", 10);
        Proxy.Ask("192.0.2.3", 2, RecordType.ANY);
        Proxy.Answer("192.0.2.4", 11);
        Proxy.Answer("2001:db8::5", 5, rcode: Rcode.NXDomain);
        Proxy.Pass();
        Assert.Equal(["192.0.2.1/32 many", "192.0.2.3/32 any", "192.0.2.4/32 large", "2001:db8::5/128 nx"], Blocked);
        Block any = Proxy.Blocks.All.Single(static block => block.Terms.Reason == "any");
        Assert.Equal((30u, BlockAction.Refused), (any.Terms.Seconds, any.Terms.Action));
    }

    [Fact]
    public void Ratios_and_warnings_are_as_they_were_written()
    {
        Run("g = dynBlockRulesGroup() g:setRCodeRatio(DNSRCode.SERVFAIL, 0.5, 1, 'fails', 60, 10) g:setAllowedRCodesRatio({0, DNSRCode.SERVFAIL}, 0.2, 1, 'others', 60, 10)");
        Run("h = dynBlockRulesGroup() h:setQueryRate(100, 1, 'many', 60, DNSAction.Drop, 5)");
        Run("g:apply() h:apply()");
        Proxy.Answer("192.0.2.1", 6, rcode: Rcode.ServFail);
        Proxy.Answer("192.0.2.1", 5);
        Proxy.Answer("192.0.2.2", 9, rcode: Rcode.ServFail);
        Proxy.Answer("192.0.2.3", 8);
        Proxy.Answer("192.0.2.3", 3, rcode: Rcode.Refused);
        Proxy.Ask("192.0.2.4", 6);
        Proxy.Pass();
        Assert.Equal(["192.0.2.1/32 fails", "192.0.2.3/32 others", "192.0.2.4/32 many"], Blocked);
        Assert.Equal("192.0.2.4/32", Assert.Single(Proxy.Blocks.All, static block => block.Terms.IsWarning).What);
        Assert.Contains("192.0.2.4/32                   60        0 true       Do nothing           false      many\n", _console.Execute("showDynBlocks()"), StringComparison.Ordinal);
    }

    [Fact]
    public void Clients_are_what_masks_say_but_for_those_that_are_excluded()
    {
        Run("g = dynBlockRulesGroup() g:setQueryRate(3, 1, 'many', 60) g:setMasks(24, 48, 0) g:excludeRange({'198.51.100.0/24', '203.0.113.0/24', '2001:db8:2::/48'}) g:includeRange('203.0.113.0/25') g:removeRange('2001:db8:2::/48')");
        Run("g:excludeRange(newNMG()) g:apply()");
        Proxy.Ask("192.0.2.1", 2);
        Proxy.Ask("192.0.2.2", 2);
        Proxy.Ask("198.51.100.1", 9);
        Proxy.Ask("203.0.113.1", 9);
        Proxy.Ask("2001:db8:2::1", 9);
        Proxy.Pass();
        Assert.Equal(["192.0.2.0/24 many", "2001:db8:2::/48 many", "203.0.113.0/24 many"], Blocked);
    }

    [Fact]
    public void A_change_begins_anew_with_counting()
    {
        Run("g = dynBlockRulesGroup() g:setQueryRate(10, 1, 'many', 60) g:apply()");
        BlockCounter before = Assert.Single(Proxy.Counters);
        Run("g:apply()");
        Assert.Same(before, Assert.Single(Proxy.Counters));
        Run("g:setQueryRate(20, 1, 'many', 60) g:apply()");
        Assert.Equal(2, Proxy.Counters.Count);
        Assert.NotSame(before, Proxy.Counters[^1]);
    }

    [Fact]
    public void A_hook_is_called_for_each_new_block_when_the_group_is_applied_next()
    {
        Run("told = {} g = dynBlockRulesGroup() g:setQueryRate(3, 1, 'many', 60, DNSAction.Refused) g:setNewBlockInsertedHook(function(...) table.insert(told, table.concat({tostring(select(1, ...)), select(2, ...), select(3, ...), tostring(select(4, ...)), tostring(select(5, ...)), tostring(select(6, ...))}, ' ')) end) g:apply()");
        for (int second = 0; second < 2; second++)
        {
            Proxy.Ask("192.0.2.1", 4);
            Proxy.Pass();
            Run("g:apply()");
        }

        Assert.Equal("0 192.0.2.1/32 many 2 60 false\n", _console.Execute("table.concat(told, '|')"));
    }

    [Fact]
    public void A_hook_that_fails_is_told_and_called_for_the_rest_the_next_time()
    {
        Run("n = 0 g = dynBlockRulesGroup() g:setQueryRate(3, 1, 'many', 60) g:setNewBlockInsertedHook(function() n = n + 1 if n == 1 then error('hook failed') end end) g:apply()");
        Proxy.Ask("192.0.2.1", 4);
        Proxy.Ask("192.0.2.2", 4);
        Proxy.Pass();
        Assert.EndsWith("hook failed", _console.Refusal("g:apply()"), StringComparison.Ordinal);
        Assert.Equal(2, Blocked.Length);
        Run("g:apply()");
        Assert.Equal("2\n", _console.Execute("n"));
    }

    [Fact]
    public void There_may_be_thirty_two_groups()
    {
        Run("all = {} for i = 1, 33 do all[i] = dynBlockRulesGroup() all[i]:setQueryRate(1, 1, 'x', 60) end for i = 1, 32 do all[i]:apply() end");
        Assert.EndsWith("there are as many groups at work as there may be: use one for several rules", _console.Refusal("all[33]:apply()"), StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_by_old_functions_are_made_of_who_is_over_a_rate()
    {
        const string Look = "addDynBlocks(exceedQRate(5, 2), 'many', 60, DNSAction.Refused)";
        Run(Look);
        Assert.Empty(Blocked);
        Proxy.Ask("192.0.2.1", 11);
        Proxy.Ask("192.0.2.2", 10);
        Proxy.Pass();
        Assert.Equal("5.5\n", _console.Execute("exceedQRate(5, 2)['192.0.2.1']"));
        Run(Look);
        Assert.Equal(["192.0.2.1/32 many"], Blocked);
    }

    [Theory]
    [InlineData("exceedNXDOMAINs(2, 1)", "192.0.2.1")]
    [InlineData("exceedServFails(2, 1)", "192.0.2.2")]
    [InlineData("exceedRespByterate(900, 1)", "192.0.2.3")]
    [InlineData("exceedQTypeRate(DNSQType.ANY, 2, 1)", "192.0.2.4")]
    [InlineData("exceedQRate(3, 1)", "192.0.2.5")]
    public void Each_of_them_has_its_own_count(string function, string client)
    {
        Run($"{function}");
        Proxy.Answer("192.0.2.1", 3, rcode: Rcode.NXDomain);
        Proxy.Answer("192.0.2.2", 3, rcode: Rcode.ServFail);
        Proxy.Answer("192.0.2.3", 2, bytes: 500);
        Proxy.Ask("192.0.2.4", 3, RecordType.ANY);
        Proxy.Ask("192.0.2.5", 4);
        Proxy.Pass();
        Assert.Equal($"{client}\n", _console.Execute($"(function() local found = {{}} for who in pairs({function}) do table.insert(found, who) end return table.concat(found, ' ') end)()"));
    }

    [Theory]
    [InlineData("exceedQRate(5)", "exceedQRate: expected 2 arguments, got 1")]
    [InlineData("exceedQRate(-5, 1)", "exceedQRate: argument 1, rate: expected a number from 0, got -5")]
    [InlineData("exceedServFails(5, 301)", "exceedServFails: argument 2, seconds: expected a whole number from 0 to 300, got 301")]
    [InlineData("exceedQTypeRate('NOTHING', 5, 1)", "exceedQTypeRate: argument 1, type: expected a type such as DNSQType.AAAA or 'AAAA', got 'NOTHING'")]
    public void What_cannot_be_counted_is_refused(string line, string reason) => Assert.Equal(reason, _console.Refusal(line));

    private void Run(string line) => Assert.DoesNotContain("Error", _console.Execute(line), StringComparison.Ordinal);
}
