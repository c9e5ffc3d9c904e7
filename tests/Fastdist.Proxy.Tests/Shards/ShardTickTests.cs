using Fastdist.Dns;
using Xunit;

namespace Fastdist.Proxy.Tests.Shards;

/// <summary>When clocks are looked at, and how long a turn may wait.</summary>
public class ShardTickTests
{
    [Fact]
    public void A_shard_with_nothing_to_do_waits_a_quarter_of_a_second()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options);
        Assert.Equal(250, bench[0].Patience());
        bench.Machine.Now += 100_000;
        bench.Turn();
        Assert.Equal(150, bench[0].Patience());
    }

    [Fact]
    public void With_queries_in_flight_clocks_are_looked_at_every_20_milliseconds()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options);
        bench.Ask(1);
        bench.Pass(250);
        Assert.Equal((1, 20), (bench[0].Counters.InFlight, bench[0].Patience()));
    }

    [Fact]
    public void A_query_whose_time_is_up_gets_SERVFAIL_at_the_next_tick()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options);
        bench.Ask(1);
        bench.Pass(1980);
        Assert.Empty(bench.Answers);
        bench.Pass(60);
        Assert.Equal([(1, Rcode.ServFail)], bench.Answers);
    }

    [Fact]
    public void After_a_stop_what_the_sockets_hold_is_read_before_a_clock_is_judged_by()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options);
        bench.Ask(1);
        bench.Pass(1960);
        bench.Machine.Now += 60_000_000;
        bench.Ask(2);
        bench.Turn();
        Assert.Equal(0, bench[0].Patience());
        bench.AnswerAll();
        bench.Turn();
        bench.Turn();
        Assert.Contains((1, Rcode.NoError), bench.Answers);
        Assert.DoesNotContain((1, Rcode.ServFail), bench.Answers);
    }

    [Fact]
    public void Traffic_that_never_pauses_holds_the_clocks_up_for_a_second_at_most()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options);
        bench.Ask(1);
        bench.Pass(1960);
        bench.Machine.Now += 60_000_000;
        for (int passed = 0; passed < 980; passed += 20)
        {
            bench.Ask(2);
            bench.Pass(20);
            Assert.DoesNotContain((1, Rcode.ServFail), bench.Answers);
        }

        bench.Ask(2);
        bench.Pass(40);
        Assert.Contains((1, Rcode.ServFail), bench.Answers);
    }

    [Fact]
    public void What_was_put_on_a_connection_leaves_with_the_turn_in_one_send()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options);
        int before = bench.BackendWire.Sends.Count;
        bench.Ask(1);
        bench.Ask(2);
        bench.Turn();
        Assert.Equal(before + 1, bench.BackendWire.Sends.Count);
        bench.AnswerAll();
        bench.Turn();
        Assert.Equal([(1, Rcode.NoError), (2, Rcode.NoError)], bench.Answers);
    }

    [Fact]
    public void A_turn_takes_as_many_completions_as_it_may_and_counts_them()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options with { MaxTurn = 2 });
        long before = bench[0].Counters.Completions;
        for (ushort id = 1; id <= 3; id++)
        {
            bench.Ask(id);
        }

        bench.Turn();
        Assert.Equal((2, 2), (bench[0].Context.Table.Count, bench[0].Counters.Completions - before));
        bench.Turn();
        Assert.Equal((3, 3), (bench[0].Context.Table.Count, bench[0].Counters.Completions - before));
    }
}
