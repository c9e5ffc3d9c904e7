using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Cache;

/// <summary>Equal queries that are under way at the same moment are one query of each shard.</summary>
public sealed class CoalescingTests
{
    private const int Clients = 50, Shards = 2;

    [Theory, ClassData(typeof(Rings))]
    public async Task Many_who_ask_the_same_of_a_slow_backend_are_all_answered_by_one_answer_a_shard(string ring)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersAfter(gate.Task));
        CachedProxy proxy = await CachedProxy.StartAsync(lab, ["--shards", $"{Shards}", "--io", ring], CachedProxy.Server(backend), CachedProxy.Usual);
        List<DnsUdpClient> clients = [.. Enumerable.Range(0, Clients).Select(_ => new DnsUdpClient(proxy.Listen))];

        await Task.WhenAll(clients.Select((client, i) => client.SendAsync(Message.Query(Name(i), id: i))));
        await proxy.CountedAsync(stats => stats["shared"] + backend.Asked == Clients, "all to wait");
        Assert.InRange(backend.Asked, 1, Shards);
        gate.SetResult();

        for (int i = 0; i < Clients; i++)
        {
            ParsedMessage answer = await clients[i].ReceiveAsync();
            Assert.Equal((i, Rcode.NoError, Name(i)), (answer.Id, answer.Rcode, answer.QuestionName));
            Assert.Single(answer.Answers);
            clients[i].Dispose();
        }

        Assert.InRange(backend.Asked, 1, Shards);
        await proxy.AskAsync("x.load.test");
        Assert.InRange(backend.Asked, 1, Shards);

        // Each in letters of its own.
        static string Name(int i) => i % 2 == 0 ? "x.load.test." : "X.load.Test.";
    }

    [Fact]
    public async Task Who_waits_on_any_way_in_is_answered_though_the_first_has_left()
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersAfter(gate.Task));
        CachedProxy proxy = await CachedProxy.StartAsync(lab, ["--shards", "1"], CachedProxy.Server(backend), CachedProxy.Usual);
        byte[] query = Message.Query("x.load.test", id: 77);
        DnsTcpClient first = await DnsTcpClient.ConnectAsync(proxy.Listen);
        await first.SendAsync(query);
        await backend.ReceivedAsync(1);

        Task<ParsedMessage>[] others = [.. ((string[])["udp", "tcp", "dot", "doh"]).Select(way => proxy.AskAsync(way, query))];
        await proxy.CountedAsync(stats => stats["shared"] == others.Length, "the others to wait");
        first.Reset();
        await proxy.Process.CountedAsync(counters => counters.Tcp("ended-connections") == 1, "the first to be gone");
        gate.SetResult();

        Assert.All(await Task.WhenAll(others), answer => Assert.Equal((77, Rcode.NoError, 1), (answer.Id, answer.Rcode, answer.Answers.Count)));
        Assert.Equal(1, backend.Asked);
    }

    [Fact]
    public async Task All_who_ask_a_paused_NSD_are_answered_when_it_goes_on()
    {
        await using var lab = new Lab();
        PlainServer nsd = await lab.PlainAsync();
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(nsd), CachedProxy.Usual);
        nsd.SignalAll(LinuxSignal.Stop);
        List<DnsUdpClient> clients = [.. Enumerable.Range(0, Clients).Select(_ => new DnsUdpClient(proxy.Listen))];

        await Task.WhenAll(clients.Select((client, i) => client.SendAsync(Message.Query("x.load.test", id: i))));
        await proxy.CountedAsync(stats => stats.Misses == Clients && stats["shared"] >= Clients - Shards, "all to wait");
        nsd.SignalAll(LinuxSignal.Continue);

        for (int i = 0; i < Clients; i++)
        {
            ParsedMessage answer = await clients[i].ReceiveAsync();
            Assert.Equal((i, Rcode.NoError, 1), (answer.Id, answer.Rcode, answer.Answers.Count));
            clients[i].Dispose();
        }

        // It may have got the same datagram several times while it said nothing; what was sent is told by how many waited for others.
        Assert.InRange(Clients - (await proxy.StatsAsync())["shared"], 1, Shards);
    }

    [Fact]
    public async Task Where_the_first_fails_another_asks_and_not_all_of_them()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.Never);
        CachedProxy proxy = await CachedProxy.StartAsync(
            lab, ["--shards", "1"], CachedProxy.Server(backend, "queryTimeout=500"), CachedProxy.Usual);
        List<DnsUdpClient> clients = [.. Enumerable.Range(0, Clients).Select(_ => new DnsUdpClient(proxy.Listen))];

        await Task.WhenAll(clients.Select((client, i) => client.SendAsync(Message.Query("x.load.test", id: i, edns: 1_232))));
        for (int i = 0; i < Clients; i++)
        {
            ParsedMessage answer = await clients[i].ReceiveAsync();
            Assert.Equal((i, Rcode.ServFail), (answer.Id, answer.Rcode));
            clients[i].Dispose();
        }

        // All of their deadlines are one and the same but for moments.
        Assert.InRange(backend.Asked, 1, Clients / 2);
        Assert.Equal(0, (await proxy.StatsAsync()).Entries);
    }
}
