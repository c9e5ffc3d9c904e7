using System;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Cache;

/// <summary>Operators who look and clear while a cache is read and written as fast as clients can.</summary>
[Collection(LoadCollection.Name)]
public sealed class ClearingTests
{
    [Theory, ClassData(typeof(Rings))]
    public async Task Nothing_is_lost_or_wrong_while_a_busy_cache_is_looked_through_and_emptied(string ring)
    {
        const int queries = 100_000, clearings = 6;
        await using var lab = new Lab();
        PlainServer nsd = await lab.PlainAsync();
        CachedProxy proxy = await CachedProxy.StartAsync(
            lab, ["--io", ring, "--shards", "2"], CachedProxy.Server(nsd), "pc = newPacketCache(15000) getPool(''):setCache(pc)");

        // More names than it has room for: some are hits, some push out others.
        Task<DnsperfResult> udp = Dnsperf.RunAsync(lab.Scratch, "udp", proxy.Listen, queries, "-c", "4", "-q", "100");
        Task<DnsperfResult> tcp = Dnsperf.RunAsync(lab.Scratch, "tcp", proxy.Listen, queries, "-c", "4", "-q", "100");
        await proxy.CountedAsync(stats => stats.Hits > 0, "the load to begin");
        for (int i = 0; i < clearings; i++)
        {
            string file = lab.Scratch.PathOf($"dump{i}");
            foreach (string command in (string[])
            [
                $"pc:dump('{file}')", "pc:expungeByName('n1.load.test')", "pc:expungeByName('load.test', DNSQType.AAAA, true)", "pc:purgeExpired(0)",
                "pc:getAddressListByDomain(newDNSName('n7.load.test'))", "pc:printStats()", i % 2 == 0 ? "pc:expunge(0)" : "pc:expungeByName('load.test', DNSQType.ANY, true)",
            ])
            {
                Assert.DoesNotContain(await proxy.CommandAsync(command), line => line.StartsWith("Error", StringComparison.Ordinal));
            }
        }

        Assert.All(await Task.WhenAll(udp, tcp), load => Assert.True(load is { Lost: 0, NoError: queries }, load.Text));
        CacheStats stats = await proxy.StatsAsync();
        Assert.Equal(2 * queries, stats.Hits + stats.Misses);
        Assert.InRange(stats.Entries, 0, 15_000);
        Assert.True(stats.Hits > 0);

        // Empty again to the last byte.
        await proxy.CommandAsync("pc:expunge(0)");
        CacheStats empty = await proxy.StatsAsync();
        Assert.Equal((0, 0), (empty.Entries, empty["bytes"]));
    }
}
