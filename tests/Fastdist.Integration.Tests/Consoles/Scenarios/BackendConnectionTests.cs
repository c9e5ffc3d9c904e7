using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Consoles.Scenarios;

/// <summary>The columns of showTCPStats() that connections to a backend move, from zero.</summary>
[Trait("Stage", "5")]
public sealed class BackendConnectionTests
{
    private const int Times = 6;

    private const string Patient = "queryTimeout=60000,silenceTimeout=60000";

    private static readonly byte[] s_query = Message.Query("x.load.test");

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task Connections_closed_in_order_after_an_answer(int shards)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.ClosesAfterEachAnswer);
        var outer = Stopwatch.StartNew();
        Scene scene = await Scene.StartAsync(lab, shards, backend);

        for (int i = 1; i <= Times; i++)
        {
            Assert.Equal(Rcode.NoError, await scene.AskAsync("udp", s_query));
            await scene.Fastdist.CountedAsync(counters => counters.Backend("one")["ended-connections"] == i, "its end");
            await scene.ConnectedAsync();
        }

        TcpStats stats = await scene.CheckAsync(backend:
            [("Total connections", Scene.Text(shards + Times)), ("Avg queries/conn", "1.000000"), ("Avg duration", PrintedRow.Any)]);
        double duration = double.Parse(stats.Backends[0]["Avg duration"], CultureInfo.InvariantCulture);
        Assert.InRange(duration, double.Epsilon, outer.ElapsedMilliseconds);
    }

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task Sessions_that_are_resumed(int shards)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.ClosesAfterEachAnswer, beforeHandshake: _ => gate.Task);
        Scene scene = await Scene.StartUnconnectedAsync(lab, shards, backend);
        // All first handshakes are under way before one of them has ended and left a session.
        await Patience.UntilAsync(() => backend.Connections == shards, "a connection of each shard");
        gate.SetResult();
        await scene.ConnectedAsync();

        for (int i = 1; i <= Times; i++)
        {
            Assert.Equal(Rcode.NoError, await scene.AskAsync("udp", s_query));
            await scene.Fastdist.CountedAsync(counters => counters.Backend("one")["ended-connections"] == i, "its end");
            await scene.ConnectedAsync();
        }

        await scene.CheckAsync(backend:
            [
                ("Total connections", Scene.Text(shards + Times)), ("TLS resumptions", Scene.Text(Times)), ("Avg queries/conn", "1.000000"),
                ("Avg duration", PrintedRow.Any),
            ]);
    }

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task Queries_on_a_connection_that_carried_one_before(int shards)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        Scene scene = await Scene.StartAsync(lab, shards, backend);

        // Until every shard has had one: which one a client comes to is the kernel's choice.
        int asked = 0;
        while (backend.Sessions.Any(session => session.Received.IsEmpty) || asked < 10)
        {
            Assert.Equal(Rcode.NoError, await scene.AskAsync("udp", s_query));
            asked++;
        }

        await scene.CheckAsync(backend: [("Reused connections", Scene.Text(asked - shards))]);
    }

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task Connections_that_are_not_made_in_time(int shards)
    {
        await using var lab = new Lab();
        int silent = 2 * shards;
        RogueBackend backend = lab.Rogue(Rogue.Answers, beforeHandshake: session => session.Number <= silent ? session.SilenceAsync() : Task.CompletedTask);
        Scene scene = await Scene.StartAsync(lab, shards, backend, "tcpConnectTimeout=1");

        await scene.CheckAsync(backend: [("Connect timeouts", Scene.Text(silent)), ("Total connections", Scene.Text(silent + shards))]);
    }

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task A_backend_that_does_not_take_its_queries(int shards)
    {
        const int count = 100;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(async session =>
        {
            if (session.Number > shards)
            {
                await Rogue.Answers(session);
            }

            await session.ReadQueryAsync();
            await session.SilenceAsync();
        });
        Scene scene = await Scene.StartAsync(lab, shards, backend, $"tcpSendTimeout=1,{Patient}");

        using (DnsTcpClient client = await DnsTcpClient.ConnectAsync(scene.Fastdist.Listen))
        {
            Task sending = client.SendAsync([.. Enumerable.Range(0, count).Select(id => Message.WithId(Message.QueryOfSize("x.load.test", 60_000), id))]);
            await client.ReceiveManyAsync(count);
            await sending;
        }

        await scene.EndedAsync(tcp: 1);
        await scene.CheckAsync(
            tcp:
            [
                ("Max concurrent conn", "1"), ("Avg queries/conn", Scene.Mean(count, 1)), ("Avg read IOs/conn", PrintedRow.Any), ("Avg duration", PrintedRow.Any),
            ],
            backend:
            [
                ("Write timeouts", "1"), ("Total connections", Scene.Text(shards + 1)), ("Reused connections", PrintedRow.Any),
                ("Avg queries/conn", PrintedRow.Any), ("Avg duration", PrintedRow.Any),
            ]);
    }

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task A_connection_that_may_not_replace_a_silent_one_is_counted_once(int shards)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        Scene scene = await Scene.StartAsync(lab, shards, backend, $"maxConcurrentTCPConnections={shards},queryTimeout=60000,silenceTimeout=100");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(scene.Fastdist.Listen);

        await client.SendAsync(s_query);
        await scene.Fastdist.CountedAsync(counters => counters.Backend("one")["suspect-connections"] == 1, "a silent connection");
        for (int i = 0; i < Times; i++)
        {
            // It is wanted in every tick of this time.
            await scene.HandledAsync();
        }

        (string, string)[] open = [("Connections", "1"), ("Max concurrent conn", "1")];
        await scene.CheckAsync(tcp: open, backend: [("Too many conn", "1")]);
        gate.SetResult();
        await client.ReceiveAsync();
        await scene.CheckAsync(tcp: open, backend: [("Too many conn", "1")]);
    }

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task Spares_that_may_not_be(int shards)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.Answers, beforeHandshake: _ => gate.Task);
        Scene scene = await Scene.StartUnconnectedAsync(
            lab, shards, backend, $"spareConnections=1,maxConcurrentTCPConnections={shards}", flags: ["--outgoing-tls-sessions-cache-max-tickets-per-backend", "0"]);
        // None is in use yet, or a spare of one shard might take another's place.
        await Patience.UntilAsync(() => backend.Connections == shards, "a connection of each shard");
        gate.SetResult();
        await scene.ConnectedAsync();
        await scene.HandledAsync();

        await scene.CheckAsync(backend: [("Too many conn", Scene.Text(shards))]);
    }

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task More_connections_at_once_when_all_are_full(int shards)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        Scene scene = await Scene.StartAsync(lab, shards, backend, $"maxInFlight=2,connections={3 * shards},{Patient}");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(scene.Fastdist.Listen);

        await client.SendAsync([.. Enumerable.Range(0, Times).Select(id => Message.Query("x.load.test", id: id))]);
        await backend.ReceivedAsync(Times);

        string all = Scene.Text(shards + 2);
        await scene.CheckAsync(
            tcp: [("Connections", "1"), ("Max concurrent conn", "1")],
            backend: [("Connections", all), ("Max concurrent conn", all), ("Total connections", all), ("Reused connections", "3")]);
        gate.SetResult();
        await client.ReceiveManyAsync(Times);
    }

    /// <summary>
    /// A reset is told to whoever reads, unless a send comes before: with one completion a turn, after a pause in which both
    /// the query and the reset came, the query's send is first. io_uring has the reading's end in its queue by then.
    /// </summary>
    [Theory, ClassData(typeof(ShardCounts))]
    public async Task A_connection_that_was_reset_when_a_query_is_sent(int shards)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        Scene scene = await Scene.StartAsync(lab, shards, backend, Patient, flags: ["--io", "epoll", "--max-turn", "1"]);
        using (DnsTcpClient client = await DnsTcpClient.ConnectAsync(scene.Fastdist.Listen))
        {
            await client.AskAsync(s_query);
            scene.Fastdist.Signal(LinuxSignal.Stop);
            await Patience.UntilAsync(() => ProcessTable.OfThreads(scene.Fastdist.Id, "State").All(state => state.StartsWith('T')), "fastdist to stop");
            await client.SendAsync(s_query);
            backend.Sessions.Single(session => !session.Received.IsEmpty).Reset();
            scene.Fastdist.Signal(LinuxSignal.Continue);

            Assert.Equal(Rcode.NoError, (await client.ReceiveAsync()).Rcode);
        }

        await scene.EndedAsync(tcp: 1);
        await scene.ConnectedAsync();
        await scene.CheckAsync(
            tcp: [("Max concurrent conn", "1"), ("Avg queries/conn", "2.000000"), ("Avg read IOs/conn", "2"), ("Avg duration", PrintedRow.Any)],
            backend:
            [
                ("Died sending query", "1"), ("Total connections", Scene.Text(shards + 1)), ("Reused connections", "1"), ("Avg queries/conn", "2.000000"),
                ("Avg duration", PrintedRow.Any),
            ]);
    }
}
