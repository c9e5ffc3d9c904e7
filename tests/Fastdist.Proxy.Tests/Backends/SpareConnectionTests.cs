using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Connections kept for later, and the most there may be.</summary>
public class SpareConnectionTests
{
    [Fact]
    public void A_spare_is_opened_beside_a_connection_that_works_and_carries_nothing()
    {
        using BackendBench bench = WithSpares(1);
        bench.Load(0, 10);

        Assert.Equal([false, true], bench.Connections.Where(c => c.State == ConnectionState.Ready).Select(c => c.IsSpare));
        Assert.Equal([10, 0], bench.Connections.Where(c => c.State == ConnectionState.Ready).Select(c => c.Ids.InFlightCount));
    }

    [Fact]
    public void The_queries_of_a_connection_that_ends_are_on_the_spare_at_once()
    {
        using BackendBench bench = WithSpares(1);
        bench.Load(0, 10);
        BackendConnection spare = bench.Connections.Single(c => c.IsSpare);

        bench.ReceiveEnded(bench.Connections.Single(c => c.Ids.InFlightCount > 0), 0);

        Assert.False(spare.IsSpare);
        Assert.Equal(10, spare.Ids.InFlightCount);
        Assert.Equal(0, bench.Backends[0].Counters.Queued);
    }

    [Fact]
    public void A_spare_that_was_taken_into_use_is_made_up_for()
    {
        using BackendBench bench = WithSpares(2);
        bench.ReceiveEnded(bench.Connections.Single(c => c is { IsSpare: false, State: ConnectionState.Ready }), 0);

        Assert.Equal(1, bench.Connections.Count(c => c is { IsSpare: true, State: ConnectionState.Ready }));
        Assert.Equal(1, bench.Connections.Count(c => c is { IsSpare: true, State: ConnectionState.Connecting }));
    }

    [Fact]
    public void A_spare_that_the_backend_closes_unused_is_opened_again_after_a_pause_only()
    {
        using BackendBench bench = WithSpares(1);
        BackendConnection spare = bench.Connections.Single(c => c.IsSpare);
        long opened = bench.Backends[0].Counters.NewConnections;

        bench.ReceiveEnded(spare, 0);
        bench.Closed(spare);
        bench.Tick(bench.Backends[0]);

        Assert.Equal(opened, bench.Backends[0].Counters.NewConnections);
        Assert.Equal(0, bench.Backends[0].Counters.LostConnections);
        Assert.Equal(Readiness.Ready, bench.Backends[0].Readiness);
    }

    [Fact]
    public void A_full_connection_gets_help_from_the_spare_where_the_share_allows_two()
    {
        using BackendBench bench = WithSpares(1, share: 2, maxInFlight: 3);
        bench.Load(0, 5);

        Assert.Equal([3, 2], bench.Connections.Where(c => c.State == ConnectionState.Ready).Select(c => c.Ids.InFlightCount));
    }

    [Fact]
    public void A_spare_that_ends_before_its_first_answer_is_not_held_against_its_queries()
    {
        using BackendBench bench = WithSpares(1);
        bench.Load(0, 1);
        bench.ReceiveEnded(bench.Connections.Single(c => c.Ids.InFlightCount == 1), 0);
        BackendConnection spare = bench.Connections.Single(c => c.Ids.InFlightCount == 1 && c.State == ConnectionState.Ready);
        Assert.Equal(IdState.InFlight, spare.Ids.Find(0, out int entry));

        bench.Flush();
        bench.ReceiveEnded(spare, 0);

        Assert.Equal(0, bench.Table[entry].Suspicions);
    }

    [Fact]
    public void A_connection_over_the_processs_limit_is_not_opened_and_counted()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1) with { SpareConnections = 2, MaxConcurrentTcpConnections = 2 }]);
        bench.Connect(0);

        Assert.Equal(2, bench.Connections.Count(c => c.State != ConnectionState.Idle));
        Assert.Equal(1, bench.Backends[0].Counters.TooManyConnections);
    }

    [Fact]
    public void A_connection_that_ended_leaves_its_place_to_its_replacement()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1) with { MaxConcurrentTcpConnections = 1 }]);
        bench.Connect(0);
        bench.Retire(bench.Connections[0]);

        Assert.Equal(ConnectionState.Connecting, bench.Connections[1].State);
        Assert.Equal(0, bench.Backends[0].Counters.TooManyConnections);
    }

    [Fact]
    public void A_query_on_a_connection_that_carried_one_is_counted()
    {
        using BackendBench bench = WithSpares(0);
        bench.Load(0, 3);
        Assert.Equal(2, bench.Backends[0].Counters.ReusedConnections);
    }

    private static BackendBench WithSpares(int spares, int share = 1, int maxInFlight = 1000)
    {
        var bench = new BackendBench(share, [BackendBench.Options(1) with { SpareConnections = spares, MaxInFlight = maxInFlight }]);
        bench.Connect(0);
        foreach (BackendConnection spare in bench.Connections.Where(c => c.IsSpare && c.State == ConnectionState.Connecting))
        {
            bench.Connected(spare, 0);
        }

        return bench;
    }
}
