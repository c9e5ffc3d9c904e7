using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Limits;

/// <summary>Our own overload: datagrams are dropped and counted, streams are not read any further.</summary>
[Trait("Stage", "3")]
public sealed class OverloadTests
{
    /// <summary>The least that the option takes.</summary>
    private const int Limit = 64;

    private const string Patient = "queryTimeout=60000,silenceTimeout=60000";

    [Theory, ClassData(typeof(Rings))]
    public async Task Datagrams_beyond_the_limit_of_the_process_are_dropped_and_counted(string ring)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(backend, "one", Patient), "--max-in-flight", $"{Limit}", "--shards", "1", "--io", ring);
        using var client = new DnsUdpClient(fastdist.Listen);

        for (int id = 0; id < 200; id++)
        {
            await client.SendAsync(Message.Query($"q{id}.load.test", id: id));
        }

        await fastdist.CountedAsync(counters => counters.Udp("dropped-overload") == 200 - Limit, "what was beyond it dropped");
        await fastdist.CountedAsync(counters => counters.Backend("one")["outstanding"] == Limit, $"{Limit} outstanding");
        gate.SetResult();
        for (int i = 0; i < Limit; i++)
        {
            await client.ReceiveAsync();
        }

        Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query("after.load.test"))).Rcode);
    }

    [Theory]
    [InlineData("io_uring", "process")]
    [InlineData("io_uring", "connection")]
    [InlineData("epoll", "process")]
    [InlineData("epoll", "connection")]
    public async Task A_stream_beyond_the_limit_waits_and_loses_nothing(string ring, string limit)
    {
        const int count = 90;
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        string server = lab.Unchecked(backend, "one", Patient);
        string[] shared = ["--server", server, "--shards", "1", "--io", ring];
        System.Net.IPEndPoint listen = Ports.Next();
        FastdistProcess fastdist = lab.Keep(await FastdistProcess.StartAsync(
            listen,
            limit == "process"
                ? ["-l", $"{listen}", "--max-in-flight", $"{Limit}", .. shared]
                : ["-l", $"{listen},maxInFlight={Limit}", .. shared]));
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(listen);

        await client.SendAsync([.. Enumerable.Range(0, count).Select(id => Message.Query($"q{id}.load.test", id: id))]);
        await backend.ReceivedAsync(Limit);
        await fastdist.CountedAsync(counters => counters.Backend("one")["outstanding"] == Limit, $"{Limit} outstanding");
        gate.SetResult();

        Assert.Equal(count, (await client.ReceiveManyAsync(count)).Count);
        Assert.Equal(0, (await fastdist.CountersAsync()).Tcp("dropped-overload"));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_flood_at_a_backend_that_answers_nothing_costs_bounded_memory_and_ends(string ring)
    {
        const int flood = 200_000;
        await using var lab = new Lab();
        RogueBackend never = lab.Rogue(Rogue.Never);
        RogueBackend good = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(never, "never", "order=1", "queryTimeout=2000"), "--shards", "1", "--io", ring);
        using var client = new DnsUdpClient(fastdist.Listen);
        byte[] query = Message.Query("flood.load.test");
        await client.AskAsync(query);
        long before = ProcessTable.ResidentBytes(fastdist.Id);

        for (int i = 0; i < flood; i++)
        {
            await client.SendAsync(query);
        }

        await fastdist.CountedAsync(counters => counters.Udp("dropped-overload") > 0, "some dropped");
        Assert.InRange(ProcessTable.ResidentBytes(fastdist.Id) - before, long.MinValue, 64 << 20);
        await fastdist.CountedAsync(counters => counters.Backend("never")["outstanding"] == 0, "nothing outstanding");
        Assert.Empty(good.Received);
    }
}
