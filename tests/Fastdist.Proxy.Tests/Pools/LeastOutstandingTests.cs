using System;
using System.Linq;
using CsCheck;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Tests.Backends;
using Xunit;

namespace Fastdist.Proxy.Tests.Pools;

/// <summary>How queries that come in one turn are shared out to the least loaded.</summary>
public class LeastOutstandingTests
{
    private ushort _asked;

    [Fact]
    public void The_queries_of_one_turn_go_to_few_backends()
    {
        using BackendBench bench = Connected(64);
        Ask(bench, 100);
        Assert.Equal([4, 32, 32, 32], bench.Backends.Select(static b => b.Outstanding).Where(static o => o > 0).Order());
    }

    [Fact]
    public void Two_backends_take_turns()
    {
        using BackendBench bench = Connected(2);
        Ask(bench, 12);
        Assert.All(bench.Backends, static b => Assert.Equal(6, b.Outstanding));
    }

    [Fact]
    public void Each_turn_begins_with_the_one_that_has_the_fewest()
    {
        using BackendBench bench = Connected(3);
        for (int turn = 0; turn < 9; turn++)
        {
            Ask(bench, 10);
            bench.Advance(1);
        }

        Assert.All(bench.Backends, static b => Assert.Equal(30, b.Outstanding));
    }

    [Fact]
    public void Nobody_gets_more_in_a_row_beyond_the_one_with_the_fewest() =>
        Gen.Select(Gen.Int[2, 70], Gen.Int[1, 120].Array[1, 12]).Sample((backends, turns) =>
        {
            using BackendBench bench = Connected(backends);
            foreach (int queries in turns)
            {
                for (int i = 0; i < queries; i++)
                {
                    Ask(bench, 1);
                    int[] loads = [.. bench.Backends.Select(static b => b.Outstanding)];
                    Assert.InRange(loads.Max() - loads.Min(), 0, Math.Clamp(backends / 2, 1, Row.Most));
                }

                bench.Advance(1);
            }
        }, iter: 30, threads: 1);

    [Fact]
    public void A_backend_that_does_not_answer_gets_no_more_than_the_others_have_at_once()
    {
        using BackendBench bench = Connected(4);
        for (int turn = 0; turn < 20; turn++)
        {
            Ask(bench, 60);
            foreach (BackendConnection connection in bench.Connections.Skip(1))
            {
                Array.ForEach(bench.On(connection), id => bench.Answer(connection, (ushort)id));
            }

            bench.Advance(1000);
        }

        Assert.InRange(bench.Backends[0].Counters.Queries, 1, Row.Most);
        Assert.Equal(20 * 60, bench.Backends.Sum(static b => b.Counters.Queries));
    }

    [Fact]
    public void A_backend_that_takes_few_at_once_is_asked_one_query_and_then_the_next_is()
    {
        using BackendBench bench = Connected(4, maxInFlight: 10);
        Ask(bench, 8);
        Assert.All(bench.Backends, static b => Assert.Equal(2, b.Outstanding));
    }

    [Fact]
    public void No_query_waits_in_a_row_while_another_backend_has_room()
    {
        using BackendBench bench = Connected(2, maxInFlight: 64);
        bench.Load(0, 60);
        bench.Load(1, 60);
        Ask(bench, 8);
        Assert.All(bench.Backends, static b => Assert.Equal((64, 0), (b.Outstanding, b.Counters.Queued)));
    }

    [Fact]
    public void A_row_ends_when_its_backend_is_ready_no_longer()
    {
        using BackendBench bench = Connected(16);
        Ask(bench, 5);
        Backend chosen = bench.Backends.Single(static b => b.Outstanding == 5);
        chosen.Judge(false);
        Ask(bench, 1);
        Assert.Equal(5, chosen.Outstanding);
    }

    private static BackendBench Connected(int backends, int maxInFlight = 1000) =>
        BackendBench.Connected([.. Enumerable.Range(0, backends).Select(number => BackendBench.Options(number) with { MaxInFlight = maxInFlight })]);

    private void Ask(BackendBench bench, int queries)
    {
        for (int i = 0; i < queries; i++)
        {
            Assert.True(bench.Ask(_asked++));
        }
    }
}
