using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>Connections that never come up, and connections that end with queries in flight.</summary>
[Trait("Stage", "2")]
public sealed class LostConnectionTests
{
    [Theory, ClassData(typeof(Rings))]
    public async Task A_backend_that_closes_after_each_answer_loses_nothing_and_stays_up(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.ClosesAfterEachAnswer);
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--io", ring, "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query($"c{i}.load.test"))).Rcode);
        }

        CounterLine counters = (await fastdist.CountersAsync()).Backend("one");
        Assert.True(counters["closed-by-peer"] >= 19);
        Assert.True(counters["new-connections"] >= 20);
        Assert.Equal("up", counters.Text("state"));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_query_in_flight_at_a_clean_close_is_asked_again_elsewhere(string ring)
    {
        await using var lab = new Lab();
        RogueBackend closing = lab.Rogue(Rogue.ClosesOnQuery);
        RogueBackend good = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(closing, "closing", "order=1"), "--server", lab.Unchecked(good, "good", "order=2"),
            "--policy", "roundrobin", "--io", ring, "--shards", "1");

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query($"q{i}.load.test"))).Rcode);
        }

        Assert.Equal(20, good.Received.Count);
        Assert.True(closing.Received.Count > 0);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_query_present_at_two_resets_is_not_asked_a_third_time(string ring)
    {
        await using var lab = new Lab();
        RogueBackend first = lab.Rogue(Rogue.ResetsOnQuery);
        RogueBackend second = lab.Rogue(Rogue.ResetsOnQuery);
        RogueBackend third = lab.Rogue(Rogue.ResetsOnQuery);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(first, "first", "retries=5"),
            "--server", lab.Unchecked(second, "second", "retries=5"),
            "--server", lab.Unchecked(third, "third", "retries=5"),
            "--io", ring, "--shards", "1");

        ParsedMessage answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("poison.load.test", edns: 1_232));

        Assert.Equal(Rcode.ServFail, answer.Rcode);
        Assert.NotNull(answer.Edns?.ExtendedError);
        Assert.Equal(2, first.Received.Count + second.Received.Count + third.Received.Count);
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(1, ((string[])["first", "second", "third"]).Sum(name => counters.Backend(name)["retries"]));
        Assert.Equal(1, ((string[])["first", "second", "third"]).Sum(name => counters.Backend(name)["gave-up"]));
        Assert.Equal(2, ((string[])["first", "second", "third"]).Sum(name => counters.Backend(name)["died-reading-response"]));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Queries_of_others_on_a_reset_connection_are_asked_again(string ring)
    {
        await using var lab = new Lab();
        // The first connection dies with all that it carries; those that follow work.
        RogueBackend backend = lab.Rogue(session => session.Number == 1 ? DiesHoldingAsync(session, 10) : Rogue.Answers(session));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--io", ring, "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        await client.SendAsync([.. Enumerable.Range(0, 10).Select(id => Message.Query($"q{id}.load.test", id: id))]);

        var answers = await client.ReceiveManyAsync(10);
        Assert.All(answers.Values, answer => Assert.Equal(Rcode.NoError, answer.Rcode));
        Assert.Equal(10, (await fastdist.CountersAsync()).Backend("one")["retries"]);
    }

    [Theory]
    [InlineData("nobody listens", "connect-failures")]
    [InlineData("the handshake stalls", "connect-timeouts")]
    [InlineData("the handshake is garbage", "tls-failures")]
    [InlineData("the connection ends at once", "tls-failures")]
    [InlineData("the handshake stalls", "tls-handshake-timed-out")]
    [InlineData("the connection ends at once", "tls-handshake-closed")]
    public async Task A_backend_without_a_session_is_a_SERVFAIL_with_the_reason_and_the_other_one_is_used(string flaw, string counter)
    {
        await using var lab = new Lab();
        IPEndPoint dead = flaw switch
        {
            "nobody listens" => Ports.Next(),
            "the handshake stalls" => lab.RogueWithoutTls(Rogue.Silent).EndPoint,
            "the handshake is garbage" => lab.RogueWithoutTls(GarbageAsync).EndPoint,
            _ => lab.RogueWithoutTls(_ => Task.CompletedTask).EndPoint,
        };
        string server = lab.Server(dead, "dead", "healthCheckMode=up", "tcpConnectTimeout=1", "queryTimeout=1500", "order=1");
        RogueBackend good = lab.Rogue(Rogue.Answers);

        FastdistProcess alone = await lab.FastdistAsync("--server", server);
        FastdistProcess helped = await lab.FastdistAsync(
            "--server", server, "--server", lab.Unchecked(good, "good", "order=2"), "--policy", "firstAvailable");
        ParsedMessage failed = await DnsUdpClient.AskAsync(alone.Listen, Message.Query("x.load.test", edns: 1_232));
        ParsedMessage answered = await DnsUdpClient.AskAsync(helped.Listen, Message.Query("x.load.test"));

        Assert.Equal(Rcode.ServFail, failed.Rcode);
        Assert.NotNull(failed.Edns?.ExtendedError);
        Assert.Equal(Rcode.NoError, answered.Rcode);
        await alone.CountedAsync(counters => counters.Backend("dead")[counter] > 0, $"{counter} above 0");
    }

    [Fact]
    public async Task A_plain_backend_that_accepts_and_does_nothing_is_a_SERVFAIL()
    {
        await using var lab = new Lab();
        RogueBackend silent = lab.RogueWithoutTls(Rogue.Silent);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", $"{silent.EndPoint},name=silent,tls=none,healthCheckMode=up,queryTimeout=1000,silenceTimeout=500");

        Assert.Equal(Rcode.ServFail, (await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
        Assert.Equal(1, (await fastdist.CountersAsync()).Backend("silent")["timeouts"]);
        await fastdist.CountedAsync(c => c.Backend("silent")["read-timeouts"] > 0, "a connection given up for its silence");
    }

    [Fact]
    public async Task A_dead_backend_is_tried_again_with_pauses_not_in_a_loop()
    {
        await using var lab = new Lab();
        RogueBackend closing = lab.RogueWithoutTls(_ => Task.CompletedTask);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(closing, "closing", "queryTimeout=1000"), "--shards", "1");
        using var udp = new DnsUdpClient(fastdist.Listen);

        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(Rcode.ServFail, (await udp.AskAsync(Message.Query($"q{i}.load.test"))).Rcode);
        }

        Assert.InRange(closing.Connections, 1, 100);
    }

    private static async Task DiesHoldingAsync(RogueSession session, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await session.ReadQueryAsync();
        }

        session.Reset();
    }

    private static async Task GarbageAsync(RogueSession session)
    {
        byte[] garbage = new byte[2_000];
        Random.Shared.NextBytes(garbage);
        await session.SendUnencryptedAsync(garbage);
        await session.SilenceAsync();
    }
}
