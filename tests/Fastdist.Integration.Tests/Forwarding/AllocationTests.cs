using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Forwarding;

[Trait("Stage", "1")]
[Collection(LoadCollection.Name)]
public sealed class AllocationTests
{
    private const int Queries = 100_000;

    /// <summary>Queries that a TCP client sends at once, before it reads their answers.</summary>
    private const int Pipelined = 50;

    [Theory, ClassData(typeof(Rings))]
    public async Task A_warm_shard_allocates_nothing_for_100_000_queries_over_UDP(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(await lab.UnboundAsync(), "--io", ring, "--shards", "2");
        Counters before = await WarmAsync(lab, fastdist);

        DnsperfResult load = await Dnsperf.RunAsync(lab.Scratch, "udp", fastdist.Listen, Queries, "-c", "8");

        Assert.True(load is { NoError: Queries, Lost: 0 }, load.Text);
        NothingAllocated(before, await fastdist.CountersAsync());
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_warm_shard_allocates_nothing_for_100_000_queries_over_TCP(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(await lab.UnboundAsync(), "--io", ring, "--shards", "2");
        // The connections stay: what an accept costs is another matter.
        List<DnsTcpClient> clients = [];
        for (int i = 0; i < 8; i++)
        {
            clients.Add(await DnsTcpClient.ConnectAsync(fastdist.Listen));
        }

        await Task.WhenAll(clients.Select(client => AskAsync(client, Queries / clients.Count)));
        Counters before = await fastdist.CountersAsync();

        await Task.WhenAll(clients.Select(client => AskAsync(client, Queries / clients.Count)));

        NothingAllocated(before, await fastdist.CountersAsync());
        clients.ForEach(client => client.Dispose());
    }

    /// <summary>The kernel chooses the shard of a client by a hash of its port, so that a run may leave one shard cold.</summary>
    private static async Task<Counters> WarmAsync(Lab lab, FastdistProcess fastdist)
    {
        Counters counters;
        do
        {
            await Dnsperf.RunAsync(lab.Scratch, "udp", fastdist.Listen, 20_000, "-c", "8");
            counters = await fastdist.CountersAsync();
        }
        while (counters.Shards.Any(shard => shard["completions"] < 10_000));
        return counters;
    }

    private static async Task AskAsync(DnsTcpClient client, int count)
    {
        byte[] questions = Message.Framed([.. Enumerable.Range(0, Pipelined).Select(id => Message.Query($"n{id}.load.test", id: id))]);
        for (int asked = 0; asked < count; asked += Pipelined)
        {
            await client.SendRawAsync(questions);
            await client.ReceiveManyAsync(Pipelined);
        }
    }

    private static void NothingAllocated(Counters before, Counters after)
    {
        Assert.Equal(Queries, after.Clients("queries") - before.Clients("queries"));
        Assert.Equal(2, after.Shards.Length);
        Assert.Equal(
            before.Shards.Select(shard => shard["allocated-bytes"]),
            after.Shards.Select(shard => shard["allocated-bytes"]));
    }
}
