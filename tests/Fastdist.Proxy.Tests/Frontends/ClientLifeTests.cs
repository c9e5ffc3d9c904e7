using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.InFlight;
using Xunit;

namespace Fastdist.Proxy.Tests.Frontends;

/// <summary>From accept to the end, with answers owed and without.</summary>
public class ClientLifeTests
{
    private const int Reset = 104;
    private const int BrokenPipe = 32;

    [Fact]
    public void A_connection_counts_from_accept_until_the_ring_let_go_of_it()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect();
        Assert.Equal((1, 1, 1), (bench.Clients.Count, bench.Counters[0].NewConnections, bench.Counters[0].CurrentConnections));
        Assert.Equal((1, 1, 1), (bench.Places[0].Current, bench.Limits.Connections, bench.Shard.Connections));

        caller.Ask(1);
        bench.AnswerAll();
        bench.Pass(seconds: 1);
        caller.Finish();
        bench.Settle();
        Assert.Equal((0, 0, 1), (bench.Clients.Count, bench.Counters[0].CurrentConnections, bench.Counters[0].EndedConnections));
        Assert.Equal((0, 0, 0), (bench.Places[0].Current, bench.Limits.Connections, bench.Shard.Connections));
        Assert.Equal((1, 1, 1000), (bench.Counters[0].EndedQueries, bench.Counters[0].EndedReadIos, bench.Counters[0].EndedMilliseconds));
    }

    [Fact]
    public void One_that_closes_makes_room_for_others_before_the_ring_let_go_of_it()
    {
        using ClientBench bench = ClientBench.OverTcp();
        bench.Connect().Finish(Reset);
        Assert.Equal((1, 1), (bench.Clients.Count, bench.Counters[0].CurrentConnections));
        Assert.Equal((0, 0), (bench.Places[0].Current, bench.Limits.Connections));
    }

    [Fact]
    public void One_that_the_ring_has_no_room_for_is_refused_and_leaves_no_trace()
    {
        using ClientBench bench = ClientBench.OverTcp();
        bench.IsRingFull = true;
        bench.Accept();
        Assert.Equal((1, 0), (bench.Counters[0].RefusedFull, bench.Counters[0].CurrentConnections));
        Assert.Equal((0, 0, 0, 0), (bench.Clients.Count, bench.Places[0].Current, bench.Limits.Connections, bench.Shard.Connections));
    }

    [Fact]
    public void A_slot_that_became_free_is_used_again()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller first = bench.Connect();
        first.Finish();
        bench.Settle();
        Assert.Same(first.Connection, bench.Connect().Connection);
    }

    [Fact]
    public void Answers_go_out_in_the_order_they_come_in_one_send_a_turn()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect();
        caller.Ask(1, 2, 3);
        bench.Answer(bench.Forwarded[2]);
        bench.Answer(bench.Forwarded[0]);
        Assert.Empty(caller.Wire.Sends);
        bench.Settle();
        Assert.Single(caller.Wire.Sends);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal([3, 1, 2], caller.Codes.Select(static code => code.Id));
        Assert.Equal(2, caller.Wire.Sends.Count);
    }

    [Fact]
    public void Who_says_FIN_is_answered_all_that_was_asked_before_the_end()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect();
        caller.Ask(1, 2);
        caller.Finish();
        bench.Settle();
        bench.Answer(bench.Forwarded[0]);
        bench.Settle();
        Assert.Equal((ClientState.Finishing, false), (caller.Connection.State, caller.Wire.IsClosed));

        bench.AnswerAll();
        bench.Settle();
        Assert.Equal(2, caller.Answers.Count);
        Assert.True(caller.Wire.IsClosed);
        Assert.Equal((0, 0), (bench.Counters[0].LostResponses, bench.Counters[0].DiedReadingQuery));
    }

    [Fact]
    public void Who_says_FIN_and_is_owed_nothing_is_closed_at_once()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect();
        caller.Finish();
        Assert.True(caller.Wire.IsClosed);
    }

    [Fact]
    public void Who_is_ended_by_us_gets_FIN_behind_the_last_answer_and_its_own_is_waited_for()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain) with { MaxTcpQueriesPerConnection = 2 });
        Caller caller = bench.Connect();
        caller.Ask(1, 2, 3);
        Assert.Equal(2, bench.Forwarded.Count);
        bench.Answer(bench.Forwarded[0]);
        bench.Settle();
        Assert.False(caller.Wire.IsShut);

        bench.AnswerAll();
        bench.Settle();
        Assert.Equal((2, true, false), (caller.Answers.Count, caller.Wire.IsShut, caller.Wire.IsClosed));
        caller.Ask(4);
        Assert.Empty(bench.Forwarded);
        caller.Finish();
        Assert.True(caller.Wire.IsClosed);
    }

    [Fact]
    public void Who_resets_is_owed_nothing_any_more()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect();
        caller.Ask(1);
        caller.Finish(Reset);
        Assert.True(caller.Wire.IsClosed);
        bench.AnswerAll();
        bench.Settle();
        Assert.Empty(caller.Bytes);
        Assert.Equal((1, 0), (bench.Counters[0].LostResponses, bench.Counters[0].DiedReadingQuery));
    }

    [Fact]
    public void The_next_client_in_a_slot_gets_no_answer_of_the_last_one()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller first = bench.Connect();
        first.Ask(1);
        first.Finish(Reset);
        bench.Settle();
        Caller next = bench.Connect();
        next.Ask(2);
        bench.AnswerAll();
        bench.Settle();
        Assert.Same(first.Connection, next.Connection);
        Assert.Equal([(2, Rcode.NoError)], next.Codes);
        Assert.Equal(1, bench.Counters[0].LostResponses);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Reset)]
    public void An_end_amid_a_message_is_counted(int errno)
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect();
        caller.Send(ClientBench.Frame(ClientBench.Query(1))[..10]);
        caller.Finish(errno);
        bench.Settle();
        Assert.Equal((1, 0), (bench.Counters[0].DiedReadingQuery, bench.Clients.Count));
    }

    [Fact]
    public void A_send_that_fails_ends_the_connection()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect();
        caller.Reads = false;
        caller.Ask(1);
        bench.AnswerAll();
        bench.Settle();
        bench.Clients.Sent(caller.Connection.Index, BrokenPipe);
        Assert.Equal((1, true), (bench.Counters[0].DiedSendingResponse, caller.Wire.IsClosed));
    }

    [Fact]
    public void A_failure_is_answered_SERVFAIL_and_never_dropped()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect();
        caller.Ask(1, 2, 3, 4);
        bench.Fail(bench.Forwarded[0], FailureKind.Full);
        bench.Fail(bench.Forwarded[0], FailureKind.TimedOut);
        bench.Fail(bench.Forwarded[0], FailureKind.NoBackend);
        bench.Fail(bench.Forwarded[0], FailureKind.RetriesUsedUp);
        bench.Settle();
        Assert.Equal([(1, Rcode.ServFail), (2, Rcode.ServFail), (3, Rcode.ServFail), (4, Rcode.ServFail)], caller.Codes);
        FrontendCounters counters = bench.Counters[0];
        Assert.Equal((0, 4), (counters.DroppedOverload, counters.ServFail));
        Assert.Equal((1, 1, 1), (counters.DownstreamTimeouts, counters.NoBackend, counters.GaveUp));
    }

    [Fact]
    public void Where_no_backend_is_up_the_connection_ends_behind_the_answers_to_what_was_asked_before_if_that_is_wanted()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain) with { ServFailWhenNoServer = false });
        Caller caller = bench.Connect();
        caller.Ask(1, 2);
        bench.Fail(bench.Forwarded[1], FailureKind.NoBackend);
        bench.Settle();
        caller.Ask(3);
        bench.Settle();
        Assert.Empty(caller.Codes);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal([(1, Rcode.NoError)], caller.Codes);
        Assert.True(caller.Wire.IsShut);
        Assert.Equal((1, 1, 0, 2), (bench.Counters[0].NoBackend, bench.Counters[0].DroppedNoBackend, bench.Counters[0].ServFail, bench.Counters[0].Queries));
    }

    [Fact]
    public void Nobody_idle_holds_memory()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect();
        caller.Send(ClientBench.Frame(ClientBench.Query(1))[..10]);
        Assert.Equal(1, bench.Clients.Held.Buffers);
        caller.Send(ClientBench.Frame(ClientBench.Query(1))[10..]);
        bench.AnswerAll();
        Assert.True(bench.Clients.Held.OutputBytes > 0);
        bench.Settle();
        Assert.Equal((0, 0), bench.Clients.Held);
    }
}
