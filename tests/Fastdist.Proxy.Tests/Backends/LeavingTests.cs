using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Backends that are added, removed and forced while the shard runs.</summary>
public class LeavingTests
{
    [Fact]
    public void A_removed_backend_is_chosen_no_more()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1), BackendBench.Options(2));

        bench.Remove(0);

        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal("b2", bench.Pool.Choose([0], out bool _)?.Options.Name));
    }

    [Fact]
    public void With_the_last_one_removed_nobody_is_chosen_and_none_counts_as_full()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1));
        bench.Remove(0);

        Assert.Null(bench.Pool.Choose([0], out bool isFull));
        Assert.False(isFull);
    }

    [Fact]
    public void What_waits_for_room_on_a_removed_backend_is_still_sent_as_answers_make_room()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1) with { MaxInFlight = 1 }, BackendBench.Options(2));
        bench.Load(0, 3);
        Backend leaving = bench.Backends[0];
        bench.Remove(0);
        bench.Tick(leaving);
        Assert.Equal((3, 2, 0), (leaving.Outstanding, leaving.Counters.Queued, bench.Backends[1].Outstanding));

        for (int waiting = 1; waiting >= 0; waiting--)
        {
            bench.Connections[0].Ids.Release(0);
            leaving.LegEnded();
            leaving.RoomFreed();
            bench.Tick(leaving);
            Assert.Equal((waiting + 1, waiting), (leaving.Outstanding, leaving.Counters.Queued));
        }

        Assert.Equal(ConnectionState.Ready, bench.Connections[0].State);
    }

    [Fact]
    public void What_waits_on_a_removed_backend_goes_to_another_when_its_connection_ends()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1) with { MaxInFlight = 1 }, BackendBench.Options(2));
        bench.Load(0, 11);
        Backend leaving = bench.Backends[0];
        bench.Remove(0);

        bench.ReceiveEnded(bench.Connections[0], 0);

        Assert.Equal((0, 11), (leaving.Outstanding, bench.Backends[1].Outstanding));
        Assert.Equal(0, leaving.Counters.Queued);
    }

    [Fact]
    public void Its_connection_is_kept_while_answers_are_due_and_closed_then()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1), BackendBench.Options(2));
        bench.Load(0, 1);
        Backend leaving = bench.Backends[0];
        bench.Remove(0);
        bench.Tick(leaving);
        Assert.Equal(ConnectionState.Ready, bench.Connections[0].State);
        Assert.False(bench.Set.TryForget(out _));

        bench.Connections[0].Ids.Release(0);
        leaving.LegEnded();
        bench.Tick(leaving);
        Assert.Equal(ConnectionState.Closing, bench.Connections[0].State);
        Assert.False(bench.Set.TryForget(out _));

        bench.Closed(bench.Connections[0]);
        Assert.Equal(ConnectionState.Idle, bench.Connections[0].State);
        Assert.True(bench.Set.TryForget(out Backend? left));
        Assert.Same(leaving, left);
        Assert.Equal("b2", Assert.Single(bench.Set.All).Options.Name);
    }

    [Fact]
    public void A_connection_being_made_is_given_up_when_its_backend_is_removed()
    {
        using BackendBench bench = BackendBench.With(Readiness.Starting, Readiness.Ready);
        Backend leaving = bench.Backends[0];

        bench.Remove(0);
        bench.Tick(leaving);
        bench.Closed(bench.Set.Connections[0]);

        Assert.True(bench.Set.TryForget(out _));
    }

    [Fact]
    public void Its_slot_and_the_numbers_of_its_connections_are_free_for_another()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1), BackendBench.Options(2));
        Backend leaving = bench.Backends[0];
        bench.Remove(0);
        bench.Tick(leaving);
        bench.Closed(bench.Set.Connections[0]);
        Assert.True(bench.Set.TryForget(out _));

        Backend third = bench.Add(0, BackendBench.Options(3));
        third.EnsureConnected();
        bench.Connected(bench.Set.Connections[0], 0);
        bench.Load(1, 1);

        Assert.Same(third, bench.Set[0]);
        Assert.Same(third, bench.Set.HomeOf(bench.Set.Connections[0]));
        Assert.Equal(1, third.Outstanding);
    }

    [Fact]
    public void A_verdict_does_not_overrule_the_operator()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1));
        Backend backend = bench.Backends[0];

        backend.SetMode(HealthCheckMode.Down);
        backend.Judge(true);
        Assert.Equal((false, Readiness.Unavailable), (backend.IsUp, backend.Readiness));

        backend.SetMode(HealthCheckMode.Up);
        backend.Judge(false);
        Assert.Equal((true, Readiness.Ready), (backend.IsUp, backend.Readiness));

        // The verdict that was published while the operator decided.
        backend.Shared.IsUp = false;
        backend.SetMode(HealthCheckMode.Auto);
        Assert.False(backend.IsUp);
        backend.Judge(true);
        Assert.True(backend.IsUp);
        backend.Judge(false);
        Assert.False(backend.IsUp);
    }

    [Fact]
    public void A_late_verdict_about_an_empty_slot_is_nobodys()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1));
        bench.Set.Judge(0, false);
        Assert.False(bench.Backends[0].IsUp);

        Backend leaving = bench.Backends[0];
        bench.Remove(0);
        bench.Tick(leaving);
        bench.Closed(bench.Set.Connections[0]);
        Assert.True(bench.Set.TryForget(out _));
        bench.Set.Judge(0, false);
        Assert.Empty(bench.Set.All);
    }

    [Fact]
    public void A_verdict_may_come_before_its_backend()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1));

        bench.Set.Judge(7, false);

        Assert.True(bench.Backends[0].IsUp);
    }

    [Fact]
    public void Who_comes_later_is_last_in_order_whatever_slot_it_gets()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1), BackendBench.Options(2));
        Backend leaving = bench.Backends[0];
        bench.Remove(0);
        bench.Tick(leaving);
        bench.Closed(bench.Set.Connections[0]);
        Assert.True(bench.Set.TryForget(out _));

        bench.Add(0, BackendBench.Options(3));

        Assert.Equal(["b2", "b3"], bench.Pool.Members.Select(b => b.Options.Name));
    }
}
