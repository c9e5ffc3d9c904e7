using System;
using System.Linq;
using System.Threading;
using Fastdist.Control.Configuration.Language;
using Fastdist.Proxy.Gates;
using Xunit;

namespace Fastdist.Control.Tests.Configuration.Scripting;

/// <summary>The configuration's Lua, which shards, console and maintenance share, and the shards' own.</summary>
public sealed class WorldTests
{
    [Fact]
    public void While_others_are_in_it_a_query_waits_for_a_moment_and_then_fails()
    {
        using RuleBench bench = RuleBench.Doing("return DNSAction.None");
        using var isIn = new ManualResetEventSlim();
        using var isDone = new ManualResetEventSlim();
        var other = new Thread(() =>
        {
            bench.Script.Lock.Enter();
            isIn.Set();
            isDone.Wait(TestContext.Current.CancellationToken);
            bench.Script.Lock.Exit();
        });
        other.Start();
        isIn.Wait(TestContext.Current.CancellationToken);
        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query()));
        Assert.Contains("the configuration's Lua is in use", Assert.Single(bench.Log));
        Assert.Equal(1, bench.Counters.RuleScriptErrors);
        isDone.Set();
        other.Join();
        Assert.Equal(Fate.Undecided, bench.Ask(Messages.Query()));
    }

    [Fact]
    public void A_function_that_does_not_end_is_interrupted()
    {
        using RuleBench bench = RuleBench.Doing("while true do pcall(function() while true do end end) end");
        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query()));
        Assert.Contains("interrupted", Assert.Single(bench.Log));
        Assert.Equal("5", $"{bench.Script.Run("return 2 + 3"u8, "=x")}");
    }

    [Fact]
    public void A_piece_of_code_of_a_shards_own_is_interrupted_too()
    {
        using var bench = new RuleBench("addAction(LuaFFIPerThreadRule('return function() while true do end end'), DropAction())");
        Assert.Equal(Fate.Undecided, bench.Ask(Messages.Query()));
        Assert.Contains("interrupted", Assert.Single(bench.Log));
    }

    [Theory]
    [InlineData("newServer('192.0.2.1')", "cannot be called while a query waits")]
    [InlineData("getPool('x')", "cannot be called while a query waits")]
    [InlineData("addLocal('192.0.2.1')", "cannot be called while a query waits")]
    [InlineData("showRules()", "is for the console")]
    [InlineData("setACL(1)", null)]
    [InlineData("infolog('x')", null)]
    [InlineData("newDNSName('x')", null)]
    public void What_takes_time_cannot_be_called_for_a_query(string call, string? problem)
    {
        using RuleBench bench = RuleBench.Doing($"{call} return DNSAction.None");
        bench.Ask(Messages.Query());
        if (problem is null)
        {
            Assert.Empty(bench.Log);
        }
        else if (bench.Log.Count > 0)
        {
            Assert.Contains(problem, bench.Log[0]);
        }
    }

    [Fact]
    public void A_change_that_is_ordered_for_a_query_is_made_later()
    {
        using RuleBench bench = RuleBench.Doing("addACL('198.51.100.0/24') return DNSAction.None");
        bench.Ask(Messages.Query());
        Assert.DoesNotContain("198.51.100.0/24", bench.Script.Draft.Acl.Networks.Select(network => $"{network}"));
        foreach (Action order in bench.Script.Orders.Take())
        {
            order();
        }

        Assert.Contains("198.51.100.0/24", bench.Script.Draft.Acl.Networks.Select(network => $"{network}"));
        Assert.False(bench.Script.Orders.Any);
    }

    [Fact]
    public void Orders_are_bounded()
    {
        using RuleBench bench = RuleBench.Doing($"for i = 1, {Orders.Most} do addACL('198.51.100.0/24') end return DNSAction.None");
        Assert.Equal(Fate.Undecided, bench.Ask(Messages.Query()));
        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query()));
        Assert.Contains("changes wait that were ordered while queries waited", Assert.Single(bench.Log));
    }

    [Fact]
    public void Functions_share_what_the_configuration_has()
    {
        using var bench = new RuleBench("""
            local blocked = newSuffixMatchNode()
            blocked:add('bad.test')
            count = 0
            addAction(LuaRule(function(dq) count = count + 1 return blocked:check(dq.qname) end), LuaAction(function(dq) seen = count return DNSAction.Nxdomain end))
            """);
        Assert.Equal(Fate.Undecided, bench.Ask(Messages.Query()));
        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query(name: "x.bad.test")));
        Assert.Equal("2", bench.Seen);
    }

    [Fact]
    public void Two_shards_ask_the_configurations_functions_at_once()
    {
        using var one = new RuleBench("count = 0 addAction(AllRule(), LuaAction(function(dq) count = count + 1 return DNSAction.None end))");
        RuleBench other = one.OnShard(1);
        const int Queries = 20_000;
        int failures = 0;
        Thread[] threads = [.. new[] { one, other }.Select(bench => new Thread(() =>
        {
            byte[] query = Messages.Query();
            for (int i = 0; i < Queries; i++)
            {
                Interlocked.Add(ref failures, bench.Ask(query) == Fate.Undecided ? 0 : 1);
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        Assert.Equal($"{(2 * Queries) - failures}", $"{one.Script["count"]}");
    }

    [Fact]
    public void Shards_have_worlds_of_their_own()
    {
        const string Code = "local n = 0 return function(dq) n = n + 1 dq:setTag('n', tostring(n)) return DNSAction.None end";
        using var one = new RuleBench($"addAction(AllRule(), LuaFFIPerThreadAction([[{Code}]]))");
        RuleBench other = one.OnShard(1);
        one.Ask(Messages.Query());
        one.Ask(Messages.Query());
        other.Ask(Messages.Query());
        Assert.Equal("2", Tag(one));
        Assert.Equal("1", Tag(other));
    }

    [Fact]
    public void A_shards_world_outlives_other_rules_around_it()
    {
        const string Code = "local n = 0 return function(dq) n = n + 1 dq:setTag('n', tostring(n)) return DNSAction.None end";
        using var one = new RuleBench($"addAction(AllRule(), LuaFFIPerThreadAction([[{Code}]]))");
        one.Ask(Messages.Query());
        RuleBench again = one.OnShard(0);
        again.Ask(Messages.Query());
        Assert.Equal("2", Tag(again));
    }

    [Theory]
    [InlineData("return 5", "this code gives no function")]
    [InlineData("return function(", "expected")]
    [InlineData("error('no')", "no")]
    public void Code_that_gives_no_function_is_an_error_of_the_configuration(string code, string problem) =>
        Assert.Contains(problem, Scripts.Problem($"LuaFFIPerThreadRule([[{code}]])"));

    [Fact]
    public void Rules_have_their_world_for_as_long_as_they_are_asked()
    {
        using RuleBench bench = RuleBench.Doing("return DNSAction.Drop");
        bench.Script.Dispose();
        Assert.Equal(Fate.Drop, bench.Ask(Messages.Query()));
    }

    [Fact]
    public void A_world_that_has_ended_is_an_error_and_no_crash()
    {
        using RuleBench bench = RuleBench.Doing("return DNSAction.Drop");
        bench.Script.State.Dispose();
        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query()));
        Assert.Contains("this Lua has ended", Assert.Single(bench.Log));
    }

    private static string Tag(RuleBench bench) => bench.TagOf("n");
}
