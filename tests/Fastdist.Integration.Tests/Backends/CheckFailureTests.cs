using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>Health checks that fail are counted by why, and those that succeed by how long they took.</summary>
[Trait("Stage", "5")]
public sealed class CheckFailureTests
{
    private static readonly string[] s_reasons = ["parsing", "timeout", "network", "mismatch", "invalid"];

    [Theory]
    [InlineData("io_uring", "a header cut short", "parsing")]
    [InlineData("epoll", "a header cut short", "parsing")]
    [InlineData("io_uring", "another question", "mismatch")]
    [InlineData("epoll", "another question", "mismatch")]
    [InlineData("io_uring", "the query itself", "invalid")]
    [InlineData("epoll", "the query itself", "invalid")]
    [InlineData("io_uring", "SERVFAIL", "invalid")]
    public async Task Each_bad_answer_is_one_failure_for_its_reason(string ring, string what, string reason)
    {
        await using var lab = new Lab();
        bool isBad = false;
        int bad = 0;
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query =>
        {
            if (!Volatile.Read(ref isBad))
            {
                return [Message.Answer(query)];
            }

            Interlocked.Increment(ref bad);
            return [BadAnswer(what, query)];
        }), checks: true);

        // What is bad ends a check at once: none waits for its deadline.
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(backend.EndPoint, "one", "checkInterval=1", "checkTimeout=60000", "silenceTimeout=60000", "queryTimeout=60000", "maxCheckFailures=2"),
            "--io", ring, "--shards", "1");
        await fastdist.MarkedUpAsync("one");

        int log = fastdist.Log.Count;
        Volatile.Write(ref isBad, true);
        await fastdist.MarkedDownAsync("one", log);
        log = fastdist.Log.Count;
        Volatile.Write(ref isBad, false);
        await fastdist.MarkedUpAsync("one", log);

        Assert.Equal(1, backend.Connections);
        AssertReason(await fastdist.CountersAsync(), reason, Volatile.Read(ref bad));
    }

    [Fact]
    public async Task A_check_without_an_answer_is_a_timeout()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Never, checks: true);

        await GoesDownForAsync(lab, "timeout", lab.Server(backend.EndPoint, "one", "checkTimeout=300"));
    }

    [Fact]
    public async Task A_handshake_that_does_not_end_is_a_timeout()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers, beforeHandshake: session => session.SilenceAsync());

        // The attempt ends before the check does, so that it is the attempt's failure that counts.
        await GoesDownForAsync(lab, "timeout", lab.Server(backend.EndPoint, "one", "checkTimeout=60000", "tcpConnectTimeout=1"));
    }

    [Fact]
    public async Task A_refused_connection_is_the_networks()
    {
        await using var lab = new Lab();
        using Socket bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        await GoesDownForAsync(lab, "network", lab.Server((IPEndPoint)bound.LocalEndPoint!, "one"));
    }

    [Fact]
    public async Task A_connection_that_breaks_under_a_check_is_the_networks()
    {
        await using var lab = new Lab();
        bool isBad = false;
        RogueBackend backend = lab.Rogue(
            async session =>
            {
                await foreach (byte[] query in session.QueriesAsync())
                {
                    if (Volatile.Read(ref isBad))
                    {
                        session.Reset();
                        return;
                    }

                    await session.AnswerAsync(Message.Answer(query));
                }
            },
            checks: true);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Server(backend.EndPoint, "one"), "--shards", "1");
        await fastdist.MarkedUpAsync("one");

        Volatile.Write(ref isBad, true);

        Assert.Contains("connection lost", (await fastdist.MarkedDownAsync("one"))["reason"]);
        await AssertReasonAsync(fastdist, "network");
    }

    private static async Task GoesDownForAsync(Lab lab, string reason, string server)
    {
        FastdistProcess fastdist = await lab.FastdistAsync("--server", server, "--shards", "1");
        await fastdist.MarkedDownAsync("one");
        await AssertReasonAsync(fastdist, reason);
    }

    private static async Task AssertReasonAsync(FastdistProcess fastdist, string reason)
    {
        Counters counters = await fastdist.CountersAsync();
        long failures = counters.Backend("one")["health-check-failures"];
        Assert.True(failures > 0);
        AssertReason(counters, reason, failures);
    }

    private static void AssertReason(Counters counters, string reason, long failures)
    {
        CounterLine backend = counters.Backend("one");
        Assert.Equal(failures, backend["health-check-failures"]);
        Assert.Equal(s_reasons.Select(r => (r, r == reason ? failures : 0)), s_reasons.Select(r => (r, backend[$"health-check-failed-{r}"])));
    }

    private static byte[] BadAnswer(string what, byte[] query) => what switch
    {
        "a header cut short" => Message.Answer(query)[..11],
        "another question" => Message.Answer(Message.Query("other.test", id: Message.Id(query))),
        "the query itself" => query,
        "SERVFAIL" => Message.Answer(query, (int)Rcode.ServFail),
        _ => throw new ArgumentException(what),
    };
}
