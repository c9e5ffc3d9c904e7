using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>
/// Backends that answer so many queries a connection and are gone at once. Queries that were on their way then are answered
/// with a reset, which after an answer is as ordinary an end as any.
/// </summary>
[Trait("Row", "F1")]
public sealed class ClosingBackendTests
{
    private const int Queries = 200;
    private const int MostRounds = 40;

    public static MatrixTheoryData<string, int, int> Ways => new(["dot", "tcp"], [1, 2, 5, 20, 100], [1, 1_000]);

    public static MatrixTheoryData<string, int> FewAnswers => new(["dot", "tcp"], [1, 2, 5]);

    [Theory, MemberData(nameof(Ways))]
    public Task A_backend_that_closes_after_so_many_answers_loses_no_query_and_stays_up(string transport, int answers, int maxInFlight) =>
        EachAndTogetherAsync(transport, Rogue.ClosesAfter(answers, saysSo: transport == "dot"), maxInFlight);

    [Theory, MemberData(nameof(FewAnswers))]
    public Task Nor_does_one_that_says_so_over_TCP_or_leaves_out_close_notify(string transport, int answers) =>
        EachAndTogetherAsync(transport, Rogue.ClosesAfter(answers, saysSo: transport == "tcp"), maxInFlight: 1_000);

    [Theory, MemberData(nameof(FewAnswers))]
    public async Task Nor_does_one_that_always_closes_on_the_next_query(string transport, int answers)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(transport, Rogue.ResetsAfter(answers), checks: true);
        FastdistProcess fastdist = await BeforeAsync(lab, backend, maxInFlight: 1_000);
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        // Until a health check falls among the queries, which a busy backend may be spared for a while.
        int checks = backend.Checks.Count;
        for (int round = 0; round < MostRounds && backend.Checks.Count == checks; round++)
        {
            Assert.Equal("20 NoError", Tally.Of(await client.AskEachAsync(Names("each").Take(20))));
        }

        await NothingIsHeldAgainstItAsync(fastdist);
    }

    private static async Task EachAndTogetherAsync(string transport, Func<RogueSession, Task> script, int maxInFlight)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await BeforeAsync(lab, lab.Rogue(transport, script, checks: true), maxInFlight);
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        List<ParsedMessage> each = await client.AskEachAsync(Names("each"));
        List<ParsedMessage> together = await client.AskTogetherAsync(Names("together"));

        await fastdist.CountersAsync();
        Assert.Equal($"{Queries} NoError; {Queries} NoError", $"{Tally.Of(each)}; {Tally.Of(together)}");
        await NothingIsHeldAgainstItAsync(fastdist);
    }

    private static async Task<FastdistProcess> BeforeAsync(Lab lab, RogueBackend backend, int maxInFlight)
    {
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(backend, "one", $"maxInFlight={maxInFlight}", "checkTimeout=20000", "queryTimeout=20000"),
            "--shards", "1");
        await fastdist.MarkedUpAsync("one");
        return fastdist;
    }

    private static async Task NothingIsHeldAgainstItAsync(FastdistProcess fastdist)
    {
        CounterLine counters = (await fastdist.CountersAsync()).Backend("one");
        Assert.Equal(("up", 0, 0), (counters.Text("state"), counters["lost-connections"], counters["gave-up"]));
        Assert.Empty(fastdist.Told(LogEvent.BackendDown));
    }

    private static IEnumerable<string> Names(string kind) => Enumerable.Range(0, Queries).Select(i => $"{kind}{i}.load.test");
}
