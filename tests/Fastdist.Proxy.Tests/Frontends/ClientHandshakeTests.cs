using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Frontends;
using Fastdist.Settings;
using Fastdist.Streams.Tests;
using Fastdist.Tls;
using Xunit;

namespace Fastdist.Proxy.Tests.Frontends;

/// <summary>TLS of the clients: when a handshake begins, and how a session ends.</summary>
public class ClientHandshakeTests
{
    private const int Reset = 104;

    /// <summary>Handshakes that fit a turn before one was measured.</summary>
    private const int FirstInTurn = 3;

    [Fact]
    public void A_hello_waits_for_the_next_turn_and_costs_no_session_yet()
    {
        using ClientBench bench = OverTls();
        Caller caller = Greet(bench);
        Assert.Equal((ClientState.Handshaking, true), (caller.Connection.State, caller.Wire.IsPaused));
        Assert.Null(caller.Connection.Tls);
        bench.Settle();
        Assert.Equal((ClientState.Open, false), (caller.Connection.State, caller.Wire.IsPaused));
    }

    [Fact]
    public void As_many_begin_in_a_turn_as_fit_its_budget_and_the_others_are_counted()
    {
        using ClientBench bench = OverTls();
        List<Caller> callers = [.. Enumerable.Range(0, 5).Select(_ => Greet(bench))];
        Assert.Equal(5 - FirstInTurn, bench.Counters[0].HandshakesDeferred);
        bench.Turn();
        Assert.Equal([false, false, false, true, true], callers.Select(static caller => caller.Wire.IsPaused));
        bench.Settle();
        Assert.All(callers, static caller => Assert.Equal(ClientState.Open, caller.Connection.State));
    }

    [Fact]
    public void Those_let_in_together_wait_again_when_one_of_them_used_the_budget_up()
    {
        using ClientBench bench = OverTls();
        List<Caller> callers = [.. Enumerable.Range(0, FirstInTurn).Select(_ => Greet(bench))];
        bench.Turn();
        bench.Machine.LookTakes = 1000;
        bench.Turn();
        Assert.Equal([true, false, false], callers.Select(static caller => caller.Connection.Tls is not null));
        bench.Machine.LookTakes = 0;
        bench.Settle();
        Assert.All(callers, static caller => Assert.Equal(ClientState.Open, caller.Connection.State));
    }

    [Fact]
    public void A_hello_that_is_read_again_as_its_turn_passed_is_not_held_against_its_client()
    {
        var limits = new ClientLimitOptions { MaxReadIosPerQuery = 3 };
        using var bench = new ClientBench(ClientBench.With(ClientBench.Secure) with { ClientLimits = limits });
        List<Caller> callers = [.. Enumerable.Range(0, 2 * FirstInTurn).Select(_ => Greet(bench))];
        bench.Machine.LookTakes = 1000;
        bench.Settle();
        Assert.All(callers, static caller => Assert.Equal(ClientState.Open, caller.Connection.State));
        Assert.InRange(callers[FirstInTurn - 1].Connection.ReadIos, limits.MaxReadIosPerQuery + 1, 100);
    }

    [Fact]
    public void Who_left_while_it_waited_takes_nobodys_turn()
    {
        using ClientBench bench = OverTls();
        for (int i = 0; i < 2 * FirstInTurn; i++)
        {
            Greet(bench).Finish();
        }

        Caller caller = Greet(bench);
        bench.Turn();
        Assert.False(caller.Wire.IsPaused);
    }

    [Fact]
    public void While_queries_are_in_flight_the_next_handshake_comes_after_a_rest_as_long_as_the_last()
    {
        using ClientBench bench = OverTls();
        Caller asking = bench.ConnectSecurely();
        asking.Ask(1);
        Greet(bench);
        bench.Turn();
        bench.Machine.LookTakes = 500;
        bench.Turn();
        bench.Machine.LookTakes = 0;
        Caller caller = Greet(bench);
        bench.Turn();
        Assert.True(caller.Wire.IsPaused);
        long rest = bench.Clients.HandshakeRest;
        Assert.InRange(rest, 1, 500);

        bench.Machine.Now += rest;
        bench.Turn();
        Assert.Equal((false, 0), (caller.Wire.IsPaused, bench.Clients.HandshakeRest));
    }

    [Fact]
    public void A_query_that_comes_with_the_end_of_the_handshake_is_taken()
    {
        using ClientBench bench = OverTls();
        Caller caller = Greet(bench);
        bench.Turn();
        bench.Turn();

        // The server's flight was read, and the client's Finished is on its way.
        caller.Read();
        caller.Ask(1);
        Assert.Single(bench.Forwarded);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal([(1, Rcode.NoError)], caller.Codes);
    }

    [Fact]
    public void A_session_and_its_queries_are_counted_by_version()
    {
        using ClientBench bench = OverTls();
        Caller caller = bench.ConnectSecurely();
        caller.Ask(1, 2);
        Assert.Equal((1, 0, 2), (bench.Counters[0].TlsNewSessions, bench.Counters[0].TlsResumptions, bench.Counters[0].Tls13Queries));
    }

    [Fact]
    public void A_hello_that_is_none_is_counted_by_reason_told_by_an_alert_and_the_connection_ends_in_order()
    {
        using ClientBench bench = OverTls();
        Caller caller = bench.Connect();
        caller.Send(22, 3, 1, 0, 5, 1, 0, 0, 1, 7);
        bench.Settle();
        Assert.Equal(1, bench.Counters[0].HandshakeFailures.Sum());
        Assert.Equal((true, false), (caller.Wire.IsShut, caller.Wire.IsClosed));
        Assert.Equal(21, caller.Bytes[0]);
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(Reset, 0, 1)]
    public void An_end_amid_the_handshake_is_counted_by_its_kind(int errno, int closed, int reset)
    {
        using ClientBench bench = OverTls();
        Caller caller = Greet(bench);
        bench.Turn();
        bench.Turn();
        caller.Finish(errno);
        Assert.Equal((closed, reset, true), (bench.Counters[0].HandshakesClosed, bench.Counters[0].HandshakesReset, caller.Wire.IsClosed));
    }

    [Fact]
    public void Who_begins_sessions_faster_than_it_may_is_closed_after_the_handshake()
    {
        var limits = new ClientLimitOptions { MaxTlsNewSessionRatePerClient = 1, RateBurstSeconds = 1 };
        using var bench = new ClientBench(ClientBench.With(ClientBench.Secure) with { ClientLimits = limits });
        Caller first = bench.ConnectSecurely();
        Caller second = bench.ConnectSecurely();
        Assert.Equal((false, true, 1), (first.Wire.IsClosed, second.Wire.IsClosed, bench.Counters[0].HandshakesRateLimited));
    }

    [Fact]
    public void close_notify_is_an_end_like_FIN_and_is_answered_by_one_behind_the_last_answer()
    {
        using ClientBench bench = OverTls();
        Caller caller = bench.ConnectSecurely();
        caller.Ask(1);
        caller.CloseSession();
        bench.Settle();
        Assert.Equal((false, false), (caller.IsToldTheEnd, caller.Wire.IsClosed));
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal([(1, Rcode.NoError)], caller.Codes);
        Assert.Equal((true, true), (caller.IsToldTheEnd, caller.Wire.IsClosed));
    }

    [Fact]
    public void A_record_that_is_none_ends_the_session_with_an_alert_and_what_it_is_owed_is_dropped()
    {
        using ClientBench bench = OverTls();
        Caller caller = bench.ConnectSecurely();
        caller.Ask(1);
        int before = caller.Wire.Sends.Count;
        bench.Clients.Received(caller.Connection.Index, [23, 3, 3, 0, 20, .. new byte[20]]);
        bench.Settle();
        Assert.Equal((1, before + 1, true), (bench.Counters[0].TlsErrors, caller.Wire.Sends.Count, caller.Wire.IsShut));
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal((1, 0), (bench.Counters[0].LostResponses, bench.Counters[0].DiedSendingResponse));
    }

    [Fact]
    public void Sessions_that_are_left_when_the_shard_ends_hear_close_notify()
    {
        using ClientBench bench = OverTls();
        Caller caller = bench.ConnectSecurely();
        bench.Clients.SayGoodbye();
        bench.Settle();
        Assert.True(caller.IsToldTheEnd);
    }

    [Fact]
    public void New_connections_are_presented_what_is_new_and_old_ones_go_on()
    {
        using ClientBench bench = OverTls();
        using var next = new Contexts(TlsProvider.OpenSsl);
        Caller old = bench.ConnectSecurely();
        bench.Frontends[0].Present(next.Server);
        old.Ask(1);
        bench.ConnectSecurely().Ask(2);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal([(1, Rcode.NoError)], old.Codes);
        Assert.Equal(2, bench.Counters[0].Responses);
    }

    private static ClientBench OverTls() => new(ClientBench.With(ClientBench.Secure));

    /// <summary>Somebody connects and says hello.</summary>
    private static Caller Greet(ClientBench bench)
    {
        Caller caller = bench.Connect();
        caller.Secure(bench.Tls.Client.CreateSession());
        return caller;
    }
}
