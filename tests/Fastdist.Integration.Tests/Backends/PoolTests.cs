using System;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

[Trait("Stage", "2")]
public sealed class PoolTests
{
    [Fact]
    public async Task Each_frontends_queries_go_to_the_servers_of_its_pool()
    {
        await using var lab = new Lab();
        RogueBackend common = lab.Rogue(Rogue.Answers), special = lab.Rogue(Rogue.Answers), both = lab.Rogue(Rogue.Answers);
        IPEndPoint other = Ports.Next();
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--local", $"{other},pool=abuse", "--policy", "roundrobin", "--shards", "1",
            "--server", lab.Unchecked(common, "common"),
            "--server", lab.Unchecked(special, "special", "pool=abuse"),
            "--server", lab.Unchecked(both, "both", "pool=abuse", "pool="));
        await fastdist.ConnectedAsync("common", "special", "both");

        await AskAsync(fastdist.Listen, "c", 10);
        await AskAsync(other, "s", 10);

        Assert.All(common.Received, query => Assert.StartsWith("c", Message.Name(query), StringComparison.Ordinal));
        Assert.All(special.Received, query => Assert.StartsWith("s", Message.Name(query), StringComparison.Ordinal));
        Assert.Equal((10, 10, 20), (common.Received.Count, special.Received.Count, both.Received.Count));
    }

    [Fact]
    public async Task Each_pool_has_its_policy()
    {
        await using var lab = new Lab();
        RogueBackend one = lab.Rogue(Rogue.Answers), other = lab.Rogue(Rogue.Answers);
        IPEndPoint special = Ports.Next();
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--local", $"{special},pool=abuse", "--policy", "roundrobin", "--pool", "abuse,policy=firstAvailable", "--shards", "1",
            "--server", lab.Unchecked(one, "one", "order=2", "pool=", "pool=abuse"),
            "--server", lab.Unchecked(other, "other", "order=1", "pool=", "pool=abuse"));
        await fastdist.ConnectedAsync("one", "other");

        await AskAsync(special, "s", 20);
        Assert.Equal((0, 40), (one.Received.Count, other.Received.Count));
        await AskAsync(fastdist.Listen, "c", 20);
        Assert.Equal((20, 60), (one.Received.Count, other.Received.Count));
    }

    [Fact]
    public async Task A_pool_that_is_emptied_answers_what_it_was_asked_and_fails_the_rest_until_somebody_is_in_it()
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend only = lab.Rogue(Rogue.AnswersAfter(gate.Task)), other = lab.Rogue(Rogue.Answers);
        string console = lab.Scratch.PathOf("console");
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--control-socket", console, "--shards", "2",
            "--server", lab.Unchecked(only, "only", "queryTimeout=60000", "silenceTimeout=60000"), "--server", lab.Unchecked(other, "other", "pool=spare"));
        using DnsTcpClient inFlight = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await inFlight.SendAsync(Message.Query("kept.load.test", id: 1));
        await only.ReceivedAsync(1);

        Assert.Empty(await FastdistProcess.CommandAsync(console, "getServer('only'):rmPool('')"));
        ParsedMessage failed = await UntilAsync(fastdist, Rcode.ServFail);
        Assert.Equal(22, failed.Edns!.ExtendedError);
        gate.SetResult();
        Assert.Equal(Rcode.NoError, (await inFlight.ReceiveAsync()).Rcode);

        Assert.Empty(await FastdistProcess.CommandAsync(console, "getServer('other'):addPool('')"));
        await UntilAsync(fastdist, Rcode.NoError);
        Assert.False(other.Received.IsEmpty);
        string[] pools = await FastdistProcess.CommandAsync(console, "showPools()");
        Assert.Equal(
            [$"{"",-45} {"leastOutstanding",20} other {other.EndPoint}", $"{"spare",-45} {"leastOutstanding",20} other {other.EndPoint}"], pools[1..]);
    }

    [Fact]
    public async Task Where_silence_is_wanted_a_query_for_nobody_gets_no_answer_and_is_counted()
    {
        await using var lab = new Lab();
        RogueBackend special = lab.Rogue(Rogue.Answers);
        string console = lab.Scratch.PathOf("console");
        FastdistProcess fastdist = await lab.DohAsync(
            null, ["--servfail-when-no-server", "false", "--control-socket", console, "--server", lab.Unchecked(special, "special", "pool=spare")]);
        byte[] query = Message.Query("x.load.test");

        using var udp = new DnsUdpClient(fastdist.Listen);
        await udp.SendAsync(query);
        using (DnsTcpClient tcp = await DnsTcpClient.ConnectAsync(fastdist.Listen))
        {
            await tcp.SendAsync(query);
            await tcp.UntilEndedAsync();
        }

        Assert.Equal(403, (await Curl.GetAsync(lab, fastdist, query)).Status);
        await fastdist.CountedAsync(counters => counters.Udp("no-backend") + counters.Tcp("no-backend") + counters.Doh("no-backend") == 3, "the three queries");
        Assert.False(udp.HasAnswer);
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal((1, 1, 1, 0), (counters.Udp("dropped-no-backend"), counters.Tcp("dropped-no-backend"), counters.Doh("dropped-no-backend"), counters.Udp("servfail")));
        Assert.Contains("no-policy                          \t          3", string.Join('\n', await FastdistProcess.CommandAsync(console, "dumpStats()")), StringComparison.Ordinal);
    }

    /// <summary>Asks until the answer is this one: shards hear of a change a moment after the reply.</summary>
    private static async Task<ParsedMessage> UntilAsync(FastdistProcess fastdist, Rcode rcode)
    {
        ParsedMessage? answer = null;
        await Patience.UntilAsync(
            async () => (answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test", edns: 1232))).Rcode == rcode, $"the answer {rcode}");
        return answer!;
    }

    /// <summary>As many over UDP as over TCP, all answered.</summary>
    private static async Task AskAsync(IPEndPoint server, string name, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ParsedMessage[] answers =
            [
                await DnsUdpClient.AskAsync(server, Message.Query($"{name}{i}.load.test")),
                await DnsTcpClient.AskAsync(server, Message.Query($"{name}{i}.load.test")),
            ];
            Assert.All(answers, answer => Assert.Equal(Rcode.NoError, answer.Rcode));
        }
    }
}
