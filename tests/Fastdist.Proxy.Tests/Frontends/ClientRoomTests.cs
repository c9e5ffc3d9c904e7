using System.Linq;
using System.Net;
using Fastdist.Proxy.Frontends;
using Fastdist.Settings;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Frontends;

/// <summary>Who makes room for others.</summary>
public class ClientRoomTests
{
    private static readonly SocketAddress s_comer = SocketAddress.From(new IPEndPoint(IPAddress.Loopback, 40001));

    [Fact]
    public void Where_the_process_is_full_the_longest_idle_makes_room_for_who_comes()
    {
        using ClientBench bench = Full(out Caller older, out Caller newer);
        Assert.True(TryCount(bench));
        Assert.Equal((2, 1, 0), (bench.Limits.Connections, bench.Counters[0].EvictedIdle, bench.Counters[0].RefusedFull));
        Assert.Equal((true, false), (older.Wire.IsClosed, newer.Wire.IsClosed));
    }

    [Fact]
    public void Who_is_busy_makes_room_for_nobody_who_only_comes()
    {
        using ClientBench bench = Full(out Caller older, out Caller newer);
        older.Ask(1);
        newer.Send(0, 20);
        Assert.False(TryCount(bench));
        Assert.Equal((2, 0, 1), (bench.Limits.Connections, bench.Counters[0].EvictedIdle, bench.Counters[0].RefusedFull));
    }

    [Fact]
    public void Who_was_noted_as_idle_and_is_busy_by_now_stays()
    {
        using ClientBench bench = Full(out Caller older, out Caller newer);
        Assert.True(TryCount(bench));
        newer.Ask(1);
        Assert.False(TryCount(bench));
        Assert.Equal((true, false), (older.Wire.IsClosed, newer.Wire.IsClosed));
    }

    [Fact]
    public void A_session_that_makes_room_hears_the_end_and_is_not_waited_for()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Secure) with { ClientLimits = new ClientLimitOptions { MaxConnections = 1 } });
        Caller caller = bench.ConnectSecurely();
        Assert.True(TryCount(bench));
        bench.Settle();
        Assert.Equal((true, true, false), (caller.IsToldTheEnd, caller.Wire.IsClosed, caller.Wire.IsShut));
    }

    [Fact]
    public void For_descriptors_the_longest_idle_go_first_and_then_the_oldest_that_are_busy()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller[] callers = [.. Enumerable.Range(0, 4).Select(_ => Later(bench))];
        callers[0].Ask(1);
        callers[1].Ask(2);
        Assert.Equal(3, bench.Clients.MakeRoom(3));
        Assert.Equal([true, false, true, true], callers.Select(static caller => caller.Wire.IsClosed));
        Assert.Equal((2, 1), (bench.Counters[0].EvictedIdle, bench.Counters[0].EvictedBusy));
    }

    [Fact]
    public void Who_only_lingers_goes_before_anybody_and_counts_as_nobodys_loss()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain) with { MaxTcpQueriesPerConnection = 1 });
        Caller idle = Later(bench);
        Caller lingering = Later(bench);
        lingering.Ask(1);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal(ClientState.Lingering, lingering.Connection.State);
        Assert.Equal(1, bench.Clients.MakeRoom(1));
        Assert.Equal((false, true), (idle.Wire.IsClosed, lingering.Wire.IsClosed));
        Assert.Equal((0, 0), (bench.Counters[0].EvictedIdle, bench.Counters[0].EvictedBusy));
    }

    [Fact]
    public void Under_a_flood_of_failures_room_is_made_once_in_ten_milliseconds()
    {
        using ClientBench bench = ClientBench.OverTcp();
        for (int i = 0; i < 4; i++)
        {
            bench.Connect();
        }

        Assert.Equal(2, bench.Clients.MakeRoom(2));
        Assert.Equal(2, bench.Clients.MakeRoom(2));
        bench.Settle();
        Assert.Equal(2, bench.Clients.Count);
        bench.Machine.Now += DispensableClients.WalkMicroseconds;
        bench.Turn();
        Assert.Equal(2, bench.Clients.MakeRoom(2));
        bench.Settle();
        Assert.Equal(0, bench.Clients.Count);
    }

    [Fact]
    public void Where_nobody_is_there_no_room_is_made()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Assert.Equal(0, bench.Clients.MakeRoom(8));
    }

    /// <summary>Two clients, as many as there may be.</summary>
    private static ClientBench Full(out Caller older, out Caller newer)
    {
        var bench = new ClientBench(ClientBench.With(ClientBench.Plain) with { ClientLimits = new ClientLimitOptions { MaxConnections = 2 } });
        older = Later(bench);
        newer = Later(bench);
        return bench;
    }

    private static Caller Later(ClientBench bench)
    {
        bench.Machine.Now += 1000;
        bench.Turn();
        return bench.Connect();
    }

    private static bool TryCount(ClientBench bench) => bench.Clients.TryCount(in s_comer, bench.Counters[0]);
}
