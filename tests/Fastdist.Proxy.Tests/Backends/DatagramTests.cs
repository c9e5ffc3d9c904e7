using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Tests.Machines;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Queries over UDP: sent until they are answered, by whoever was asked and by nobody else.</summary>
public class DatagramTests
{
    private const byte TruncatedBit = 2;

    [Fact]
    public void A_query_goes_out_at_once_and_its_answer_comes_back_under_the_clients_ID()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        Assert.True(bench.Ask(7));
        byte[] query = Assert.Single(bench.SentTo(0));
        Assert.NotEqual(7, Header.Id(query));

        bench.AnswerDatagram(0);
        Assert.Equal(Rcode.NoError, bench.Answers[7]);
        Assert.Equal((0, 0), (bench.Table.Count, bench.Backends[0].Outstanding));
    }

    [Fact]
    public void What_is_lost_is_sent_again_from_the_same_port_under_the_same_ID_at_growing_intervals_until_its_time_is_up()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        Assert.True(bench.Ask(7));
        var times = new List<long>();
        for (int milliseconds = 0; bench.Table.Count > 0; milliseconds += 20)
        {
            bench.Pass(20);
            if (bench.SentTo(0).Length > times.Count + 1)
            {
                times.Add(milliseconds);
            }
        }

        Assert.InRange(bench.Age / 1000, 2000, 2040);
        Assert.Equal(4, times.Count);
        Assert.All(times.Zip(times.Skip(1)).Zip(times.Skip(2)), t => Assert.True(t.Second - t.First.Second > t.First.Second - t.First.First));
        Assert.Single(bench.SentTo(0).Select(query => Header.Id(query)).Distinct());
        Assert.Single(bench.SocketsOf(0), socket => socket.Sent.Count > 0);
        Assert.Equal(Rcode.ServFail, bench.Answers[7]);
    }

    [Fact]
    public void What_one_backend_does_not_answer_another_is_asked_and_the_first_answer_counts()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1), BackendBench.UdpOptions(2) with { Order = 2 });
        Assert.True(bench.Ask(7));
        bench.Pass(120);
        Assert.Equal((1, 1), (bench.SentTo(0).Length, bench.SentTo(1).Length));

        bench.AnswerDatagram(1);
        Assert.Equal(Rcode.NoError, bench.Answers[7]);
        bench.AnswerDatagram(0);
        Assert.Single(bench.Answers);
        Assert.Equal(1, bench.Backends[0].Counters.UnknownIdResponses);
        Assert.Equal((0, 0), (bench.Backends[0].Outstanding, bench.Backends[1].Outstanding));
    }

    [Fact]
    public void Fifty_forged_answers_are_counted_and_none_is_delivered()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        Assert.True(bench.Ask(7));
        (FakePeer socket, byte[] query) = bench.LastAsked(0);
        FakePeer other = bench.Sockets.First(peer => peer != socket);
        for (int i = 1; i <= 50; i++)
        {
            byte[] wrongId = BackendBench.AnswerTo(query);
            Header.SetId(wrongId, (ushort)(Header.Id(query) + i));
            bench.DatagramReceived(socket, wrongId);
            bench.DatagramReceived(other, BackendBench.AnswerTo(query));
            byte[] wrongQuestion = BackendBench.AnswerTo(query);
            wrongQuestion[Header.Size + 1] = (byte)'b';
            bench.DatagramReceived(socket, wrongQuestion);
            bench.DatagramReceived(socket, query);
            bench.DatagramReceived(socket, [1, 2, 3]);
        }

        Assert.Empty(bench.Answers);
        Assert.Equal((100, 50, 100), (bench.Backends[0].Counters.UnknownIdResponses, bench.Backends[0].Counters.MismatchedResponses, bench.Backends[0].Counters.NoncompliantResponses));
        bench.AnswerDatagram(0);
        Assert.Equal(Rcode.NoError, bench.Answers[7]);
    }

    [Fact]
    public void A_truncated_answer_is_asked_again_over_TCP_for_a_client_that_can_take_it_whole()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        Assert.True(bench.AskOverStream(7));
        bench.AnswerDatagram(0, "a", static answer => answer[2] |= TruncatedBit);
        Assert.Empty(bench.StreamAnswers);
        BackendConnection connection = bench.Connections.Single(c => c.IsStarting);

        bench.Connected(connection, 0);
        Assert.Equal([7], bench.On(connection));
        bench.Answer(connection, 7);
        Assert.Equal(7, Header.Id(Assert.Single(bench.StreamAnswers)));
        Assert.Equal(1, bench.Backends[0].Counters.TruncatedResponses);
    }

    [Fact]
    public void A_connection_that_was_made_for_that_is_closed_when_nothing_needs_it_any_more()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        Assert.True(bench.AskOverStream(7));
        bench.AnswerDatagram(0, "a", static answer => answer[2] |= TruncatedBit);
        bench.Pass(20);
        bench.Answer(bench.Connections.Single(c => c.State == ConnectionState.Ready), 7);
        bench.Pass(12_000);

        Assert.All(bench.Connections, static c => Assert.Equal(ConnectionState.Idle, c.State));
        Assert.Equal((1, Readiness.Ready), (bench.Backends[0].Counters.NewConnections, bench.Backends[0].Readiness));
    }

    [Fact]
    public void For_a_client_that_cannot_it_is_passed_on()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        Assert.True(bench.Ask(7));
        bench.AnswerDatagram(0, "a", static answer => answer[2] |= TruncatedBit);
        Assert.Single(bench.Answers);
        Assert.Equal(0, bench.Backends[0].Counters.NewConnections);
    }

    [Fact]
    public void An_answer_that_lost_its_end_on_the_way_is_asked_again_over_TCP_for_everybody()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        Assert.True(bench.Ask(7));
        (FakePeer socket, byte[] query) = bench.LastAsked(0);
        bench.DatagramReceived(socket, BackendBench.AnswerTo(query), isCut: true);
        Assert.Empty(bench.Answers);
        bench.Pass(20);
        bench.Answer(bench.Connections.Single(c => c.State == ConnectionState.Ready), 7);
        Assert.Equal(Rcode.NoError, bench.Answers[7]);
    }

    [Fact]
    public void Where_TCP_cannot_be_had_either_the_client_hears_so_in_time()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        bench.ConnectsTo(111);
        Assert.True(bench.AskOverStream(7));
        bench.AnswerDatagram(0, "a", static answer => answer[2] |= TruncatedBit);
        bench.Pass(2100);
        Assert.Single(bench.StreamFailures);
        Assert.Equal((0, 0), (bench.Table.Count, bench.Backends[0].Outstanding));
    }

    [Fact]
    public void When_the_network_says_that_nobody_is_there_another_backend_is_asked_at_once()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1), BackendBench.UdpOptions(2) with { Order = 2 });
        Assert.True(bench.Ask(7));
        bench.DatagramFailed(bench.LastAsked(0).Socket);
        Assert.Single(bench.SentTo(1));
        Assert.Equal(Readiness.Suspect, bench.Backends[0].Readiness);

        Assert.True(bench.Ask(8, "b"));
        Assert.Equal((1, 2), (bench.SentTo(0).Length, bench.SentTo(1).Length));
        bench.AnswerDatagram(0);
        Assert.Equal((Rcode.NoError, Readiness.Ready), (bench.Answers[7], bench.Backends[0].Readiness));
    }

    [Fact]
    public void A_single_backend_of_which_the_network_says_that_is_asked_until_it_is_back()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        Assert.True(bench.Ask(1, "x"));
        bench.AnswerDatagram(0, "x");
        Assert.True(bench.Ask(7));
        for (int i = 0; i < 40; i++)
        {
            bench.DatagramFailed(bench.LastAsked(0).Socket);
            bench.Pass(20);
        }

        Assert.True(bench.Ask(8, "b"));
        bench.AnswerDatagram(0);
        bench.AnswerDatagram(0, "b");
        Assert.Equal((Rcode.NoError, Rcode.NoError), (bench.Answers[7], bench.Answers[8]));
    }

    [Fact]
    public void Who_answers_nothing_is_avoided_and_tried_again_after_pauses_that_grow()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1), BackendBench.UdpOptions(2) with { Order = 2 });
        for (int i = 0; i < 600; i++)
        {
            Assert.True(bench.Ask((ushort)i, $"{i}"));
            bench.Pass(20);
            bench.AnswerAll(1);
        }

        bench.Pass(200);
        bench.AnswerAll(1);
        Assert.DoesNotContain(Enumerable.Range(0, 600), id => bench.Answers.GetValueOrDefault(id, Rcode.ServFail) != Rcode.NoError);
        Assert.Equal(4, bench.Backends[0].Counters.SuspectConnections);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(700)]
    [InlineData(1300)]
    public void What_a_single_backend_was_asked_while_everything_was_lost_is_asked_again_once_it_answers(int milliseconds)
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        int asked = 0;
        for (int time = 0; time < 1000; time += 20)
        {
            AskForty(bench, ref asked);
            bench.AnswerAll(0);
        }

        for (int time = 0; time < milliseconds; time += 20)
        {
            AskForty(bench, ref asked);
            bench.LoseAll(0);
        }

        int sent = bench.SentTo(0).Length;
        for (int time = 0; time < 2200; time += 20)
        {
            AskForty(bench, ref asked);
            bench.AnswerAll(0);
        }

        bench.AnswerAll(0);
        Assert.Equal(asked, bench.Answers.Count(answer => answer.Value == Rcode.NoError));
        Assert.True(sent - (asked - (40 * 2200 / 20)) < asked / 10);
    }

    [Fact]
    public void No_more_than_a_quarter_is_asked_again_of_a_backend_that_became_slow()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1) with { SilenceTimeout = 60_000 });
        for (int i = 0; i < 2000; i++)
        {
            Assert.True(bench.Ask((ushort)i, $"{i}"));
        }

        bench.AnswerDatagram(0, "0");
        bench.Pass(1900);
        // A quarter, what is saved up, and one in each tick that finds out whether it is over.
        Assert.InRange(bench.SentTo(0).Length, 2400, 2000 + 500 + 10 + 100);
    }

    [Fact]
    public void Nor_is_more_asked_elsewhere_where_it_is_silent_between_its_late_answers()
    {
        const int Queries = 600;
        using BackendBench bench = BackendBench.OverUdp(
            BackendBench.UdpOptions(1) with { SilenceTimeout = 300, UdpTimeout = 5 }, BackendBench.UdpOptions(2) with { Order = 2 });
        Assert.True(bench.Ask(Queries, "first"));
        bench.AnswerDatagram(0, "first");
        for (int i = 0; i < Queries; i++)
        {
            Assert.True(bench.Ask((ushort)i, $"{i}"));
            bench.Pass(5);
            bench.AnswerAll(1);
            if (i >= 140 && bench.IsAsked(0, $"{i - 140}"))
            {
                bench.AnswerDatagram(0, $"{i - 140}");
            }
        }

        Assert.True(bench.Backends[0].Counters.SuspectConnections > 1);
        Assert.InRange(bench.Backends[1].Counters.Hedged, 1, Queries / 4);
    }

    [Fact]
    public void A_backend_gets_no_more_queries_at_once_than_it_may_have()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1) with { MaxOutstandingQueries = 3 }, BackendBench.UdpOptions(2) with { Order = 2, MaxOutstandingQueries = 3 });
        for (int i = 0; i < 6; i++)
        {
            Assert.True(bench.Ask((ushort)i, $"{i}"));
        }

        Assert.Equal((3, 3), (bench.SentTo(0).Length, bench.SentTo(1).Length));
        Assert.True(bench.Pool.IsSaturated);
        bench.Ask(6, "6");
        Assert.Equal(Rcode.ServFail, bench.Answers.GetValueOrDefault(6, Rcode.ServFail));
        Assert.Equal((3, 3), (bench.Backends[0].Outstanding, bench.Backends[1].Outstanding));
    }

    [Fact]
    public void Our_own_size_is_stated_to_a_backend_whatever_the_client_said()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        Assert.True(bench.AskWithEdns(7, payloadSize: 4096));
        byte[] query = Assert.Single(bench.SentTo(0));
        Assert.Equal([0, 0, 41, 1232 >> 8, 1232 & 0xff], query[19..24]);
    }

    [Fact]
    public void A_query_that_is_too_long_for_a_datagram_goes_over_TCP()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        Assert.True(bench.AskWithEdns(7, payloadSize: 4096, optionLength: 1300));
        Assert.Empty(bench.SentTo(0));
        bench.Pass(20);
        Assert.Equal([7], bench.On(bench.Connections.Single(c => c.State == ConnectionState.Ready)));
    }

    [Fact]
    public void A_backend_that_is_removed_closes_its_sockets_once_what_it_was_asked_is_answered()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1), BackendBench.UdpOptions(2) with { Order = 2 });
        Assert.True(bench.Ask(7));
        bench.Remove(0);
        bench.Pass(20);
        Assert.Equal(BackendOptions.SocketsPerShard + 1, bench.Sockets.Length);
        bench.AnswerDatagram(0);
        bench.Pass(20);
        Assert.Equal(BackendOptions.SocketsPerShard, bench.Sockets.Length);
        Assert.True(bench.Backends[0].HasLeft);
        Assert.Equal(Rcode.NoError, bench.Answers[7]);
    }

    private static void AskForty(BackendBench bench, ref int asked)
    {
        for (int i = 0; i < 40; i++)
        {
            Assert.True(bench.Ask((ushort)asked, $"{asked}"));
            asked++;
        }

        bench.Pass(20);
    }
}
