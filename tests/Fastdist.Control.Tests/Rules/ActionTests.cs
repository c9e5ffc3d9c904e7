using System;
using System.Linq;
using Fastdist.Control.Tests.Configuration;
using Fastdist.Dns;
using Fastdist.Rules.Actions;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Control.Tests.Rules;

/// <summary>Actions as scripts write them, by the words that dnsdist has for them.</summary>
public class ActionTests
{
    [Theory]
    [InlineData("AllowAction()", "allow")]
    [InlineData("DropAction()", "drop")]
    [InlineData("NoneAction()", "no op")]
    [InlineData("TCAction()", "tc=1 answer")]
    [InlineData("ContinueAction(DropAction())", "continue after: drop")]
    [InlineData("ContinueAction(ContinueAction(DropAction()))", "continue after: drop")]
    [InlineData("PoolAction('p')", "to pool p")]
    [InlineData("QPSPoolAction(10, 'p', false)", "max 10 to pool p")]
    [InlineData("QPSAction(10)", "qps limit to 10")]
    [InlineData("DelayAction(100)", "delay by 100 ms")]
    [InlineData("RCodeAction(DNSRCode.REFUSED)", "set rcode 5")]
    [InlineData("ERCodeAction(DNSRCode.BADVERS)", "set ercode Bad OPT Version / TSIG Signature Failure")]
    [InlineData("SpoofAction('192.0.2.80')", "spoof in 192.0.2.80 ")]
    [InlineData("SpoofAction({'192.0.2.80', '2001:db8::1'})", "spoof in 192.0.2.80 2001:db8::1 ")]
    [InlineData("SpoofAction('192.0.2.80', '2001:db8::1')", "spoof in 192.0.2.80 2001:db8::1 ")]
    [InlineData("SpoofAction(newCA('192.0.2.80'))", "spoof in 192.0.2.80 ")]
    [InlineData("SpoofCNAMEAction('www.example.com')", "spoof in www.example.com. ")]
    [InlineData("SpoofRawAction('\\192\\000\\002\\001')", "spoof in raw bytes ")]
    [InlineData("SpoofPacketAction(string.rep('x', 20), 12)", "spoof whole packet")]
    [InlineData("NegativeAndSOAAction(true, 'example.com', 60, 'ns', 'mail', 1, 2, 3, 4, 5)", "NXD with SOA")]
    [InlineData("NegativeAndSOAAction(false, 'example.com', 60, 'ns', 'mail', 1, 2, 3, 4, 5)", "NODATA with SOA")]
    [InlineData("HTTPStatusAction(403, 'no')", "return an HTTP status of 403")]
    [InlineData("LogAction()", "log")]
    [InlineData("LogAction('/var/log/queries', false, true)", "log to /var/log/queries")]
    [InlineData("SetTagAction('a', 'b')", "set tag 'a' to value 'b'")]
    [InlineData("UnsetTagAction('a')", "unset tag 'a'")]
    [InlineData("SetNoRecurseAction()", "set rd=0")]
    [InlineData("SetDisableValidationAction()", "set cd=1")]
    [InlineData("SetDisableECSAction()", "disable ECS")]
    [InlineData("SetECSAction('192.0.2.0/24')", "set ECS to 192.0.2.0/24")]
    [InlineData("SetECSAction('192.0.2.0/24', '2001:db8::/32')", "set ECS to 192.0.2.0/24 / 2001:db8::/32")]
    [InlineData("SetECSOverrideAction(true)", "set ECS override to 1")]
    [InlineData("SetECSOverrideAction(false)", "set ECS override to 0")]
    [InlineData("SetECSPrefixLengthAction(24, 56)", "set ECS prefix length to 24/56")]
    [InlineData("SetSkipCacheAction()", "skip cache")]
    [InlineData("SetTempFailureCacheTTLAction(5)", "set tempfailure cache ttl to 5")]
    [InlineData("SetEDNSOptionAction(10, 'abc')", "add EDNS Option (code=10)")]
    [InlineData("SetExtendedDNSErrorAction(15, 'blocked')", "set EDNS Extended DNS Error to 15: \"blocked\"")]
    [InlineData("SetExtendedDNSErrorAction(15)", "set EDNS Extended DNS Error to 15")]
    [InlineData("SetMaxReturnedTTLAction(60)", "cap the TTL of the returned response to 60")]
    public void Queries_are_dealt_with(string script, string text)
    {
        Assert.Equal(text, Scripts.Text($"return {script}"));
        Assert.False(Action(script).IsForAnswers);
    }

    [Theory]
    [InlineData("AllowResponseAction()", "allow")]
    [InlineData("DropResponseAction()", "drop")]
    [InlineData("DelayResponseAction(100)", "delay by 100 ms")]
    [InlineData("TCResponseAction()", "tc=1 answer")]
    [InlineData("LogResponseAction('/var/log/answers', true)", "log to /var/log/answers")]
    [InlineData("LimitTTLResponseAction(10, 3600)", "limit ttl (10 <= ttl <= 3600)")]
    [InlineData("LimitTTLResponseAction(10, 3600, {DNSQType.A, 'AAAA'})", "limit ttl (10 <= ttl <= 3600, types in [A AAAA])")]
    [InlineData("SetMinTTLResponseAction(10)", "limit ttl (10 <= ttl <= 4294967295)")]
    [InlineData("SetMaxTTLResponseAction(10)", "limit ttl (0 <= ttl <= 10)")]
    [InlineData("SetMaxReturnedTTLResponseAction(60)", "cap the TTL of the returned response to 60")]
    [InlineData("SetReducedTTLResponseAction(50)", "reduce ttl to 50 percent of its value")]
    [InlineData("ClearRecordTypesResponseAction(DNSQType.HTTPS)", "clear record types")]
    [InlineData("ClearRecordTypesResponseAction({DNSQType.HTTPS, DNSQType.SVCB})", "clear record types")]
    [InlineData("SetSkipCacheResponseAction()", "skip cache")]
    [InlineData("SetTagResponseAction('a', 'b')", "set tag 'a' to value 'b'")]
    [InlineData("UnsetTagResponseAction('a')", "unset tag 'a'")]
    [InlineData("SetEDNSOptionResponseAction(10, 'abc')", "add EDNS Option (code=10)")]
    [InlineData("SetExtendedDNSErrorResponseAction(15, '', false)", "set EDNS Extended DNS Error to 15")]
    public void Answers_are_dealt_with(string script, string text)
    {
        Assert.Equal(text, Scripts.Text($"return {script}"));
        Assert.True(Rule($"addResponseAction(AllRule(), {script})", ChainKind.Response).Action.IsForAnswers);
    }

    [Theory]
    [InlineData("RCodeAction(23)", "RCodeAction: the header has room for RCODEs up to 15 only: ERCodeAction puts 23 into the OPT, too")]
    [InlineData("RCodeAction(5, {aa=1})", "RCodeAction: aa=1: expected true or false")]
    [InlineData("RCodeAction(5, 'aa')", "RCodeAction: argument 2, options: expected a table of key=value, got 'aa'")]
    [InlineData("SpoofAction('www.example.com')", "SpoofAction: argument 1, address: expected an address such as '192.0.2.1' or '2001:db8::1', as SpoofCNAMEAction answers with a name, got 'www.example.com'")]
    [InlineData("SpoofAction({})", "SpoofAction: argument 1, addresses: expected at least one address, got a table")]
    [InlineData("SpoofAction('::1', {ttl=-1})", "SpoofAction: ttl=-1: expected a whole number from 0 to 4294967295")]
    [InlineData("SpoofRawAction(5)", "SpoofRawAction: argument 1, data: expected a string of at most 65535 bytes such as '\\192\\000\\002\\001', got 5")]
    [InlineData("SpoofRawAction('a', {typeForAny='x'})", "SpoofRawAction: typeForAny=x: expected a type such as DNSQType.TXT")]
    [InlineData("SpoofPacketAction('short', 5)", "SpoofPacketAction: argument 1, message: expected a message, which has 12 to 65535 bytes, got 5 bytes")]
    [InlineData("SpoofPacketAction(string.rep('x', 20), 21)", "SpoofPacketAction: argument 2, length: expected a whole number from 12 to 20, got 21")]
    [InlineData("HTTPStatusAction(99, '')", "HTTPStatusAction: argument 1, status: expected a whole number from 200 to 599, got 99")]
    [InlineData("ContinueAction(DropResponseAction())", "ContinueAction: 'drop' is an action for answers, and this takes those for queries")]
    [InlineData("ContinueAction(AllRule())", "ContinueAction: argument 1, action: expected an action such as DropAction(), got a selector")]
    [InlineData("PoolAction('a,b')", "PoolAction: expected the name of a pool, at most 64 characters without blanks, commas or what cannot be printed; none for the default pool")]
    [InlineData("QPSAction(0)", "QPSAction: argument 1, qps: expected a whole number from 1 to 100000000, got 0")]
    [InlineData("DelayAction(60001)", "DelayAction: argument 1, milliseconds: expected a whole number from 0 to 60000, got 60001")]
    [InlineData("SetECSAction('192.0.2.0/33')", "SetECSAction: argument 1, network: expected a network such as '192.0.2.0/24' or '2001:db8::/32', got '192.0.2.0/33'")]
    [InlineData("SetECSAction('::/0', '::/0')", "SetECSAction: of two networks the first is of IPv4, the second of IPv6: got ::/0 and ::/0")]
    [InlineData("SetECSPrefixLengthAction(33, 0)", "SetECSPrefixLengthAction: argument 1, v4: expected a whole number from 0 to 32, got 33")]
    [InlineData("SetEDNSOptionAction(10)", "SetEDNSOptionAction: expected 2 arguments, got 1")]
    [InlineData("SetMaxReturnedTTLAction(1.5)", "SetMaxReturnedTTLAction: argument 1, seconds: expected a whole number from 0 to 4294967295, got 1.5")]
    [InlineData("LimitTTLResponseAction(10, 5)", "LimitTTLResponseAction: 10 is more than 5: the least comes first")]
    [InlineData("SetReducedTTLResponseAction(101)", "SetReducedTTLResponseAction: argument 1, percent: expected a whole number from 0 to 100, got 101")]
    [InlineData("ClearRecordTypesResponseAction({'HTTP'})", "ClearRecordTypesResponseAction: argument 1, types: expected a type such as DNSQType.AAAA or 'AAAA', got 'HTTP'; did you mean 'HTTPS'?")]
    [InlineData("NegativeAndSOAAction('x', 'a', 1, 'b', 'c', 1, 2, 3, 4, 5)", "NegativeAndSOAAction: argument 1, nxdomain: expected true or false, got 'x'")]
    public void What_cannot_be_done_is_told(string script, string problem) => Assert.Equal($"{problem}", Scripts.Problem(script));

    [Fact]
    public void An_answer_is_what_its_options_say()
    {
        AnswerTraits traits = Assert.IsType<RcodeAction>(Action("RCodeAction(3, {ttl=30, aa=true, ad=true, ra=false})")).Traits;
        Assert.Equal((30u, true, true, false), (traits.Ttl, traits.Authoritative, traits.AuthenticData, traits.RecursionAvailable));
        Assert.Equal(new AnswerTraits(), Assert.IsType<RcodeAction>(Action("RCodeAction(3)")).Traits);
        Assert.Equal((60u, null), (new AnswerTraits().Ttl, new AnswerTraits().Authoritative));
    }

    [Fact]
    public void An_option_that_nobody_knows_is_left_out_with_a_warning() =>
        Assert.Equal(["RCodeAction: unknown option 'tll', left out; did you mean 'ttl'?"], Scripts.Said("RCodeAction(3, {tll=5})"));

    [Fact]
    public void Addresses_are_sorted_by_family()
    {
        var action = Assert.IsType<SpoofAddressesAction>(Action("SpoofAction({'192.0.2.80', '2001:db8::1', '192.0.2.81'}, {ttl=5})"));
        Assert.Equal((2, 1, 5u), (action.V4.Count, action.V6.Count, action.Traits.Ttl));
    }

    [Fact]
    public void Data_is_bytes_and_has_a_type_for_any()
    {
        var action = Assert.IsType<SpoofRawAction>(Action("SpoofRawAction({'\\255\\000', 'b'}, {typeForAny=DNSQType.TXT})"));
        Assert.Equal([0xff, 0], action.Values[0]);
        Assert.Equal(RecordType.TXT, action.TypeForAny);
        Assert.Null(Assert.IsType<SpoofRawAction>(Action("SpoofRawAction('a')")).TypeForAny);
    }

    [Fact]
    public void An_SOA_is_where_it_is_to_be()
    {
        const string Soa = "'example.com', 60, 'ns.example', 'mail.example', 1, 2, 3, 4, 5";
        Assert.False(Assert.IsType<NegativeAction>(Action($"NegativeAndSOAAction(true, {Soa})")).IsInAuthority);
        var action = Assert.IsType<NegativeAction>(Action($"NegativeAndSOAAction(true, {Soa}, {{soaInAuthoritySection=true, aa=true}})"));
        Assert.Equal((true, 60u, true), (action.IsInAuthority, action.Ttl, action.Traits.Authoritative));
        Assert.Equal("example.com.", $"{action.Soa.Zone}");
        Assert.Equal(5, action.Soa.Data[^1]);
    }

    [Fact]
    public void Reasons_replace_others_unless_told()
    {
        Assert.True(Assert.IsType<ExtendedErrorAction>(Action("SetExtendedDNSErrorAction(15)")).Note.Clears);
        Assert.False(Assert.IsType<ExtendedErrorAction>(Action("SetExtendedDNSErrorAction(15, 'x', false)")).Note.Clears);
    }

    [Fact]
    public void Lines_are_written_as_told()
    {
        LogActionOptions options = Assert.IsType<LogAction>(Action("LogAction('/f', false, true, true, false, true)")).Options;
        Assert.Equal(new LogActionOptions { File = "/f", IsBinary = false, Appends = true, IsVerboseOnly = false, HasTime = true }, options);
        Assert.Equal(new LogActionOptions(), Assert.IsType<LogAction>(Action("LogAction()")).Options);
        options = Assert.IsType<LogAction>(Rule("addResponseAction(AllRule(), LogResponseAction('/f', true, true, false, true))", ChainKind.Response).Action).Options;
        Assert.Equal(new LogActionOptions { File = "/f", IsBinary = false, Appends = true, IsVerboseOnly = false, HasTime = true }, options);
    }

    [Fact]
    public void A_pool_that_a_rule_names_is_there() =>
        Assert.Equal(["", "p", "q", "r"], Scripts.Settings("addAction(PoolAvailableRule('q'), PoolAction('p')) QPSPoolAction(5, 'r') PoolAction('')").Proxy.AllPools.Select(pool => pool.Name).Order());

    [Fact]
    public void Whether_our_answers_have_EDNS_and_what_it_says_is_set()
    {
        var proxy = Scripts.Settings("setAddEDNSToSelfGeneratedResponses(false) setPayloadSizeOnSelfGeneratedAnswers(600)").Proxy;
        Assert.Equal((false, 600), (proxy.AddEdnsToSelfAnswers, proxy.SelfAnswerPayloadSize));
        Assert.EndsWith("argument 1, bytes: expected a whole number from 512 to 1500, got 1501", Scripts.Problem("setPayloadSizeOnSelfGeneratedAnswers(1501)"), StringComparison.Ordinal);
    }

    private static RuleAction Action(string script) => Rule($"addAction(AllRule(), {script})", ChainKind.Query).Action;

    private static Rule Rule(string script, ChainKind kind) => Assert.Single(Scripts.Settings(script).Proxy.Rules[kind]);
}
