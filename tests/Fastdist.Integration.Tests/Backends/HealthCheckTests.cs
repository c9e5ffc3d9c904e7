using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

[Trait("Stage", "2")]
public sealed class HealthCheckTests
{
    [Theory]
    [InlineData("io_uring", 1)]
    [InlineData("io_uring", 2)]
    [InlineData("epoll", 2)]
    public async Task Checks_travel_on_kept_connections(string ring, int shards)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(backend.EndPoint, "one", "checkInterval=1"), "--io", ring, "--shards", $"{shards}");
        await fastdist.MarkedUpAsync("one");
        await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"));

        await Patience.UntilAsync(() => backend.Checks.Count >= 5, "five checks");

        Assert.InRange(backend.Connections, 1, shards);
    }

    [Fact]
    public async Task One_shard_checks_for_all_of_them()
    {
        await using var lab = new Lab();
        RogueBackend checkedOften = lab.Rogue(Rogue.Answers);
        RogueBackend clock = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(checkedOften.EndPoint, "one", "checkInterval=1"), "--shards", "8");
        FastdistProcess reference = await lab.FastdistAsync(
            "--server", lab.Server(clock.EndPoint, "one", "checkInterval=1"), "--shards", "1");

        await Patience.UntilAsync(() => clock.Checks.Count >= 5, "five checks by one shard");

        // Eight shards that each checked would have asked forty times by now.
        Assert.InRange(checkedOften.Checks.Count, 1, 25);
        Assert.False(fastdist.HasExited || reference.HasExited);
    }

    [Fact]
    public async Task The_check_asks_the_name_and_type_it_was_told()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(backend.EndPoint, "one", "checkName=health.example", "checkType=TXT"));
        await fastdist.MarkedUpAsync("one");

        ParsedMessage check = ParsedMessage.Parse(backend.Received.First());
        Assert.Equal(("health.example.", (int)Message.Txt), (check.QuestionName, check.QuestionType));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_backend_goes_down_after_so_many_failures_and_up_after_so_many_successes(string ring)
    {
        await using var lab = new Lab();
        int failing = 0;
        int checks = 0;
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query =>
        {
            Interlocked.Increment(ref checks);
            return [Message.Answer(query, Volatile.Read(ref failing))];
        }), checks: true);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(backend.EndPoint, "one", "checkInterval=1", "maxCheckFailures=3", "rise=2"), "--io", ring, "--shards", "1");
        await fastdist.MarkedUpAsync("one");

        int log = fastdist.Log.Count;
        Volatile.Write(ref failing, (int)Rcode.ServFail);
        int before = Volatile.Read(ref checks);
        await fastdist.MarkedDownAsync("one", log);
        int failures = Volatile.Read(ref checks) - before;
        Assert.Equal(Rcode.ServFail, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
        Assert.True((await fastdist.CountersAsync()).Backend("one")["health-check-failures"] >= 3);

        log = fastdist.Log.Count;
        before = Volatile.Read(ref checks);
        Volatile.Write(ref failing, 0);
        await fastdist.MarkedUpAsync("one", log);
        int successes = Volatile.Read(ref checks) - before;

        // One more may have been on its way when the backend changed its mind.
        Assert.InRange(failures, 3, 5);
        Assert.InRange(successes, 2, 4);
        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("y.load.test"))).Rcode);
    }

    [Theory]
    [InlineData(Rcode.NxDomain, false, true)]
    [InlineData(Rcode.Refused, false, true)]
    [InlineData(Rcode.NxDomain, true, false)]
    [InlineData(Rcode.Refused, true, false)]
    [InlineData(Rcode.ServFail, false, false)]
    public async Task Which_answers_are_health_depends_on_whether_the_name_must_resolve(Rcode rcode, bool mustResolve, bool healthy)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query => [Message.Answer(query, (int)rcode)]), checks: true);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(backend.EndPoint, "one", $"mustResolve={(mustResolve ? "true" : "false")}"));

        await (healthy ? fastdist.MarkedUpAsync("one") : fastdist.MarkedDownAsync("one"));
    }

    [Fact]
    public async Task A_check_without_an_answer_in_time_is_a_failure()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Never, checks: true);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(backend.EndPoint, "one", "checkTimeout=300"));

        await fastdist.MarkedDownAsync("one");
    }

    [Fact]
    public async Task A_backend_that_comes_later_is_found()
    {
        await using var lab = new Lab();
        NsdBackend nsd = await lab.NsdAsync();
        await nsd.KillAsync();
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Server(nsd));
        await fastdist.MarkedDownAsync("one");

        await nsd.StartAsync();

        await fastdist.MarkedUpAsync("one");

        // The other shards hear of it a moment later.
        await Patience.UntilAsync(async () => (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode == Rcode.NoError, "an answer");
    }

    [Theory]
    [InlineData("up", Rcode.NoError)]
    [InlineData("down", Rcode.ServFail)]
    public async Task The_operator_may_decide_instead_of_the_checks(string mode, Rcode expected)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(backend.EndPoint, "one", $"healthCheckMode={mode}", "checkInterval=1"), "--shards", "1");

        Assert.Equal(expected, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
        Assert.Equal(mode, (await fastdist.CountersAsync()).Backend("one").Text("state"));
        // A session may begin with a question of the proxy's own, but nothing is asked at intervals.
        Assert.InRange(backend.Checks.Count, 0, 2);
    }
}
