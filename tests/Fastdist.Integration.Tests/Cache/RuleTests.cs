using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Cache;

/// <summary>Rules before, in and behind a cache, pools with and without one, and what flags say.</summary>
public sealed class RuleTests
{
    [Fact]
    public async Task Rules_for_hits_misses_and_what_is_kept_see_theirs_and_nothing_else()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersWith(query => [Message.AnswerFor(query, 300)]));
        CachedProxy proxy = await CachedProxy.StartAsync(
            lab, CachedProxy.Server(backend), CachedProxy.Usual,
            "addCacheHitResponseAction('capped.test.', SetMaxReturnedTTLResponseAction(5))",
            "addCacheMissAction('missed.test.', RCodeAction(DNSRCode.REFUSED))",
            "addCacheInsertedResponseAction(AllRule(), AllowResponseAction())",
            "addAction('skipped.test.', SetSkipCacheAction())",
            "addResponseAction('changed.test.', SetMaxTTLResponseAction(100))",
            "addResponseAction('returned.test.', SetMaxReturnedTTLResponseAction(100))");

        Assert.Equal((300u, 5u), (await TtlAsync("capped.test"), await TtlAsync("capped.test")));
        Assert.Equal(300u, await TtlAsync("skipped.test"));
        Assert.Equal(300u, await TtlAsync("skipped.test"));
        Assert.Equal(100u, await TtlAsync("changed.test"));
        Assert.InRange(await TtlAsync("changed.test"), 1u, 100u);

        // A bound on what one client is told is no part of the answer.
        Assert.Equal(100u, await TtlAsync("returned.test"));
        Assert.InRange(await TtlAsync("returned.test"), 101u, 300u);
        Assert.Equal(Rcode.Refused, (await proxy.AskAsync("missed.test")).Rcode);
        Assert.Equal(Rcode.Refused, (await proxy.AskAsync("missed.test")).Rcode);

        Assert.Equal((1, 2, 1, 0), (backend.CountOf("capped.test."), backend.CountOf("skipped.test."), backend.CountOf("changed.test."), backend.CountOf("missed.test.")));
        Assert.Equal("3", MatchesOf(await proxy.CommandAsync("showCacheInsertedResponseRules()")));
        Assert.Equal("1", MatchesOf(await proxy.CommandAsync("showCacheHitResponseRules()")));
        Assert.Equal("2", MatchesOf(await proxy.CommandAsync("showCacheMissRules()")));

        async Task<uint> TtlAsync(string name) => Assert.Single((await proxy.AskAsync(name)).Answers).Ttl;
    }

    [Fact]
    public async Task Who_is_not_to_be_answered_is_not_answered_out_of_the_cache()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.Answers);
        CachedProxy proxy = await CachedProxy.StartAsync(
            lab, CachedProxy.Server(backend), CachedProxy.Usual, "addAction(NetmaskGroupRule('127.0.0.66/32'), RCodeAction(DNSRCode.REFUSED))");

        Assert.Equal(Rcode.NoError, (await proxy.AskAsync("x.load.test")).Rcode);
        using var other = new DnsUdpClient(proxy.Listen, IPAddress.Parse("127.0.0.66"));
        Assert.Equal(Rcode.Refused, (await other.AskAsync(Message.Query("x.load.test"))).Rcode);
        Assert.Equal(Rcode.NoError, (await proxy.AskAsync("x.load.test")).Rcode);
        Assert.Equal((1, 1L), (backend.Asked, (await proxy.StatsAsync()).Hits));
    }

    [Fact]
    public async Task Failures_are_kept_for_as_long_as_the_operator_says_and_no_answer_made_by_a_rule_is()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersWith(query => [Message.Answer(query, (int)Rcode.ServFail)]));
        CachedProxy proxy = await CachedProxy.StartAsync(
            lab, CachedProxy.Server(backend), CachedProxy.Usual,
            "addAction('brief.test.', SetTempFailureCacheTTLAction(2))", "addAction('never.test.', SetTempFailureCacheTTLAction(0))",
            "addAction('spoof.test.', SpoofAction('192.0.2.9'))");
        foreach (string name in (string[])["kept.test", "kept.test", "never.test", "never.test", "spoof.test", "spoof.test"])
        {
            await proxy.AskAsync(name);
        }

        // The clock goes by whole seconds: what is kept for one may end before it is asked for again, what is kept for two is given at least once.
        await Patience.UntilAsync(
            async () =>
            {
                await proxy.AskAsync("brief.test");
                return backend.CountOf("brief.test.") == 2;
            },
            "the end of a failure's seconds");
        Assert.Equal((1, 2, 0), (backend.CountOf("kept.test."), backend.CountOf("never.test."), backend.CountOf("spoof.test.")));
        Assert.True((await proxy.StatsAsync()).Hits > 1);
    }

    [Fact]
    public async Task Pools_may_share_a_cache_or_have_their_own_or_none()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.Answers);
        CachedProxy proxy = await CachedProxy.StartAsync(
            lab, CachedProxy.Server(backend, $"{CachedProxy.Patient}, pool={{'', 'sharing', 'own', 'none'}}"), CachedProxy.Usual,
            "getPool('sharing'):setCache(pc)", "own = newPacketCache(100) getPool('own'):setCache(own)",
            "addAction(NetmaskGroupRule('127.0.0.11/32'), PoolAction('sharing'))", "addAction(NetmaskGroupRule('127.0.0.12/32'), PoolAction('own'))",
            "addAction(NetmaskGroupRule('127.0.0.13/32'), PoolAction('none'))");

        Assert.Equal("1, 1, 2, 3", string.Join(", ", await RoundAsync()));
        Assert.Equal("3, 3, 3, 4", string.Join(", ", await RoundAsync()));
        Assert.Equal((3, 1, 1), ((await proxy.StatsAsync()).Hits, (await proxy.StatsAsync()).Misses, (await proxy.StatsAsync("own")).Hits));

        async Task<int[]> RoundAsync()
        {
            int[] asked = new int[4];
            for (int i = 0; i < asked.Length; i++)
            {
                using var client = new DnsUdpClient(proxy.Listen, IPAddress.Parse($"127.0.0.{10 + i}"));
                Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query("x.load.test"))).Rcode);
                asked[i] = backend.Asked;
            }

            return asked;
        }
    }

    [Fact]
    public async Task Flags_prevail_over_the_configuration_whose_cache_they_change_and_what_is_kept_outlives_reloads()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.Answers);
        string[] lines = [CachedProxy.Server(backend), CachedProxy.Usual];
        CachedProxy proxy = await CachedProxy.StartAsync(lab, ["--cache-size", "77"], lines);
        await proxy.AskAsync("x.load.test");
        Assert.Contains(await proxy.CommandAsync("showPools()"), line => line.Contains(" 1/77 ", StringComparison.Ordinal));

        await proxy.ReconfigureAsync(lines);
        await proxy.ReconfigureAsync([.. lines, "-- changed"]);
        await proxy.AskAsync("x.load.test");
        Assert.Contains(await proxy.CommandAsync("showPools()"), line => line.Contains(" 1/77 ", StringComparison.Ordinal));
        Assert.Equal(1, backend.Asked);
    }

    [Fact]
    public async Task Flags_alone_make_a_cache_that_outlives_a_reload_of_secrets()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--cache-size", "1000", "--cache-max-ttl", "1000");

        await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"));
        await fastdist.ReloadAsync();
        await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"));

        Assert.Equal(1, backend.Asked);
        Assert.Equal(1, (await fastdist.CountersAsync()).Tcp("cache-hits"));
    }

    /// <summary>How often the first rule of a table matched.</summary>
    private static string MatchesOf(string[] table) => table[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).First();
}
