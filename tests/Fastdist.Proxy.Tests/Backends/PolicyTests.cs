using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Settings;
using Xunit;
using static Fastdist.Proxy.Tests.Backends.BackendBench;

namespace Fastdist.Proxy.Tests.Backends;

public class PolicyTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void Least_outstanding_asks_the_one_with_the_fewest_queries()
    {
        using BackendBench bench = Connected(Options(0), Options(1), Options(2));
        TestPool policy = bench.Policy(PolicyKind.LeastOutstanding);
        bench.Load(0, 3);
        bench.Load(1, 1);
        bench.Load(2, 2);
        Assert.Equal(1, Choose(policy));
        bench.Load(1, 2);
        Assert.Equal(2, Choose(policy));
    }

    [Fact]
    public void Least_outstanding_breaks_ties_by_order_then_by_latency()
    {
        using BackendBench bench = Connected(Options(0) with { Order = 2 }, Options(1), Options(2));
        TestPool policy = bench.Policy(PolicyKind.LeastOutstanding);
        bench.Backends[0].Counters.LatencyMicroseconds = 100;
        bench.Backends[1].Counters.LatencyMicroseconds = 900;
        bench.Backends[2].Counters.LatencyMicroseconds = 800;
        Assert.Equal(2, Choose(policy));
        bench.Backends[2].Counters.LatencyMicroseconds = 901;
        Assert.Equal(1, Choose(bench.Policy(PolicyKind.LeastOutstanding)));
    }

    [Fact]
    public void First_available_asks_the_lowest_order()
    {
        using BackendBench bench = Connected(Options(0) with { Order = 3 }, Options(1) with { Order = 1 }, Options(2) with { Order = 2 });
        TestPool policy = bench.Policy(PolicyKind.FirstAvailable);
        bench.Load(1, 500);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(1, Choose(policy)));
        bench.Backends[1].Judge(false);
        Assert.Equal(2, Choose(policy));
    }

    [Fact]
    public void First_available_of_the_same_order_asks_the_first_written()
    {
        using BackendBench bench = Connected(Options(0), Options(1));
        Assert.Equal(0, Choose(bench.Policy(PolicyKind.FirstAvailable)));
    }

    [Fact]
    public void First_available_looks_further_when_the_rate_is_reached()
    {
        using BackendBench bench = Connected(Options(0) with { Qps = 3 }, Options(1) with { Order = 2, Qps = 2 }, Options(2) with { Order = 3 });
        TestPool policy = bench.Policy(PolicyKind.FirstAvailable);
        Assert.Equal([0, 0, 0, 1, 1, 2, 2], Enumerable.Range(0, 7).Select(_ => Choose(policy, 5 * Second)));
        Assert.Equal([0, 0, 0, 1, 1, 2, 2], Enumerable.Range(0, 7).Select(_ => Choose(policy, 6 * Second)));
    }

    [Fact]
    public void First_available_with_every_rate_reached_asks_the_one_with_the_fewest_queries()
    {
        using BackendBench bench = Connected(Options(0) with { Qps = 1 }, Options(1) with { Qps = 1 });
        TestPool policy = bench.Policy(PolicyKind.FirstAvailable);
        bench.Load(0, 1);
        Assert.Equal([0, 1, 1, 1], Enumerable.Range(0, 4).Select(_ => Choose(policy, 5 * Second)));
    }

    [Fact]
    public void A_backends_rate_is_divided_among_the_shards()
    {
        using BackendBench bench = ConnectedOf(4, Options(0) with { Qps = 12 }, Options(1) with { Order = 2 });
        TestPool policy = bench.Policy(PolicyKind.FirstAvailable);
        Assert.Equal([0, 0, 0, 1], Enumerable.Range(0, 4).Select(_ => Choose(policy, 5 * Second)));
    }

    [Fact]
    public void A_rate_that_was_reached_is_not_forgotten_when_backends_change()
    {
        using BackendBench bench = Connected(Options(0) with { Qps = 2 }, Options(1) with { Order = 2 });
        Assert.Equal([0, 0, 1], Enumerable.Range(0, 3).Select(_ => Choose(bench.Policy(PolicyKind.FirstAvailable), 5 * Second)));
    }

    [Fact]
    public void Round_robin_asks_each_in_turn_and_skips_who_is_not_ready()
    {
        using BackendBench bench = Connected(Options(0), Options(1), Options(2));
        TestPool policy = bench.Policy(PolicyKind.RoundRobin);
        Assert.Equal([0, 1, 2, 0, 1, 2], Enumerable.Range(0, 6).Select(_ => Choose(policy)));
        bench.Backends[1].Judge(false);
        Assert.Equal([0, 2, 0, 2], Enumerable.Range(0, 4).Select(_ => Choose(policy)));
    }

    [Fact]
    public void Round_robin_does_not_begin_anew_when_backends_become_readier()
    {
        using BackendBench bench = BackendBench.With(Readiness.Starting, Readiness.Starting);
        TestPool policy = bench.Policy(PolicyKind.RoundRobin);
        Assert.Equal(0, Choose(policy));
        bench.Connected(bench.Connections[0], 0);
        bench.Connected(bench.Connections[1], 0);
        Assert.Equal([1, 0], Enumerable.Range(0, 2).Select(_ => Choose(policy)));
    }

    [Fact]
    public void Weighted_random_asks_by_weight()
    {
        using BackendBench bench = Connected(Options(0) with { Weight = 1 }, Options(1) with { Weight = 2 }, Options(2) with { Weight = 7 });
        int[] counts = Count(bench.Policy(PolicyKind.WeightedRandom), 10_000);
        Assert.InRange(counts[0], 900, 1100);
        Assert.InRange(counts[1], 1850, 2150);
        Assert.InRange(counts[2], 6800, 7200);
    }

    [Fact]
    public void Weighted_random_spreads_the_share_of_who_is_gone_by_weight()
    {
        using BackendBench bench = Connected(Options(0) with { Weight = 1 }, Options(1) with { Weight = 3 }, Options(2) with { Weight = 100 });
        bench.Backends[2].Judge(false);
        int[] counts = Count(bench.Policy(PolicyKind.WeightedRandom), 10_000);
        Assert.InRange(counts[0], 2350, 2650);
        Assert.Equal(0, counts[2]);
    }

    [Fact]
    public void The_largest_weights_add_up()
    {
        using BackendBench bench = Connected(Options(0) with { Weight = int.MaxValue }, Options(1) with { Weight = int.MaxValue });
        int[] counts = Count(bench.Policy(PolicyKind.WeightedRandom), 10_000);
        Assert.InRange(counts[0], 4800, 5200);
    }

    private static int Choose(TestPool policy, long now = 0) => policy.Choose([1, (byte)'a', 0], now, out _)!.Index;

    private static int[] Count(TestPool policy, int draws)
    {
        var chosen = new List<int>();
        for (int i = 0; i < draws; i++)
        {
            chosen.Add(Choose(policy));
        }

        return [.. Enumerable.Range(0, 3).Select(backend => chosen.Count(c => c == backend))];
    }
}
