using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Shards;
using Fastdist.Proxy.Tests.Frontends;
using Fastdist.Ring;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Shards;

/// <summary>Frontends that come, change and go while a shard runs.</summary>
public class ShardFrontendsTests
{
    [Fact]
    public void One_that_is_removed_takes_nothing_new_answers_what_it_was_asked_and_is_gone()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options);
        bench.Accept();
        bench.Ask(1);
        bench.Turn();
        Remove(bench);
        Assert.Equal([0, 1], bench.Ring().ClosedListeners);
        Assert.Equal([0], bench.Ring().TurnedAway);

        // What was sent before it was removed is answered like the rest.
        bench.Ask(2);
        bench.Pass(300);
        Assert.Equal((true, 0), (bench.ClientWire().IsShut, bench.Ring().ClosedDatagramSockets.Count));
        bench.AnswerAll();
        bench.Turn();
        bench.AnswerAll();
        bench.Pass(100);
        Assert.Equal([(1, Rcode.NoError), (2, Rcode.NoError)], bench.Answers);
        Assert.Equal([0], bench.Ring().ClosedDatagramSockets);
        Assert.False(bench.Frontends[0].IsGone);

        bench.Ring().Happen(static handler => handler.ListenerClosed(0));
        bench.Ring().Happen(static handler => handler.ListenerClosed(0));
        bench.Pass(100);
        Assert.False(bench.Frontends[0].IsGone);
        bench.Ring().Happen(static handler => handler.ReceiveEnded(StreamTags.ForClient(0), default, 0));
        bench.Ring().Happen(static handler => handler.Closed(StreamTags.ForClient(0)));
        bench.Pass(300);
        Assert.Equal((true, 0), (bench.Frontends[0].IsGone, bench[0].Frontends.All.Length));
        Assert.Equal((0, 0), (bench.Places[0].Current, bench.Limits.Connections));
    }

    [Fact]
    public void A_client_of_one_that_is_removed_has_its_answer_first()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options);
        bench.Accept();
        bench.Turn();
        bench.Ring().Happen(static handler => handler.Received(StreamTags.ForClient(0), StreamHandle.None, ClientBench.Frame(ClientBench.Query(7))));
        bench.Turn();
        Remove(bench);
        bench.Pass(500);
        Assert.False(bench.ClientWire().IsShut);
        bench.AnswerAll();
        bench.Turn();
        Assert.NotEmpty(bench.ClientWire().Way);
        bench.Ring().Happen(static handler => handler.Sent(StreamTags.ForClient(0), StreamHandle.None, 0));
        bench.Pass(100);
        Assert.True(bench.ClientWire().IsShut);
    }

    [Fact]
    public void Its_number_may_be_anothers_afterwards_and_one_that_another_shard_accepted_for_it_meanwhile_is_closed()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options);
        Remove(bench);
        bench.Ring().Happen(static handler => handler.ListenerClosed(0));
        bench.Ring().Happen(static handler => handler.ListenerClosed(0));
        bench.Pass(300);
        Assert.True(bench.Frontends[0].IsGone);

        SocketAddress peer = SocketAddress.From(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 4000));
        bench[0].Clients.TryCount(in peer, new FrontendCounters());
        bench[0].Context.ConnectionAssigned();
        bench[0].Post(new Message(MessageKind.Adopt, Index: 0, Descriptor: 77, Peer: peer));
        bench.Turn();
        Assert.Equal((77, 0, 0, 0), (Assert.Single(bench.Machine.Closed), bench.Limits.Connections, bench[0].Context.Connections, bench[0].Clients.Count));

        var next = new SharedFrontend(0, ClientBench.Plain, shards: 1);
        bench.Change(0, shard => shard.AddFrontend(next, new ShardSockets { Datagrams = { 1 }, Listeners = { 2 } }, context: null, pool: 0));
        bench.Turn();
        bench.Ask(9);
        bench.Turn();
        bench.AnswerAll();
        bench.Turn();
        Assert.Equal((1, 1), (next.Udp[0].Queries, next.Udp[0].Responses));
    }

    [Fact]
    public void An_edit_reaches_clients_that_are_there_and_queues_that_connections_wait_in()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options with { Pools = [new PoolOptions { Name = "empty" }] });
        FrontendOptions options = ShardBench.Options.Frontends[0];
        bench.Ask(1);
        bench.Turn();
        bench.Change(0, shard => shard.Edit(bench.Frontends[0], options with { TcpListenQueueSize = 7, Pool = "empty" }, pool: 1));
        bench.Change(0, shard => shard.Use(ShardBench.Options with { Frontends = [options with { Pool = "empty" }] }));
        bench.Turn();
        bench.Ask(2);
        bench.Turn();
        bench.AnswerAll();
        bench.Turn();
        Assert.Equal([(2, Rcode.ServFail), (1, Rcode.NoError)], bench.Answers);
        Assert.Equal([(0, 7), (1, 7)], bench.Ring().Resized);
    }

    [Fact]
    public void Settings_of_the_process_count_for_clients_that_are_there()
    {
        using ShardBench bench = ShardBench.WithBackend(ShardBench.Options);
        bench.Accept();
        bench.Turn();
        bench.Change(0, static shard => shard.Use(ShardBench.Options with { TcpIdleTimeout = 1 }));
        bench.Pass(900);
        Assert.False(bench.ClientWire().IsShut);
        bench.Pass(500);
        Assert.True(bench.ClientWire().IsShut);
    }

    [Fact]
    public void A_shard_that_is_stopping_closes_the_sockets_of_one_that_comes()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options);
        bench[0].Stop();
        bench.Turn();
        bench.Change(0, static shard => shard.AddFrontend(new SharedFrontend(1, ClientBench.Plain, shards: 1), new ShardSockets { Datagrams = { 81 }, Listeners = { 82 } }, context: null, pool: 0));
        bench.Turn();
        Assert.Equal([82, 81], bench.Machine.Closed);
    }

    private static void Remove(ShardBench bench)
    {
        bench.Change(0, shard => shard.RemoveFrontend(bench.Frontends[0]));
        bench.Turn();
    }
}
