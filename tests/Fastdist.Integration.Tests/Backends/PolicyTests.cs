using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

[Trait("Stage", "2")]
public sealed class PolicyTests
{
    [Fact]
    public async Task Roundrobin_takes_each_in_its_turn()
    {
        await using var lab = new Lab();
        (FastdistProcess fastdist, RogueBackend[] backends) = await BeginAsync(lab, "roundrobin", "", "", "");

        await AskAsync(fastdist, 300);

        Assert.Equal([100, 100, 100], backends.Select(backend => backend.Received.Count));
    }

    [Fact]
    public async Task FirstAvailable_takes_the_first_in_order()
    {
        await using var lab = new Lab();
        (FastdistProcess fastdist, RogueBackend[] backends) = await BeginAsync(
            lab, "firstAvailable", "order=3", "order=1", "order=2");

        await AskAsync(fastdist, 100);

        Assert.Equal([0, 100, 0], backends.Select(backend => backend.Received.Count));
    }

    [Fact]
    public async Task FirstAvailable_passes_over_what_has_reached_its_rate()
    {
        await using var lab = new Lab();
        (FastdistProcess fastdist, RogueBackend[] backends) = await BeginAsync(
            lab, "firstAvailable", "order=1,qps=10", "order=2");

        await AskAsync(fastdist, 2_000);

        Assert.True(backends[0].Received.Count >= 10);
        Assert.True(backends[1].Received.Count > backends[0].Received.Count);
        Assert.Equal(2_000, backends.Sum(backend => backend.Received.Count));
    }

    [Fact]
    public async Task Wrandom_follows_the_weights()
    {
        await using var lab = new Lab();
        (FastdistProcess fastdist, RogueBackend[] backends) = await BeginAsync(lab, "wrandom", "weight=300", "weight=100");

        await AskAsync(fastdist, 2_000);

        // Expected 1,500 with a standard deviation of 19: eight of them on either side.
        Assert.InRange(backends[0].Received.Count, 1_345, 1_655);
    }

    [Fact]
    public async Task LeastOutstanding_avoids_who_has_much_to_do()
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend slow = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        RogueBackend quick = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(slow, "slow", "queryTimeout=60000", "silenceTimeout=60000"),
            "--server", lab.Unchecked(quick, "quick", "queryTimeout=60000", "silenceTimeout=60000"),
            "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        for (int id = 0; id < 50; id++)
        {
            // Each is at its backend before the next one is sent.
            await client.SendAsync(Message.Query($"q{id}.load.test", id: id));
            await Patience.UntilAsync(() => slow.Received.Count + quick.Received.Count == id + 1, "the query at a backend");
            if (quick.Received.Count > 0)
            {
                await fastdist.CountedAsync(
                    counters => counters.Backend("quick")["outstanding"] == 0, "the quick one answered");
            }
        }

        Assert.InRange(slow.Received.Count, 1, 5);
        gate.SetResult();
        await client.ReceiveManyAsync(50);
    }

    [Fact]
    public async Task LeastOutstanding_is_the_default_and_breaks_ties_by_order()
    {
        await using var lab = new Lab();
        (FastdistProcess fastdist, RogueBackend[] backends) = await BeginAsync(lab, null, "order=2", "order=1");

        await AskAsync(fastdist, 50);

        Assert.Equal([0, 50], backends.Select(backend => backend.Received.Count));
    }

    [Fact]
    public async Task Chashed_sends_a_name_always_to_the_same_backend_and_uses_all_of_them()
    {
        await using var lab = new Lab();
        (FastdistProcess fastdist, RogueBackend[] backends) = await BeginAsync(
            lab, "chashed", "weight=1000", "weight=1000", "weight=1000");

        for (int round = 0; round < 3; round++)
        {
            await AskAsync(fastdist, 200);
        }

        // The name is compared without regard to case.
        await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("P7.LOAD.test"));
        HashSet<string>[] names = [.. backends.Select(backend => backend.Received
            .Select(query => ParsedMessage.Parse(query).QuestionName.ToLowerInvariant()).ToHashSet())];
        Assert.Equal(200, names.Sum(set => set.Count));
        Assert.All(names, set => Assert.InRange(set.Count, 20, 120));
    }

    [Fact]
    public async Task A_backend_that_is_down_gets_nothing_under_any_policy()
    {
        foreach (string policy in (string[])["leastOutstanding", "firstAvailable", "roundrobin", "wrandom", "chashed"])
        {
            await using var lab = new Lab();
            (FastdistProcess fastdist, RogueBackend[] backends) = await BeginAsync(
                lab, policy, "order=1,healthCheckMode=down", "order=2");

            await AskAsync(fastdist, 50);

            Assert.Equal([0, 50], backends.Select(backend => backend.Received.Count));
        }
    }

    private static async Task<(FastdistProcess Fastdist, RogueBackend[] Backends)> BeginAsync(
        Lab lab, string? policy, params string[] options)
    {
        RogueBackend[] backends = [.. options.Select(_ => lab.Rogue(Rogue.Answers))];
        List<string> arguments = ["--shards", "1"];
        if (policy is not null)
        {
            arguments.AddRange(["--policy", policy]);
        }

        for (int i = 0; i < options.Length; i++)
        {
            string mode = options[i].Contains("healthCheckMode") ? "" : "healthCheckMode=up";
            string[] own = [.. ((string[])[mode, options[i]]).Where(option => option.Length > 0)];
            arguments.AddRange(["--server", lab.Server(backends[i].EndPoint, $"b{i}", own)]);
        }

        // A policy prefers who is connected already, so all of them have to be.
        FastdistProcess fastdist = await lab.FastdistAsync([.. arguments]);
        await fastdist.ConnectedAsync(
            Enumerable.Range(0, options.Length).Where(i => !options[i].Contains("healthCheckMode=down")).Select(i => $"b{i}"));
        return (fastdist, backends);
    }

    /// <summary>One after the other, so that nothing is outstanding when the next is decided.</summary>
    private static async Task AskAsync(FastdistProcess fastdist, int count)
    {
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query($"p{i}.load.test"))).Rcode);
        }
    }
}
