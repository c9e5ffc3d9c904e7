using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>A backend that is only asked about itself when queries to it fail.</summary>
public class LazyHealthCheckTests
{
    private ushort _id;

    [Fact]
    public void While_queries_are_answered_there_is_no_check_but_the_first()
    {
        using BackendBench bench = Checked(new LazyCheckOptions());
        for (int second = 0; second < 10; second++)
        {
            Ask(bench, failing: false);
            bench.Pass(1000);
        }

        Assert.Equal(1, Checks(bench));
    }

    [Theory]
    [InlineData(4, 1, 1, true)]
    [InlineData(5, 1, 1, false)]
    [InlineData(4, 1, 5, true)]
    [InlineData(4, 1, 6, false)]
    [InlineData(0, 1, 1, true)]
    public void As_many_failures_of_so_many_queries_bring_a_check(int good, int failing, int leastQueries, bool isChecked)
    {
        using BackendBench bench = Checked(new LazyCheckOptions { MinSampleCount = leastQueries });
        Ask(bench, good, failing);
        bench.Pass(1000);
        Assert.Equal(isChecked ? 2 : 1, Checks(bench));
    }

    [Fact]
    public void Only_the_latest_queries_count()
    {
        using BackendBench bench = Checked(new LazyCheckOptions { SampleSize = 10, Threshold = 50, MinSampleCount = 10 });
        for (int i = 0; i < 3; i++)
        {
            Ask(bench, good: 4, failing: 4);
            Ask(bench, good: 6, failing: 0);
        }

        bench.Pass(1000);
        Assert.Equal(1, Checks(bench));
    }

    [Fact]
    public void A_servfail_is_no_failure_where_only_time_counts()
    {
        using BackendBench bench = Checked(new LazyCheckOptions { CountsServFail = false });
        Ask(bench, good: 0, failing: 10);
        bench.Pass(1000);
        Assert.Equal(1, Checks(bench));
    }

    [Fact]
    public void A_query_that_is_not_answered_in_time_is_one()
    {
        using BackendBench bench = Checked(new LazyCheckOptions { CountsServFail = false }, BackendBench.Options(1) with { QueryTimeout = 300 });
        Assert.True(bench.Ask(++_id));
        bench.Pass(1000);
        Assert.Equal(2, Checks(bench));
    }

    [Fact]
    public void A_connection_that_cannot_be_made_is_one()
    {
        const int Refused = 111;
        using BackendBench bench = Checked(new LazyCheckOptions());
        bench.ConnectsTo(Refused);
        bench.ReceiveEnded(bench.Connections[0], 0);
        bench.Pass(3000);
        Assert.Equal([true, false], bench.Verdicts);
    }

    [Fact]
    public void A_check_that_goes_well_is_the_only_one_and_what_failed_before_is_forgotten()
    {
        using BackendBench bench = Checked(new LazyCheckOptions());
        Ask(bench, good: 0, failing: 5);
        bench.Pass(1000);
        bench.AnswerCheck(bench.Connections[0]);
        bench.Pass(5000);
        Assert.Equal((2, 0), (Checks(bench), bench.Backends[0].Shared.Results().Count));
        Assert.Equal([true], bench.Verdicts);
    }

    [Fact]
    public void It_is_down_after_as_many_checks_as_any_other_each_a_moment_after_the_last()
    {
        using BackendBench bench = Checked(new LazyCheckOptions(), BackendBench.Options(1) with { MaxCheckFailures = 3 });
        Ask(bench, good: 0, failing: 1);
        for (int check = 0; check < 3; check++)
        {
            Assert.Equal([true], bench.Verdicts);
            FailCheck(bench);
        }

        Assert.Equal([true, false], bench.Verdicts);
    }

    [Theory]
    [InlineData(false, 30, 30, 30, 30)]
    [InlineData(true, 30, 60, 100, 100)]
    public void While_it_is_down_pauses_are_long_or_longer_each_time(bool growing, params int[] pauses)
    {
        using BackendBench bench = Checked(new LazyCheckOptions { UseExponentialBackOff = growing, MaxBackOff = 100 });
        Ask(bench, good: 0, failing: 1);
        FailCheck(bench);
        foreach (int pause in pauses)
        {
            int checks = Checks(bench);
            bench.Health.CheckSoon(0, isBetter: false);
            bench.Pass((pause * 1000) - 100);
            Assert.Equal(checks, Checks(bench));
            bench.Pass(200);
            Assert.Equal(checks + 1, Checks(bench));
            bench.AnswerCheck(bench.Connections[0], ServFail);
        }
    }

    [Fact]
    public void It_is_up_after_as_many_good_checks_as_any_other_and_then_left_alone()
    {
        using BackendBench bench = Checked(new LazyCheckOptions { UseExponentialBackOff = true }, BackendBench.Options(1) with { Rise = 2 });
        Ask(bench, good: 0, failing: 1);
        FailCheck(bench);
        bench.Pass(30_000);
        bench.AnswerCheck(bench.Connections[0]);
        Assert.Equal([true, false], bench.Verdicts);
        bench.Pass(30_000);
        bench.AnswerCheck(bench.Connections[0]);
        Assert.Equal([true, false, true], bench.Verdicts);
        int checks = Checks(bench);
        bench.Pass(60_000);
        Assert.Equal(checks, Checks(bench));
    }

    [Fact]
    public void Who_comes_back_is_checked_at_once()
    {
        using BackendBench bench = Checked(new LazyCheckOptions());
        Ask(bench, good: 0, failing: 1);
        FailCheck(bench);
        int checks = Checks(bench);
        bench.Health.CheckSoon(0, isBetter: true);
        bench.Pass(20);
        Assert.Equal(checks + 1, Checks(bench));
    }

    /// <summary>One that was checked a moment ago and found well.</summary>
    private static BackendBench Checked(LazyCheckOptions options, BackendOptions? backend = null)
    {
        var bench = new BackendBench(share: 1, [(backend ?? BackendBench.Options(1)) with { HealthCheckMode = HealthCheckMode.Lazy, LazyHealthCheck = options }]);
        bench.Connect(0);
        bench.Health.Add(bench.Backends[0]);
        bench.SendChecks();
        bench.AnswerCheck(bench.Connections[0]);
        Assert.Equal([true], bench.Verdicts);
        return bench;
    }

    private static void FailCheck(BackendBench bench)
    {
        bench.Pass(1000);
        bench.AnswerCheck(bench.Connections[0], ServFail);
    }

    private void Ask(BackendBench bench, int good, int failing)
    {
        for (int i = 0; i < good + failing; i++)
        {
            Ask(bench, failing: i >= good);
        }
    }

    private void Ask(BackendBench bench, bool failing)
    {
        Assert.True(bench.Ask(++_id));
        bench.Answer(bench.Connections[0], _id, failing ? ServFail : static _ => { });
    }

    private static void ServFail(byte[] message) => message[3] = (byte)((message[3] & 0xF0) | 2);

    private static int Checks(BackendBench bench) => (int)bench.Backends[0].Counters.HealthChecks;
}
