using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Cache;

/// <summary>What becomes of caches when the configuration is read again.</summary>
[Collection(LoadCollection.Name)]
public sealed class ReloadTests
{
    private const string Second = "pc2 = newPacketCache(500) getPool('second'):setCache(pc2) addAction('second.test.', PoolAction('second'))";

    [Theory, ClassData(typeof(Rings))]
    public async Task An_unchanged_cache_keeps_all_it_has_a_changed_one_begins_anew_one_that_is_gone_is_gone_and_no_query_is_lost(string ring)
    {
        const int queries = 40_000;
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.Answers);
        string servers = CachedProxy.Server(backend, $"{CachedProxy.Patient}, pool={{'', 'second'}}");
        string[] both = [servers, CachedProxy.Usual, Second];
        CachedProxy proxy = await CachedProxy.StartAsync(lab, ["--io", ring, "--shards", "2"], both);
        await AskBothAsync(proxy);
        Task<DnsperfResult> udp = Dnsperf.RunAsync(lab.Scratch, "udp", proxy.Listen, queries, "-c", "4", "-Q", "10000");
        Task<DnsperfResult> tcp = Dnsperf.RunAsync(lab.Scratch, "tcp", proxy.Listen, queries, "-c", "4", "-Q", "10000");
        await proxy.CountedAsync(stats => stats.Hits + stats.Misses > 1_000, "the load to begin");

        // Secrets and certificates, then the configuration as it was.
        await proxy.Process.ReloadAsync();
        await proxy.ReconfigureAsync(both);
        long hits = (await proxy.StatsAsync("pc2")).Hits;
        await AskBothAsync(proxy);
        Assert.Equal((1, hits + 1), ((await proxy.StatsAsync("pc2")).Entries, (await proxy.StatsAsync("pc2")).Hits));
        Assert.Equal((1, 1), (backend.CountOf("first.test."), backend.CountOf("second.test.")));

        // More of the rest does not matter to a cache.
        await proxy.ReconfigureAsync(servers, "addAction('other.test.', RCodeAction(5))", CachedProxy.Usual, Second);
        await AskBothAsync(proxy);
        Assert.Equal((1, 1), (backend.CountOf("first.test."), backend.CountOf("second.test.")));

        // Another size is another cache, and the one beside it stays.
        await proxy.ReconfigureAsync(servers, CachedProxy.Usual, Second.Replace("500", "600", System.StringComparison.Ordinal));
        Assert.Equal("0/600", Assert.Single(await proxy.CommandAsync("pc2:toString()")));
        await AskBothAsync(proxy);
        Assert.Equal((1, 2), (backend.CountOf("first.test."), backend.CountOf("second.test.")));
        Assert.Equal("1/600", Assert.Single(await proxy.CommandAsync("pc2:toString()")));

        // Without it, each question is the server's.
        await proxy.ReconfigureAsync(servers, CachedProxy.Usual, "addAction('second.test.', PoolAction('second'))");
        await AskBothAsync(proxy);
        await AskBothAsync(proxy);
        Assert.Equal((1, 4), (backend.CountOf("first.test."), backend.CountOf("second.test.")));
        Assert.Contains(await proxy.CommandAsync("showPools()"), line => line.StartsWith("second ", System.StringComparison.Ordinal) && !line.Contains('/'));

        // Caches that come and go under load.
        for (int i = 0; i < 10; i++)
        {
            await proxy.ReconfigureAsync(i % 2 == 0 ? [servers] : both);
        }

        await AskBothAsync(proxy);
        Assert.Equal(1, (await proxy.StatsAsync("pc2")).Entries);
        Assert.All(await Task.WhenAll(udp, tcp), load => Assert.True(load is { Lost: 0, NoError: queries }, load.Text));
        Assert.Equal(0, await proxy.Process.StopAsync());
    }

    [Fact]
    public async Task A_configuration_that_is_refused_leaves_the_cache_as_it_was()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.Answers);
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(backend), CachedProxy.Usual);
        await proxy.AskAsync("x.load.test");

        Xunit.Sdk.XunitException refused = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(
            () => proxy.ReconfigureAsync(CachedProxy.Server(backend), "pc = newPacketCache(1000000000) getPool(''):setCache(pc)"));

        Assert.Contains("MiB", refused.Message, System.StringComparison.Ordinal);
        await proxy.AskAsync("x.load.test");
        Assert.Equal(1, backend.Asked);
    }

    private static async Task AskBothAsync(CachedProxy proxy)
    {
        Assert.Equal(Rcode.NoError, (await proxy.AskAsync("first.test")).Rcode);
        Assert.Equal(Rcode.NoError, (await proxy.AskAsync("second.test")).Rcode);
    }
}
