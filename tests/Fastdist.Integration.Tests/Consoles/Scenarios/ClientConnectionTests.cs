using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Consoles.Scenarios;

/// <summary>The columns of showTCPStats() that clients' connections move, from zero.</summary>
[Trait("Stage", "5")]
public sealed class ClientConnectionTests
{
    private const int Times = 6;

    private static readonly byte[] s_query = Message.Query("x.load.test");

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task Connections_and_what_they_carried(int shards)
    {
        await using var lab = new Lab();
        Scene scene = await Scene.StartAsync(lab, shards, lab.Rogue(Rogue.Answers));
        var outer = Stopwatch.StartNew();
        var clients = new List<DnsTcpClient>();
        for (int i = 0; i < Times; i++)
        {
            clients.Add(await DnsTcpClient.ConnectAsync(scene.Fastdist.Listen));
            for (int query = 0; query <= i; query++)
            {
                await clients[i].AskAsync(s_query);
            }
        }

        var inner = Stopwatch.StartNew();
        await scene.CheckAsync(tcp: [("Connections", Scene.Text(Times)), ("Max concurrent conn", Scene.Text(Times))]);

        inner.Stop();
        clients.ForEach(client => client.Dispose());
        await scene.EndedAsync(tcp: Times);
        string queries = Scene.Mean(Enumerable.Range(1, Times).Sum(), Times);
        const string reads = "4";
        TcpStats stats = await scene.CheckAsync(tcp:
            [("Max concurrent conn", Scene.Text(Times)), ("Avg queries/conn", queries), ("Avg read IOs/conn", reads), ("Avg duration", PrintedRow.Any)]);
        double duration = double.Parse(stats.Frontends[1]["Avg duration"], CultureInfo.InvariantCulture);
        Assert.InRange(duration, inner.ElapsedMilliseconds - 1, outer.ElapsedMilliseconds);
    }

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task Clients_that_end_inside_a_query(int shards)
    {
        await using var lab = new Lab();
        Scene scene = await Scene.StartAsync(lab, shards, lab.Rogue(Rogue.Answers));

        for (int i = 0; i < Times; i++)
        {
            using DnsTcpClient plain = await DnsTcpClient.ConnectAsync(scene.Fastdist.Listen);
            await AskAndBeginAsync(plain);
            plain.FinishSending();
            await plain.UntilClosedAsync();
            using DnsTcpClient broken = await DnsTcpClient.ConnectAsync(scene.Fastdist.Listen);
            await AskAndBeginAsync(broken);
            broken.Reset();
            await using DotClient secure = await DotClient.ConnectAsync(scene.Fastdist.Tls);
            await AskAndBeginAsync(secure);
            await secure.SayCloseAsync();
            await secure.UntilClosedAsync();
            await using DotClient garbled = await DotClient.ConnectAsync(scene.Fastdist.Tls);
            await AskAndBeginAsync(garbled);
            await garbled.SendUnencryptedAsync([.. ClientHello.Record(23, new byte[64])]);
            await garbled.UntilClosedAsync();
        }

        await scene.EndedAsync(tcp: 2 * Times, dot: 2 * Times);
        await scene.CheckAsync(
            tcp:
            [
                ("Max concurrent conn", PrintedRow.Any), ("Died reading query", Scene.Text(2 * Times)), ("Avg queries/conn", "1.000000"),
                ("Avg read IOs/conn", "1"), ("Avg duration", PrintedRow.Any),
            ],
            dot:
            [
                ("Max concurrent conn", PrintedRow.Any), ("Died reading query", Scene.Text(2 * Times)), ("Avg queries/conn", "1.000000"),
                ("Avg read IOs/conn", PrintedRow.Any), ("Avg duration", PrintedRow.Any), ("TLS new sessions", Scene.Text(2 * Times)), ("TLS 1.3", Scene.Text(2 * Times)),
            ]);

        // The begin of the second query comes in the same segment, so that with the first one's answer it has been read.
        static async Task AskAndBeginAsync(DnsStreamClient client)
        {
            await client.SendRawAsync([.. Message.Framed(s_query), .. Message.Framed(s_query)[..10]]);
            await client.ReceiveAsync();
        }
    }

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task Clients_that_are_gone_when_their_answer_comes(int shards)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        Scene scene = await Scene.StartAsync(lab, shards, backend, "queryTimeout=60000,silenceTimeout=60000");
        var clients = new List<DnsTcpClient>();
        for (int i = 0; i < Times; i++)
        {
            clients.Add(await DnsTcpClient.ConnectAsync(scene.Fastdist.Listen));
            await clients[i].SendAsync(s_query);
            clients[i].FinishSending();
        }

        // Once it has seen that no more is asked, only sending can tell it that nobody reads.
        await backend.ReceivedAsync(Times);
        await scene.HandledAsync();
        clients.ForEach(client => client.Reset());
        gate.SetResult();

        await scene.EndedAsync(tcp: Times);
        await scene.CheckAsync(tcp:
            [
                ("Max concurrent conn", Scene.Text(Times)), ("Died sending response", Scene.Text(Times)), ("Avg queries/conn", "1.000000"),
                ("Avg read IOs/conn", "1"), ("Avg duration", PrintedRow.Any),
            ]);
    }

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task Clients_that_stop_inside_a_query(int shards)
    {
        await using var lab = new Lab();
        Scene scene = await Scene.StartAsync(lab, shards, lab.Rogue(Rogue.Answers), flags: ["--tcp-recv-timeout", "1"]);
        var clients = new List<DnsTcpClient>();
        for (int i = 0; i < Times; i++)
        {
            clients.Add(await DnsTcpClient.ConnectAsync(scene.Fastdist.Listen));
            await clients[i].SendRawAsync(Message.Framed(s_query)[..10]);
        }

        foreach (DnsTcpClient client in clients)
        {
            await client.UntilClosedAsync();
            client.Dispose();
        }

        await scene.EndedAsync(tcp: Times);
        await scene.CheckAsync(tcp:
            [("Max concurrent conn", PrintedRow.Any), ("Client timeouts", Scene.Text(Times)), ("Avg read IOs/conn", "1"), ("Avg duration", PrintedRow.Any)]);
    }

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task Clients_that_ask_nothing(int shards)
    {
        await using var lab = new Lab();
        Scene scene = await Scene.StartAsync(lab, shards, lab.Rogue(Rogue.Answers), flags: ["--tcp-idle-timeout", "1", "--tls-handshake-timeout", "1"]);
        var clients = new List<DnsTcpClient>();
        for (int i = 0; i < Times; i++)
        {
            clients.Add(await DnsTcpClient.ConnectAsync(scene.Fastdist.Listen));
            clients.Add(await DnsTcpClient.ConnectAsync(scene.Fastdist.Tls));
        }

        foreach (DnsTcpClient client in clients)
        {
            await client.UntilClosedAsync();
            client.Dispose();
        }

        await scene.EndedAsync(tcp: Times, dot: Times);
        (string, string)[] expected = [("Max concurrent conn", PrintedRow.Any), ("Client timeouts", Scene.Text(Times)), ("Avg duration", PrintedRow.Any)];
        await scene.CheckAsync(tcp: expected, dot: expected);
    }

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task Clients_that_do_not_take_their_answers(int shards)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query => [Message.AnswerOfSize(query, 60_000)]));
        Scene scene = await Scene.StartAsync(lab, shards, backend, flags: ["--tcp-send-timeout", "1"]);
        var clients = new List<DnsTcpClient>();
        for (int i = 0; i < 2; i++)
        {
            clients.Add(await DnsTcpClient.ConnectAsync(scene.Fastdist.Listen, receiveBuffer: 4_096));
            clients[i].TrySend(Message.Framed([.. Enumerable.Repeat(s_query, 1_000)]));
        }

        await scene.EndedAsync(tcp: clients.Count);
        clients.ForEach(client => client.Dispose());

        await scene.CheckAsync(
            tcp:
            [
                ("Max concurrent conn", "2"), ("Client timeouts", "2"), ("Avg queries/conn", PrintedRow.Any), ("Avg read IOs/conn", PrintedRow.Any),
                ("Avg duration", PrintedRow.Any),
            ],
            backend: [("Reused connections", PrintedRow.Any)]);
    }
}
