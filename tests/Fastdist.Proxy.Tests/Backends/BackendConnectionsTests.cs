using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>How many connections of a backend are opened and closed, and when.</summary>
public class BackendConnectionsTests
{
    [Fact]
    public void One_is_opened_where_there_is_none_that_works()
    {
        using var parts = new BackendParts(BackendBench.Options(1));
        parts.Connections.EnsureOne();
        parts.Connections.EnsureOne();
        Assert.Equal((1, true), (parts.Count(ConnectionState.Connecting), parts.Connections.IsStarting));
    }

    [Fact]
    public void None_is_opened_to_one_that_is_down_by_the_operator_or_leaving()
    {
        using var parts = new BackendParts(BackendBench.Options(1));
        parts.Known.Status.SetMode(HealthCheckMode.Down);
        parts.Connections.EnsureOne();
        parts.Known.Status.SetMode(HealthCheckMode.Auto);
        parts.Known.Status.Leave();
        parts.Connections.EnsureOne();
        Assert.Null(parts.Connections.Open(isSpare: false));
        Assert.True(parts.Connections.AreIdle);
    }

    [Fact]
    public void After_a_failure_the_next_comes_when_the_pause_is_over()
    {
        using var parts = new BackendParts(BackendBench.Options(1));
        parts.Connections.Failed();
        parts.Connections.EnsureOne();
        Assert.Equal((true, false), (parts.Connections.AreIdle, parts.Connections.IsClear));
        parts.Advance(BackendConnections.LeastPauseMicroseconds * 5 / 4);
        parts.Connections.EnsureOne();
        Assert.True(parts.Connections.IsStarting);
    }

    [Fact]
    public void For_want_of_a_descriptor_none_is_tried_again_until_the_next_tick()
    {
        using var parts = new BackendParts(BackendBench.Options(1));
        parts.Connections.WaitForDescriptor();
        parts.Connections.EnsureOne();
        Assert.True(parts.Connections.AreIdle);
        parts.Connections.StopWaiting();
        parts.Connections.EnsureOne();
        Assert.True(parts.Connections.IsStarting);
    }

    [Fact]
    public void Full_ones_are_relieved_within_the_share_one_at_a_time()
    {
        using var parts = new BackendParts(BackendBench.Options(1), share: 2);
        parts.Connect();
        Assert.False(parts.Connections.TryRelieve());
        Assert.False(parts.Connections.TryRelieve());
        Assert.Equal(1, parts.Count(ConnectionState.Connecting));
        parts.Connections.All[1].Connected(0);
        Assert.False(parts.Connections.TryRelieve());
        Assert.Equal((2, 0), (parts.Count(ConnectionState.Ready), parts.Count(ConnectionState.Connecting)));
    }

    [Fact]
    public void A_spare_relieves_at_once()
    {
        using var parts = new BackendParts(BackendBench.Options(1) with { SpareConnections = 1 }, share: 2);
        parts.Connect();
        BackendConnection spare = parts.Connect(isSpare: true);
        Assert.True(parts.Connections.TryRelieve());
        Assert.Equal((false, true), (spare.IsSpare, spare.WasSpare));
    }

    [Fact]
    public void A_spare_takes_the_place_of_the_last_one_whether_or_not_another_may_be_opened()
    {
        using var parts = new BackendParts(BackendBench.Options(1) with { SpareConnections = 1 });
        BackendConnection spare = parts.Connect(isSpare: true);
        parts.Connections.Replace(mayOpen: false);
        Assert.False(spare.IsSpare);
        parts.Connections.Replace(mayOpen: false);
        Assert.Equal(0, parts.Count(ConnectionState.Connecting));
        parts.Connections.Replace(mayOpen: true);
        Assert.Equal(1, parts.Count(ConnectionState.Connecting));
    }

    [Fact]
    public void What_the_process_may_not_have_is_refused_and_counted_once()
    {
        using var parts = new BackendParts(BackendBench.Options(1) with { MaxConcurrentTcpConnections = 1 });
        parts.Connect();
        Assert.Null(parts.Connections.Open(isSpare: false));
        Assert.Null(parts.Connections.Open(isSpare: false));
        Assert.Equal(1, parts.Known.Counters.TooManyConnections);
        Assert.Equal("the process has its 1 connections", parts.Failure.Last.Reason);
    }

    [Fact]
    public void What_carries_nothing_is_closed_when_it_is_one_too_many()
    {
        using var parts = new BackendParts(BackendBench.Options(1));
        BackendConnection busy = parts.Connect();
        BackendConnection idle = parts.Connect();
        Assert.True(busy.Ids.TryTake(0, out _));
        parts.Connections.RetireSurplus();
        Assert.Equal((ConnectionState.Ready, ConnectionState.Closing), (busy.State, idle.State));
        parts.Connections.RetireSurplus();
        Assert.Equal(ConnectionState.Ready, busy.State);
    }

    [Fact]
    public void All_that_carry_nothing_are_closed_when_they_are_wanted_no_more()
    {
        using var parts = new BackendParts(BackendBench.Options(1), share: 2);
        BackendConnection busy = parts.Connect();
        parts.Connect();
        Assert.NotNull(parts.Connections.Open(isSpare: false));
        Assert.True(busy.Ids.TryTake(0, out _));
        parts.Connections.RetireUnused();
        Assert.Equal([ConnectionState.Ready, ConnectionState.Closing, ConnectionState.Closing], parts.Connections.All.Select(c => c.State));
    }

    [Fact]
    public void Spares_are_kept_beside_one_that_works_and_come_again_after_a_pause()
    {
        using var parts = new BackendParts(BackendBench.Options(1) with { SpareConnections = 2 });
        Assert.Equal(0, parts.Connections.Spares.Missing);
        parts.Connect();
        parts.Connections.KeepSpares();
        Assert.Equal((2, 0), (parts.Connections.All.Count(c => c is { IsSpare: true, IsStarting: true }), parts.Connections.Spares.Missing));

        Assert.True(parts.Connections.Spares.TryUse());
        Assert.Equal(1, parts.Connections.Spares.Missing);
        parts.Connections.Spares.Failed();
        Assert.Equal(0, parts.Connections.Spares.Missing);
        parts.Connections.Spares.Proven();
        Assert.Equal(1, parts.Connections.Spares.Missing);
        parts.Known.Status.Judge(isUp: false);
        Assert.Equal(0, parts.Connections.Spares.Missing);
    }

    [Fact]
    public void A_spare_that_is_ready_goes_before_one_that_is_not_and_one_for_a_single_query_is_none()
    {
        using var parts = new BackendParts(BackendBench.Options(1) with { SpareConnections = 3 });
        Assert.NotNull(parts.Connections.Open(isSpare: true));
        BackendConnection ready = parts.Connect(isSpare: true);
        BackendConnection own = parts.Connect(isSpare: true);
        own.IsForTrial = true;

        Assert.True(parts.Connections.Spares.TryUse());
        Assert.False(ready.IsSpare);
        Assert.True(parts.Connections.Spares.TryUse());
        Assert.False(parts.Connections.Spares.TryUse());
        Assert.True(own.IsSpare);
    }
}
