using System;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.Tests.Gates;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Frontends;

/// <summary>Who is read on, and who is held back.</summary>
public class ClientReadingTests
{
    [Fact]
    public void A_query_may_come_in_any_pieces()
    {
        using ClientBench bench = ClientBench.OverTcp();
        byte[] frame = ClientBench.Frame(ClientBench.Query(1));
        for (int cut = 1; cut < frame.Length; cut++)
        {
            Caller caller = bench.Connect();
            caller.Send(frame.AsSpan(0, cut));
            Assert.Empty(bench.Forwarded);
            caller.Send(frame.AsSpan(cut));
            Assert.Single(bench.Forwarded);
            bench.AnswerAll();
            bench.Settle();
            Assert.Single(caller.Answers);
        }
    }

    [Fact]
    public void Who_has_its_share_in_flight_is_left_unread_until_an_answer_comes()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain with { MaxInFlight = 2 }));
        Caller caller = bench.Connect();
        caller.Ask(1, 2, 3, 4);
        bench.Settle();
        Assert.Equal((2, true), (bench.Forwarded.Count, caller.Wire.IsPaused));

        bench.Answer(bench.Forwarded[0]);
        bench.Settle();
        Assert.Equal([2, 3], bench.Forwarded.Select(index => (int)bench.Table[index].OriginalId));
        Assert.True(caller.Wire.IsPaused);

        bench.AnswerAll();
        bench.Settle();
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal((4, false), (caller.Answers.Count, caller.Wire.IsPaused));
    }

    [Fact]
    public void Where_there_is_no_room_clients_wait_and_go_on_in_the_order_they_came()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain), capacity: 1);
        Caller[] callers = [bench.Connect(), bench.Connect(), bench.Connect()];
        for (ushort id = 0; id < callers.Length; id++)
        {
            callers[id].Ask(id);
        }

        Assert.Equal([false, true, true], callers.Select(static caller => caller.Wire.IsPaused));
        for (int first = 0; first < callers.Length; first++)
        {
            bench.Settle();
            Assert.Equal(first, bench.Table[Assert.Single(bench.Forwarded)].OriginalId);
            bench.AnswerAll();
        }

        bench.Settle();
        Assert.All(callers, static caller => Assert.False(caller.Wire.IsPaused));
    }

    [Fact]
    public void While_nobody_has_room_for_a_query_none_is_read()
    {
        using ClientBench bench = ClientBench.OverTcp();
        bench.IsSaturated = true;
        Caller caller = bench.Connect();
        caller.Ask(1);
        bench.Settle();
        Assert.Equal((true, 0), (caller.Wire.IsPaused, bench.Counters[0].Queries));
        bench.IsSaturated = false;
        bench.Settle();
        Assert.Equal((false, 1), (caller.Wire.IsPaused, bench.Counters[0].Queries));
    }

    [Fact]
    public void A_full_pool_leaves_those_unread_who_ask_it_and_nobody_else()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain, ClientBench.Plain with { Pool = "other" })) { Saturated = { 1 } };
        Caller common = bench.Connect(), other = bench.Connect(frontend: 1), later = bench.Connect();
        foreach (Caller caller in (Caller[])[common, other, later])
        {
            caller.Ask(1);
            bench.Settle();
        }

        Assert.Equal([false, true, false], new[] { common, other, later }.Select(static caller => caller.Wire.IsPaused));
        bench.Saturated.Clear();
        bench.Settle();
        Assert.False(other.Wire.IsPaused);
        Assert.Equal(3, bench.Forwarded.Count);
    }

    [Fact]
    public void Whose_queries_are_sent_to_a_full_pool_is_left_unread_from_the_second_on()
    {
        var judge = new GateBench.Judge(static (in query, in origin, judgement) =>
        {
            judgement.Decision.Pool = 2;
            return Fate.Forward;
        });
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain), judges: judge) { Saturated = { 2 } };
        Caller caller = bench.Connect();
        caller.Ask(1, 2, 3);
        bench.Settle();
        Assert.Equal((true, 1), (caller.Wire.IsPaused, bench.Forwarded.Count));
        bench.Saturated.Clear();
        bench.Settle();
        Assert.Equal((false, 3), (caller.Wire.IsPaused, bench.Forwarded.Count));
    }

    [Fact]
    public void Nobody_waits_behind_those_who_wait_for_another_pool()
    {
        const int Many = 200;
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain, ClientBench.Plain with { Pool = "other" }), capacity: Many) { IsSaturated = true };
        for (int i = 0; i < Many; i++)
        {
            bench.Connect().Ask(1);
        }

        Caller other = bench.Connect(frontend: 1);
        other.Ask(1);
        bench.Settle();
        Assert.True(other.Wire.IsPaused);
        bench.IsSaturated = false;
        bench.Saturated.Add(0);
        bench.Turn();
        Assert.Equal((false, 1), (other.Wire.IsPaused, bench.Forwarded.Count));
    }

    [Fact]
    public void So_many_wait_no_longer_in_one_turn_as_the_room_found_may_be_for()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain), capacity: 200) { IsSaturated = true };
        for (int i = 0; i < 100; i++)
        {
            bench.Connect().Ask(1);
        }

        bench.IsSaturated = false;
        bench.Turn();
        Assert.Equal(64, bench.Forwarded.Count);
        bench.Turn();
        Assert.Equal(100, bench.Forwarded.Count);
    }

    [Fact]
    public void One_that_ended_while_it_waited_is_not_gone_on_with()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain)) { IsSaturated = true };
        Caller gone = bench.Connect();
        gone.Ask(1);
        gone.Finish(errno: 104);
        bench.Settle();
        Caller next = bench.Connect();
        bench.IsSaturated = false;
        bench.Settle();
        Assert.Same(gone.Connection, next.Connection);
        Assert.Equal(0, bench.Counters[0].Queries);
    }

    [Fact]
    public void Who_does_not_read_its_answers_is_asked_no_further_until_it_does()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect();
        caller.Reads = false;
        caller.Ask(1, 2, 3);
        byte[] large = AnswerOf(40_000);
        while (bench.Forwarded.Count > 0)
        {
            bench.Answer(bench.Forwarded[0], large);
            bench.Turn();
        }

        caller.Ask(4);
        bench.Settle();
        Assert.Equal((true, 3), (caller.Wire.IsPaused, bench.Counters[0].Queries));
        caller.Reads = true;
        bench.Settle();
        Assert.Equal((false, 4), (caller.Wire.IsPaused, bench.Counters[0].Queries));
        Assert.Equal(3, caller.Answers.Count);
    }

    [Fact]
    public void Who_leaves_untaken_what_all_of_a_shard_may_is_given_up()
    {
        // 64 MB, in answers of 64 kB.
        const int Queries = 1100;
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain with { MaxInFlight = Queries }), capacity: Queries);
        Caller caller = bench.Connect();
        caller.Reads = false;
        caller.Ask([.. Enumerable.Range(0, Queries).Select(static id => (ushort)id)]);
        byte[] large = AnswerOf(ushort.MaxValue);
        while (!caller.Wire.IsClosed)
        {
            bench.Answer(bench.Forwarded[0], large);
        }

        Assert.Equal((1, 1), (bench.Counters[0].DiedSendingResponse, bench.Counters[0].LostResponses));
        Assert.InRange(bench.Clients.Held.OutputBytes, 32 << 20, 64 << 20);
    }

    [Fact]
    public void Who_sends_a_query_in_more_pieces_than_it_may_is_closed_and_banned()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain) with { ClientLimits = new ClientLimitOptions { MaxReadIosPerQuery = 3 } });
        Caller caller = bench.Connect();
        byte[] frame = ClientBench.Frame(ClientBench.Query(1));
        caller.Send(frame[..5]);
        caller.Send(frame[5..6]);
        caller.Send(frame[6..]);
        for (int piece = 0; piece < 3; piece++)
        {
            caller.Send(frame[piece]);
            Assert.False(caller.Wire.IsClosed);
        }

        caller.Send(frame[3]);
        Assert.Equal((true, 1), (caller.Wire.IsClosed, bench.Counters[0].TooManyReadIos));
        Assert.Equal(Admission.Banned, bench.Limits.TryEnter(in caller.Connection.Peer, bench.Shard.Clock.Now));
    }

    [Fact]
    public void What_is_no_message_ends_the_connection_behind_the_answers_owed()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect();
        caller.Send([.. ClientBench.Frame(ClientBench.Query(1)), 0, 1, 0, .. ClientBench.Frame(ClientBench.Query(2))]);
        bench.Settle();
        Assert.Equal((1, 1), (bench.Forwarded.Count, bench.Counters[0].NoncompliantQueries));
        Assert.False(caller.Wire.IsShut);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal([(1, Rcode.NoError)], caller.Codes);
        Assert.True(caller.Wire.IsShut);
    }

    private static byte[] AnswerOf(int length)
    {
        byte[] answer = new byte[length];
        GateBench.Answer(ClientBench.Query(0), 60).CopyTo(answer, 0);
        return answer;
    }
}
