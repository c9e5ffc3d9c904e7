using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Gates;
using Xunit;

namespace Fastdist.Control.Tests.Configuration.Scripting;

/// <summary>Messages of people who mean no good, in functions that look at everything and change everything.</summary>
public sealed class HostileMessageTests
{
    private const string Reading = """
        local function use(m)
            for _, name in ipairs({'localaddr', 'qname', 'qtype', 'qclass', 'remoteaddr', 'opcode', 'tcp', 'rcode', 'len', 'size', 'skipCache', 'pool', 'dh'}) do
                assert(m[name] ~= nil)
            end
            m:getDO() m:getContent() m:getTagArray() m:getTrailingData() m:getServerNameIndication() m:getIncomingInterface() m:getProtocol() m:getQueryTime() m:getElapsedUs()
            for code, option in pairs(m:getEDNSOptions()) do
                assert(option:count() == #option:getValues())
            end
            local h = m:getHeader()
            for _, bit in ipairs({'RD', 'RA', 'AA', 'AD', 'CD', 'TC'}) do
                h['set' .. bit](h, not h['get' .. bit](h))
            end
            m:setHeader(h)
        end
        local function change(m)
            m:setEDNSOption(65001, ('x'):rep(100))
            m:setExtendedDNSError(15, 'text')
            m:setTag('a', 'b')
            m:changeName('another.name.that.is.longer.test')
            m:changeName('short')
            m:setTrailingData('trailing')
        end
        """;

    [Fact]
    public void Queries_cut_anywhere_and_with_any_byte_changed_are_read_and_changed()
    {
        using var bench = new RuleBench($"{Reading} addAction(AllRule(), LuaAction(function(dq) use(dq) change(dq) return DNSAction.None end))");
        byte[] query = Messages.Query(hasEdns: true);
        foreach (byte[] message in Enumerable.Range(0, query.Length + 1).Select(cut => query[..cut]).Concat(Mutations(query)))
        {
            if (Query.Parse(message, out Query parsed) == QueryVerdict.Forward && parsed.IsSound)
            {
                Assert.NotEqual(Fate.Drop, bench.Ask(message));
                Assert.True(bench.Log.Count == 0, $"{string.Join(' ', bench.Log)}: {Convert.ToHexString(message)}");
            }
        }
    }

    [Fact]
    public void Answers_cut_anywhere_and_with_any_byte_changed_are_read_and_changed()
    {
        using var bench = new RuleBench($$"""
            {{Reading}}
            local C = require('ffi').C
            addResponseAction(AllRule(), LuaResponseAction(function(dr)
                use(dr)
                dr:editTTLs(function(section, class, type, ttl) return ttl / 2 - ttl / 2 % 1 end)
                C.dnsdist_ffi_dnsresponse_set_min_ttl(dr, 5)
                C.dnsdist_ffi_dnsresponse_clear_records_type(dr, DNSQType.MX)
                change(dr)
                return DNSResponseAction.None
            end))
            """);
        byte[] answer = Messages.Answer(Messages.Query(hasEdns: true), 60, 70);
        foreach (byte[] message in Enumerable.Range(0, answer.Length + 1).Select(cut => answer[..cut]).Concat(Mutations(answer)))
        {
            if (Query.TryFindQuestion(message, out _))
            {
                Assert.True(bench.Pass(message));
                Assert.True(bench.Log.Count == 0, $"{string.Join(' ', bench.Log)}: {Convert.ToHexString(message)}");
            }
        }
    }

    [Fact]
    public void The_longest_answer_is_not_made_longer()
    {
        using var bench = new RuleBench($"{Reading} addResponseAction(AllRule(), LuaResponseAction(function(dr) use(dr) change(dr) return DNSResponseAction.None end))");
        byte[] query = Messages.Query(hasEdns: true);
        byte[] head = Messages.Answer(query, 60);
        byte[] filler = [0xC0, 12, 0xFF, 0, 0, 1, 0, 0, 0, 1, 0, 0];
        int size = ushort.MaxValue - head.Length - filler.Length;
        (filler[10], filler[11]) = ((byte)(size >> 8), (byte)size);
        byte[] answer = [.. head[..^11], .. filler, .. new byte[size], .. head[^11..]];
        answer[7]++;
        Assert.Equal(ushort.MaxValue, answer.Length);
        Assert.True(bench.Pass(answer));
        Assert.InRange(bench.Result.Length, 0, ushort.MaxValue);
        Assert.Empty(bench.Log);
    }

    private static IEnumerable<byte[]> Mutations(byte[] message) =>
        from at in Enumerable.Range(0, message.Length)
        from value in (byte[])[0, 1, 0x3F, 0x7F, 0xC0, 0xFF]
        select (byte[])[.. message[..at], value, .. message[(at + 1)..]];
}
