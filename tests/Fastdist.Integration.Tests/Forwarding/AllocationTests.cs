using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Forwarding;

[Trait("Stage", "1")]
[Collection(LoadCollection.Name)]
public sealed class AllocationTests
{
    [Theory]
    [InlineData("udp", "io_uring")]
    [InlineData("udp", "epoll")]
    [InlineData("tcp", "io_uring")]
    [InlineData("tcp", "epoll")]
    public async Task A_warm_shard_allocates_nothing_for_100_000_queries(string transport, string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(await lab.UnboundAsync(), "--io", ring, "--shards", "2");
        await Dnsperf.RunAsync(lab.Scratch, transport, fastdist.Listen, 40_000, "-c", "8");
        Counters before = await fastdist.CountersAsync();

        DnsperfResult load = await Dnsperf.RunAsync(lab.Scratch, transport, fastdist.Listen, 100_000, "-c", "8");

        Counters after = await fastdist.CountersAsync();
        Assert.True(load is { NoError: 100_000, Lost: 0 }, load.Text);
        Assert.Equal(100_000, after.Clients("queries") - before.Clients("queries"));
        Assert.Equal(2, after.Shards.Length);
        Assert.Equal(
            before.Shards.Select(shard => shard["allocated-bytes"]),
            after.Shards.Select(shard => shard["allocated-bytes"]));
    }
}
