using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Shards;

/// <summary>Who is let in, and by which shard.</summary>
public class ShardAcceptTests
{
    [Fact]
    public void Whom_the_ACL_keeps_out_is_closed_and_counted()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options);
        int descriptor = bench.Accept(from: "203.0.113.9");
        bench.Turn();
        Assert.Equal([descriptor], bench.Machine.Closed);
        Assert.Equal((1, 0, 0), (bench[0].Frontends[0].Tcp.AclDrops, bench.Limits.Connections, bench.Places[0].Current));
    }

    [Fact]
    public void One_that_was_reset_while_it_waited_is_counted()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options);
        bench.Machine.Peers.Remove(bench.Accept());
        bench.Turn();
        Assert.Equal((1, 1), (bench[0].Frontends[0].Tcp.ResetBeforeAccept, bench.Machine.Closed.Count));
    }

    [Fact]
    public void One_over_its_frontends_limit_is_closed_and_counts_as_no_client()
    {
        using ShardBench bench = ShardBench.Begun(ClientsAtOnce(1));
        bench.Accept();
        int second = bench.Accept();
        bench.Turn();
        Assert.Equal([second], bench.Machine.Closed);
        Assert.Equal((1, 1, 1), (bench[0].Frontends[0].Tcp.RefusedFull, bench.Limits.Connections, bench.Places[0].Current));
    }

    [Fact]
    public void A_balancer_need_not_be_a_client_that_is_served_and_is_not_counted_as_one()
    {
        NetmaskSet.TryParse(["203.0.113.0/24"], out NetmaskSet balancers, out _);
        using ShardBench bench = ShardBench.Begun(ShardBench.Options with { Frontends = [ShardBench.Options.Frontends[0] with { ProxyProtocolAcl = balancers }] });
        bench.Accept(from: "203.0.113.9");
        bench.Turn();
        Assert.Equal((1, 0, 1), (bench[0].Clients.Count, bench.Limits.Connections, bench.Places[0].Current));
    }

    [Fact]
    public void Another_ACL_counts_from_the_next_turn_and_open_connections_stay()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options);
        bench.Accept();
        bench.Turn();
        NetmaskSet.TryParse(["203.0.113.0/24"], out NetmaskSet others, out _);
        bench.Change(0, shard => shard.SetAcl(others));
        bench.Turn();
        bench.Accept();
        bench.Turn();
        Assert.Equal((1, 1), (bench[0].Clients.Count, bench[0].Frontends[0].Tcp.AclDrops));
    }

    [Fact]
    public void A_connection_goes_to_the_shard_with_the_fewest_whoever_accepts_it()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options with { Shards = 2 });
        for (int i = 0; i < 4; i++)
        {
            bench.Accept(shard: 0);
        }

        bench.Turn();
        Assert.Equal((2, 2), (bench[0].Clients.Count, bench[1].Clients.Count));
        Assert.Equal((2, 2), (bench[0].Context.Connections, bench[1].Context.Connections));
    }

    [Fact]
    public void Where_the_other_shard_takes_no_mail_any_more_it_keeps_the_connection()
    {
        using ShardBench bench = ShardBench.Begun(ShardBench.Options with { Shards = 2 });
        bench[1].End();
        bench.Accept();
        bench.Accept();
        bench[0].Turn();
        Assert.Equal((2, 2, 0), (bench[0].Clients.Count, bench[0].Context.Connections, bench[1].Context.Connections));
    }

    private static ProxyOptions ClientsAtOnce(int most) =>
        ShardBench.Options with { Frontends = [ShardBench.Options.Frontends[0] with { MaxConcurrentTcpConnections = most }] };
}
