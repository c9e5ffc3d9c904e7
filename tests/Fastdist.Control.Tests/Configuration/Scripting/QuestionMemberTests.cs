using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Dnsdist;
using Fastdist.Control.Configuration.Objects.Questions;
using Fastdist.Dns;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Xunit;
using Fate = Fastdist.Proxy.Gates.Fate;
using NameFate = Fastdist.Control.Configuration.Dnsdist.Fate;

namespace Fastdist.Control.Tests.Configuration.Scripting;

/// <summary>What functions see of queries and answers, and what they change.</summary>
public sealed class QuestionMemberTests
{
    [Theory]
    [InlineData("dq.qname", "www.example.com.")]
    [InlineData("dq.qname:toStringNoDot()", "www.example.com")]
    [InlineData("dq.qname:isPartOf(newDNSName('example.com'))", "true")]
    [InlineData("dq.qtype", "1")]
    [InlineData("dq.qtype == DNSQType.A", "true")]
    [InlineData("dq.qclass == DNSClass.IN", "true")]
    [InlineData("dq.opcode", "0")]
    [InlineData("dq.rcode", "0")]
    [InlineData("dq.tcp", "false")]
    [InlineData("dq.remoteaddr:toStringWithPort()", "192.0.2.7:40000")]
    [InlineData("dq.localaddr:tostringWithPort()", "192.0.2.53:53")]
    [InlineData("dq.len", "33")]
    [InlineData("dq.size", "33")]
    [InlineData("dq.skipCache", "false")]
    [InlineData("dq.pool == ''", "true")]
    [InlineData("dq.useECS", "true")]
    [InlineData("dq.ecsOverride", "false")]
    [InlineData("dq.ecsPrefixLength", "24")]
    [InlineData("dq.tempFailureTTL", "nil")]
    [InlineData("dq.deviceID .. dq.deviceName .. dq.requestorID == ''", "true")]
    [InlineData("dq.dh:getRD()", "true")]
    [InlineData("dq.dh:getCD()", "false")]
    [InlineData("dq.dh:getID()", "4660")]
    [InlineData("dq:getHeader():getRD()", "true")]
    [InlineData("dq:getDO()", "false")]
    [InlineData("#dq:getContent()", "33")]
    [InlineData("dq:getProtocol()", "Do53 UDP")]
    [InlineData("dq:getTag('none') == ''", "true")]
    [InlineData("dq:getTrailingData() == ''", "true")]
    [InlineData("dq:getServerNameIndication() == ''", "true")]
    [InlineData("dq:getIncomingInterface() == ''", "true")]
    [InlineData("dq:getHTTPPath() .. dq:getHTTPQueryString() .. dq:getHTTPHost() .. dq:getHTTPScheme() == ''", "true")]
    [InlineData("next(dq:getHTTPHeaders())", "nil")]
    [InlineData("next(dq:getEDNSOptions())", "nil")]
    [InlineData("dq:getElapsedUs() < 60000000", "true")]
    [InlineData("math.abs(dq:getQueryTime().tv_sec - os.time()) < 60", "true")]
    public void A_query_says(string expression, string text) => Assert.Equal(text, RuleBench.Look($"return {expression}"));

    [Theory]
    [InlineData(ClientProtocol.Udp, "false Do53 UDP")]
    [InlineData(ClientProtocol.Tcp, "true Do53 TCP")]
    [InlineData(ClientProtocol.Tls, "true DNS over TLS")]
    [InlineData(ClientProtocol.Https, "true DNS over HTTPS")]
    internal void A_query_says_how_it_came(ClientProtocol protocol, string text) =>
        Assert.Equal(text, RuleBench.Look("return tostring(dq.tcp) .. ' ' .. dq:getProtocol()", protocol: protocol));

    [Theory]
    [InlineData("dq.skipCache = true return dq.skipCache", "true")]
    [InlineData("dq.pool = 'slow' return dq.pool", "slow")]
    [InlineData("dq.useECS = false return dq.useECS", "false")]
    [InlineData("dq.ecsOverride = true return dq.ecsOverride", "true")]
    [InlineData("dq.ecsPrefixLength = 16 return dq.ecsPrefixLength", "16")]
    [InlineData("dq.tempFailureTTL = 30 return dq.tempFailureTTL", "30")]
    [InlineData("dq.tempFailureTTL = 30 dq.tempFailureTTL = nil return dq.tempFailureTTL", "nil")]
    [InlineData("dq.rcode = DNSRCode.REFUSED return dq.rcode", "5")]
    [InlineData("dq.len = 40 return dq.len .. ' ' .. #dq:getTrailingData()", "40 7")]
    [InlineData("dq.qtype = 5 dq.qname = 7 dq.tcp = true dq.dh = nil return dq.qtype", "1")]
    [InlineData("dq.dh:setRD(false) return dq.dh:getRD()", "false")]
    [InlineData("dq.dh:setTC(true) return tostring(dq.dh:getTC()) .. tostring(dq.dh:getRA())", "truetrue")]
    [InlineData("dq.dh:setAA(true) dq.dh:setAD(true) dq.dh:setCD(true) return tostring(dq.dh:getAA()) .. tostring(dq.dh:getAD()) .. tostring(dq.dh:getCD())", "truetruetrue")]
    [InlineData("local h = dq:getHeader() h:setCD(true) local before = dq.dh:getCD() dq:setHeader(h) return tostring(before) .. tostring(dq.dh:getCD())", "falsetrue")]
    [InlineData("dq:setTag('a', 'b') dq:setTag('a', 'c') return dq:getTag('a')", "c")]
    [InlineData("dq:setTagArray({x='1', y='2'}) return dq:getTagArray().x .. dq:getTagArray().y", "12")]
    [InlineData("dq:setTag('a', 'b') dq:unsetTag('a') return dq:getTag('a') == ''", "true")]
    [InlineData("return tostring(dq:setTrailingData('abc')) .. dq:getTrailingData()", "trueabc")]
    [InlineData("dq:setEDNSOption(65001, 'xyz') return dq:getEDNSOptions()[65001]:getValues()[1] .. dq:getEDNSOptions()[65001]:count()", "xyz1")]
    [InlineData("return tostring(dq:changeName(newDNSName('other.test'))) .. dq.qname:toString() .. dq.qtype", "trueother.test.1")]
    [InlineData("local c = dq:getContent() dq:setContent(c .. 'z') return dq.len", "34")]
    public void A_query_is_changed(string body, string text) => Assert.Equal(text, RuleBench.Look(body));

    [Theory]
    [InlineData("dq.rcode = 16", "rcode: expected a whole number from 0 to 15")]
    [InlineData("dq.len = 11", "len: expected a whole number from 12 to 65535")]
    [InlineData("dq.pool = 'nowhere'", "there is no pool 'nowhere'")]
    [InlineData("dq.useECS = 1", "useECS: expected true or false")]
    [InlineData("dq.dh:setRD(1)", "expected true or false")]
    [InlineData("dq:setTag({}, 'x')", "name: expected a string")]
    [InlineData("dq:setTagArray(1)", "tags: expected a table of name=value")]
    [InlineData("dq:setContent('short')", "content: expected a message of 12 to 65535 bytes")]
    [InlineData("dq:setHeader(1)", "header: expected what getHeader gave")]
    [InlineData("dq:changeName({})", "name: expected a DNSName or a string")]
    [InlineData("dq:setEDNSOption(70000, '')", "code: expected a whole number from 0 to 65535")]
    [InlineData("dq:setExtendedDNSError('x')", "code: expected a whole number from 0 to 65535")]
    [InlineData("dq:spoof(5)", "expected an address that newCA made, RDATA in a string, or a table of either")]
    [InlineData("dq.getDO()", "write a colon in front of a method, dq:method(), not a dot")]
    [InlineData("return dq.qtyp", "a DNSQuestion has no 'qtyp'")]
    [InlineData("dq:suspend(1, 2, 3)", "dq:suspend is not supported")]
    [InlineData("dq:sendTrap()", "dq:sendTrap is not supported")]
    [InlineData("dq:setRestartable()", "dq:setRestartable is not supported")]
    [InlineData("dq:getProxyProtocolValues()", "dq:getProxyProtocolValues is not supported")]
    [InlineData("dq:setMetaKey('a', {})", "dq:setMetaKey is not supported")]
    public void What_cannot_be_is_an_error_that_says_why(string body, string problem)
    {
        string said = RuleBench.Look(body);
        Assert.Contains(problem, said);
        Assert.StartsWith("a rule's script failed: conf:1: ", said);
    }

    [Fact]
    public void Options_of_EDNS_are_read()
    {
        byte[] query = Messages.Query(hasEdns: true);
        int length = query.Length;
        byte[] room = [.. query, .. new byte[64]];
        Assert.True(EdnsEdit.TryAddOption(room, ref length, (EdnsOption)10, [1, 2, 3]));
        Assert.Equal("3 1", RuleBench.Look("local o = dq:getEDNSOptions()[EDNSOptionCode.COOKIE] return #o:getValues()[1] .. ' ' .. o:count()", room[..length]));
    }

    [Fact]
    public void What_a_query_was_decided_about_is_kept()
    {
        using RuleBench bench = RuleBench.Doing("""
            dq.skipCache = true dq.useECS = false dq.ecsOverride = true dq.ecsPrefixLength = 20 dq.tempFailureTTL = 7
            dq:setExtendedDNSError(15, 'no') dq:setTag('t', 'v')
            return DNSAction.Pool, 'slow'
            """);
        Assert.Equal(Fate.Undecided, bench.Ask(Messages.Query()));
        Decision decision = bench.Judgement.Decision;
        Assert.Equal((1, 20, 20, 7u), (decision.Pool, decision.PrefixV4, decision.PrefixV6, decision.FailureTtl));
        Assert.True(decision.Has(DecisionNotes.SkipsCache) && decision.Has(DecisionNotes.HidesSubnet) && decision.Has(DecisionNotes.ReplacesSubnet));
        Assert.Equal(15, decision.Error!.Code);
        Assert.NotEqual(0, decision.Tags);
    }

    [Fact]
    public void Flags_that_are_changed_are_the_clients_again_in_the_answer()
    {
        using RuleBench bench = RuleBench.Doing("dq.dh:setRD(false) dq.dh:setCD(true) dq.dh:setRD(true) dq.dh:setRD(false) return DNSAction.None");
        bench.Ask(Messages.Query());
        Assert.Equal("0010", Messages.Flags(bench.Result));
        byte[] answer = Messages.Answer(bench.Result, 60);
        int length = answer.Length;
        DecisionUndo.Undo(bench.Judgement.Decision, answer, ref length);
        Assert.Equal("8100", Messages.Flags(answer));
    }

    [Fact]
    public void A_rule_behind_one_that_changes_the_name_sees_the_new_one()
    {
        using var bench = new RuleBench("""
            addAction('example.com', LuaAction(function(dq) dq:changeName(newDNSName('a.longer.name.test')) return DNSAction.None end))
            addAction('test', RCodeAction(DNSRCode.NXDOMAIN))
            """);
        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query(name: "example.com")));
        Assert.Equal("8183", Messages.Flags(bench.Result));
    }

    [Theory]
    [InlineData("dr.rcode", "0")]
    [InlineData("dr.qname", "www.example.com.")]
    [InlineData("dr.qtype", "1")]
    [InlineData("dr.tcp", "false")]
    [InlineData("dr.remoteaddr", "192.0.2.7")]
    [InlineData("dr:getSelectedBackend()", "nil")]
    [InlineData("dr:getStaleCacheHit()", "false")]
    [InlineData("dr:getProtocol()", "Do53 UDP")]
    [InlineData("dr.dh:getRA()", "false")]
    [InlineData("dr.pool == ''", "true")]
    public void An_answer_says(string expression, string text) => Assert.Equal(text, RuleBench.LookAtAnswer($"return {expression}", Messages.Answer(Messages.Query(), 60)));

    [Fact]
    public void TTLs_are_edited_one_by_one()
    {
        using RuleBench bench = RuleBench.Answering("""
            dr:editTTLs(function(section, class, type, ttl)
                if section == DNSSection.Answer and class == DNSClass.IN and type == DNSQType.A and ttl > 100 then return 100 end
                return ttl
            end)
            return DNSResponseAction.None
            """);
        Assert.True(bench.Pass(Messages.Answer(Messages.Query(hasEdns: true), 60, 200)));
        Assert.Equal(["A 100 C0000201", "A 60 C0000201"], Messages.Records(bench.Result));
    }

    [Fact]
    public void An_answers_name_is_changed_back()
    {
        using RuleBench bench = RuleBench.Answering("return dr:changeName('original.example.org') and DNSResponseAction.None or DNSResponseAction.Drop");
        Assert.True(bench.Pass(Messages.Answer(Messages.Query(), 60, 70)));
        Assert.Equal(Messages.Answer(Messages.Query(name: "original.example.org"), 60, 70), bench.Result);
    }

    [Fact]
    public void The_backend_of_an_answer_is_a_server()
    {
        using var bench = new RuleBench("""
            newServer{address='192.0.2.9', name='nine'}
            addResponseAction(AllRule(), LuaResponseAction(function(dr) seen = dr:getSelectedBackend():getName() return DNSResponseAction.None end))
            """);
        bench.Pass(Messages.Answer(Messages.Query(), 60), backend: bench.Options.Backends[0]);
        Assert.Equal("nine", bench.Seen);
    }

    [Fact]
    public void A_query_that_a_script_keeps_is_gone_after_its_function()
    {
        using RuleBench bench = RuleBench.Doing("if kept then return DNSAction.Drop end kept = dq return DNSAction.None");
        bench.Ask(Messages.Query());
        Assert.Contains("a query is only there while the function runs", Assert.ThrowsAny<Exception>(() => bench.Script.Run("return kept.qtype"u8, "=x")).Message);
        Assert.Contains("a header is only there while the function runs", Assert.ThrowsAny<Exception>(() => bench.Script.Run("return kept.dh:getRD()"u8, "=x")).Message);
    }

    [Theory]
    [InlineData("dq")]
    [InlineData("dr")]
    public void Members_and_methods_are_here_as_the_list_says(string owner)
    {
        HashSet<string> here = [.. owner == "dq" ? QuestionObject.NamesOfQueries : QuestionObject.NamesOfAnswers];
        DnsdistName[] listed = [.. DnsdistNames.All.Where(name => name.Name.StartsWith($"{owner}:", StringComparison.Ordinal) || name.Name.StartsWith($"{owner}.", StringComparison.Ordinal))];
        Assert.Equal([], listed.Where(name => name.Fate is NameFate.Same or NameFate.Different != here.Contains(name.Name[3..])).Select(name => name.Name));
        Assert.Equal([], here.Except(listed.Select(name => name.Name[3..])));
    }
}
