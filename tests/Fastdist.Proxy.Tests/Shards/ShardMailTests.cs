using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Tests.Backends;
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
    public void Sockets_are_replaced_where_they_were()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options);
        bench.Change(0, static shard => shard.ReplaceSockets(listener: 1, 77, datagram: 0, 78));
        bench.Change(0, static shard => shard.ReplaceSockets(listener: 0, 79, datagram: -1, -1));
        bench.Turn();
        Assert.Equal([(1, 77), (0, 78), (0, 79)], bench.Ring().Replaced);
    }
}
