using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

[Trait("Stage", "2")]
public sealed class CapacityTests
{
    [Theory, ClassData(typeof(Rings))]
    public async Task What_a_connection_has_no_room_for_waits_its_turn(string ring)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server",
            lab.Unchecked(backend, "one", "maxInFlight=5", "connections=1", "queryTimeout=60000", "silenceTimeout=60000"),
            "--io", ring, "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        await client.SendAsync([.. Enumerable.Range(0, 20).Select(id => Message.Query($"q{id}.load.test", id: id))]);
        await fastdist.CountedAsync(counters => counters.Tcp("queries") == 20, "all queries read");
        await backend.ReceivedAsync(5);
        Assert.Equal(5, backend.Received.Count);
        gate.SetResult();

        Assert.Equal(20, (await client.ReceiveManyAsync(20)).Count);
        Assert.Equal(1, backend.Connections);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_backend_may_be_given_more_connections_for_more_in_flight(string ring)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server",
            lab.Unchecked(backend, "one", "maxInFlight=5", "connections=4", "queryTimeout=60000", "silenceTimeout=60000"),
            "--io", ring, "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        await client.SendAsync([.. Enumerable.Range(0, 20).Select(id => Message.Query($"q{id}.load.test", id: id))]);

        await backend.ReceivedAsync(20);
        Assert.Equal(4, backend.Connections);
        Assert.All(backend.Sessions, session => Assert.Equal(5, session.Received.Count));
        gate.SetResult();
        await client.ReceiveManyAsync(20);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("8")]
    public async Task Each_shard_keeps_one_connection_unless_told_otherwise(string shards)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--shards", shards);

        // Many clients, so that every shard has something to ask.
        for (int i = 0; i < 200; i++)
        {
            await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query($"u{i}.load.test"));
        }

        Assert.InRange(backend.Connections, 1, int.Parse(shards));
        Assert.Equal(200, backend.Received.Count);
    }

    [Fact]
    public async Task The_counters_of_a_backend_tell_what_passed()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend);

        for (int i = 0; i < 10; i++)
        {
            await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query($"u{i}.load.test"));
            await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query($"t{i}.load.test"));
        }

        await fastdist.CountedAsync(counters => counters.Backend("one")["outstanding"] == 0, "nothing outstanding");
        Counters counters = await fastdist.CountersAsync();
        CounterLine one = counters.Backend("one");
        Assert.Equal((20, 20), (one["queries"], one["responses"]));
        Assert.Equal((10, 10), (counters.Udp("queries"), counters.Udp("responses")));
        Assert.Equal((10, 10), (counters.Tcp("queries"), counters.Tcp("responses")));
        Assert.Equal($"{backend.EndPoint}", one.Text("address"));
    }
}
