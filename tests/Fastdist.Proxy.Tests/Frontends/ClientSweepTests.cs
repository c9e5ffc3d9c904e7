using System.Linq;
using Fastdist.Proxy.Frontends;
using Xunit;

namespace Fastdist.Proxy.Tests.Frontends;

/// <summary>What becomes of connections whose time is up.</summary>
public class ClientSweepTests
{
    [Fact]
    public void Who_asks_nothing_for_too_long_gets_FIN_and_is_counted()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain) with { TcpIdleTimeout = 3 });
        Caller caller = bench.Connect();
        bench.Pass(2);
        caller.Ask(1);
        bench.AnswerAll();
        bench.Pass(2);
        Assert.False(caller.Wire.IsShut);
        bench.Pass(2);
        Assert.Equal((true, false, 1), (caller.Wire.IsShut, caller.Wire.IsClosed, bench.Counters[0].ClientTimeouts));
    }

    [Fact]
    public void Who_waits_for_an_answer_is_not_idle()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain) with { TcpIdleTimeout = 3 });
        Caller caller = bench.Connect();
        caller.Ask(1);
        bench.Pass(5);
        Assert.Equal(ClientState.Open, caller.Connection.State);
    }

    [Fact]
    public void A_message_that_takes_too_long_to_arrive_closes_the_connection()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain) with { TcpReceiveTimeout = 1 });
        Caller caller = bench.Connect();
        caller.Send(0, 20, 1);
        bench.Pass(0.5);
        caller.Send(1);
        bench.Pass(0.5);
        Assert.False(caller.Wire.IsClosed);
        bench.Pass(0.5);
        Assert.Equal((true, 1), (caller.Wire.IsClosed, bench.Counters[0].ClientTimeouts));
    }

    [Fact]
    public void An_answer_that_is_not_taken_closes_the_connection()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain) with { TcpSendTimeout = 1 });
        Caller caller = bench.Connect();
        caller.Reads = false;
        caller.Ask(1);
        bench.AnswerAll();
        bench.Pass(1);
        Assert.False(caller.Wire.IsClosed);
        bench.Pass(0.5);
        Assert.Equal((true, 1), (caller.Wire.IsClosed, bench.Counters[0].ClientTimeouts));
    }

    [Fact]
    public void A_handshake_that_does_not_end_closes_the_connection_and_is_counted_as_one()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Secure) with { TlsHandshakeTimeout = 1 });
        Caller caller = bench.Connect();
        bench.Pass(1.5);
        Assert.Equal((true, 1, 1), (caller.Wire.IsClosed, bench.Counters[0].HandshakesTimedOut, bench.Counters[0].ClientTimeouts));
    }

    [Fact]
    public void A_balancer_that_names_nobody_is_closed()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain) with { TcpReceiveTimeout = 1 });
        Caller caller = bench.Connect(isProxied: true);
        bench.Pass(1.5);
        Assert.Equal((true, 1), (caller.Wire.IsClosed, bench.Counters[0].ClientTimeouts));
    }

    [Fact]
    public void A_connection_that_has_lasted_long_enough_ends_in_order_and_is_no_timeout()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain) with { MaxTcpConnectionDuration = 2 });
        Caller caller = bench.Connect();
        caller.Ask(1);
        bench.Pass(2.5);
        Assert.Equal(ClientState.Finishing, caller.Connection.State);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal((1, true, 0), (caller.Answers.Count, caller.Wire.IsShut, bench.Counters[0].ClientTimeouts));
    }

    [Fact]
    public void Whose_end_does_not_come_is_waited_for_two_seconds()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain) with { MaxTcpQueriesPerConnection = 1 });
        Caller caller = bench.Connect();
        caller.Ask(1);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal(ClientState.Lingering, caller.Connection.State);
        bench.Pass(2);
        Assert.False(caller.Wire.IsClosed);
        bench.Pass(0.5);
        Assert.Equal((true, 0), (caller.Wire.IsClosed, bench.Counters[0].ClientTimeouts));
    }

    [Fact]
    public void When_all_are_to_finish_those_owed_nothing_end_at_once_and_the_others_with_their_answers()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller idle = bench.Connect();
        Caller asking = bench.Connect();
        asking.Ask(1);
        bench.Clients.FinishAll();
        bench.Settle();
        Assert.Equal((true, false), (idle.Wire.IsShut, asking.Wire.IsShut));
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal((true, 1), (asking.Wire.IsShut, asking.Answers.Count));

        Caller late = bench.Connect();
        bench.Clients.FinishAll();
        bench.Settle();
        Assert.True(late.Wire.IsShut);
    }

    [Fact]
    public void A_turn_ends_so_many_connections_as_it_has_time_for_and_the_next_goes_on()
    {
        const int PerTurn = Ring.Ring.EndsPerTurn;
        using ClientBench bench = ClientBench.OverTcp();
        Caller[] callers = [.. Enumerable.Range(0, (2 * PerTurn) + 1).Select(_ => bench.Connect())];
        bench.Clients.FinishAll();
        foreach (int ended in (int[])[PerTurn, 2 * PerTurn, callers.Length])
        {
            bench.Clients.Sweep();
            Assert.Equal(ended, callers.Count(static caller => caller.Connection.State != ClientState.Open));
            Assert.Equal(ended < callers.Length, bench.Clients.HasMore);
        }
    }

    [Fact]
    public void A_turn_looks_at_so_many_connections_as_it_has_time_for()
    {
        const int PerTurn = 1024;
        using ClientBench bench = ClientBench.OverTcp();
        for (int i = 0; i <= PerTurn; i++)
        {
            bench.Accept();
        }

        bench.Clients.Sweep();
        Assert.True(bench.Clients.HasMore);
        bench.Clients.Sweep();
        Assert.False(bench.Clients.HasMore);
    }

    [Fact]
    public void A_session_that_rests_gives_its_memory_back_once_and_goes_on_when_it_is_asked()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Secure));
        Caller caller = bench.ConnectSecurely();
        bench.Pass(1);
        Assert.False(caller.Connection.Stream.TryRest());
        caller.Ask(1);
        bench.AnswerAll();
        bench.Settle();
        Assert.Single(caller.Answers);
        Assert.True(caller.Connection.Stream.TryRest());
    }
}
