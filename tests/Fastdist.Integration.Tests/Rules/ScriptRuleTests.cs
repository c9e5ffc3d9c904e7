using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>Rules that are written in Lua, in a process.</summary>
[Collection(LoadCollection.Name)]
public sealed class ScriptRuleTests
{
    private const string Key = "S7WPOiCWlIgfLt6UUq9eKuFL0rDvvQpSVzfI6l4XGeg=";

    [Fact]
    public async Task Functions_answer_queries_and_change_answers()
    {
        await using var lab = new Lab();
        var site = new Scripted(lab, await lab.UnboundAsync());
        FastdistProcess fastdist = await site.StartAsync("""
            local blocked = newSuffixMatchNode()
            blocked:add('blocked.load.test')
            addAction(LuaRule(function(dq) return blocked:check(dq.qname) end), RCodeAction(DNSRCode.REFUSED))
            addAction('spoofed.load.test', LuaAction(function(dq) return DNSAction.Spoof, '192.0.2.77' end))
            addAction('thread.load.test', LuaFFIPerThreadAction([[return function(dq) return DNSAction.Spoof, '192.0.2.78' end]]))
            addAction('broken.load.test', LuaAction(function(dq) error('broken') end))
            addResponseAction(AllRule(), LuaResponseAction(function(dr)
                dr:editTTLs(function(section, class, type, ttl) return 7 end)
                return DNSResponseAction.None
            end))
            """);

        Assert.Equal(Rcode.Refused, (await AskAsync(fastdist, "x.blocked.load.test")).Rcode);
        Assert.Equal([192, 0, 2, 77], (await AskAsync(fastdist, "spoofed.load.test")).Answers.Single().Data);
        Assert.Equal([192, 0, 2, 78], (await AskAsync(fastdist, "thread.load.test")).Answers.Single().Data);
        Assert.Equal(Rcode.ServFail, (await AskAsync(fastdist, "broken.load.test")).Rcode);
        ParsedMessage passed = await AskAsync(fastdist, "other.load.test");
        Assert.Equal(Rcode.NoError, passed.Rcode);
        Assert.All(passed.Answers, static record => Assert.Equal(7u, record.Ttl));
        Assert.Equal(1, (await fastdist.CountersAsync()).Clients("rule-script-errors"));
    }

    [Fact]
    public async Task A_query_does_not_wait_for_a_console_that_is_busy_and_goes_on_when_it_is_not()
    {
        await using var lab = new Lab();
        var site = new Scripted(lab, await lab.UnboundAsync());
        FastdistProcess fastdist = await site.StartAsync("addAction('lua.load.test', LuaAction(function(dq) return DNSAction.Spoof, '192.0.2.77' end))");

        Task<string[]> busy = site.CommandAsync("local t = os.clock() while os.clock() - t < 3 do end");
        await Patience.UntilAsync(async () => (await AskAsync(fastdist, "lua.load.test")).Rcode == Rcode.ServFail, "a query to be told that Lua is in use");
        Assert.Equal(Rcode.NoError, (await AskAsync(fastdist, "other.load.test")).Rcode);
        await busy;
        Assert.Equal([192, 0, 2, 77], (await AskAsync(fastdist, "lua.load.test")).Answers.Single().Data);
    }

    [Fact]
    public async Task What_a_function_orders_is_done_within_moments()
    {
        await using var lab = new Lab();
        var site = new Scripted(lab, await lab.UnboundAsync());
        FastdistProcess fastdist = await site.StartAsync("addAction('lua.load.test', LuaAction(function(dq) addACL('198.51.100.0/24') return DNSAction.Nxdomain end))");

        Assert.Equal(Rcode.NxDomain, (await AskAsync(fastdist, "lua.load.test")).Rcode);
        await Patience.UntilAsync(async () => (await site.CommandAsync("showACL()")).Contains("198.51.100.0/24"), "the access list to change");
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task No_query_is_lost_while_rules_that_are_written_in_Lua_are_read_again(string ring)
    {
        const int queries = 40_000;
        const int reloads = 20;
        await using var lab = new Lab();
        var site = new Scripted(lab, await lab.UnboundAsync());
        FastdistProcess fastdist = await site.StartAsync(Turn(0), "--io", ring, "--shards", "2");

        Task<DnsperfResult> udp = Dnsperf.RunAsync(lab.Scratch, "udp", fastdist.Listen, queries, "-c", "4", "-Q", "4000");
        Task<DnsperfResult> tcp = Dnsperf.RunAsync(lab.Scratch, "tcp", fastdist.Listen, queries, "-c", "4", "-Q", "4000");
        for (int i = 1; i <= reloads; i++)
        {
            site.Write(Turn(i));
            int from = fastdist.Log.Count;
            fastdist.Signal(LinuxSignal.User2);
            await fastdist.ToldSinceAsync(from, LogEvent.ConfigurationReloaded);
        }

        Assert.All(await Task.WhenAll(udp, tcp), load => Assert.Equal(0, load.Lost));
        Assert.Equal([192, 0, 2, reloads], (await AskAsync(fastdist, "turn.load.test")).Answers.Single().Data);

        static string Turn(int turn) => $$"""
            addAction('turn.load.test', LuaAction(function(dq) return DNSAction.Spoof, '192.0.2.{{turn}}' end))
            addAction(LuaRule(function(dq) return dq.qtype == DNSQType.MX end), DropAction())
            addAction(LuaFFIPerThreadRule([[local n = {{turn}} return function(dq) n = n + 1 return false end]]), DropAction())
            addResponseAction(AllRule(), LuaFFIPerThreadResponseAction([[return function(dr) return DNSResponseAction.None end]]))
            """;
    }

    private static Task<ParsedMessage> AskAsync(FastdistProcess fastdist, string name) => DnsUdpClient.AskAsync(fastdist.Listen, Message.Query(name));

    /// <summary>A configuration with a server and rules.</summary>
    private sealed class Scripted(Lab lab, UnboundBackend server)
    {
        private readonly IPEndPoint _listen = Ports.Next(), _console = Ports.Next();

        public async Task<FastdistProcess> StartAsync(string rules, params string[] arguments)
        {
            Write(rules);
            FastdistProcess fastdist = lab.Keep(await FastdistProcess.StartAsync(_listen, ["-C", lab.Scratch.PathOf("scripts.conf"), .. arguments]));
            await fastdist.MarkedUpAsync(server.Name);
            return fastdist;
        }

        public void Write(string rules) => lab.Scratch.Write("scripts.conf", string.Join('\n',
        [
            $"setLocal('{_listen}')", $"controlSocket('{_console}') setKey('{Key}')", "setACL('127.0.0.0/8')",
            $"newServer({{address='{server.EndPoint}', name='{server.Name}', tls='openssl', subjectName='{Lab.BackendName}', caStore='{lab.Scratch.Write("ca.pem", lab.Authority.Pem)}', checkTimeout=20000}})",
            rules,
        ]));

        public Task<string[]> CommandAsync(string command) => FastdistProcess.CommandAsync($"{_console}", command, "-C", lab.Scratch.PathOf("scripts.conf"));
    }
}
