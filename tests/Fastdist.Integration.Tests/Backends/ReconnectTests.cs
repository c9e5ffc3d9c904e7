using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>Backends that close after so many queries, as servers do, cost no query.</summary>
[Trait("Stage", "3")]
public sealed class ReconnectTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task NSD_that_closes_after_ten_queries_loses_none_of_a_hundred_at_once(int spares)
    {
        await using var lab = new Lab();
        NsdBackend nsd = await lab.NsdAsync(queriesPerConnection: 10);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(nsd, "checkTimeout=20000", $"spareConnections={spares}"), "--shards", "1");
        await fastdist.MarkedUpAsync(nsd.Name);
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        await client.SendAsync([.. Enumerable.Range(0, 100).Select(id => Message.Query($"q{id}.load.test", id: id))]);

        var answers = await client.ReceiveManyAsync(100);
        Assert.All(answers.Values, answer => Assert.Equal(Rcode.NoError, answer.Rcode));
        CounterLine counters = (await fastdist.CountersAsync()).Backend(nsd.Name);
        Assert.True(counters["new-connections"] >= 10);
        Assert.True(counters["tls-resumptions"] > 0);
        Assert.Equal(0, counters["gave-up"]);
        Assert.True(counters["ended-connections"] >= 10);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_warm_spare_takes_over_and_is_made_up_for(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.ClosesAfterEachAnswer);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(backend, "one", "spareConnections=1"), "--shards", "1", "--io", ring);
        await fastdist.CountedAsync(c => c.Backend("one")["current-connections"] == 2, "a connection and a spare");

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(Rcode.NoError, (await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query($"s{i}.load.test"))).Rcode);
            await fastdist.CountedAsync(c => c.Backend("one")["current-connections"] == 2, "a connection and a spare again");
        }

        Assert.All(backend.Sessions, session => Assert.InRange(session.Received.Count, 0, 1));
    }

    [Fact]
    public async Task No_more_connections_than_the_process_may_have_are_open_at_once()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(backend, "one", "maxConcurrentTCPConnections=3", "spareConnections=2"), "--shards", "2");

        await fastdist.CountedAsync(c => c.Backend("one")["too-many-connections"] > 0, "a connection that may not be");
        await fastdist.CountedAsync(c => c.Backend("one")["current-connections"] == 3, "the three that may");
        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
        Assert.Equal(3, (await fastdist.CountersAsync()).Backend("one")["max-concurrent-connections"]);
        Assert.Equal(3, backend.Connections);
    }
}
