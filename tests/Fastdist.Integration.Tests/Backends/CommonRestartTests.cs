using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>Every backend ends its only connection at one moment, as when all of them are restarted or a firewall forgets.</summary>
[Trait("Row", "F2")]
public sealed class CommonRestartTests
{
    private const int Queries = 12;

    private static readonly string[] s_patience = ["connections=1", "checkTimeout=20000", "queryTimeout=20000", "silenceTimeout=20000"];

    public static MatrixTheoryData<string, bool> Ways => new(["dot", "tcp"], [true, false]);

    [Theory, MemberData(nameof(Ways))]
    public async Task Queries_in_flight_when_all_connections_end_together_are_asked_again(string transport, bool inOrder)
    {
        await using var lab = new Lab();
        var (one, two) = (Holding(lab, transport), Holding(lab, transport));
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(one, "one", s_patience), "--server", lab.Server(two, "two", s_patience), "--shards", "1");
        await UpAsync(fastdist);
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        Task<List<ParsedMessage>> answers = client.AskTogetherAsync(Names);
        await Patience.UntilAsync(() => one.Received.Count + two.Received.Count == Queries, "every query held");
        Assert.NotEmpty(one.Received);
        Assert.NotEmpty(two.Received);
        await EndAllAsync(inOrder, one, two);

        Assert.Equal($"{Queries} NoError", Tally.Of(await answers));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task So_are_those_that_both_backends_had_been_asked(string transport, bool inOrder)
    {
        await using var lab = new Lab();
        var (one, two) = (Holding(lab, transport), Holding(lab, transport));
        string[] patience = [.. s_patience[..^1], "silenceTimeout=300"];
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(one, "one", [.. patience, "order=1"]), "--server", lab.Server(two, "two", [.. patience, "order=2"]),
            "--policy", "firstAvailable", "--shards", "1");
        await UpAsync(fastdist);
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        Task<List<ParsedMessage>> answers = client.AskTogetherAsync(Names);
        await one.ReceivedAsync(Queries);
        await two.ReceivedAsync(1);
        await EndAllAsync(inOrder, one, two);

        Assert.Equal($"{Queries} NoError", Tally.Of(await answers));
    }

    [Theory, ClassData(typeof(Exchanges))]
    public async Task So_are_those_of_backends_that_are_killed_and_started_again(string transport)
    {
        await using var lab = new Lab();
        Daemon one = await lab.DaemonAsync(transport, "one");
        Daemon two = await lab.DaemonAsync(transport, "two");
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(one, s_patience), "--server", lab.Server(two, s_patience), "--shards", "1");
        await UpAsync(fastdist);
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        // A stopped process takes queries and answers none, so that they are in flight when it is killed.
        one.SignalAll(LinuxSignal.Stop);
        two.SignalAll(LinuxSignal.Stop);
        Task<List<ParsedMessage>> answers = client.AskTogetherAsync(Names);
        await fastdist.CountedAsync(counters => counters.Tcp("queries") == Queries, "all queries read");
        await Task.WhenAll(one.KillAsync(), two.KillAsync());
        await Task.WhenAll(one.StartAsync(), two.StartAsync());

        Assert.Equal($"{Queries} NoError", Tally.Of(await answers));
    }

    private static IEnumerable<string> Names => Enumerable.Range(0, Queries).Select(i => $"hold{i}.load.test");

    /// <summary>Holds what its first connection asks, and answers on those that follow.</summary>
    private static RogueBackend Holding(Lab lab, string transport) =>
        lab.Rogue(transport, session => session.Number == 1 ? Rogue.Never(session) : Rogue.Answers(session));

    private static async Task UpAsync(FastdistProcess fastdist)
    {
        await fastdist.MarkedUpAsync("one");
        await fastdist.MarkedUpAsync("two");
    }

    private static async Task EndAllAsync(bool inOrder, params RogueBackend[] backends)
    {
        RogueSession[] sessions = [.. backends.Select(backend => backend.Sessions[0])];
        if (inOrder)
        {
            await Task.WhenAll(sessions.Select(session => session.CloseAsync()));
        }
        else
        {
            Array.ForEach(sessions, session => session.Reset());
        }
    }
}
