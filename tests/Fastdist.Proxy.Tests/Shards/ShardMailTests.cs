using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Tests.Backends;
using Fastdist.Proxy.Tests.Frontends;
using Fastdist.Ring;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Shards;

/// <summary>What other threads ask of a shard.</summary>
public class ShardMailTests
{
    [Fact]
    public void What_was_left_before_there_was_a_ring_is_done_before_the_first_turn()
    {
        using var bench = new ShardBench(ShardBench.Options);
        var backend = new SharedBackend(0, BackendBench.Options(1), shards: 1);
        bench.Change(0, shard => shard.AddBackend(backend, null, 0));
        bench[0].Begin();
        Assert.Single(bench[0].Backends.All);
    }

    [Fact]
    public void A_message_wakes_the_shard_and_is_done_between_two_turns_in_order()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options);
        var done = new List<int>();
        bench.Change(0, _ => done.Add(1));
        bench.Change(0, _ => done.Add(2));
        Assert.Equal(2, bench.Ring().Wakes);
        Assert.Empty(done);
        bench.Turn();
        Assert.Equal([1, 2], done);
    }

    [Fact]
    public void A_turn_does_as_much_mail_as_it_has_time_for_and_the_next_does_not_wait()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options with { MaxTurn = 4 });
        int done = 0;
        for (int i = 0; i < 6; i++)
        {
            bench.Change(0, _ => done++);
        }

        bench.Turn();
        Assert.Equal((4, 0), (done, bench[0].Patience()));
        bench.Turn();
        Assert.Equal(6, done);
        bench.Turn();
        Assert.NotEqual(0, bench[0].Patience());
    }

    [Fact]
    public void What_a_shard_finds_of_a_backend_the_others_hear()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options with { Shards = 2 });
        var backend = new SharedBackend(0, BackendBench.Options(1) with { MaxCheckFailures = 1 }, shards: 2);
        for (int shard = 0; shard < 2; shard++)
        {
            bench.Change(shard, s => s.AddBackend(backend, null, 0));
        }

        bench.Turn();
        Assert.All((int[])[0, 1], shard => Assert.True(bench[shard].Backends[0].IsUp));
        bench.Pass(1500);
        Assert.All((int[])[0, 1], shard => Assert.False(bench[shard].Backends[0].IsUp));
        Assert.False(backend.IsUp);
    }

    [Fact]
    public void A_backend_that_is_removed_is_gone_once_its_connection_is_closed_and_asks_nobody_anything_until_then()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options);
        bench.Ask(1);
        bench.Turn();
        bench.Change(0, shard => shard.RemoveBackend(bench.Backend));
        bench.Pass(100);
        Assert.False(bench.BackendWire.IsClosed);
        bench.AnswerAll();
        bench.Pass(300);
        Assert.Equal([(1, Rcode.NoError)], bench.Answers);
        Assert.Equal((true, false), (bench.BackendWire.IsClosed, bench.Backend.IsGone));
        bench.Ring().Happen(static handler => handler.Closed(StreamTags.ForBackend(0)));
        bench.Pass(300);
        Assert.True(bench.Backend.IsGone);
    }

    [Fact]
    public void A_backend_joins_and_leaves_pools_that_are_made_meanwhile()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options with { Frontends = [ClientBench.Plain with { Pool = "other" }] });
        Assert.Equal(2, bench[0].Pools.Count);
        bench.Ask(1);
        bench.Change(0, shard => shard.JoinPool(bench.Backend, 1));
        bench.Change(0, static shard => shard.AddPool(PolicyKind.RoundRobin));
        bench.Change(0, shard => shard.JoinPool(bench.Backend, 2));
        bench.Turn();
        bench.Ask(2);
        bench.Change(0, shard => shard.PartPool(bench.Backend, 1));
        bench.Turn();
        bench.Ask(3);
        bench.Turn();
        bench.AnswerAll();
        bench.Turn();
        Assert.Equal([(1, Rcode.ServFail), (3, Rcode.ServFail), (2, Rcode.NoError)], bench.Answers);
        bench.Change(0, shard => shard.RemoveBackend(bench.Backend));
        bench.Turn();
        Assert.All((int[])[0, 1, 2], pool => Assert.Empty(bench[0].Pools[pool].Members));
    }

    [Fact]
    public void A_pool_has_the_members_it_is_filled_with_in_that_order()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options with { Frontends = [ClientBench.Plain with { Pool = "other" }] });
        var second = new SharedBackend(1, BackendBench.Options(2), shards: 1);
        bench.Change(0, shard => shard.AddBackend(second, null));
        bench.Change(0, static shard => shard.Fill(1, [1, 0]));
        bench.Turn();
        Assert.Equal([1, 0], Members(1));
        Assert.Equal([0], Members(0));
        bench.Change(0, static shard => shard.Fill(1, [0, 1]));
        bench.Change(0, static shard => shard.Fill(0, []));
        bench.Turn();
        Assert.Equal([0, 1], Members(1));
        Assert.Empty(Members(0));
        bench.Change(0, shard => shard.RemoveBackend(second));
        bench.Turn();
        Assert.Equal([0], Members(1));

        int[] Members(int pool) => [.. bench[0].Pools[pool].Members.Select(static member => member.Index)];
    }

    [Fact]
    public void An_edit_counts_for_the_next_choice_and_for_queries_that_are_waiting_already()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options with { Policy = PolicyKind.FirstAvailable });
        var second = new SharedBackend(1, bench.Backend.Options with { Name = "second", Order = 0 }, shards: 1);
        bench.Change(0, shard => shard.AddBackend(second, null, 0));
        bench.Turn();
        int connection = bench[0].Backends[1].Connections[0].Index;
        bench.Ring().Happen(handler => handler.Connected(StreamTags.ForBackend(connection), StreamHandle.None, 0));
        bench.Ask(1);
        bench.Turn();
        Assert.Equal([0, 1], Outstanding());
        bench.Change(0, shard => shard.Edit(second, second.Options with { Order = 2, QueryTimeout = 600 }));
        bench.Turn();
        bench.Ask(2);
        bench.Turn();
        Assert.Equal([1, 1], Outstanding());
        bench.Pass(700);
        Assert.Equal([(1, Rcode.ServFail)], bench.Answers);

        int[] Outstanding() => [.. bench[0].Backends.All.Select(static backend => backend.Outstanding)];
    }

    [Fact]
    public void A_health_check_asks_for_another_name_and_sooner_once_it_is_told()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options);
        BackendOptions checkedRarely = bench.Backend.Options with { HealthCheckMode = HealthCheckMode.Auto, CheckInterval = 3600 };
        bench.Change(0, shard => shard.Edit(bench.Backend, checkedRarely));
        bench.Change(0, shard => shard.SetMode(bench.Backend, HealthCheckMode.Auto));
        bench.Pass(300);
        bench.AnswerAll();
        bench.Pass(5000);
        long rare = bench.Backend.Counters[0].HealthChecks;
        bench.Change(0, shard => shard.Edit(bench.Backend, checkedRarely with { CheckInterval = 1, CheckName = "soon.example." }));
        bench.Pass(1500);
        Assert.Equal((1, 2), (rare, bench.Backend.Counters[0].HealthChecks));
        Assert.Contains("soon", System.Text.Encoding.ASCII.GetString([.. bench.BackendWire.Way]), System.StringComparison.Ordinal);
    }

    [Fact]
    public void Sockets_are_replaced_where_they_were()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options);
        bench.Change(0, shard => shard.ReplaceSockets(bench.Frontends[0], place: 1, listener: 77, datagram: -1));
        bench.Change(0, shard => shard.ReplaceSockets(bench.Frontends[0], place: 0, listener: 79, datagram: 78));
        bench.Turn();
        Assert.Equal([(1, 77), (0, 79), (0, 78)], bench.Ring().Replaced);
    }
}
