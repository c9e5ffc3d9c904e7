using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>DNS-over-TLS at the rate of a busy resolver.</summary>
[Trait("Stage", "4")]
[Collection(LoadCollection.Name)]
public sealed class LoadTests
{
    private const int Queries = 100_000;

    /// <summary>Queries that a client sends at once, before it reads their answers.</summary>
    private const int Pipelined = 50;

    [Theory, ClassData(typeof(Rings))]
    public async Task Dnsperf_loses_nothing(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(await lab.UnboundAsync(), null, "--io", ring, "--shards", "2");

        DnsperfResult load = await Dnsperf.RunAsync(lab.Scratch, "dot", fastdist.Tls, Queries, "-c", "8");

        Assert.True(load is { NoError: Queries, Lost: 0 }, load.Text);
    }

    [Theory, Trait("Row", "A9")]
    [InlineData("io_uring", "TLSv1.3")]
    [InlineData("io_uring", "TLSv1.2")]
    [InlineData("epoll", "TLSv1.3")]
    public async Task Dnsdist_that_asks_us_loses_nothing(string ring, string newest)
    {
        const int times = 4;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--io", ring, "--shards", "2");
        for (int i = 0; i < times; i++)
        {
            // It puts two queries on a connection that is still being opened, so each new one may lose some.
            Forwarder dnsdist = await Forwarder.DnsdistOneAtATimeAsync(lab, fastdist.Tls, newest);
            DnsperfResult load = await Dnsperf.RunAsync(lab.Scratch, "udp", dnsdist.EndPoint, Dnsperf.Names, "-c", "1", "-q", "20");
            Assert.True(load is { NoError: Dnsperf.Names, Lost: 0 }, load.Text);
            await dnsdist.KillAsync();
        }

        Assert.InRange((await fastdist.CountersAsync()).Dot(newest == "TLSv1.2" ? "tls12-queries" : "tls13-queries"), times * Dnsperf.Names, long.MaxValue);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_warm_shard_allocates_nothing_for_100_000_queries(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(await lab.UnboundAsync(), null, "--io", ring, "--shards", "2");
        // The sessions stay: what a handshake costs is another matter.
        List<DotClient> clients = [];
        for (int i = 0; i < 8; i++)
        {
            clients.Add(await DotClient.ConnectAsync(fastdist.Tls));
        }

        await Task.WhenAll(clients.Select(client => AskAsync(client, Queries / clients.Count)));
        Counters before = await fastdist.CountersAsync();

        await Task.WhenAll(clients.Select(client => AskAsync(client, Queries / clients.Count)));

        Counters after = await fastdist.CountersAsync();
        Assert.Equal(Queries, after.Dot("queries") - before.Dot("queries"));
        Assert.Equal(
            before.Shards.Select(shard => shard["allocated-bytes"]),
            after.Shards.Select(shard => shard["allocated-bytes"]));
        foreach (DotClient client in clients)
        {
            await client.DisposeAsync();
        }
    }

    private static async Task AskAsync(DotClient client, int count)
    {
        byte[] questions = Message.Framed([.. Enumerable.Range(0, Pipelined).Select(id => Message.Query($"n{id}.load.test", id: id))]);
        for (int asked = 0; asked < count; asked += Pipelined)
        {
            await client.SendRawAsync(questions);
            await client.ReceiveManyAsync(Pipelined);
        }
    }
}
