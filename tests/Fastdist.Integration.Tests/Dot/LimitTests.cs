using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>What one client, one frontend and the process may hold and how fast.</summary>
[Trait("Stage", "4")]
public sealed class LimitTests
{
    private const string Long = "3600";

    private static readonly IPAddress s_other = IPAddress.Parse("127.0.0.2");

    [Theory, ClassData(typeof(Rings))]
    public async Task A_frontend_holds_so_many_connections_and_closes_more_before_any_handshake(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers),
            $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},maxConcurrentTCPConnections=2",
            "--io", ring, "--shards", "2");
        DotClient first = await DotClient.ConnectAsync(fastdist.Tls);
        await using DotClient second = await DotClient.ConnectAsync(fastdist.Tls);

        using DnsTcpClient third = await DnsTcpClient.ConnectAsync(fastdist.Tls);
        await third.UntilClosedAsync();

        Assert.Equal(Rcode.NoError, (await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("t.load.test"))).Rcode);
        await first.DisposeAsync();
        await fastdist.CountedAsync(counters => counters.Dot("current-connections") == 1, "one left");
        Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(fastdist.Tls, Message.Query("x.load.test"))).Rcode);
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(2, counters.Dot("max-connections"));
        Assert.Equal(1, counters.Dot("refused-connections"));
        Assert.Equal(0, counters.FailedHandshakes);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_begins_sessions_too_fast_is_closed_and_banned_and_others_are_not(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), null, "--io", ring, "--max-tls-new-session-rate-per-client", "1", "--tcp-rate-burst", "3");

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(fastdist.Tls, Message.Query("x.load.test"))).Rcode);
        }

        await Patience.UntilAsync(
            async () =>
            {
                using DnsTcpClient hasty = await DnsTcpClient.ConnectAsync(fastdist.Tls);
                await OpenSslClient.RunAsync(fastdist.Tls);
                return (await fastdist.CountersAsync()).Dot("handshake-rate-limited") == 1;
            },
            "a session too many");
        using DnsTcpClient banned = await DnsTcpClient.ConnectAsync(fastdist.Tls);
        await banned.UntilClosedAsync();
        await using DotClient other = await DotClient.ConnectAsync(fastdist.Tls, s_other);
        Assert.Equal(Rcode.NoError, (await other.AskAsync(Message.Query("y.load.test"))).Rcode);
        Assert.InRange((await fastdist.CountersAsync()).Dot("refused-banned"), 1, long.MaxValue);
    }

    [Fact]
    public async Task Resumed_sessions_have_a_rate_of_their_own()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), null,
            "--max-tls-resumed-session-rate-per-client", "1", "--tcp-rate-burst", "1", "--ban-duration-for-exceeding-tcp-tls-rate", "0");
        string session = lab.Scratch.PathOf("session");
        await OpenSslClient.SaveSessionAsync(fastdist.Tls, session, "-tls1_3");

        await Patience.UntilAsync(
            async () =>
            {
                await OpenSslClient.RunAsync(fastdist.Tls, "-tls1_3", "-sess_in", session);
                return (await fastdist.CountersAsync()).Dot("handshake-rate-limited") > 0;
            },
            "a resumption too many");
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(fastdist.Tls, Message.Query("x.load.test"))).Rcode);
        }
    }

    [Fact]
    public async Task A_client_that_connects_too_fast_is_refused_before_any_handshake()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), null, "--max-tcp-connection-rate-per-client", "1", "--tcp-rate-burst", "2");

        await Patience.UntilAsync(
            async () =>
            {
                using DnsTcpClient hasty = await DnsTcpClient.ConnectAsync(fastdist.Tls);
                return (await fastdist.CountersAsync()).Dot("refused-rate") == 1;
            },
            "a connection too many");
        await using DotClient other = await DotClient.ConnectAsync(fastdist.Tls, s_other);
        Assert.Equal(Rcode.NoError, (await other.AskAsync(Message.Query("x.load.test"))).Rcode);
    }

    [Theory]
    [InlineData("io_uring", true)]
    [InlineData("io_uring", false)]
    [InlineData("epoll", true)]
    [InlineData("epoll", false)]
    public async Task Clients_over_TLS_and_over_TCP_are_idle_for_times_of_their_own(string ring, bool tlsIsShort)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), null,
            "--io", ring, "--tls-idle-timeout", tlsIsShort ? "1" : Long, "--tcp-idle-timeout", tlsIsShort ? Long : "1");
        await using DotClient tls = await DotClient.ConnectAsync(fastdist.Tls);
        using DnsTcpClient tcp = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await tls.AskAsync(Message.Query("a.load.test"));
        await tcp.AskAsync(Message.Query("b.load.test"));

        await (tlsIsShort ? tls.UntilClosedAsync() : tcp.UntilClosedAsync());

        Assert.Equal(
            Rcode.NoError,
            (tlsIsShort ? await tcp.AskAsync(Message.Query("c.load.test")) : await tls.AskAsync(Message.Query("c.load.test"))).Rcode);
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(tlsIsShort ? 1 : 0, counters.Dot("client-timeouts"));
        Assert.Equal(tlsIsShort ? 0 : 1, counters.Tcp("client-timeouts"));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_query_in_too_many_pieces_is_closed_and_counted(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), null,
            "--io", ring, "--max-tcp-read-ios-per-query", "20", "--ban-duration-for-exceeding-max-read-ios-per-query", "0");
        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);
        await client.AskAsync(Message.Query("x.load.test"));

        // The longest message there is, a byte a record: the kernel may join pieces, but not that many.
        await client.SendRawAsync([0xff, 0xff]);
        await Patience.UntilAsync(
            async () =>
            {
                try
                {
                    await client.SendRawAsync([0]);
                    return false;
                }
                catch (IOException)
                {
                    return true;
                }
            },
            "the end of a slow client");

        await fastdist.CountedAsync(counters => counters.Dot("too-many-read-ios") == 1, "one with too many reads");
        Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(fastdist.Tls, Message.Query("y.load.test"))).Rcode);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task In_a_full_process_the_longest_idle_session_makes_room(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), null, "--io", ring, "--shards", "1", "--max-tcp-connections", "3");
        var clients = new List<DotClient>();
        for (int i = 0; i < 3; i++)
        {
            clients.Add(await DotClient.ConnectAsync(fastdist.Tls));
        }

        // The second is now the one that was silent for longest.
        foreach (int speaker in (int[])[1, 0, 2])
        {
            await clients[speaker].AskAsync(Message.Query("x.load.test"));
        }

        await using DotClient fourth = await DotClient.ConnectAsync(fastdist.Tls);
        Assert.Equal(Rcode.NoError, (await fourth.AskAsync(Message.Query("y.load.test"))).Rcode);
        await clients[1].UntilClosedAsync();

        Assert.Equal(1, (await fastdist.CountersAsync()).Dot("evicted-idle"));
        Assert.Equal(Rcode.NoError, (await clients[0].AskAsync(Message.Query("z.load.test"))).Rcode);
        Assert.Equal(Rcode.NoError, (await clients[2].AskAsync(Message.Query("z.load.test"))).Rcode);
        foreach (DotClient client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_has_so_many_queries_in_flight_and_the_rest_wait_unread(string ring)
    {
        const int count = 30;
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.DotAsync(
            $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},maxInFlight=10",
            ["--server", lab.Unchecked(backend, "one", "queryTimeout=60000,silenceTimeout=60000"), "--io", ring, "--shards", "1"]);
        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);

        await client.SendAsync([.. Enumerable.Range(0, count).Select(id => Message.Query($"q{id}.load.test", id: id))]);
        await backend.ReceivedAsync(10);
        await fastdist.CountedAsync(counters => counters.Backend("one")["outstanding"] == 10, "ten outstanding");
        Assert.Equal(10, backend.Received.Count);
        gate.SetResult();

        Assert.Equal(count, (await client.ReceiveManyAsync(count)).Count);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Queries_that_wait_unread_are_answered_although_close_notify_is_right_behind_them(string ring)
    {
        const int count = 30;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},maxInFlight=10", "--io", ring);
        bool holds = false;
        var held = new List<byte>();
        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls, pieces: Joined);

        holds = true;
        await client.SendAsync([.. Enumerable.Range(0, count).Select(id => Message.Query($"q{id}.load.test", id: id))]);
        holds = false;
        await client.SayCloseAsync();

        Assert.Equal(count, (await client.ReceiveManyAsync(count)).Count);
        await client.UntilClosedAsync();

        IEnumerable<ReadOnlyMemory<byte>> Joined(ReadOnlyMemory<byte> bytes)
        {
            held.AddRange(bytes.Span);
            if (holds)
            {
                return [];
            }

            ReadOnlyMemory<byte> all = held.ToArray();
            held.Clear();
            return [all];
        }
    }
}

/// <summary>Clients that ask for much and do not read it.</summary>
[Trait("Stage", "4")]
[Collection(LoadCollection.Name)]
public sealed class SlowReaderTests
{
    private const int AnswerSize = 60_000;

    private static readonly Func<RogueSession, Task> s_answersLarge =
        Rogue.AnswersWith(query => [Message.AnswerOfSize(query, AnswerSize)]);

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_reads_late_gets_every_answer(string ring)
    {
        const int count = 300;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(s_answersLarge), null, "--io", ring, "--shards", "1", "--tcp-send-timeout", "3600");
        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls, receiveBuffer: 4_096);

        Task sending = client.SendAsync(
            [.. Enumerable.Range(0, count).Select(id => Message.Query("large.load.test", id: id))]);
        await fastdist.CountedAsync(counters => counters.Dot("queries") > 0, "the first query read");

        Dictionary<int, ParsedMessage> answers = await client.ReceiveManyAsync(count);
        await sending;
        Assert.All(answers.Values, answer => Assert.Equal(AnswerSize, answer.Bytes.Length));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_never_reads_is_closed_after_the_send_timeout_and_delays_nobody(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(s_answersLarge), null, "--io", ring, "--shards", "1", "--tcp-send-timeout", "1", "--tls-idle-timeout", "3600");
        await using DotClient other = await DotClient.ConnectAsync(fastdist.Tls);
        await using DotClient deaf = await DotClient.ConnectAsync(fastdist.Tls, receiveBuffer: 4_096);

        await deaf.SendAsync([.. Enumerable.Repeat(Message.Query("large.load.test"), 200)]);

        await Patience.UntilAsync(
            async () =>
            {
                Assert.Equal(Rcode.NoError, (await other.AskAsync(Message.Query("x.load.test"))).Rcode);
                return (await fastdist.CountersAsync()).Dot("client-timeouts") == 1;
            },
            "one client timeout");
        await fastdist.CountedAsync(counters => counters.Dot("current-connections") == 1, "the other one left");
    }
}
