using System;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>What the end of a connection costs the queries on it.</summary>
public class LostQueryTests
{
    /// <summary>ECONNRESET, EPIPE and ECONNREFUSED.</summary>
    private const int Reset = 104, BrokenPipe = 32, Refused = 111;

    public static TheoryData<string, int> Ends => new() { { "received", 0 }, { "received", Reset }, { "sent", BrokenPipe }, { "sent", Reset } };

    [Theory, MemberData(nameof(Ends))]
    [Trait("Row", "F1")]
    public void An_end_after_an_answer_costs_no_life_no_pause_and_no_mark(string side, int errno)
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1) with { Retries = 0 }]);
        bench.Connect(0);

        for (ushort id = 1; id <= 50; id++)
        {
            BackendConnection connection = Ready(bench);
            Assert.True(bench.Ask(id));
            bench.Flush();
            bench.Answer(connection, id);
            End(bench, connection, side, errno);
            bench.Pass(20);
        }

        Assert.Equal(50, bench.Answers.Count);
        Assert.All(bench.Answers.Values, code => Assert.Equal(Rcode.NoError, code));
        Assert.Equal((0, 51), (bench.Backends[0].Counters.LostConnections, bench.Backends[0].Counters.NewConnections));
    }

    [Theory]
    [InlineData(Opcode.Query, true, true)]
    [InlineData(Opcode.Update, true, false)]
    [InlineData(Opcode.Update, false, true)]
    public void An_UPDATE_is_asked_again_only_when_it_cannot_have_arrived(Opcode opcode, bool hasLeft, bool isAskedAgain)
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Connect(0);
        bench.Prove(Ready(bench));
        Assert.True(bench.Ask(1, opcode: opcode));
        if (hasLeft)
        {
            bench.Flush();
        }

        bench.ReceiveEnded(Ready(bench), Reset);
        bench.Pass(200);

        Assert.Equal(isAskedAgain ? 1 : 0, bench.Connections.Count(connection => bench.On(connection).Contains(1)));
        Assert.Equal(isAskedAgain ? [] : [Rcode.ServFail], bench.Answers.Values);
    }

    [Fact]
    [Trait("Row", "F1")]
    public void A_query_is_sent_so_often_over_connections_that_answer_nothing_after_it_and_no_more()
    {
        const int Retries = 3;
        using var bench = new BackendBench(
            share: 1, [BackendBench.Options(1) with { Retries = Retries, TcpSendTimeout = 1, QueryTimeout = 600_000, SilenceTimeout = 600_000 }]);
        bench.Connect(0);
        bench.Prove(Ready(bench));
        Assert.True(bench.Ask(1));

        // Nothing that is sent is taken, so that we give each connection up.
        int sends = 0;
        for (; bench.Answers.Count == 0; sends++)
        {
            Assert.Equal([1], bench.On(Ready(bench)));
            bench.Flush();
            for (BackendConnection connection = Ready(bench); connection.State == ConnectionState.Ready && bench.On(connection).Length > 0;)
            {
                bench.Pass(20);
            }

            bench.Pass(1000);
        }

        Assert.Equal(Retries + 1, sends);
        Assert.Equal(Rcode.ServFail, bench.Answers[1]);
    }

    [Fact]
    [Trait("Row", "F2")]
    public void A_query_that_was_never_sent_has_lost_nothing_with_its_connection()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1) with { Retries = 0 }]);
        bench.Connect(0);
        bench.Prove(Ready(bench));
        for (int i = 0; i < 10; i++)
        {
            // The turn's batch has not left yet when the end is seen.
            Assert.True(i > 0 || bench.Ask(1));
            bench.ReceiveEnded(Ready(bench), Reset);
            UntilReady(bench);
        }

        Assert.Empty(bench.Answers);
        Assert.Equal([1], bench.On(Ready(bench)));
    }

    [Fact]
    [Trait("Row", "F1")]
    public void A_query_that_came_after_the_backends_FIN_has_lost_nothing_with_it()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1) with { Retries = 0 }]);
        bench.Connect(0);
        Assert.True(bench.Ask(1));
        for (int ends = 1; ends <= 5; ends++)
        {
            bench.Flush();
            bench.Unarrived = 30;
            bench.ReceiveEnded(Ready(bench), 0);
            UntilReady(bench);
        }

        Assert.Empty(bench.Answers);
        Assert.Equal([1], bench.On(Ready(bench)));
    }

    [Theory]
    [Trait("Row", "F2")]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, Reset)]
    [InlineData(true, Reset)]
    public void A_query_at_two_backends_whose_connections_end_at_one_moment_is_asked_again(bool isHedged, int errno)
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1), BackendBench.Options(2));
        Assert.All(bench.Connections, bench.Prove);
        Assert.True(bench.Ask(1));
        bench.Flush();
        bench.Pass(isHedged ? 1200 : 0);
        bench.Flush();
        Assert.Equal(isHedged ? 2 : 1, bench.Connections.Count(c => bench.On(c).Length > 0));
        foreach (BackendConnection connection in bench.Connections.ToArray())
        {
            bench.ReceiveEnded(connection, errno);
            bench.Closed(connection);
            bench.Connected(connection, Refused);
        }

        bench.Pass(300);
        bench.Answer(bench.Connections.Single(c => bench.On(c).Length > 0), 1);
        Assert.Equal(Rcode.NoError, bench.Answers[1]);
    }

    [Fact]
    [Trait("Row", "F2")]
    public void A_query_that_alone_breaks_two_connections_one_after_the_other_breaks_no_third()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Connect(0);
        Assert.True(bench.Ask(1));
        int sends = 0;
        for (; bench.Answers.Count == 0; sends++)
        {
            bench.Flush();
            BackendConnection broken = bench.Connections.Single(c => bench.On(c).Length > 0);
            Assert.Equal(sends == 1, broken.IsForTrial);
            bench.ReceiveEnded(broken, Reset);
            bench.Pass(200);
        }

        Assert.Equal((2, Rcode.ServFail), (sends, bench.Answers[1]));
        Assert.Equal(1, bench.Backends[0].Counters.GaveUp);
    }

    [Fact]
    [Trait("Row", "F2")]
    public void Those_that_are_with_it_are_saved()
    {
        const int Killer = 3, Queries = 8;
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Connect(0);
        bench.Prove(Ready(bench));
        for (ushort id = 1; id <= Queries; id++)
        {
            Assert.True(bench.Ask(id));
        }

        int kills = 0;
        for (int turn = 0; turn < 500 && bench.Answers.Count < Queries; turn++)
        {
            // The backend reads in order, answers, and dies at the killer.
            bench.Flush();
            foreach (BackendConnection connection in bench.Connections.Where(c => bench.On(c).Length > 0).ToArray())
            {
                int[] ids = InOrder(bench, connection);
                foreach (int id in ids.TakeWhile(id => id != Killer))
                {
                    bench.Answer(connection, (ushort)id);
                }

                if (ids.Contains(Killer))
                {
                    kills++;
                    Array.ForEach(bench.Connections.Where(c => c.State == ConnectionState.Ready).ToArray(), c => bench.ReceiveEnded(c, Reset));
                    break;
                }
            }

            bench.Pass(20);
        }

        Assert.Equal([Killer], bench.Answers.Where(answer => answer.Value == Rcode.ServFail).Select(answer => answer.Key));
        Assert.Equal(Queries, bench.Answers.Count);
        Assert.Equal(2, kills);
    }

    [Fact]
    [Trait("Row", "F1")]
    public void A_query_that_is_lost_again_and_again_by_a_backend_that_closes_as_it_likes_is_not_the_cause()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Connect(0);
        Assert.True(bench.Ask(1));
        for (ushort id = 10; id < 14; id++)
        {
            // It answers a few others and closes with this one read.
            bench.Flush();
            BackendConnection connection = bench.Connections.Single(c => bench.On(c).Contains(1));
            bench.Prove(connection);
            bench.ReceiveEnded(connection, Reset);
            bench.Pass(200);
        }

        bench.Answer(bench.Connections.Single(c => bench.On(c).Contains(1)), 1);
        Assert.Equal(Rcode.NoError, bench.Answers[1]);
    }

    [Fact]
    [Trait("Row", "F1")]
    public void A_connection_for_one_query_is_closed_with_its_answer_and_carries_no_other()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Connect(0);
        bench.Prove(Ready(bench));
        Assert.True(bench.Ask(1));
        bench.Flush();
        bench.ReceiveEnded(Ready(bench), Reset);
        bench.Pass(160);
        BackendConnection own = bench.Connections.Single(c => bench.On(c).Contains(1));
        Assert.True(bench.Ask(2));

        Assert.True(own.IsForTrial);
        Assert.Equal([2], bench.On(Ready(bench)));
        bench.Answer(own, 1);
        Assert.Equal(ConnectionState.Closing, own.State);
        Assert.Equal((Rcode.NoError, 1), (bench.Answers[1], bench.Backends[0].Outstanding));
    }

    [Fact]
    [Trait("Row", "F2")]
    public void A_query_that_the_backend_has_read_beyond_is_not_suspected()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Connect(0);
        Assert.True(bench.Ask(1));
        for (ushort id = 10; id < 15; id++)
        {
            Assert.True(bench.Ask(id));
            bench.Flush();
            BackendConnection connection = Ready(bench);
            bench.Answer(connection, id);
            Assert.Equal([1], bench.On(connection));
            bench.ReceiveEnded(connection, Reset);
            bench.Pass(200);
        }

        Assert.DoesNotContain(1, bench.Answers.Keys);
    }

    [Fact]
    [Trait("Row", "F1")]
    public void What_comes_back_finds_room_where_new_queries_do_not()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1) with { MaxInFlight = 1 }]);
        bench.Connect(0);
        bench.Prove(Ready(bench));
        for (ushort id = 1; id <= 66; id++)
        {
            bench.Ask(id);
        }

        // The first was not sent yet, so nobody suspects it.
        Assert.Equal(Readiness.Full, bench.Backends[0].Readiness);
        bench.ReceiveEnded(Ready(bench), Reset);
        bench.Pass(20);

        Assert.Empty(bench.Answers);
        Assert.Equal([1], bench.On(Ready(bench)));
    }

    private static void End(BackendBench bench, BackendConnection connection, string side, int errno)
    {
        if (side == "sent")
        {
            bench.Sent(connection, errno);
        }
        else
        {
            bench.ReceiveEnded(connection, errno);
        }
    }

    private static void UntilReady(BackendBench bench)
    {
        while (!bench.Connections.Any(c => c.State == ConnectionState.Ready))
        {
            bench.Pass(20);
        }
    }

    private static BackendConnection Ready(BackendBench bench) => bench.Connections.Single(c => c is { State: ConnectionState.Ready, IsSpare: false });

    private static int[] InOrder(BackendBench bench, BackendConnection connection) => [.. bench.On(connection).Order()];
}
