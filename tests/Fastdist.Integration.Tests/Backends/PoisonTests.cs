using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>A query that really ends the backend's connection, each time it is read.</summary>
public sealed class PoisonTests
{
    private const string Poison = "poison.load.test.";

    /// <summary>Connections that one query ends, the one it was on with others and the one it is tried on alone; and one more where no slot was free in time.</summary>
    private const int Connections = 2, MostConnections = 3;

    public static MatrixTheoryData<string, bool> Ways => new(["dot", "tcp"], [true, false]);

    [Theory, MemberData(nameof(Ways))]
    public async Task It_is_given_up_after_two_connections_and_costs_no_other_query(string transport, bool inOrder)
    {
        const int Times = 3;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(transport, session => DiesOfPoisonAsync(session, inOrder));
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Server(backend, "one", "checkTimeout=20000"), "--shards", "1");
        await fastdist.MarkedUpAsync("one");
        await using SteadyLoad load = await SteadyLoad.StartAsync(fastdist.Listen, number => $"ok{number}.load.test");

        for (int i = 0; i < Times; i++)
        {
            await load.IsAnsweredAsync(20);
            Assert.Equal(Rcode.ServFail, (await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query(Poison))).Rcode);
        }

        await load.IsAnsweredAsync(20);
        ParsedMessage[] others = await load.StopAsync();
        Assert.Equal($"{others.Length} NoError", Tally.Of(others));
        Assert.InRange(backend.CountOf(Poison), Connections * Times, MostConnections * Times);
        Assert.Equal("up", (await fastdist.CountersAsync()).Backend("one").Text("state"));
        Assert.Empty(fastdist.Told(LogEvent.BackendDown));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Queries_sent_together_with_it_are_answered(string transport, bool inOrder)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(transport, session => DiesOfPoisonAsync(session, inOrder));
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one"), "--shards", "1");
        await fastdist.ConnectedAsync("one");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        List<ParsedMessage> answers = await client.AskTogetherAsync([Poison, .. Enumerable.Range(0, 10).Select(i => $"ok{i}.load.test")]);

        Assert.Equal(Rcode.ServFail, answers.Single(answer => answer.QuestionName == Poison).Rcode);
        Assert.Equal("10 NoError", Tally.Of(answers.Where(answer => answer.QuestionName != Poison)));
        Assert.InRange(backend.CountOf(Poison), Connections, MostConnections);
    }

    private static async Task DiesOfPoisonAsync(RogueSession session, bool inOrder)
    {
        await foreach (byte[] query in session.QueriesAsync())
        {
            if (Message.Name(query) == Poison)
            {
                await EndAsync(session, inOrder);
                return;
            }

            await session.AnswerAsync(Message.Answer(query));
        }
    }

    private static async Task EndAsync(RogueSession session, bool inOrder)
    {
        if (inOrder)
        {
            await session.CloseAsync();
        }
        else
        {
            session.Reset();
        }
    }
}
