using System.Net;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Tests.Gates;
using Fastdist.Settings;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Frontends;

/// <summary>Datagrams out: where they go, how long they may be, and when there is none.</summary>
public class UdpFrontendsTests
{
    private static readonly ProxyOptions s_options = new() { Frontends = [], Backends = [] };

    [Fact]
    public void An_answer_leaves_by_the_way_its_query_came()
    {
        using var bench = new GateBench();
        bench.Receive(GateBench.Query(), peer: "10.1.2.3");
        bench.Receive(GateBench.Query(), peer: "10.1.2.4");
        Answer(bench, bench.Forwarded[1], 100);
        Assert.Equal(SocketAddress.From(new IPEndPoint(IPAddress.Parse("10.1.2.4"), 40000)), Assert.Single(bench.Routes).Peer);
        Assert.Equal(1, bench.Counters.Responses);
    }

    [Theory]
    [InlineData(0, 1232, 512)]
    [InlineData(512, 1232, 512)]
    [InlineData(1000, 1232, 1000)]
    [InlineData(4096, 1232, 1232)]
    [InlineData(4096, 4096, 4096)]
    public void An_answer_is_as_long_as_the_client_takes_and_we_send(ushort payloadSize, int most, int limit)
    {
        using var bench = new GateBench(s_options with { UdpMaxSize = most }, capacity: 2);
        bench.Receive(GateBench.Query(payloadSize: payloadSize));
        bench.Receive(GateBench.Query(payloadSize: payloadSize));
        Answer(bench, bench.Forwarded[0], limit);
        Answer(bench, bench.Forwarded[1], limit + 1);
        Assert.Equal([false, true], bench.Datagrams.ConvertAll(static datagram => Header.IsTruncated(datagram)));
        Assert.Equal(limit, bench.Datagrams[0].Length);
        Assert.Equal((2, 1), (bench.Counters.Responses, bench.Counters.Truncated));
    }

    [Fact]
    public void An_answer_that_cannot_be_cut_is_counted_and_not_sent()
    {
        using var bench = new GateBench();
        bench.Receive(GateBench.Query());
        byte[] answer = new byte[1000];
        answer[5] = 2;
        bench.Udp.Answered(in bench.Table[bench.Forwarded[0]], answer);
        Assert.Empty(bench.Datagrams);
        Assert.Equal((1, 0), (bench.Counters.TruncationFailures, bench.Counters.Responses));
    }

    [Theory]
    [InlineData((int)FailureKind.Full, false)]
    [InlineData((int)FailureKind.TimedOut, true)]
    [InlineData((int)FailureKind.NoBackend, true)]
    [InlineData((int)FailureKind.RetriesUsedUp, true)]
    [InlineData((int)FailureKind.EndsConnections, true)]
    public void A_failure_is_answered_SERVFAIL_but_for_want_of_room_as_the_client_asks_again(int kind, bool isAnswered)
    {
        using var bench = new GateBench();
        bench.Receive(GateBench.Query());
        int index = bench.Forwarded[0];
        bench.Udp.Failed(in bench.Table[index], bench.Table.Message(index), new QueryFailure((FailureKind)kind, default));
        Assert.Equal(isAnswered ? [Rcode.ServFail] : [], bench.Datagrams.ConvertAll(static datagram => Header.Rcode(datagram)));
        Assert.Equal(isAnswered ? (1, 0) : (0, 1), (bench.Counters.ServFail, bench.Counters.DroppedOverload));
    }

    [Fact]
    public void Where_no_backend_is_up_there_is_silence_if_that_is_wanted()
    {
        using var bench = new GateBench(s_options with { ServFailWhenNoServer = false }, capacity: 4);
        bench.Receive(GateBench.Query());
        int index = bench.Forwarded[0];
        foreach (FailureKind kind in (FailureKind[])[FailureKind.NoBackend, FailureKind.TimedOut])
        {
            bench.Udp.Failed(in bench.Table[index], bench.Table.Message(index), new QueryFailure(kind, default));
        }

        Assert.Equal((1, 1, 1), (bench.Counters.NoBackend, bench.Counters.DroppedNoBackend, bench.Counters.ServFail));
        Assert.Single(bench.Datagrams);
    }

    [Fact]
    public void A_long_query_there_is_no_room_for_is_dropped_and_counted()
    {
        using var bench = new GateBench(s_options, capacity: 4, longBudget: 0);
        bench.Receive(GateBench.Query(name: $"{new string('a', 60)}.{new string('b', 60)}.{new string('c', 60)}"));
        Assert.Empty(bench.Forwarded);
        Assert.Equal((1, 1, 0), (bench.Counters.Queries, bench.Counters.DroppedOverload, bench.Datagrams.Count));
    }

    [Fact]
    public void Answers_are_counted_by_their_code()
    {
        using var bench = new GateBench();
        foreach (Rcode rcode in (Rcode[])[Rcode.NoError, Rcode.NXDomain, Rcode.ServFail, Rcode.ServFail])
        {
            bench.Receive(GateBench.Query());
            byte[] answer = GateBench.Answer(GateBench.Query(), 60);
            answer[3] |= (byte)rcode;
            bench.Udp.Answered(in bench.Table[bench.Forwarded[^1]], answer);
        }

        Assert.Equal((1, 1, 2), (bench.Counters.NoErrorAnswers, bench.Counters.NXDomainAnswers, bench.Counters.ServFailAnswers));
    }

    /// <summary>Has a query be answered in so many bytes.</summary>
    private static void Answer(GateBench bench, int index, int length)
    {
        byte[] answer = new byte[length];
        GateBench.Answer(GateBench.Query(), 60).CopyTo(answer, 0);
        bench.Udp.Answered(in bench.Table[index], answer);
    }
}
