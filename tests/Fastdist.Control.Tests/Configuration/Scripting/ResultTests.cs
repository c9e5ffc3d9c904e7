using System;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Gates;
using Xunit;

namespace Fastdist.Control.Tests.Configuration.Scripting;

/// <summary>What comes of what functions give.</summary>
public sealed class ResultTests
{
    /// <summary>Answers have RA=RD, AA=0 and AD=0, whatever the query said.</summary>
    [Theory]
    [InlineData("Nxdomain", "8183")]
    [InlineData("Refused", "8185")]
    [InlineData("ServFail", "8182")]
    [InlineData("Truncate", "8380")]
    public void A_result_that_is_an_answer_is_one(string result, string flags)
    {
        using RuleBench bench = RuleBench.Doing($"return DNSAction.{result}");
        byte[] query = Messages.Query();
        query[2] |= 0x04;
        query[3] |= 0x20;
        Assert.Equal(Fate.Answer, bench.Ask(query));
        Assert.Equal(flags, Messages.Flags(bench.Result));
        Assert.Equal(1, bench.Counters.RuleAnswers);
    }

    [Theory]
    [InlineData("Drop", Fate.Drop, 0)]
    [InlineData("Allow", Fate.Undecided, 0)]
    [InlineData("HeaderModify", Fate.Undecided, 0)]
    [InlineData("Pool, 'slow'", Fate.Undecided, 0)]
    [InlineData("NoRecurse", Fate.Undecided, 0)]
    [InlineData("None", Fate.Undecided, 1)]
    [InlineData("NoOp", Fate.Undecided, 1)]
    [InlineData("SetTag", Fate.Undecided, 1)]
    [InlineData("Delay, '10'", Fate.Undecided, 1)]
    internal void A_result_ends_the_chain_or_not(string result, Fate fate, int next)
    {
        using var bench = new RuleBench($"addAction(AllRule(), LuaAction(function() return DNSAction.{result} end)) addAction(AllRule(), NoneAction())");
        Assert.Equal(fate, bench.Ask(Messages.Query()));
        Assert.Empty(bench.Log);
        Assert.Equal(next, bench.Rules[Fastdist.Settings.Rules.ChainKind.Query]!.Rules[1].Hits.Total);
    }

    [Fact]
    public void Strings_say_which_pool_and_how_long()
    {
        using var bench = new RuleBench("addAction('a.test', LuaAction(function() return DNSAction.Pool, 'slow' end)) addAction('b.test', LuaAction(function() return DNSAction.Delay, '250' end))");
        bench.Ask(Messages.Query(name: "a.test"));
        Assert.Equal(1, bench.Judgement.Pool);
        bench.Ask(Messages.Query(name: "b.test"));
        Assert.Equal(250, bench.Judgement.Delay);
        Assert.Equal(0, bench.Judgement.Pool);
    }

    [Fact]
    public void NoRecurse_takes_RD_and_gives_it_back_in_the_answer()
    {
        using RuleBench bench = RuleBench.Doing("return DNSAction.NoRecurse");
        bench.Ask(Messages.Query());
        Assert.Equal("0000", Messages.Flags(bench.Result));
    }

    [Fact]
    public void Truncate_over_a_stream_asks_the_next_rule()
    {
        using RuleBench bench = RuleBench.Doing("return DNSAction.Truncate");
        Assert.Equal(Fate.Undecided, bench.Ask(Messages.Query(), ClientProtocol.Tcp));
    }

    [Theory]
    [InlineData("Spoof, '192.0.2.1'", RecordType.A, "A 60 C0000201")]
    [InlineData("Spoof, '192.0.2.1 192.0.2.2,2001:db8::1'", RecordType.A, "A 60 C0000201|A 60 C0000202")]
    [InlineData("Spoof, '192.0.2.1, 2001:db8::1'", RecordType.AAAA, "AAAA 60 20010DB8000000000000000000000001")]
    [InlineData("Spoof, '192.0.2.1 2001:db8::1'", RecordType.ANY, "A 60 C0000201|AAAA 60 20010DB8000000000000000000000001")]
    [InlineData("Spoof, 'a.test'", RecordType.A, "CNAME 60 0161047465737400")]
    [InlineData("Spoof, 'a.test'", RecordType.MX, "CNAME 60 0161047465737400")]
    [InlineData("SpoofRaw, '\\1\\2\\3\\4,\\5\\6\\7\\8'", RecordType.A, "A 60 01020304|A 60 05060708")]
    [InlineData("SpoofRaw, '\\3abc'", RecordType.TXT, "TXT 60 03616263")]
    public void A_spoofed_answer_has_what_the_string_says(string result, RecordType type, string records)
    {
        using RuleBench bench = RuleBench.Doing($"return DNSAction.{result}");
        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query(type)));
        Assert.Equal(records, string.Join('|', Messages.Records(bench.Result)));
        Assert.Equal("8180", Messages.Flags(bench.Result));
    }

    [Fact]
    public void Addresses_of_another_family_are_no_answer_and_the_query_goes_on()
    {
        using RuleBench bench = RuleBench.Doing("return DNSAction.Spoof, '192.0.2.1'");
        Assert.Equal(Fate.Undecided, bench.Ask(Messages.Query(RecordType.AAAA)));
        Assert.Empty(bench.Log);
    }

    [Fact]
    public void A_whole_message_gets_the_querys_ID()
    {
        using RuleBench bench = RuleBench.Doing("local c = dq:getContent() return DNSAction.SpoofPacket, '\\0\\0\\132\\3' .. c:sub(5)");
        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query()));
        Assert.Equal("12348503", Convert.ToHexString(bench.Result.AsSpan(0, 4)));
    }

    [Theory]
    [InlineData("dq:spoof(newCA('192.0.2.5'))", RecordType.A, "A 60 C0000205")]
    [InlineData("dq:spoof({newCA('192.0.2.5'), newCA('192.0.2.6')})", RecordType.A, "A 60 C0000205|A 60 C0000206")]
    [InlineData("dq:spoof({'\\1x', '\\1y'}, nil, 5)", RecordType.TXT, "TXT 5 0178|TXT 5 0179")]
    [InlineData("dq:spoof('\\1x', DNSQType.TXT)", RecordType.ANY, "TXT 60 0178")]
    public void A_method_that_answers_does(string call, RecordType type, string records)
    {
        using RuleBench bench = RuleBench.Doing($"{call} return DNSAction.HeaderModify");
        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query(type, hasEdns: true)));
        Assert.Equal(records, string.Join('|', Messages.Records(bench.Result)));
        Assert.Equal("8180", Messages.Flags(bench.Result));
        Assert.Equal(1, Header.AdditionalCount(bench.Result));
    }

    [Fact]
    public void A_negative_answer_has_the_SOA_in_additional()
    {
        using RuleBench bench = RuleBench.Doing("dq:setNegativeAndAdditionalSOA(true, newDNSName('example.com'), 5, newDNSName('ns.example.com'), newDNSName('hostmaster.example.com'), 1, 2, 3, 4, 5) return DNSAction.Allow");
        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query()));
        Assert.Equal("8183", Messages.Flags(bench.Result));
        Assert.Equal(1, Header.AdditionalCount(bench.Result));
    }

    /// <summary>The way of dnsdist's own documentation.</summary>
    [Fact]
    public void A_query_whose_QR_is_set_is_answered()
    {
        using RuleBench bench = RuleBench.Doing("dq.rcode = DNSRCode.REFUSED dq.dh:setQR(true) dq.dh:setRD(false) return DNSAction.HeaderModify");
        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query(hasEdns: true)));
        Assert.Equal("8105", Messages.Flags(bench.Result));
        Assert.Equal(1, Header.AdditionalCount(bench.Result));
    }

    [Theory]
    [InlineData("", "an action's function is to give one of DNSAction")]
    [InlineData("return 16", "an action's function is to give one of DNSAction")]
    [InlineData("return -1", "an action's function is to give one of DNSAction")]
    [InlineData("return 1.5", "an action's function is to give one of DNSAction")]
    [InlineData("return 'Drop'", "an action's function is to give one of DNSAction")]
    [InlineData("return DNSAction.Pool, 'nowhere'", "there is no pool 'nowhere'")]
    [InlineData("return DNSAction.Pool, nil, 'slow'", null)]
    [InlineData("return DNSAction.Delay", "a delay is a number of milliseconds")]
    [InlineData("return DNSAction.Delay, '1s'", "a delay is a number of milliseconds")]
    [InlineData("return DNSAction.Spoof", "neither addresses nor a name")]
    [InlineData("return DNSAction.Spoof, 'a..b'", "neither addresses nor a name")]
    [InlineData("return DNSAction.SpoofPacket, 'x'", "neither addresses nor a name")]
    [InlineData("error('oh')", "conf:1: oh")]
    [InlineData("error({})", "the error is a table, not a text")]
    [InlineData("local n = nil return n.x", "conf:1: ")]
    public void A_failure_is_counted_logged_and_SERVFAIL(string body, string? problem)
    {
        using RuleBench bench = RuleBench.Doing(body);
        if (problem is null)
        {
            Assert.Equal(Fate.Undecided, bench.Ask(Messages.Query()));
            return;
        }

        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query()));
        Assert.Equal("8182", Messages.Flags(bench.Result));
        Assert.Equal(1, bench.Counters.RuleScriptErrors);
        Assert.Contains(problem, Assert.Single(bench.Log));
    }

    [Theory]
    [InlineData("return dq.qtype == DNSQType.A", true, false)]
    [InlineData("return dq.qtype == DNSQType.MX", false, false)]
    [InlineData("error('oh')", false, true)]
    [InlineData("return 1", false, true)]
    [InlineData("", false, true)]
    [InlineData("dq.len = 20 return true", false, true)]
    public void A_selector_matches_when_its_function_gives_true(string body, bool matches, bool fails)
    {
        using var bench = new RuleBench($"addAction(LuaRule(function(dq) {body} end), DropAction())");
        Assert.Equal(matches ? Fate.Drop : Fate.Undecided, bench.Ask(Messages.Query()));
        Assert.Equal(fails ? 1 : 0, bench.Counters.RuleScriptErrors);
    }

    [Theory]
    [InlineData("Allow", true, "8100", false)]
    [InlineData("HeaderModify", true, "8100", false)]
    [InlineData("None", true, "8100", true)]
    [InlineData("Drop", false, "8100", false)]
    [InlineData("ServFail", true, "8102", false)]
    [InlineData("Truncate", true, "8300", false)]
    [InlineData("Delay, '30'", true, "8100", true)]
    public void A_result_about_an_answer_does_what_it_says(string result, bool isSent, string flags, bool goesOn)
    {
        using var bench = new RuleBench($"addResponseAction(AllRule(), LuaResponseAction(function() return DNSResponseAction.{result} end)) addResponseAction(AllRule(), SetMaxTTLResponseAction(1))");
        Assert.Equal(isSent, bench.Pass(Messages.Answer(Messages.Query(), 60)));
        Assert.Equal(flags, Messages.Flags(bench.Result));
        Assert.Equal(result == "Truncate" ? [] : [$"A {(goesOn ? 1 : 60)} C0000201"], Messages.Records(bench.Result));
        Assert.Equal(result.StartsWith("Delay", StringComparison.Ordinal) ? 30 : 0, bench.Notes.Delay);
        Assert.Empty(bench.Log);
    }

    [Theory]
    [InlineData("error('oh')")]
    [InlineData("return 7")]
    [InlineData("return DNSResponseAction.Delay, 'x'")]
    public void A_failure_about_an_answer_makes_it_SERVFAIL(string body)
    {
        using RuleBench bench = RuleBench.Answering(body);
        Assert.True(bench.Pass(Messages.Answer(Messages.Query(), 60)));
        Assert.Equal("8102", Messages.Flags(bench.Result));
        Assert.Equal(1, bench.Counters.RuleScriptErrors);
    }

    [Fact]
    public void What_is_left_of_an_answer_without_a_question_is_dropped()
    {
        using RuleBench bench = RuleBench.Answering("dr.len = 12 return DNSResponseAction.None");
        Assert.False(bench.Pass(Messages.Answer(Messages.Query(), 60)));
        Assert.Contains("what is left is no answer", Assert.Single(bench.Log));
    }

    [Fact]
    public void What_is_left_of_a_query_without_a_question_is_SERVFAIL()
    {
        using RuleBench bench = RuleBench.Doing("dq.len = 12 return DNSAction.None");
        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query()));
        Assert.Equal(Rcode.ServFail, Header.Rcode(bench.Result));
    }

    [Fact]
    public void Tables_of_rules_show_scripts_as_dnsdist_does()
    {
        using var bench = new RuleBench("""
            addAction(LuaRule(function() return true end), LuaAction(function() return DNSAction.None end))
            addAction(LuaFFIRule(function() return true end), LuaFFIAction(function() return DNSAction.None end))
            addAction(LuaFFIPerThreadRule('return function() return true end'), LuaFFIPerThreadAction('return function() return DNSAction.None end'))
            """);
        Assert.Equal(
            ["Lua script -> Lua script", "Lua FFI script -> Lua FFI script", "Lua FFI per-thread script -> Lua FFI per-thread script"],
            bench.Options.Rules[Fastdist.Settings.Rules.ChainKind.Query].Select(rule => $"{rule.Selector} -> {rule.Action}"));
    }
}
