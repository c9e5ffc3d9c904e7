using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Readiness that was judged once is judged again when it is another, though nobody says so.</summary>
public class KeptReadinessTests
{
    private const int Refused = 111;

    [Fact]
    public void The_moment_of_one_that_is_taken_for_granted_ends_by_itself()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1));
        bench.Prove(bench.Connections[0]);
        bench.ReceiveEnded(bench.Connections[0], 0);
        bench.Closed(bench.Connections[0]);
        Assert.True(bench.Connections[0].IsStarting);

        bench.Advance(499_000);
        Assert.Equal((Readiness.Ready, true), (bench.Backends[0].Readiness, bench.Pool.IsAnyReady));
        bench.Advance(1_000);
        Assert.Equal((Readiness.Starting, false), (bench.Backends[0].Readiness, bench.Pool.IsAnyReady));
    }

    [Fact]
    public void One_that_is_expected_back_is_given_up_as_time_goes_by()
    {
        using BackendBench bench = BackendBench.With(Readiness.Returning);
        Assert.Same(bench.Backends[0], bench.Pool.Choose([0], out _));
        bench.Advance(4_999_000);
        Assert.NotNull(bench.Pool.Choose([0], out _));
        bench.Advance(2_000);
        Assert.Null(bench.Pool.Choose([0], out bool isFull));
        Assert.False(isFull);
    }

    [Fact]
    public void A_pool_is_saturated_until_the_first_answer()
    {
        using BackendBench bench = BackendBench.With(Readiness.Full);
        Assert.True(bench.Pool.IsSaturated);
        Assert.Null(bench.Pool.Choose([0], out bool isFull));
        Assert.True(isFull);

        bench.Backends[0].Unqueue(bench.Queued(0));

        Assert.False(bench.Pool.IsSaturated);
        Assert.Same(bench.Backends[0], bench.Pool.Choose([0], out _));
    }

    [Fact]
    public void A_full_backend_whose_connection_may_carry_more_after_a_while_is_full_no_longer_then()
    {
        // The first connection ends with its second answer, so the next may carry two, and twice as many after 100 ms.
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1) with { MaxInFlight = 16 });
        BackendConnection connection = bench.Connections[0];
        bench.Prove(connection);
        bench.Prove(connection);
        bench.ReceiveEnded(connection, 0);
        bench.Closed(connection);
        bench.Connected(connection, 0);
        Assert.True(connection.IsLimited);
        bench.Load(0, 2 + 64);
        Assert.Equal((Readiness.Full, true), (bench.Backends[0].Readiness, bench.Pool.IsSaturated));

        bench.Advance(99_000);
        Assert.True(bench.Pool.IsSaturated);
        bench.Advance(1_000);
        Assert.Equal((Readiness.Ready, false), (bench.Backends[0].Readiness, bench.Pool.IsSaturated));

        // Those that wait take that room, and who comes now theirs.
        bench.AskOverStream(1);
        bench.Ask(2);
        Assert.Equal(2 + 64 + 2, bench.Table.Count);
        Assert.Empty(bench.StreamFailures);
        Assert.Equal(4, connection.Ids.InFlightCount);
    }

    [Fact]
    public void Every_pool_that_a_backend_is_in_hears_of_it()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1), BackendBench.Options(2));
        TestPool[] pools = [.. Enumerable.Range(0, 3).Select(_ => bench.Policy(PolicyKind.RoundRobin))];
        Assert.All(pools, pool => Assert.NotNull(pool.Choose([0], 0, out _)));

        bench.Backends[0].SetMode(HealthCheckMode.Down);
        Assert.All(pools, pool => Assert.Same(bench.Backends[1], pool.Choose([0], 0, out _)));
        bench.Connections[1].ReceiveEnded(Refused);
        bench.Backends[1].SetMode(HealthCheckMode.Down);
        Assert.All(pools, pool => Assert.Null(pool.Choose([0], 0, out _)));
    }
}
