using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Tests.Backends;
using Xunit;

namespace Fastdist.Proxy.Tests.Shards;

/// <summary>A query's way to its one end, where nothing breaks; what breaks is with the backends.</summary>
public class DispatcherTests
{
    private const int RcodeByte = 3;

    [Fact]
    public void With_nobody_to_ask_a_query_fails_at_once()
    {
        using BackendBench bench = BackendBench.With(Readiness.Unavailable);
        bench.Ask(1);
        bench.AskOverStream(2);
        Assert.Equal(Rcode.ServFail, bench.Answers[1]);
        Assert.Equal([FailureKind.NoBackend], bench.StreamFailures);
        Assert.Equal(0, bench.Table.Count);
    }

    [Fact]
    public void Where_all_are_full_a_datagram_is_dropped_and_what_was_read_from_a_stream_finds_room()
    {
        using BackendBench bench = BackendBench.With(Readiness.Full);
        int before = bench.Table.Count;
        bench.Ask(1);
        Assert.Equal(before, bench.Table.Count);
        bench.AskOverStream(2);
        Assert.Equal(before + 1, bench.Table.Count);
        Assert.Empty(bench.Answers);
        Assert.Empty(bench.StreamFailures);
    }

    [Fact]
    public void A_query_goes_to_the_pool_that_was_decided_also_when_it_is_asked_again()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1), BackendBench.Options(2));
        bench.DecidedPool = 1;
        bench.Ask(1);
        Assert.Equal(Rcode.ServFail, bench.Answers[1]);

        bench.JoinSecond(1);
        bench.Ask(2);
        Assert.Equal([2], bench.On(bench.Connections[1]));
        bench.ReceiveEnded(bench.Connections[1], 0);
        bench.Closed(bench.Connections[1]);
        bench.Pass(1000);
        Assert.Empty(bench.On(bench.Connections[0]));
        Assert.Equal([2], bench.On(bench.Connections[1]));
    }

    [Fact]
    public void Streams_are_read_on_as_long_as_the_pool_has_room_that_they_ask()
    {
        using BackendBench bench = BackendBench.With(Readiness.Full, Readiness.Ready);
        Assert.Equal((false, false), (bench.IsSaturated(0), bench.IsSaturated(1)));
        bench.Part(1, pool: 0);
        bench.JoinSecond(1);
        Assert.Equal((true, false), (bench.IsSaturated(0), bench.IsSaturated(1)));
        bench.JoinSecond(0);
        bench.Part(1, pool: 1);
        Assert.Equal((true, true), (bench.IsSaturated(0), bench.IsSaturated(1)));
    }

    [Fact]
    public void A_pool_that_loses_its_last_server_leaves_what_that_was_asked_to_it_and_fails_the_next()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1));
        bench.Ask(1);
        bench.Part(0, pool: 0);
        bench.Ask(2);
        Assert.Equal(Rcode.ServFail, bench.Answers[2]);
        Assert.Equal([1], bench.On(bench.Connections[0]));
        bench.Answer(bench.Connections[0], 1);
        Assert.Equal(Rcode.NoError, bench.Answers[1]);
    }

    [Fact]
    public void A_query_of_a_server_that_left_its_pool_is_asked_again_of_those_that_are_still_in_it()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1), BackendBench.Options(2), BackendBench.Options(3));
        bench.Part(1, pool: 0);
        bench.JoinSecond(1);
        bench.JoinSecond(0);
        bench.DecidedPool = 1;
        bench.Ask(1);
        BackendConnection asked = bench.Connections.Single(connection => bench.On(connection).Length > 0);
        int left = asked.Slot;
        bench.Part(left, pool: 1);
        bench.ReceiveEnded(asked, 0);
        bench.Closed(asked);
        bench.Pass(1000);
        Assert.Equal([1], bench.On(bench.Connections[1 - left]));
        bench.Part(1 - left, pool: 1);
        bench.ReceiveEnded(bench.Connections[1 - left], 0);
        bench.Closed(bench.Connections[1 - left]);
        bench.Pass(1000);
        Assert.Equal(Rcode.ServFail, bench.Answers[1]);
    }

    [Fact]
    public void Of_those_that_wait_for_a_backend_that_is_returning_only_they_go_whose_pool_has_a_better_one()
    {
        using BackendBench bench = BackendBench.With(Readiness.Returning, Readiness.Unavailable);
        bench.JoinSecond(0);
        bench.DecidedPool = 1;
        bench.Ask(1);
        bench.DecidedPool = 0;
        bench.Ask(2);
        bench.ConnectsTo(errno: 111);
        bench.Connect(1);
        bench.Tick(bench.Backends[0]);
        Assert.Equal([2], bench.On(bench.Connections[1]));
        Assert.Equal(1, bench.Table[bench.Queued(0)].OriginalId);
    }

    [Fact]
    public void A_query_whose_time_is_up_fails_and_its_ID_waits_for_the_answer_that_may_still_come()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1) with { QueryTimeout = 500 }]);
        bench.Connect(0);
        BackendConnection connection = bench.Connections[0];
        bench.Ask(1);
        bench.Pass(300);
        bench.Ask(2);
        bench.Answer(connection, 2);
        bench.Pass(180);
        Assert.Single(bench.Answers);
        bench.Pass(40);
        Assert.Equal(Rcode.ServFail, bench.Answers[1]);
        Assert.Equal((1, 1), (bench.Backends[0].Counters.Timeouts, connection.Ids.AbandonedCount));

        byte[] late = [0, Header.Size, 0, 0, 0x80, .. new byte[Header.Size - 3]];
        bench.Received(connection, late);
        Assert.Equal((0, 0), (connection.Ids.AbandonedCount, connection.Ids.InFlightCount));
        Assert.Equal(2, bench.Answers.Count);
    }

    [Fact]
    public void So_many_fail_at_once_as_a_turn_has_time_for_and_the_next_goes_on()
    {
        const int PerTurn = 1024;
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1));
        for (ushort id = 0; id <= PerTurn; id++)
        {
            bench.Ask(id);
        }

        bench.Advance(6_000_000);
        Assert.False(bench.Expire());
        Assert.Equal(PerTurn, bench.Answers.Count);
        Assert.True(bench.Expire());
        Assert.Equal(PerTurn + 1, bench.Answers.Count);
    }

    [Fact]
    public void What_comes_under_its_ID_and_is_no_answer_to_it_leaves_a_query_waiting_for_the_right_one()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1));
        BackendConnection connection = bench.Connections[0];
        bench.Ask(1, label: "a");
        bench.Answer(connection, 1, static message => message[Header.Size + 1] = (byte)'b');
        Assert.Equal([1], bench.On(connection));
        Assert.Empty(bench.Answers);
        bench.Answer(connection, 1);
        Assert.Equal(Rcode.NoError, bench.Answers[1]);
    }

    [Theory]
    [InlineData(Rcode.NoError)]
    [InlineData(Rcode.FormErr)]
    public void An_error_that_may_be_about_our_edits_is_asked_about_without_them_and_the_second_answer_counts(Rcode second)
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1) with { PadQueries = true });
        BackendConnection connection = bench.Connections[0];
        bench.Ask(1);
        bench.Answer(connection, 1, static message => message[RcodeByte] |= (byte)Rcode.FormErr);
        Assert.Equal(1, bench.Backends[0].Counters.EditsRefused);
        Assert.Equal([1], bench.On(connection));
        Assert.Empty(bench.Answers);
        bench.Answer(connection, 1, message => message[RcodeByte] |= (byte)second);
        Assert.Equal(second, bench.Answers[1]);
        Assert.Equal(0, bench.Table.Count);
    }

    [Fact]
    public void A_health_check_whose_time_is_up_is_a_failed_one_and_counted_apart()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1) with { CheckTimeout = 200, MaxCheckFailures = 1 });
        bench.Health.Add(bench.Backends[0]);
        bench.SendChecks();
        bench.Pass(220);
        Assert.Equal([false], bench.Verdicts);
        Assert.Equal((1, 1), (bench.Backends[0].Counters.Timeouts, bench.Backends[0].Counters.CheckTimeouts));
    }

    [Fact]
    public void The_answer_to_a_check_is_no_latency_of_the_clients()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1));
        bench.Health.Add(bench.Backends[0]);
        bench.SendChecks();
        bench.AnswerCheck(bench.Connections[0]);
        Assert.Equal(0, bench.Backends[0].Counters.Latency.Count);
        bench.Ask(1);
        bench.Answer(bench.Connections[0], 1);
        Assert.Equal(1, bench.Backends[0].Counters.Latency.Count);
    }
}
