using System.Linq;
using Fastdist.Proxy.Backends;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Backends that are added, removed and forced while the shard runs.</summary>
public class LeavingTests
{
    [Fact]
    public void A_removed_backend_is_chosen_no_more()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1), BackendBench.Options(2));

        bench.Set.Remove(0);

        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal("b2", bench.Set.Policy.Choose([0], 0, out bool _)?.Options.Name));
    }

    [Fact]
    public void With_the_last_one_removed_nobody_is_chosen_and_none_counts_as_full()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1));
        bench.Set.Remove(0);

        Assert.Null(bench.Set.Policy.Choose([0], 0, out bool isFull));
        Assert.False(isFull);
    }

    [Fact]
    public void What_waited_for_room_on_a_removed_backend_goes_to_another()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1) with { MaxInFlight = 1 }, BackendBench.Options(2));
        bench.Load(0, 11);
        Assert.Equal(10, bench.Backends[0].Counters.Queued);

        bench.Set.Remove(0);

        Assert.Equal((1, 10), (bench.Backends[0].Outstanding, bench.Backends[1].Outstanding));
        Assert.Equal(0, bench.Backends[0].Counters.Queued);
    }

    [Fact]
    public void Its_connection_is_kept_while_answers_are_due_and_closed_then()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1), BackendBench.Options(2));
        bench.Load(0, 1);
        Backend leaving = bench.Backends[0];
        bench.Set.Remove(0);
        leaving.Tick();
        Assert.Equal(ConnectionState.Ready, bench.Connections[0].State);
        Assert.False(bench.Set.TryForget(out _));

        bench.Connections[0].Ids.Release(0);
        leaving.LegEnded();
        leaving.Tick();
        Assert.Equal(ConnectionState.Closing, bench.Connections[0].State);
        Assert.False(bench.Set.TryForget(out _));

        bench.Connections[0].Closed();
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

        bench.Set.Remove(0);
        leaving.Tick();
        bench.Set.Connections[0].Closed();

        Assert.True(bench.Set.TryForget(out _));
    }

    [Fact]
    public void Its_slot_and_the_numbers_of_its_connections_are_free_for_another()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1), BackendBench.Options(2));
        Backend leaving = bench.Backends[0];
        bench.Set.Remove(0);
        leaving.Tick();
        bench.Set.Connections[0].Closed();
        Assert.True(bench.Set.TryForget(out _));

        Backend third = bench.Add(0, BackendBench.Options(3));
        bench.Connect(0);
        bench.Load(0, 1);

        Assert.Same(third, bench.Set[0]);
        Assert.Same(third, bench.Set.Connections[0].Backend);
        Assert.Equal(1, third.Outstanding);
        Assert.Equal(["b3", "b2"], bench.Set.Active.Select(b => b.Options.Name));
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

        backend.SetMode(HealthCheckMode.Auto);
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
        bench.Set.Remove(0);
        leaving.Tick();
        bench.Set.Connections[0].Closed();
        Assert.True(bench.Set.TryForget(out _));
        bench.Set.Judge(0, false);
        Assert.Empty(bench.Set.All);
    }
}
