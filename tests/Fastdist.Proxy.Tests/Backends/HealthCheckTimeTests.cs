using System;
using Fastdist.Proxy.Backends;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>When a backend is checked.</summary>
public class HealthCheckTimeTests
{
    [Fact]
    public void Each_backend_is_checked_at_its_own_pace()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1), BackendBench.Options(2) with { CheckInterval = 3 }]);
        Array.ForEach(bench.Backends, bench.Health.Add);
        for (int second = 0; second < 6; second++)
        {
            bench.Pass(1000);
            Answer(bench, 0);
            Answer(bench, 1);
        }

        Assert.Equal((6, 2), (Checks(bench, 0), Checks(bench, 1)));
    }

    [Fact]
    public void Several_reasons_to_look_are_one_check_and_the_next_comes_an_interval_later()
    {
        using BackendBench bench = Checked();
        bench.Pass(200);
        for (int i = 0; i < 3; i++)
        {
            bench.Health.CheckSoon(0, isBetter: false);
        }

        bench.SendChecks();
        Answer(bench, 0);
        bench.Pass(980);
        Assert.Equal(2, Checks(bench, 0));
        bench.Pass(20);
        Assert.Equal(3, Checks(bench, 0));
    }

    [Fact]
    public void For_the_worse_it_is_checked_at_once_but_not_within_a_tenth_of_a_second_after_the_last()
    {
        using BackendBench bench = Checked();
        bench.Health.CheckSoon(0, isBetter: false);
        bench.Pass(80);
        Assert.Equal(1, Checks(bench, 0));
        bench.Pass(20);
        Assert.Equal(2, Checks(bench, 0));
    }

    [Fact]
    public void A_reason_to_look_while_a_check_is_under_way_brings_the_next_when_that_has_ended()
    {
        using BackendBench bench = Checked();
        bench.Pass(1000);
        bench.Health.CheckSoon(0, isBetter: true);
        bench.SendChecks();
        Assert.Equal(2, Checks(bench, 0));
        Answer(bench, 0);
        bench.SendChecks();
        Assert.Equal(3, Checks(bench, 0));
    }

    [Fact]
    public void However_often_a_check_is_hurried_it_waits_for_one_time_only()
    {
        using BackendBench bench = Checked();
        Assert.Equal(1, bench.Health.PlannedCount);
        for (int i = 0; i < 5; i++)
        {
            bench.Pass(200);
            bench.Health.CheckSoon(0, isBetter: true);
            Assert.Equal(1, bench.Health.PlannedCount);
            bench.SendChecks();
            Assert.Equal(0, bench.Health.PlannedCount);
            Answer(bench, 0);
            Assert.Equal(1, bench.Health.PlannedCount);
        }

        bench.Health.Remove(bench.Backends[0]);
        Assert.Equal(0, bench.Health.PlannedCount);
    }

    [Fact]
    public void Who_is_down_by_the_operator_is_checked_again_when_that_is_over()
    {
        using BackendBench bench = Checked();
        bench.Backends[0].SetMode(HealthCheckMode.Down);
        bench.Pass(5000);
        Assert.Equal(1, Checks(bench, 0));

        bench.Backends[0].SetMode(HealthCheckMode.Auto);
        bench.Health.Restart(0);
        bench.SendChecks();
        Assert.Equal(2, Checks(bench, 0));
    }

    [Fact]
    public void Who_was_removed_is_checked_no_more_and_whoever_has_the_slot_then_is()
    {
        using BackendBench bench = Checked();
        Backend leaving = bench.Backends[0];
        bench.Remove(0);
        bench.Pass(2000);
        Assert.Equal(1, leaving.Counters.HealthChecks);
        Assert.True(bench.Set.TryForget(out _));
        bench.Health.Remove(leaving);

        Backend next = bench.Add(0, BackendBench.Options(2));
        bench.Health.Add(next);
        bench.Pass(40);
        Assert.Equal((1, 1), (leaving.Counters.HealthChecks, next.Counters.HealthChecks));
    }

    /// <summary>One that was checked a moment ago.</summary>
    private static BackendBench Checked()
    {
        var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Connect(0);
        bench.Health.Add(bench.Backends[0]);
        bench.SendChecks();
        Answer(bench, 0);
        return bench;
    }

    private static void Answer(BackendBench bench, int backend)
    {
        foreach (BackendConnection connection in bench.Backends[backend].Connections)
        {
            if (connection.Ids.CheckCount > 0)
            {
                bench.AnswerCheck(connection);
            }
        }
    }

    private static long Checks(BackendBench bench, int backend) => bench.Backends[backend].Counters.HealthChecks;
}
