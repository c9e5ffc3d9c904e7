using System;
using Fastdist.Control.Tests.Configuration;
using Xunit;

namespace Fastdist.Control.Tests.Rules;

/// <summary>Selectors as scripts write them, by the words that dnsdist has for them.</summary>
public class SelectorTests
{
    [Theory]
    [InlineData("AllRule()", "All")]
    [InlineData("AndRule{AllRule(), TCPRule(true)}", "(All) && (TCP)")]
    [InlineData("AndRule{}", "")]
    [InlineData("AndRule{[30]=TCPRule(true), [2]=AllRule(), [10]=RDRule()}", "(All) && (rd==1) && (TCP)")]
    [InlineData("AndRule{[0]=TCPRule(true), AllRule(), x=RDRule()}", "(TCP) && (All) && (rd==1)")]
    [InlineData("OrRule{AllRule(), NotRule(TCPRule(false))}", "(All) || (!(UDP))")]
    [InlineData("QNameRule('Www.example.com')", "qname==Www.example.com.")]
    [InlineData("QNameRule(newDNSName('a'))", "qname==a.")]
    [InlineData("QNameSuffixRule('b.example')", "qname in b.example.")]
    [InlineData("QNameSuffixRule({'b.example', newDNSName('a.example')})", "qname in a.example., b.example.")]
    [InlineData("SuffixMatchNodeRule({'a', 'b'}, true)", "qname==in-set")]
    [InlineData("QNameSetRule((function() local s = newDNSNameSet() s:add('a') s:add('b') return s end)())", "qname in DNSNameSet(2 FQDNs)")]
    [InlineData("QNameLabelsCountRule(2, 5)", "labels count < 2 || labels count > 5")]
    [InlineData("QNameWireLengthRule(1, '60')", "wire length < 1 || wire length > 60")]
    [InlineData("RegexRule('^ads[0-9]+\\\\.')", "Regex: ^ads[0-9]+\\.")]
    [InlineData("RE2Rule('ads[0-9]+')", "RE2 match: ads[0-9]+")]
    public void Names_are_looked_for(string script, string text) => Assert.Equal(text, Scripts.Text($"return {script}"));

    [Theory]
    [InlineData("QTypeRule(DNSQType.AAAA)", "qtype==AAAA")]
    [InlineData("QTypeRule('aaaa')", "qtype==AAAA")]
    [InlineData("QTypeRule('TYPE65')", "qtype==HTTPS")]
    [InlineData("QTypeRule('#65')", "qtype==HTTPS")]
    [InlineData("QTypeRule('65')", "qtype==HTTPS")]
    [InlineData("QTypeRule(65400)", "qtype==TYPE65400")]
    [InlineData("QClassRule(DNSClass.CHAOS)", "qclass==3")]
    [InlineData("OpcodeRule(DNSOpcode.Notify)", "opcode==4")]
    [InlineData("RDRule()", "rd==1")]
    [InlineData("DNSSECRule()", "DNSSEC")]
    [InlineData("EDNSVersionRule(0)", "ednsversion>0")]
    [InlineData("EDNSOptionRule(EDNSOptionCode.ECS)", "ednsoptcode==8")]
    [InlineData("RCodeRule(DNSRCode.NXDOMAIN)", "rcode==Non-Existent domain")]
    [InlineData("ERCodeRule(DNSRCode.BADCOOKIE)", "ercode==Bad/missing Server Cookie")]
    [InlineData("RecordsCountRule(DNSSection.Additional, 0, 1)", "0 <= records in AR <= 1")]
    [InlineData("RecordsTypeCountRule(DNSSection.Answer, DNSQType.A, 1, 65535)", "1 <= A records in AN <= 65535")]
    [InlineData("PayloadSizeRule('greaterOrEqual', 512)", "payload size is equal to or greater than 512")]
    [InlineData("TrailingDataRule()", "trailing data")]
    public void Messages_are_looked_at(string script, string text) => Assert.Equal(text, Scripts.Text($"return {script}"));

    [Theory]
    [InlineData("NetmaskGroupRule('192.0.2.0/24')", "Src: 192.0.2.0/24")]
    [InlineData("NetmaskGroupRule({'192.0.2.0/24', '!192.0.2.7'}, false)", "Dst: !192.0.2.7/32, 192.0.2.0/24")]
    [InlineData("NetmaskGroupRule(newNMG(), true, true)", "Src: in-group")]
    [InlineData("DSTPortRule(53)", "dst port==53")]
    [InlineData("TCPRule(true)", "TCP")]
    [InlineData("IncomingProtocolRule('DoT')", "incoming protocol is DoT")]
    [InlineData("SNIRule('dns.example')", "SNI == dns.example")]
    [InlineData("HTTPPathRule('/dns-query')", "url path == /dns-query")]
    [InlineData("HTTPPathRegexRule('^/dns')", "http path ~ ^/dns")]
    [InlineData("HTTPHeaderRule('User-Agent', 'curl')", "http[User-Agent] ~ curl")]
    [InlineData("ProbaRule(0.5)", "match with prob. 0.50")]
    [InlineData("TagRule('a')", "tag 'a' is set")]
    [InlineData("TagRule('a', 'b')", "tag 'a' is set to 'b'")]
    [InlineData("MaxQPSIPRule(10)", "IP (/32, /64) match for QPS over 10 burst 10")]
    [InlineData("MaxQPSIPRule(10, 24, 56, 20, 300, 60, 10, 10)", "IP (/24, /56) match for QPS over 10 burst 20")]
    [InlineData("MaxQPSRule(10)", "Max 10 qps")]
    [InlineData("PoolAvailableRule('')", "pool '' is available")]
    [InlineData("PoolOutstandingRule('p', 100)", "pool 'p' outstanding > 100")]
    public void Origins_rates_and_pools_are_looked_at(string script, string text) => Assert.Equal(text, Scripts.Text($"return {script}"));

    /// <summary>What stands for a selector; makeRule does with it what addAction does.</summary>
    [Theory]
    [InlineData("'example.com'", "qname in example.com.")]
    [InlineData("''", "qname in .")]
    [InlineData("'10.1'", "qname in 10.1.")]
    [InlineData("'192.0.2.1'", "Src: 192.0.2.1/32")]
    [InlineData("'!2001:db8::/32'", "Src: !2001:db8::/32")]
    [InlineData("{'b.', 'a.'}", "qname in a., b.")]
    [InlineData("{newDNSName('b'), 'a'}", "qname in a., b.")]
    [InlineData("newDNSName('b')", "qname in b.")]
    [InlineData("{'192.0.2.0/24', '!192.0.2.7'}", "Src: !192.0.2.7/32, 192.0.2.0/24")]
    [InlineData("{'a', '192.0.2.0/24', 'b'}", "(Src: 192.0.2.0/24) || (qname in a., b.)")]
    [InlineData("AllRule()", "All")]
    public void Names_and_networks_stand_for_selectors(string written, string text) => Assert.Equal(text, Scripts.Text($"return makeRule({written})"));

    [Fact]
    public void A_rule_of_an_empty_table_is_doubtful() => Assert.Equal(["a rule of an empty table matches nothing"], [.. Doubts("makeRule({})")]);

    [Theory]
    [InlineData("AllRule(1)", "AllRule: expected no arguments, got 1")]
    [InlineData("AndRule(AllRule(), AllRule())", "AndRule: expected 1 argument, got 2")]
    [InlineData("AndRule('a')", "AndRule: argument 1, selectors: expected a table, got 'a'")]
    [InlineData("OrRule{'a'}", "OrRule: argument 1, selectors: expected a selector in each place of the table, where makeRule makes one of a name or network, got 'a'")]
    [InlineData("NotRule('a')", "NotRule: argument 1, selector: expected a selector such as AllRule(), got 'a'")]
    [InlineData("makeRule(5)", "makeRule: argument 1, selector: expected a selector such as QTypeRule(DNSQType.ANY), a name, a network, or a table of names and networks, got 5")]
    [InlineData("makeRule(function() end)", "makeRule: argument 1, selector: expected a selector such as QTypeRule(DNSQType.ANY), a name, a network, or a table of names and networks, got a function")]
    [InlineData("makeRule('a..b')", "makeRule: argument 1, name: expected a name, as a DNSName or a string, got 'a..b'")]
    [InlineData("makeRule{AllRule()}", "makeRule: argument 1, selector: expected names and networks only in the table, as OrRule takes a table of selectors, got a selector")]
    [InlineData("QNameSetRule(newSuffixMatchNode())", "QNameSetRule: argument 1, nameset: expected a DNSNameSet that newDNSNameSet made, got a suffixset")]
    [InlineData("QNameLabelsCountRule(5, 2)", "QNameLabelsCountRule: 5 is more than 2: the least comes first")]
    [InlineData("QTypeRule('AAA')", "QTypeRule: argument 1, type: expected a type such as DNSQType.AAAA or 'AAAA', got 'AAA'; did you mean 'AAAA'?")]
    [InlineData("QTypeRule(70000)", "QTypeRule: argument 1, type: expected a type such as DNSQType.AAAA or 'AAAA', got 70000")]
    [InlineData("QTypeRule()", "QTypeRule: expected 1 argument, got 0")]
    [InlineData("QTypeRule(DNSQType.AAA)", "QTypeRule: argument 1, type: expected a type such as DNSQType.AAAA or 'AAAA', got nil")]
    [InlineData("OpcodeRule(16)", "OpcodeRule: argument 1, opcode: expected a whole number from 0 to 15, got 16")]
    [InlineData("RCodeRule(16)", "RCodeRule: argument 1, rcode: expected a whole number from 0 to 15, got 16")]
    [InlineData("RecordsCountRule(4, 0, 1)", "RecordsCountRule: argument 1, section: expected a whole number from 0 to 3, got 4")]
    [InlineData("PayloadSizeRule('great', 1)", "PayloadSizeRule: argument 1, comparison: expected equal, greater, greaterOrEqual, smaller, smallerOrEqual, got 'great'; did you mean 'greater'?")]
    [InlineData("NetmaskGroupRule('a')", "NetmaskGroupRule: argument 1, networks: expected networks, as a NetmaskGroup, a string such as '192.0.2.0/24', or a table of strings, got 'a'")]
    [InlineData("NetmaskGroupRule('::1', 'x')", "NetmaskGroupRule: argument 2, source: expected true or false, got 'x'")]
    [InlineData("DSTPortRule(65536)", "DSTPortRule: argument 1, port: expected a whole number from 0 to 65535, got 65536")]
    [InlineData("TCPRule(1)", "TCPRule: argument 1, stream: expected true or false, got 1")]
    [InlineData("IncomingProtocolRule('dot')", "IncomingProtocolRule: argument 1, protocol: expected one of DoUDP, DoTCP, DNSCryptUDP, DNSCryptTCP, DoT, DoH, DoQ, DoH3, got 'dot'; did you mean 'DoT'?")]
    [InlineData("ProbaRule(1.5)", "ProbaRule: argument 1, probability: expected a number from 0 to 1, got 1.5")]
    [InlineData("MaxQPSRule(0)", "MaxQPSRule: argument 1, qps: expected a whole number from 1 to 100000000, got 0")]
    [InlineData("MaxQPSIPRule(10, 33)", "MaxQPSIPRule: argument 2, v4Mask: expected a whole number from 0 to 32, got 33")]
    [InlineData("PoolAvailableRule('a b')", "PoolAvailableRule: expected the name of a pool, at most 64 characters without blanks, commas or what cannot be printed; none for the default pool")]
    [InlineData("newQPSLimiter(1)", "newQPSLimiter: expected 2 arguments, got 1")]
    public void What_cannot_be_looked_for_is_told(string script, string problem) => Assert.Equal($"{problem}", Scripts.Problem(script));

    [Theory]
    [InlineData("RegexRule('(')", "RegexRule: argument 1, pattern: '(': ")]
    [InlineData("RE2Rule('[z-a]')", "RE2Rule: argument 1, pattern: '[z-a]': ")]
    [InlineData("HTTPHeaderRule('a', '[[:nothing:]]')", "HTTPHeaderRule: argument 2, pattern: '[[:nothing:]]': ")]
    public void What_is_wrong_with_a_pattern_is_told(string script, string problem)
    {
        string told = Scripts.Problem(script);
        Assert.StartsWith($"{problem}", told, StringComparison.Ordinal);
        Assert.False(told.EndsWith(": ", StringComparison.Ordinal), told);
    }

    [Fact]
    public void Selectors_within_one_another_are_bounded()
    {
        Assert.EndsWith("NotRule: at most 100 selectors can be within one another: write AndRule and OrRule with longer tables instead",
            Scripts.Problem("(function() local r = AllRule() for i = 1, 101 do r = NotRule(r) end return r end)()"), StringComparison.Ordinal);
        Assert.EndsWith("OrRule: at most 100000 selectors can be one: put names into a SuffixMatchNode and networks into a NetmaskGroup instead",
            Scripts.Problem("(function() local r = AllRule() for i = 1, 40 do r = OrRule{r, r} end return r end)()"), StringComparison.Ordinal);
        Assert.StartsWith("!(!(", Scripts.Text("local r = AllRule() for i = 1, 100 do r = NotRule(r) end return r"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_selector_keeps_the_set_that_it_was_made_of()
    {
        Assert.Equal("qname in a.", Scripts.Text("local s = newSuffixMatchNode() s:add('a') local r = SuffixMatchNodeRule(s) s:add('b') return r"));
        Assert.Equal("Src: 10.0.0.0/8", Scripts.Text("local g = newNMG() g:addMask('10.0.0.0/8') local r = NetmaskGroupRule(g) g:clear() return r"));
    }

    [Fact]
    public void Protocols_that_there_are_not_are_doubtful() => Assert.Equal(["IncomingProtocolRule: DoQ is not offered here, and the rule never matches"], [.. Doubts("IncomingProtocolRule('DoQ')")]);

    [Theory]
    [InlineData("local s = TimedIPSetRule() s:add(newCA('192.0.2.1'), 60) s:add('2001:db8::1', 1) return s:slice():toString()", "Src: 2 ips")]
    [InlineData("local s = TimedIPSetRule() s:add('192.0.2.1', 60) local r = s:slice() s:clear() return r", "Src: 0 ips")]
    [InlineData("local s = TimedIPSetRule() s:add('192.0.2.1', 0) s:add('192.0.2.2', 60) s:cleanup() return s", "Src: 1 ips")]
    [InlineData("local s = TimedIPSetRule() s:add('::ffff:192.0.2.1', 60) s:add('192.0.2.1', 60) return s", "Src: 1 ips")]
    [InlineData("local l = newQPSLimiter(1, 1) return l:check()", "true")]
    [InlineData("local l = newQPSLimiter(1, 2) l:check() l:check() return l:check()", "false")]
    public void Lists_and_rates_are_objects(string script, string text) => Assert.Equal(text, Scripts.Text(script));

    private static string[] Doubts(string script) => Scripts.Said(script);
}
