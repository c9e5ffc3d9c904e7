using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Shards;
using Xunit;

namespace Fastdist.Proxy.Tests.Shards;

/// <summary>The end of a shard.</summary>
public class ShardStoppingTests
{
    [Fact]
    public void Who_is_told_to_stop_wakes_and_closes_its_listeners_and_takes_what_these_still_hold()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options);
        bench[0].Stop();
        Assert.Empty(bench.Ring().ClosedListeners);
        bench.Turn();
        Assert.Equal([0, 1], bench.Ring().ClosedListeners);
        bench.Accept();
        bench.Turn();
        Assert.Equal(1, bench[0].Clients.Count);
    }

    [Fact]
    public void It_is_done_when_its_listeners_are_closed_and_nothing_is_left_to_do()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options);
        bench[0].Stop();
        bench.Pass(100);
        Assert.False(bench[0].IsDone());
        bench.Ring().Happen(static handler => handler.ListenerClosed(0));
        bench.Ring().Happen(static handler => handler.ListenerClosed(0));
        bench.Turn();
        Assert.True(bench[0].IsDone());
    }

    [Fact]
    public void Datagrams_are_read_until_there_are_no_more()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options);
        Stop(bench);
        bench.Ask(1);
        bench.Pass(20);
        Assert.Empty(bench.Ring().Unread);
        bench.Pass(20);
        Assert.Equal([0], bench.Ring().Unread);
        bench.AnswerAll();
        bench.Turn();
        Assert.Equal([(1, Rcode.NoError)], bench.Answers);
    }

    [Fact]
    public void Where_they_do_not_end_they_are_read_for_a_fifth_of_a_second()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options);
        Stop(bench);
        for (int passed = 0; passed < 180; passed += 20)
        {
            bench.Ask(1);
            bench.Pass(20);
            Assert.Empty(bench.Ring().Unread);
        }

        bench.Ask(1);
        bench.Pass(20);
        bench.Ask(1);
        bench.Pass(20);
        Assert.Single(bench.Ring().Unread);
    }

    [Fact]
    public void What_is_in_flight_is_answered_first()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options);
        bench.Ask(1);
        bench.Turn();
        Stop(bench);
        bench.Pass(500);
        Assert.False(bench[0].IsDone());
        bench.AnswerAll();
        bench.Turn();
        Assert.Equal([(1, Rcode.NoError)], bench.Answers);
        Assert.True(bench[0].IsDone());
    }

    [Fact]
    public void Clients_are_told_the_end_and_waited_for()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options);
        bench.Accept();
        bench.Turn();
        Stop(bench);
        bench.Pass(100);
        Assert.Equal((true, false), (bench.ClientWire().IsShut, bench[0].IsDone()));
        bench.Ring().Happen(static handler => handler.ReceiveEnded(StreamTags.ForClient(0), default, 0));
        bench.Ring().Happen(static handler => handler.Closed(StreamTags.ForClient(0)));
        bench.Turn();
        Assert.True(bench[0].IsDone());
    }

    [Fact]
    public void It_does_not_wait_longer_than_it_may()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options with { ShutdownTimeout = 1000 });
        bench.Ask(1);
        bench.Turn();
        Stop(bench);
        bench.Pass(980);
        Assert.False(bench[0].IsDone());
        bench.Pass(20);
        Assert.True(bench[0].IsDone());
    }

    [Fact]
    public void At_its_end_connections_that_nobody_took_are_closed_and_no_more_mail_is_taken()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options);
        Assert.True(bench[0].Post(new Message(MessageKind.Adopt, Descriptor: 77)));
        bench[0].End();
        Assert.Equal([77], bench.Machine.Closed);
        Assert.False(bench[0].Post(new Message(MessageKind.Adopt, Descriptor: 78)));
        Assert.True(bench.Ring().IsDisposed);
    }

    /// <summary>Has the shard stop, and its listeners be empty.</summary>
    private static void Stop(ShardBench bench)
    {
        bench[0].Stop();
        bench.Turn();
        bench.Ring().Happen(static handler => handler.ListenerClosed(0));
        bench.Ring().Happen(static handler => handler.ListenerClosed(0));
        bench.Turn();
    }
}
