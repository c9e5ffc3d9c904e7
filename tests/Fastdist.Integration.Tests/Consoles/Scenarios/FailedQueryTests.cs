using System;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Consoles.Scenarios;

/// <summary>The columns of showTCPStats() that failing queries move at both ends, from zero.</summary>
[Trait("Stage", "5")]
public sealed class FailedQueryTests
{
    private static readonly string[] s_transports = ["udp", "tcp", "dot"];

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task Queries_that_end_their_connection_twice_are_given_up(int shards)
    {
        const int times = 4;
        await using var lab = new Lab();
        Scene scene = await Scene.StartAsync(lab, shards, lab.Rogue(ResetsOnDeadlyQuery));

        // Answers before each prove the connection, so that its loss is replaced at once; never as many as before, also with the two to
        // a shard's first connection that tell how it reads records, so that the backend makes no habit of it.
        int[] harmless = new int[s_transports.Length];
        for (int i = 0; i < s_transports.Length * times; i++)
        {
            int before = 1 + (3 * i);
            harmless[i % s_transports.Length] += before;
            await DieAsync(scene, s_transports[i % s_transports.Length], before);
        }

        await scene.EndedAsync(tcp: times, dot: times);
        int all = s_transports.Length * times;
        (string, string)[] client = [("Max concurrent conn", "1"), ("Gave up", Scene.Text(times)), ("Avg duration", PrintedRow.Any), ("Avg read IOs/conn", PrintedRow.Any)];

        // The query is tried a second time on a connection of its own, beside the one that was replaced.
        await scene.CheckAsync(
            udp: [("Gave up", Scene.Text(times))],
            tcp: [.. client, ("Avg queries/conn", Scene.Mean(harmless[1] + times, times))],
            dot: [.. client, ("Avg queries/conn", Scene.Mean(harmless[2] + times, times)), ("TLS new sessions", Scene.Text(times)), ("TLS 1.3", Scene.Text(harmless[2] + times))],
            backend:
            [
                ("Gave up", Scene.Text(all)), ("Died reading response", Scene.Text(2 * all)), ("Total connections", Scene.Text(shards + (2 * all))),
                ("Max concurrent conn", Scene.Text(shards + 1)), ("Avg queries/conn", Scene.Mean(harmless.Sum() + (2 * all), 2 * all)), ("Avg duration", PrintedRow.Any),
            ]);
    }

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task Queries_that_no_backend_answers_in_time(int shards)
    {
        const int times = 5;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Never);
        Scene scene = await Scene.StartAsync(lab, shards, backend, "queryTimeout=1000,silenceTimeout=60000");
        byte[][] queries = [.. Enumerable.Range(0, times).Select(id => Message.Query("x.load.test", id: id))];

        // Queries of one segment share a deadline, and the connection's silence ends with them.
        Assert.Equal(Rcode.ServFail, await scene.AskAsync("udp", queries[0]));
        await ReplacedAsync(1);
        using (DnsTcpClient client = await DnsTcpClient.ConnectAsync(scene.Fastdist.Listen))
        {
            await client.SendAsync(queries);
            Assert.All((await client.ReceiveManyAsync(times)).Values, answer => Assert.Equal(Rcode.ServFail, answer.Rcode));
        }

        await ReplacedAsync(2);
        await using (DotClient client = await DotClient.ConnectAsync(scene.Fastdist.Tls))
        {
            await client.SendAsync(queries);
            Assert.All((await client.ReceiveManyAsync(times)).Values, answer => Assert.Equal(Rcode.ServFail, answer.Rcode));
        }

        await ReplacedAsync(3);
        await scene.EndedAsync(tcp: 1, dot: 1);
        (string, string)[] clients =
            [("Max concurrent conn", "1"), ("Downstream timeouts", Scene.Text(times)), ("Avg queries/conn", Scene.Mean(times, 1)), ("Avg duration", PrintedRow.Any)];
        await scene.CheckAsync(
            udp: [("Downstream timeouts", "1")],
            tcp: [.. clients, ("Avg read IOs/conn", "1")],
            dot: [.. clients, ("Avg read IOs/conn", PrintedRow.Any), ("TLS new sessions", "1"), ("TLS 1.3", Scene.Text(times))],
            backend:
            [
                ("Read timeouts", "3"), ("Total connections", Scene.Text(shards + 3)), ("Avg queries/conn", Scene.Mean(1 + times + times, 3)),
                ("Avg duration", PrintedRow.Any),
            ]);

        async Task ReplacedAsync(int ended)
        {
            await scene.Fastdist.CountedAsync(counters => counters.Backend("one")["ended-connections"] == ended, $"{ended} connections ended");
            await scene.ConnectedAsync();
        }
    }

    private static async Task DieAsync(Scene scene, string transport, int harmlessBefore)
    {
        byte[] deadly = Message.Query("deadly.load.test");
        await scene.ConnectedAsync();
        switch (transport)
        {
            case "udp":
                // One socket, since the shard follows from the port.
                using (var client = new DnsUdpClient(scene.Fastdist.Listen))
                {
                    await LiveAsync(client.AskAsync);
                    Assert.Equal(Rcode.ServFail, (await client.AskAsync(deadly)).Rcode);
                }

                break;
            case "tcp":
                using (DnsTcpClient client = await DnsTcpClient.ConnectAsync(scene.Fastdist.Listen))
                {
                    await LiveAsync(client.AskAsync);
                    Assert.Equal(Rcode.ServFail, (await client.AskAsync(deadly)).Rcode);
                }

                await scene.Fastdist.CountedAsync(counters => counters.Tcp("current-connections") == 0, "the client's end");
                break;
            default:
                await using (DotClient client = await DotClient.ConnectAsync(scene.Fastdist.Tls))
                {
                    await LiveAsync(client.AskAsync);
                    Assert.Equal(Rcode.ServFail, (await client.AskAsync(deadly)).Rcode);
                }

                await scene.Fastdist.CountedAsync(counters => counters.Dot("current-connections") == 0, "the client's end");
                break;
        }

        await scene.ConnectedAsync();

        async Task LiveAsync(Func<byte[], Task<ParsedMessage>> ask)
        {
            for (int i = 0; i < harmlessBefore; i++)
            {
                Assert.Equal(Rcode.NoError, (await ask(Message.Query("x.load.test"))).Rcode);
            }
        }
    }

    private static async Task ResetsOnDeadlyQuery(RogueSession session)
    {
        await foreach (byte[] query in session.QueriesAsync())
        {
            if (ParsedMessage.ParseQuery(query).QuestionName.StartsWith("deadly", StringComparison.Ordinal))
            {
                session.Reset();
                return;
            }

            await session.AnswerAsync(Message.Answer(query));
        }
    }
}
