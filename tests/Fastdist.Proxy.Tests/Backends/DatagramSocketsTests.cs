using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Tests.Machines;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>The UDP sockets of a backend: drawn by lot, replaced before long, never more than twice as many as are used.</summary>
public class DatagramSocketsTests
{
    private const int Share = BackendOptions.SocketsPerShard;

    [Fact]
    public void Queries_are_spread_over_all_of_them()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        for (int i = 0; i < 200; i++)
        {
            Assert.True(bench.Ask((ushort)i, $"{i}"));
        }

        Assert.Equal(Share, bench.Sockets.Length);
        Assert.All(bench.Sockets, socket => Assert.InRange(socket.Sent.Count, 20, 90));
    }

    [Fact]
    public void Each_is_replaced_after_so_many_queries_and_closes_once_nothing_is_due_on_it()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        for (int i = 0; i < 3 * Share * DatagramSockets.QueriesPerSocket; i++)
        {
            Assert.True(bench.Ask((ushort)i, $"{i}"));
            bench.AnswerAll(0);
        }

        Assert.Equal(Share, bench.Sockets.Length);
        Assert.InRange(bench.Backends[0].Counters.NewSockets, 3 * Share, 4 * Share);
    }

    [Fact]
    public void Each_is_replaced_when_it_is_old()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        for (int i = 0; i < 30; i++)
        {
            Assert.True(bench.Ask((ushort)i, $"{i}"));
            bench.AnswerAll(0);
        }

        bench.Advance(DatagramSockets.LifeMicroseconds);
        for (int i = 30; i < 60; i++)
        {
            Assert.True(bench.Ask((ushort)i, $"{i}"));
            bench.AnswerAll(0);
        }

        Assert.Equal((Share, 2 * Share), (bench.Sockets.Length, (int)bench.Backends[0].Counters.NewSockets));
    }

    [Fact]
    public void Where_nothing_is_answered_there_are_never_more_than_twice_as_many()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1) with { UdpTimeout = 60, QueryTimeout = 60_000 });
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < 30; i++)
            {
                Assert.True(bench.Ask((ushort)((30 * round) + i), $"{round}-{i}"));
            }

            bench.Advance(DatagramSockets.LifeMicroseconds);
            Assert.InRange(bench.Sockets.Length, Share, 2 * Share);
        }
    }

    [Fact]
    public void An_answer_to_one_that_was_replaced_still_counts()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1) with { UdpTimeout = 60, QueryTimeout = 60_000, Sockets = 1 });
        Assert.True(bench.Ask(7));
        bench.Advance(DatagramSockets.LifeMicroseconds);
        Assert.True(bench.Ask(8, "b"));
        Assert.Equal(2, bench.Sockets.Length);
        bench.AnswerDatagram(0);
        Assert.Contains(7, bench.Answers.Keys);
        Assert.Single(bench.Sockets);
    }

    [Fact]
    public void All_are_opened_anew_when_the_backend_comes_back_up_where_the_operator_wants_that()
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1) with { ReconnectOnUp = true });
        bench.Backends[0].Judge(isUp: false);
        bench.Backends[0].Judge(isUp: true);
        bench.Backends[0].Judge(isUp: true);
        Assert.Equal((Share, 2 * Share), (bench.Sockets.Length, (int)bench.Backends[0].Counters.NewSockets));
    }

    [Theory]
    [InlineData(22)]
    [InlineData(19)]
    [InlineData(101)]
    public void When_the_hosts_own_address_or_interface_is_gone_what_was_asked_leaves_anew_by_what_there_is_now(int errno)
    {
        using BackendBench bench = BackendBench.OverUdp(BackendBench.UdpOptions(1));
        Assert.True(bench.Ask(7));
        FakePeer stranded = bench.LastAsked(0).Socket;
        bench.DatagramFailed(stranded, errno);
        bench.DatagramFailed(stranded, errno);
        bench.Pass(120);
        (FakePeer socket, _) = bench.LastAskedFromOpen(0);
        Assert.NotSame(stranded, socket);
        Assert.True(stranded.IsClosed);
        Assert.Equal((Share, 2 * Share), (bench.Sockets.Length, (int)bench.Backends[0].Counters.NewSockets));
        bench.AnswerAll(0);
        Assert.Equal((1, 0, 0), (bench.Answers.Count, bench.Table.Count, bench.Backends[0].Outstanding));
    }

    [Fact]
    public void Where_no_socket_can_be_had_the_backend_cannot_be_used_until_one_can()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.UdpOptions(1)]);
        bench.Shortage = 101;
        bench.Backends[0].EnsureConnected();
        bench.Pass(300);
        Assert.Equal((Readiness.Unavailable, "no UDP socket: Network is unreachable"), (bench.Backends[0].Readiness, bench.Backends[0].LastFailure.Reason));

        bench.Shortage = 0;
        bench.Pass(300);
        Assert.Equal(Readiness.Ready, bench.Backends[0].Readiness);
    }
}
