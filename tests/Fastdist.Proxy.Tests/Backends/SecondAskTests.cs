using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Single queries that are not answered while others are, and what asking for them again may cost.</summary>
public class SecondAskTests
{
    private const int Reset = 104;

    [Theory]
    [InlineData(Opcode.Query, 1)]
    [InlineData(Opcode.Update, 0)]
    public void Of_a_silent_connection_all_but_an_UPDATE_is_asked_elsewhere_as_that_must_not_arrive_twice(Opcode opcode, int hedged)
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1), BackendBench.Options(2) with { Order = 2 }]);
        bench.Connect(0);
        bench.Backends[1].EnsureConnected();
        bench.Connected(bench.Backends[1].Connections[0], 0);
        Assert.True(bench.Ask(1, opcode: opcode));
        bench.Pass(3000);

        Assert.Equal(hedged, bench.Connections.Count(connection => bench.On(connection).Contains(1)) - 1);
        Assert.Equal(hedged, bench.Backends.Sum(backend => backend.Counters.Hedged));
    }

    [Fact]
    [Trait("Row", "F3")]
    public void A_single_silent_query_is_asked_of_another_backend_though_its_connection_answers()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1), BackendBench.Options(2) with { Order = 2 });
        Assert.True(bench.Ask(1));
        BackendConnection busy = bench.Connections.Single(c => bench.On(c).Length == 1);
        for (int i = 0; i < 20; i++)
        {
            bench.Pass(60);
            bench.Prove(busy);
        }

        BackendConnection other = bench.Connections.Single(c => c != busy);
        Assert.Equal([1], bench.On(other));
        bench.Answer(other, 1);
        Assert.Equal(Rcode.NoError, bench.Answers[1]);
        Assert.Equal((1, 0), (bench.Set.HomeOf(other).Counters.Hedged, bench.Set.HomeOf(busy).Counters.SuspectConnections));
        Assert.Empty(bench.On(busy));
    }

    [Fact]
    [Trait("Row", "F3")]
    public void Where_there_is_no_other_it_is_asked_again_where_it_was_and_either_answer_is_the_querys()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Connect(0);
        BackendConnection only = bench.Connections[0];
        Assert.True(bench.Ask(1));
        for (int i = 0; i < 20; i++)
        {
            bench.Pass(60);
            bench.Prove(only);
        }

        Assert.Equal([1, 1], bench.On(only));
        bench.AnswerLatest(only, 1);
        Assert.Equal(Rcode.NoError, bench.Answers[1]);
        Assert.Equal((0, 1), (only.Ids.InFlightCount, only.Ids.AbandonedCount));
        Assert.Equal(0, bench.Table.Count);
    }

    [Fact]
    [Trait("Row", "F3")]
    public void A_query_with_both_asks_on_one_connection_survives_its_end()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Connect(0);
        Assert.True(bench.Ask(1));
        for (int i = 0; i < 20; i++)
        {
            bench.Pass(60);
            bench.Prove(bench.Connections[0]);
        }

        bench.Flush();
        bench.ReceiveEnded(bench.Connections[0], 0);
        bench.Pass(200);

        Assert.Equal([1], bench.On(bench.Connections.Single(c => c.IsForTrial)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Row", "F2")]
    public void What_ends_connections_while_its_first_ask_is_silent_ends_two_and_those_with_it_are_saved(bool areOthersAnswered)
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1), BackendBench.Options(2) with { Order = 2 }]);
        ConnectAll(bench);
        Assert.True(bench.Ask(1));
        BackendConnection first = bench.Connections.Single(c => bench.On(c).Length > 0);
        int ends = 0;
        for (int passed = 0; passed < 3000 && bench.Answers.Count == 0; passed += 20)
        {
            bench.Flush();
            bench.Pass(20);
            foreach (BackendConnection broken in bench.Connections.Where(c => (c != first || ends > 0) && bench.On(c).Contains(1)).ToArray())
            {
                bench.Flush();
                bench.ReceiveEnded(broken, Reset);
                Assert.Equal(++ends == 2, broken.IsForTrial);
            }

            if (areOthersAnswered)
            {
                bench.Prove(first);
            }
        }

        Assert.Equal((2, Rcode.ServFail), (ends, bench.Answers[1]));
        Assert.Equal(0, bench.Table.Count);
    }

    [Fact]
    [Trait("Row", "F3")]
    public void A_second_ask_that_ends_with_its_connection_leaves_the_query_to_be_answered_elsewhere()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1), BackendBench.Options(2) with { Order = 2 }]);
        ConnectAll(bench);
        Assert.True(bench.Ask(1));
        BackendConnection first = bench.Connections.Single(c => bench.On(c).Length > 0);
        bench.Pass(1200);
        bench.Flush();
        bench.ReceiveEnded(bench.Connections.Single(c => c != first && bench.On(c).Contains(1)), 0);
        bench.Pass(300);

        BackendConnection own = bench.Connections.Single(c => bench.On(c).Contains(1));
        Assert.True(own.IsForTrial);
        bench.Answer(own, 1);
        Assert.Equal((Rcode.NoError, 0), (bench.Answers[1], bench.Table.Count));
    }

    [Fact]
    [Trait("Row", "F3")]
    public void A_backend_that_turned_slow_is_not_asked_everything_twice()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1) with { MaxInFlight = 5000, QueryTimeout = 60_000 }]);
        bench.Connect(0);
        for (ushort id = 1; id <= 4000; id++)
        {
            Assert.True(bench.Ask(id));
            if (id % 10 == 0)
            {
                bench.Pass(20);
                bench.Prove(bench.Connections.First(c => c.State == ConnectionState.Ready));
            }
        }

        const int AtFirst = 10, Seconds = 8;
        long allowed = (4000 / SecondAsks.QueriesForOne) + AtFirst + (Seconds * SecondAsks.LeastPerSecond);
        Assert.InRange(bench.Backends[0].Counters.Hedged, 100, allowed + (allowed / SecondAsks.QueriesForOne));
    }

    [Fact]
    [Trait("Row", "F3")]
    public void The_budget_is_a_part_of_the_queries_and_a_few_a_second()
    {
        var budget = new SecondAsks(most: 1000);
        Assert.Equal(10, Take(budget, 0, 0));
        Assert.Equal(5, Take(budget, 100, 0));
        Assert.Equal(3, Take(budget, 100, 1_000_000));
        Assert.Equal(5, Take(budget, 200, 2_000_000));
        Assert.Equal(1000, Take(budget, 1_000_000, 2_000_000));
    }

    [Fact]
    [Trait("Row", "F3")]
    public void Where_nothing_is_answered_any_more_all_are_asked_elsewhere_in_time()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1), BackendBench.Options(2) with { Order = 2 });
        for (ushort id = 1; id <= 200; id++)
        {
            Assert.True(bench.Ask(id));
        }

        BackendConnection silent = bench.Connections[0];
        int before = bench.On(bench.Connections[1]).Length;
        for (int i = 0; i < 28; i++)
        {
            bench.Pass(100);
            bench.Prove(bench.Connections[1]);
        }

        Assert.Equal(bench.On(silent).Length + before, bench.On(bench.Connections[1]).Distinct().Count());
    }

    [Fact]
    [Trait("Row", "F4")]
    public void A_retiring_connection_is_no_part_of_the_share_and_the_fresh_one_stays()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1) with { MaxInFlight = 20, SilenceTimeout = 60_000 }]);
        bench.Connect(0);
        BackendConnection old = bench.Connections[0];
        for (int i = 0; i < 10; i++)
        {
            Assert.True(old.Ids.TryTake(0, out ushort id));
            old.Ids.Abandon(id);
        }

        Assert.True(bench.Ask(1));
        bench.Pass(1000);

        Assert.True(old.IsRetiring);
        Assert.Equal([1], bench.On(old));
        Assert.Equal(2, bench.Backends[0].Counters.NewConnections);
        Assert.Equal(Readiness.Ready, bench.Backends[0].Readiness);
    }

    [Fact]
    [Trait("Row", "F4")]
    public void A_retiring_connection_makes_way_when_there_is_no_slot_for_another()
    {
        using var bench = new BackendBench(share: 0, [BackendBench.Options(1) with { MaxInFlight = 20, SilenceTimeout = 60_000 }]);
        bench.Connect(0);
        BackendConnection only = bench.Connections[0];
        bench.Prove(only);
        Assert.True(bench.Ask(1));
        for (int i = 0; i < 10; i++)
        {
            Assert.True(only.Ids.TryTake(0, out ushort id));
            only.Ids.Abandon(id);
        }

        bench.Pass(100);

        Assert.False(only.IsRetiring);
        Assert.Equal([1], bench.On(only));
        Assert.Equal(2, bench.Backends[0].Counters.NewConnections);
    }

    private static void ConnectAll(BackendBench bench)
    {
        foreach (Backend backend in bench.Backends)
        {
            backend.EnsureConnected();
            bench.Connected(backend.Connections[0], 0);
            bench.Prove(backend.Connections[0]);
        }
    }

    private static int Take(SecondAsks budget, long queries, long now) => Enumerable.Range(0, 2000).TakeWhile(_ => budget.TryTake(queries, now)).Count();
}
