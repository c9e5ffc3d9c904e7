using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>A backend that closes in order, as servers do after so many answers, keeps the queries that a policy means for it.</summary>
[Trait("Row", "F6")]
public sealed class PrimaryTests
{
    private const int Queries = 200;

    public static MatrixTheoryData<string, int> Ways => new(["dot", "tcp"], [1, 5, 50]);

    [Theory, MemberData(nameof(Ways))]
    public async Task FirstAvailable_asks_the_backup_nothing_while_the_primary_closes_in_order(string transport, int answers)
    {
        await using var lab = new Lab();
        RogueBackend primary = lab.Rogue(transport, Rogue.ClosesAfter(answers, saysSo: true));
        RogueBackend backup = lab.Rogue(transport, Rogue.Answers);
        using DnsTcpClient client = await BeforeAsync(lab, "firstAvailable", primary, backup);

        List<ParsedMessage> each = await client.AskEachAsync(Names("each"));
        List<ParsedMessage> together = await client.AskTogetherAsync(Names("together"));

        Assert.Equal($"{Queries} NoError; {Queries} NoError", $"{Tally.Of(each)}; {Tally.Of(together)}");
        Assert.Empty(backup.Received);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Chashed_asks_each_name_at_one_backend_while_both_close_in_order(string transport, int answers)
    {
        await using var lab = new Lab();
        RogueBackend one = lab.Rogue(transport, Rogue.ClosesAfter(answers, saysSo: true));
        RogueBackend two = lab.Rogue(transport, Rogue.ClosesAfter(answers, saysSo: true));
        using DnsTcpClient client = await BeforeAsync(lab, "chashed", one, two);

        for (int round = 0; round < 5; round++)
        {
            List<ParsedMessage> each = await client.AskEachAsync(Names("n").Take(40));
            Assert.Equal("40 NoError", Tally.Of(each));
        }

        string[] first = [.. one.Received.Select(query => Message.Name(query)).Distinct()];
        string[] second = [.. two.Received.Select(query => Message.Name(query)).Distinct()];
        Assert.NotEmpty(first);
        Assert.NotEmpty(second);
        Assert.Empty(first.Intersect(second));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Roundrobin_gives_its_turn_to_a_backend_that_closes_in_order(string transport, int answers)
    {
        await using var lab = new Lab();
        RogueBackend closing = lab.Rogue(transport, Rogue.ClosesAfter(answers, saysSo: true));
        RogueBackend staying = lab.Rogue(transport, Rogue.Answers);
        using DnsTcpClient client = await BeforeAsync(lab, "roundrobin", closing, staying);

        Assert.Equal($"{Queries} NoError", Tally.Of(await client.AskEachAsync(Names("q"))));

        // A turn is lost only where the query met the end of the connection on its way.
        Assert.InRange(closing.Received.Count, Queries * 45 / 100, Queries * 55 / 100);
    }

    private static IEnumerable<string> Names(string kind) => Enumerable.Range(0, Queries).Select(i => $"{kind}{i}.load.test");

    private static async Task<DnsTcpClient> BeforeAsync(Lab lab, string policy, RogueBackend one, RogueBackend two)
    {
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(one, "one", "order=1", "weight=1000", "queryTimeout=20000", "silenceTimeout=20000"),
            "--server", lab.Unchecked(two, "two", "order=2", "weight=1000", "queryTimeout=20000", "silenceTimeout=20000"),
            "--policy", policy, "--shards", "1");
        await fastdist.ConnectedAsync("one", "two");
        return await DnsTcpClient.ConnectAsync(fastdist.Listen);
    }
}
