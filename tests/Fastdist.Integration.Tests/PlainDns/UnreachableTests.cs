using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.PlainDns;

/// <summary>The network says that a backend cannot be reached.</summary>
public sealed class UnreachableTests
{
    private const int Queries = 40;

    private static readonly IPAddress s_far = IPAddress.Parse("10.78.0.2");
    private static readonly IPAddress s_source = IPAddress.Parse("10.78.0.3");

    [Theory, ClassData(typeof(Rings))]
    public async Task Where_nobody_listens_the_other_backend_is_asked_at_once(string ring)
    {
        await using var lab = new Lab();
        PlainServer one = await lab.PlainAsync(name: "one");
        PlainServer two = await lab.PlainAsync(name: "two");
        string[] patience = ["healthCheckMode=up", "silenceTimeout=20000"];
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(one, patience), "--server", lab.Server(two, patience), "--policy", "roundrobin", "--io", ring, "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        await one.KillAsync();
        Assert.Equal($"{Queries} NoError", Tally.Of(await client.AskTogetherAsync(Names("down"))));

        // No health check and no silence tells it, only the network.
        CounterLine line = (await fastdist.CountersAsync()).Backend("one");
        Assert.True(line["udp-unreachable"] > 0 && line["queries"] > 0);
        Assert.Equal((0, 0, 0), (line["health-checks"], line["suspect-connections"], line["responses"]));

        await one.StartAsync();
        await AnswersAgainAsync(fastdist, client, "one");
    }

    [Theory, ClassData(typeof(Rings))]
    public Task A_backend_whose_address_is_gone_is_left_to_the_other_and_comes_back_with_it(string ring) =>
        GoesAndComesAsync(
            ring,
            host => host.RunAsync("ip", "address", "delete", $"{s_far}/32", "dev", "lo"),
            host => host.RunAsync("ip", "address", "add", $"{s_far}/32", "dev", "lo"));

    [Theory, ClassData(typeof(Rings))]
    public Task So_is_one_of_which_a_router_says_that_it_is_unreachable(string ring) =>
        GoesAndComesAsync(
            ring,
            async host =>
            {
                await host.RunAsync("nft", "add table ip hole");
                await host.RunAsync("nft", "add chain ip hole in { type filter hook input priority 0; }");
                await host.RunAsync("nft", $"add rule ip hole in ip daddr {s_far} reject with icmp type host-unreachable");
            },
            host => host.RunAsync("nft", "delete table ip hole"));

    [Theory, ClassData(typeof(Rings))]
    public Task So_is_one_that_is_asked_from_an_address_that_is_gone(string ring) =>
        GoesAndComesAsync(
            ring,
            host => host.RunAsync("ip", "address", "delete", $"{s_source}/32", "dev", "lo"),
            host => host.RunAsync("ip", "address", "add", $"{s_source}/32", "dev", "lo"),
            $"source={s_source}");

    private static async Task GoesAndComesAsync(
        string ring, Func<NetworkNamespace, Task> go, Func<NetworkNamespace, Task> come, params string[] options)
    {
        await using var lab = new Lab();
        NetworkNamespace host = await lab.NetworkAsync();
        await host.RunAsync("ip", "address", "add", $"{s_far}/32", "dev", "lo");
        await host.RunAsync("ip", "address", "add", $"{s_source}/32", "dev", "lo");
        RogueDatagrams far = lab.DatagramsOn(host, s_far, RogueDatagrams.Answers);
        RogueDatagrams near = lab.DatagramsOn(host, IPAddress.Loopback, RogueDatagrams.Answers);
        FastdistProcess fastdist = await lab.FastdistOnAsync(
            host, new IPEndPoint(IPAddress.Loopback, Ports.NextNumber()),
            "--server", lab.Server(far, "far", options), "--server", lab.Server(near, "near"), "--policy", "roundrobin", "--io", ring, "--shards", "1");
        await fastdist.MarkedUpAsync("far");
        await fastdist.MarkedUpAsync("near");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(
            host.Enter(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)), fastdist.Listen);

        await go(host);
        Assert.Equal($"{Queries} NoError", Tally.Of(await client.AskTogetherAsync(Names("gone"))));
        await fastdist.MarkedDownAsync("far");
        Assert.Equal($"{Queries} NoError", Tally.Of(await client.AskTogetherAsync(Names("down"))));

        int log = fastdist.Log.Count;
        await come(host);
        await fastdist.MarkedUpAsync("far", log);
        await AnswersAgainAsync(fastdist, client, "far");
    }

    private static IEnumerable<string> Names(string kind) => Enumerable.Range(0, Queries).Select(i => $"{kind}{i}.load.test");

    private static async Task AnswersAgainAsync(FastdistProcess fastdist, DnsTcpClient client, string backend)
    {
        long before = (await fastdist.CountersAsync()).Backend(backend)["responses"];
        await Patience.UntilAsync(
            async () =>
            {
                Assert.Equal($"{Queries} NoError", Tally.Of(await client.AskTogetherAsync(Names("again"))));
                return (await fastdist.CountersAsync()).Backend(backend)["responses"] >= before + (Queries / 2);
            },
            $"answers of {backend}");
    }
}
