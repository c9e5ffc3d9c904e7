using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Shards;
using Fastdist.Proxy.Tests.Backends;
using Fastdist.Ring;
using Xunit;

namespace Fastdist.Proxy.Tests.Shards;

/// <summary>When there is no descriptor left.</summary>
public class ShardDescriptorsTests
{
    private const int NoDescriptor = 24;
    private const int NoMemory = 12;
    private const int CannotAcceptEvent = 304;
    private const int DescriptorsExhaustedEvent = 305;

    [Fact]
    public void A_few_of_its_clients_make_room_and_the_ring_is_told_to_try_again_soon()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options);
        AcceptClients(bench, 10);
        Assert.True(FailToAccept(bench, NoDescriptor));
        bench.Turn();
        Assert.Equal(8, Enumerable.Range(0, 10).Count(index => bench.ClientWire(index).IsClosed));
    }

    [Fact]
    public void One_without_clients_has_the_others_make_room()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options with { Shards = 2 });
        bench[1].Post(new Message(MessageKind.Adopt, Descriptor: 1));
        bench.Turn();
        Assert.False(FailToAccept(bench, NoDescriptor));
        Assert.False(bench.ClientWire(shard: 1).IsClosed);
        bench.Turn();
        Assert.True(bench.ClientWire(shard: 1).IsClosed);
    }

    [Fact]
    public void What_is_no_shortage_of_descriptors_costs_no_client()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options);
        AcceptClients(bench, 1);
        Assert.False(FailToAccept(bench, NoMemory));
        bench.Turn();
        Assert.False(bench.ClientWire().IsClosed);
        Assert.Equal([CannotAcceptEvent], bench.Log.Events);
    }

    [Fact]
    public void It_is_said_once_a_minute_whichever_shard_sees_it()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options with { Shards = 2 });
        FailToAccept(bench, NoDescriptor);
        FailToAccept(bench, NoDescriptor, shard: 1);
        Assert.Equal([DescriptorsExhaustedEvent], bench.Log.Events);
        bench.Pass(59_900, step: 250);
        FailToAccept(bench, NoDescriptor);
        Assert.Single(bench.Log.Events);
        bench.Pass(250, step: 250);
        FailToAccept(bench, NoDescriptor);
        Assert.Equal([DescriptorsExhaustedEvent, DescriptorsExhaustedEvent], bench.Log.Events);
    }

    [Fact]
    public void A_backend_that_needs_one_has_a_client_make_room_at_the_end_of_the_turn()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options);
        AcceptClients(bench, 1);
        bench.Machine.Shortage = NoDescriptor;
        var backend = new SharedBackend(0, BackendBench.Options(1), shards: 1);
        bench.Change(0, shard => shard.AddBackend(backend, null, 0));
        bench.Turn();
        Assert.True(bench.ClientWire().IsClosed);
        Assert.Contains(DescriptorsExhaustedEvent, bench.Log.Events);
    }

    private static void AcceptClients(ShardBench bench, int count)
    {
        for (int i = 0; i < count; i++)
        {
            bench.Accept();
        }

        bench.Turn();
    }

    /// <summary>What the shard says to an accept that failed.</summary>
    private static bool FailToAccept(ShardBench bench, int errno, int shard = 0) => ((IRingHandler)bench[shard]).AcceptFailed(0, errno);
}
