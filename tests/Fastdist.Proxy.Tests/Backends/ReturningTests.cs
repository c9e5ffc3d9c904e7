using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>A backend whose last connection ended, and those who would ask it meanwhile.</summary>
public class ReturningTests
{
    private const int Refused = 111, Reset = 104;

    public static TheoryData<PolicyKind> Kinds => [.. System.Enum.GetValues<PolicyKind>()];

    [Theory, MemberData(nameof(Kinds))]
    [Trait("Row", "F6")]
    public void After_an_orderly_end_it_counts_as_ready_for_a_moment(PolicyKind kind)
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1), BackendBench.Options(2) with { Order = 2 });
        TestPool policy = bench.Policy(kind);
        Backend first = bench.Backends[0];
        bench.Prove(bench.Connections[0]);
        int before = Chosen(policy, first);

        bench.ReceiveEnded(bench.Connections[0], 0);

        Assert.Equal(Readiness.Ready, first.Readiness);
        Assert.Equal(before > 0, Chosen(policy, first) > 0);
        Assert.True(bench.Ask(1));
        bench.Pass(40);
        Assert.Empty(bench.Answers);
    }

    [Fact]
    [Trait("Row", "F6")]
    public void When_the_next_connection_fails_what_waited_goes_to_whom_is_ready()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1), BackendBench.Options(2) with { Order = 2 });
        bench.Prove(bench.Connections[0]);
        bench.ReceiveEnded(bench.Connections[0], 0);
        Assert.True(bench.Ask(1));
        Assert.Equal(1, bench.Backends[0].Outstanding);

        bench.Closed(bench.Connections[0]);
        bench.Connected(bench.Connections[0], Refused);

        Assert.Equal((0, 1), (bench.Backends[0].Outstanding, bench.Backends[1].Outstanding));
        Assert.Equal(Readiness.Returning, bench.Backends[0].Readiness);
    }

    [Fact]
    [Trait("Row", "F5")]
    public void Queries_wait_for_a_lone_backend_that_is_lost()
    {
        using BackendBench bench = Lost();
        Assert.True(bench.Ask(1));
        Assert.Empty(bench.Answers);

        long lost = bench.Now;
        Backend backend = bench.Backends[0];
        for (long attempts = backend.Counters.NewConnections; backend.Counters.NewConnections == attempts; bench.Pass(5))
        {
            Assert.Empty(bench.Answers);
        }

        Assert.InRange(bench.Now - lost, 10_000, 40_000);
        bench.Connected(bench.Connections.Single(c => c.IsStarting), 0);
        BackendConnection connection = bench.Connections.Single(c => c.State == ConnectionState.Ready);
        bench.Answer(connection, 1);
        Assert.Equal(Rcode.NoError, bench.Answers[1]);
    }

    [Fact]
    [Trait("Row", "F5")]
    public void They_wait_no_longer_than_they_may_and_those_that_come_later_not_at_all()
    {
        using BackendBench bench = Lost();
        bench.ConnectsTo(Refused);
        Assert.True(bench.Ask(1));
        bench.Pass(4900);
        Assert.Empty(bench.Answers);

        bench.Pass(200);
        Assert.Equal(Rcode.ServFail, bench.Answers[1]);
        Assert.Equal(Readiness.Unavailable, bench.Backends[0].Readiness);
        Assert.True(bench.Ask(2));
        Assert.Equal(Rcode.ServFail, bench.Answers[2]);
    }

    [Fact]
    [Trait("Row", "F5")]
    public void One_that_never_worked_is_not_waited_for()
    {
        using var bench = new BackendBench(BackendBench.Options(1));
        bench.Backends[0].EnsureConnected();
        bench.Connected(bench.Connections[0], Refused);

        Assert.True(bench.Ask(1));
        Assert.Equal(Rcode.ServFail, bench.Answers[1]);
    }

    [Fact]
    [Trait("Row", "F5")]
    public void A_health_check_waits_too_and_the_first_answer_makes_it_up_again_whatever_its_rise()
    {
        using BackendBench bench = Lost(BackendBench.Options(1) with { Rise = 5 });
        bench.ConnectsTo(Refused);
        bench.Pass(1500);
        Assert.Equal([true, false], bench.Verdicts);
        bench.Backends[0].Judge(false);
        Assert.Equal(Readiness.Returning, bench.Backends[0].Readiness);
        Assert.True(bench.Ask(1));

        bench.ConnectsTo(0);
        bench.Pass(400);
        bench.Answer(bench.Connections.Single(c => c.State == ConnectionState.Ready), 1);

        Assert.Equal(Rcode.NoError, bench.Answers[1]);
        Assert.Equal([true, false, true], bench.Verdicts);
    }

    [Fact]
    [Trait("Row", "F5")]
    public void A_loss_that_is_over_before_the_check_is_leaves_no_mark()
    {
        using BackendBench bench = Lost();
        bench.ConnectsTo(Refused);
        bench.Pass(500);
        bench.ConnectsTo(0);
        bench.Pass(300);
        bench.AnswerCheck(bench.Connections.Single(c => c.State == ConnectionState.Ready));

        Assert.Equal([true], bench.Verdicts);
        Assert.Equal(0, bench.Backends[0].Counters.HealthCheckFailures);
    }

    [Fact]
    [Trait("Row", "F2")]
    public void What_waits_for_one_that_may_take_its_time_goes_to_the_first_that_is_ready()
    {
        using BackendBench bench = BackendBench.With(Readiness.Starting, Readiness.Starting);
        Assert.True(bench.Ask(1));
        Backend asked = bench.Backends.Single(b => b.Outstanding == 1);
        Backend other = bench.Backends.Single(b => b.Outstanding == 0);

        bench.Connected(bench.Set.Connections[other.Index], 0);
        bench.Tick(asked);

        Assert.Equal((0, 1), (asked.Outstanding, other.Outstanding));
    }

    /// <summary>A lone backend that worked and was checked, and whose connection and the next attempt are gone.</summary>
    private static BackendBench Lost(BackendOptions? options = null)
    {
        var bench = new BackendBench(share: 1, [options ?? BackendBench.Options(1)]);
        bench.Connect(0);
        bench.Health.Add(bench.Backends[0]);
        bench.SendChecks();
        bench.AnswerCheck(bench.Connections[0]);
        Assert.Equal([true], bench.Verdicts);
        bench.ReceiveEnded(bench.Connections[0], Reset);
        bench.Connected(bench.Connections[1], Refused);
        return bench;
    }

    private static int Chosen(TestPool policy, Backend backend) =>
        Enumerable.Range(0, 200).Count(i => policy.Choose([2, (byte)('a' + (i / 26)), (byte)('a' + (i % 26)), 0], i, out _) == backend);
}
