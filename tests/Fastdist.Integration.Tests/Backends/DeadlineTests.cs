using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

[Trait("Stage", "2")]
public sealed class DeadlineTests
{
    [Theory, ClassData(typeof(Rings))]
    public async Task An_unanswered_query_ends_in_SERVFAIL_with_the_reason_at_its_deadline(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Never);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(backend, "one", "queryTimeout=1000"), "--io", ring);

        Task<ParsedMessage> overUdp = DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("u.load.test", id: 5, edns: 1_232));
        Task<ParsedMessage> overTcp = DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("t.load.test", id: 6));

        ParsedMessage udp = await overUdp, tcp = await overTcp;
        Assert.Equal((5, Rcode.ServFail), (udp.Id, udp.Rcode));
        Assert.NotNull(udp.Edns?.ExtendedError);
        Assert.Equal((6, Rcode.ServFail), (tcp.Id, tcp.Rcode));
        Assert.Null(tcp.Edns);
        Assert.Equal(2, (await fastdist.CountersAsync()).Backend("one")["timeouts"]);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task An_answer_after_the_deadline_is_counted_and_reaches_nobody(string ring)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(async session =>
        {
            // Names that begin with "late" wait for the gate, the others keep the connection from being silent.
            await foreach (byte[] query in session.QueriesAsync())
            {
                _ = ParsedMessage.Parse(query).QuestionName.StartsWith("late", System.StringComparison.Ordinal)
                    ? AnswerLaterAsync(session, query)
                    : session.AnswerAsync(Message.Answer(query));
            }
        });
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(backend, "one", "queryTimeout=1000", "silenceTimeout=60000"), "--io", ring, "--shards", "1");
        using var late = new DnsUdpClient(fastdist.Listen);
        using var other = new DnsUdpClient(fastdist.Listen);
        Task<ParsedMessage> waiting = late.AskAsync(Message.Query("late.load.test", id: 5));
        while (!waiting.IsCompleted)
        {
            Assert.Equal(Rcode.NoError, (await other.AskAsync(Message.Query("o.load.test"))).Rcode);
        }

        gate.SetResult();

        Assert.Equal(Rcode.ServFail, (await waiting).Rcode);
        await fastdist.CountedAsync(counters => counters.Backend("one")["late-responses"] == 1, "one late response");
        Assert.False(late.HasAnswer);
        Assert.Equal(Rcode.NoError, (await other.AskAsync(Message.Query("p.load.test"))).Rcode);

        async Task AnswerLaterAsync(RogueSession session, byte[] query)
        {
            await gate.Task.WaitAsync(session.Stopping);
            await session.AnswerAsync(Message.Answer(query));
        }
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task What_waits_on_a_silent_connection_is_answered_elsewhere_before_its_deadline(string ring)
    {
        await using var lab = new Lab();
        RogueBackend silent = lab.Rogue(Rogue.Never);
        RogueBackend good = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(silent, "silent", "queryTimeout=30000", "silenceTimeout=500"),
            "--server", lab.Unchecked(good, "good", "queryTimeout=30000", "silenceTimeout=500"),
            "--policy", "roundrobin", "--io", ring, "--shards", "1");
        await fastdist.ConnectedAsync("silent", "good");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        await client.SendAsync([.. Enumerable.Range(0, 20).Select(id => Message.Query($"q{id}.load.test", id: id))]);

        var answers = await client.ReceiveManyAsync(20);
        Assert.All(answers.Values, answer => Assert.Equal(Rcode.NoError, answer.Rcode));
        Assert.True(silent.Received.Count > 0);
        Assert.Equal(20, good.Received.Count);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Connections_still_silent_at_the_deadline_are_replaced(string ring)
    {
        await using var lab = new Lab();
        // A query is asked a second time elsewhere, so one silent connection alone would be covered up.
        RogueBackend backend = lab.Rogue(session => session.Number <= 2 ? Rogue.Never(session) : Rogue.Answers(session));
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(backend, "one", "queryTimeout=1000", "silenceTimeout=300", "retries=0"),
            "--io", ring, "--shards", "1");

        // Queries are lost with the silent connections; those that follow find a new one.
        await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("first.load.test"));
        await Patience.UntilAsync(
            async () => (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("next.load.test"))).Rcode == Rcode.NoError,
            "an answer over a new connection");

        Assert.True(backend.Connections >= 3);
    }

    [Fact]
    public async Task IDs_of_timed_out_queries_are_not_used_again_until_too_many_retire_the_connection()
    {
        const int capacity = 20;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Never);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server",
            lab.Unchecked(backend, "one", $"maxInFlight={capacity}", "queryTimeout=500", "silenceTimeout=60000"),
            "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        for (int round = 0; round < 4; round++)
        {
            await client.SendAsync([.. Enumerable.Range(0, capacity).Select(id => Message.Query($"r{round}-{id}.load.test", id: id))]);
            await client.ReceiveManyAsync(capacity);
        }

        Assert.True(backend.Connections > 1);
        Assert.All(backend.Sessions, session => Assert.Distinct(session.Received.Select(query => Message.Id(query))));
    }
}
