using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Doh;

/// <summary>DNS-over-HTTPS at the rate of a busy resolver.</summary>
[Trait("Stage", "5")]
[Collection(LoadCollection.Name)]
public sealed class LoadTests
{
    [Theory, ClassData(typeof(Rings))]
    public async Task H2load_gets_an_answer_to_each_request_on_many_streams(string ring)
    {
        const int requests = 20_000;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(await lab.UnboundAsync(), null, "--io", ring, "--shards", "2");

        H2LoadResult load = await H2Load.RunAsync(fastdist.Doh, "-n", $"{requests}", "-c", "8", "-m", "100");

        Assert.True(load is { Succeeded: requests, Ok: requests }, load.Text);
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(requests, counters.Doh("doh-get-queries"));
        Assert.Equal(requests, counters.Doh("responses"));
        Assert.Equal(0, counters.Doh("servfail"));
        Assert.Equal(0, counters.DohFrontend.Sum("doh-status-") + counters.DohFrontend.Sum("doh-ended-"));
    }

    [Theory, Trait("Row", "A9")]
    [InlineData("io_uring", "8", "GET")]
    [InlineData("io_uring", "100", "GET")]
    [InlineData("io_uring", "100", "POST")]
    [InlineData("epoll", "100", "GET")]
    public async Task Dnsperf_loses_nothing(string ring, string outstanding, string method)
    {
        const int queries = 20_000;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(await lab.UnboundAsync(), null, "--io", ring, "--shards", "2");

        DnsperfResult load = await Dnsperf.RunAsync(
            lab.Scratch, "doh", fastdist.Doh, queries, "-c", "4", "-q", outstanding, "-O", $"doh-uri=https://{fastdist.Doh}/dns-query", "-O", $"doh-method={method}");

        Assert.True(load is { NoError: queries, Lost: 0 }, load.Text);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_warm_shard_allocates_nothing_for_100_000_requests(string ring)
    {
        const int warm = 40_000;
        const int measured = 100_000;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(await lab.UnboundAsync(), null, "--io", ring, "--shards", "2");
        // The sessions stay: what a handshake costs is another matter.
        await using H2Load load = H2Load.Start(fastdist.Doh, "-n", "100000000", "-c", "8", "-m", "20");

        await fastdist.CountedAsync(counters => counters.Doh("queries") >= warm, "a warm shard");
        Counters before = await fastdist.CountersAsync();
        await fastdist.CountedAsync(counters => counters.Doh("queries") >= before.Doh("queries") + measured, "the queries to measure");
        Counters after = await fastdist.CountersAsync();

        Assert.False(load.Process.HasExited);
        Assert.Equal(
            before.Shards.Select(shard => shard["allocated-bytes"]),
            after.Shards.Select(shard => shard["allocated-bytes"]));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task No_request_is_lost_when_a_backend_is_killed(string ring)
    {
        const int requests = 20_000;
        await using var lab = new Lab();
        UnboundBackend one = await lab.UnboundAsync("one");
        UnboundBackend two = await lab.UnboundAsync("two");
        FastdistProcess fastdist = await lab.DohAsync(
            null, ["--server", lab.Server(one, "checkTimeout=20000"), "--server", lab.Server(two, "checkTimeout=20000"), "--policy", "roundrobin", "--io", ring, "--shards", "2"]);
        await fastdist.ConnectedAsync("one", "two");

        await using H2Load load = Rated(fastdist, requests);
        await fastdist.CountedAsync(counters => counters.Backend("one")["responses"] > 1_000, "the load to begin");
        await one.KillAsync();
        H2LoadResult result = await load.ResultAsync();

        Assert.True(result is { Succeeded: requests, Ok: requests }, result.Text);
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(requests, counters.Doh("responses"));
        Assert.Equal(0, counters.Doh("servfail"));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task No_request_is_lost_during_reloads(string ring)
    {
        const int requests = 20_000;
        const int reloads = 8;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(await lab.UnboundAsync(), null, "--io", ring, "--shards", "2");

        await using H2Load load = Rated(fastdist, requests);
        await fastdist.CountedAsync(counters => counters.Doh("queries") > 0, "the load to begin");
        for (int i = 0; i < reloads; i++)
        {
            lab.DohCertificate();
            await fastdist.ReloadAsync();
            // A handshake in between, with whichever certificate.
            Assert.Equal(Rcode.NoError, (await Http2Client.AskAsync(fastdist.Doh, Message.Query($"x{i}.load.test"))).Rcode);
        }

        H2LoadResult result = await load.ResultAsync();
        Assert.True(result is { Succeeded: requests, Ok: requests }, result.Text);
        Counters after = await fastdist.CountersAsync();
        Assert.Equal(requests + reloads, after.Doh("responses"));
        Assert.Equal(0, after.FailedHandshakes);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Connections_come_and_go_and_leave_nothing_behind(string ring)
    {
        const int times = 20;
        const int requests = 500;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(await lab.UnboundAsync(), null, "--io", ring, "--shards", "2");
        List<H2LoadResult> results = [];
        for (int i = 0; i < times; i++)
        {
            results.Add(await H2Load.RunAsync(fastdist.Doh, "-n", $"{requests}", "-c", "10", "-m", "10"));
        }

        Assert.All(results, result => Assert.True(result is { Succeeded: requests, Ok: requests }, result.Text));
        await fastdist.CountedAsync(
            counters => counters.Doh("current-connections") == 0 && counters.Process["in-flight"] == 0, "nothing left");
        Assert.Equal(times * requests, (await fastdist.CountersAsync()).Doh("responses"));
    }

    /// <summary>Slow enough that something can happen in the midst of it.</summary>
    private static H2Load Rated(FastdistProcess fastdist, int requests) =>
        H2Load.Start(fastdist.Doh, "-n", $"{requests}", "-c", "4", "-m", "50", "--rps", "1500");
}
