using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>Backends that never answer a query and answer those around it, so that the connection is never silent.</summary>
public sealed class LostQueryTests
{
    private const string Lost = "lost.load.test.";

    private static readonly string[] s_brief = ["checkTimeout=20000", "queryTimeout=5000", "silenceTimeout=300"];

    // Where the lost query alone may be late, a busy machine must not make others so.
    private static readonly string[] s_long = ["checkTimeout=20000", "queryTimeout=5000", "silenceTimeout=2000"];

    [Theory, ClassData(typeof(Exchanges)), Trait("Row", "F3")]
    public async Task A_query_lost_on_a_busy_connection_is_answered_by_another_backend(string transport)
    {
        await using var lab = new Lab();
        RogueBackend first = lab.Rogue(transport, Rogue.Drops(name => name == Lost));
        RogueBackend second = lab.Rogue(transport, Rogue.Answers);
        FastdistProcess fastdist = await BeforeBothAsync(lab, first, second, s_long);
        await using SteadyLoad load = await SteadyLoad.StartAsync(fastdist.Listen, Innocent);
        await load.IsAnsweredAsync(20);

        ParsedMessage answer = await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query(Lost));

        Assert.Equal(Rcode.NoError, answer.Rcode);
        ParsedMessage[] others = await load.StopAsync();
        Assert.Equal($"{others.Length} NoError", Tally.Of(others));
        Assert.Equal((1, 1), (first.CountOf(Lost), second.CountOf(Lost)));
        Assert.Equal(1, await HedgedAsync(fastdist, "first", "second"));
    }

    [Theory, ClassData(typeof(BackendTransports)), Trait("Row", "F3")]
    public async Task It_is_answered_over_another_connection_where_that_is_all_there_is(string transport)
    {
        const int MaxInFlight = 8;
        await using var lab = new Lab();
        var opened = new TaskCompletionSource();
        var lost = new ConcurrentDictionary<string, bool>();
        RogueBackend backend = lab.Rogue(transport, session => AnswersAfterAsync(session, opened.Task, name => name == Lost && lost.TryAdd(name, true)));
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(backend, "one", [.. s_long, "connections=2", $"maxInFlight={MaxInFlight}"]), "--shards", "1");
        await fastdist.MarkedUpAsync("one");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        // One query more than a connection carries opens the other one.
        Task<List<ParsedMessage>> answers = client.AskTogetherAsync(Enumerable.Range(0, MaxInFlight + 1).Select(Innocent));
        await backend.ReceivedAsync(MaxInFlight + 1);
        opened.SetResult();
        await answers;

        // A few at a time, so that both connections always have something to answer.
        Task<ParsedMessage> waiting = DnsTcpClient.AskAsync(fastdist.Listen, Message.Query(Lost));
        while (!waiting.IsCompleted)
        {
            Assert.Equal("4 NoError", Tally.Of(await client.AskTogetherAsync(Enumerable.Range(0, 4).Select(Innocent))));
        }

        Assert.Equal(Rcode.NoError, (await waiting).Rcode);
        Assert.Equal(2, backend.CountOf(Lost));
        Assert.Equal(1, await HedgedAsync(fastdist, "one"));
    }

    [Theory, ClassData(typeof(Exchanges)), Trait("Row", "F3")]
    public async Task A_backend_that_turns_slow_is_not_asked_twice_for_everything(string transport)
    {
        await using var lab = new Lab();
        var slow = new TaskCompletionSource();
        RogueBackend first = lab.Rogue(transport, session => AnswersLateOnceAsync(session, slow.Task));
        RogueBackend second = lab.Rogue(transport, Rogue.Answers);
        FastdistProcess fastdist = await BeforeBothAsync(lab, first, second, s_brief);
        await using SteadyLoad load = await SteadyLoad.StartAsync(fastdist.Listen, Innocent);
        await load.IsAnsweredAsync(100);

        slow.SetResult();
        await load.IsAnsweredAsync(400);

        ParsedMessage[] answers = await load.StopAsync();
        Assert.Equal($"{answers.Length} NoError", Tally.Of(answers));
        Assert.InRange(await HedgedAsync(fastdist, "first", "second"), 0, answers.Length / (transport == "udp" ? 3 : 5));
    }

    [Theory, ClassData(typeof(Exchanges)), Trait("Row", "F4")]
    public async Task Queries_that_a_lone_backend_loses_cost_no_others_and_few_connections(string transport)
    {
        const int MaxInFlight = 80;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(transport, Rogue.Drops(IsLost));
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server",
            lab.Server(backend, "one", "checkTimeout=20000", "queryTimeout=1500", "silenceTimeout=1500", "connections=1", $"maxInFlight={MaxInFlight}"),
            "--shards", "1");
        await fastdist.MarkedUpAsync("one");

        // 24 a second are lost, for so long that half of the connection's IDs are when those of the last second still wait on it.
        await using SteadyLoad load = await SteadyLoad.StartAsync(
            fastdist.Listen, number => number % 10 == 9 && number < 700 ? $"lost{number}.load.test" : Innocent(number), 240);
        await load.IsAnsweredAsync(1_200);

        ParsedMessage[] answers = await load.StopAsync();
        ParsedMessage[] others = [.. answers.Where(answer => !IsLost(answer.QuestionName))];
        Assert.Equal($"{others.Length} NoError", Tally.Of(others));

        // A connection is left when half of its IDs are lost, and a second ask may lose another.
        int losses = backend.Received.Count(query => IsLost(Message.Name(query)));
        Assert.InRange(backend.Connections, 2, 2 + (losses / (MaxInFlight / 2)));
    }

    private static bool IsLost(string name) => name.StartsWith("lost", StringComparison.Ordinal);

    private static string Innocent(int number) => $"ok{number}.load.test";

    private static async Task<FastdistProcess> BeforeBothAsync(Lab lab, RogueBackend first, RogueBackend second, string[] patience)
    {
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(first, "first", [.. patience, "order=1"]), "--server", lab.Server(second, "second", [.. patience, "order=2"]),
            "--policy", "firstAvailable", "--shards", "1");
        await fastdist.MarkedUpAsync("first");
        await fastdist.MarkedUpAsync("second");
        return fastdist;
    }

    private static async Task<long> HedgedAsync(FastdistProcess fastdist, params string[] backends)
    {
        Counters counters = await fastdist.CountersAsync();
        return backends.Sum(backend => counters.Backend(backend)["hedged"]);
    }

    private static async Task AnswersAfterAsync(RogueSession session, Task gate, Func<string, bool> isDropped)
    {
        await foreach (byte[] query in session.QueriesAsync())
        {
            _ = isDropped(Message.Name(query)) ? Task.CompletedTask : AnswerAsync(query);
        }

        async Task AnswerAsync(byte[] query)
        {
            await gate.WaitAsync(session.Stopping);
            await session.AnswerAsync(Message.Answer(query));
        }
    }

    /// <summary>Answers at once, and from the event on after more than the silence that is borne.</summary>
    private static async Task AnswersLateOnceAsync(RogueSession session, Task turned)
    {
        await foreach (byte[] query in session.QueriesAsync())
        {
            _ = AnswerAsync(query, turned.IsCompleted ? TimeSpan.FromMilliseconds(700) : TimeSpan.Zero);
        }

        async Task AnswerAsync(byte[] query, TimeSpan pause)
        {
            await Task.Delay(pause, session.Stopping);
            await session.AnswerAsync(Message.Answer(query));
        }
    }
}
