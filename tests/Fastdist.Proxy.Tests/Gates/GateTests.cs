using System;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Http;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.Tests.Frontends;
using Fastdist.Settings;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Gates;

public class GateTests
{
    private static readonly ProxyOptions s_options = new() { Frontends = [], Backends = [] };

    [Fact]
    public void What_nobody_decides_about_is_forwarded_and_has_no_decision()
    {
        using var bench = new GateBench(new GateBench.Judge((in query, in origin, judgement) => Fate.Undecided));
        bench.Receive(GateBench.Query());
        Assert.Single(bench.Forwarded);
        Assert.Equal(0, bench.Table.Decisions);
        Assert.Equal((1, 0), (bench.Counters.Queries, bench.Counters.Responses));
    }

    [Fact]
    public void Judges_are_asked_in_order_until_one_has_decided()
    {
        var first = new GateBench.Judge((in query, in origin, judgement) => query.Type == RecordType.A ? Fate.Undecided : Fate.Drop);
        var second = new GateBench.Judge((in query, in origin, judgement) => Fate.Forward);
        var third = new GateBench.Judge((in query, in origin, judgement) => Fate.Drop);
        using var bench = new GateBench(first, second, third);
        bench.Receive(GateBench.Query(RecordType.AAAA));
        bench.Receive(GateBench.Query());
        Assert.Equal((2, 1, 0), (first.Asked, second.Asked, third.Asked));
        Assert.Single(bench.Forwarded);
        Assert.Empty(bench.Datagrams);
    }

    [Fact]
    public void A_query_that_finds_no_room_behind_the_gate_is_not_judged_again()
    {
        var judge = new GateBench.Judge((in query, in origin, judgement) => Fate.Forward);
        using var bench = new GateBench(judge) { IsSaturated = true };
        bench.Receive(GateBench.Query());
        Assert.Equal(1, judge.Asked);
        Assert.Single(bench.Forwarded);
    }

    [Fact]
    public void Where_the_table_is_full_a_datagram_is_dropped_unread()
    {
        var judge = new GateBench.Judge((in query, in origin, judgement) => Fate.Forward);
        using var bench = new GateBench(s_options, capacity: 1, judge);
        bench.Receive(GateBench.Query());
        Assert.True(bench.Gate.IsFull);
        bench.Receive(GateBench.Query());
        bench.Receive([1, 2, 3]);
        Assert.Equal(1, judge.Asked);
        Assert.Equal((3, 2, 0), (bench.Counters.Queries, bench.Counters.DroppedOverload, bench.Counters.NoncompliantQueries));
    }

    [Fact]
    public void A_stream_may_be_read_while_there_is_a_place_and_somebody_has_room()
    {
        using var bench = new GateBench(s_options, capacity: 1);
        Assert.True(bench.Gate.HasRoom(0));
        bench.IsSaturated = true;
        Assert.False(bench.Gate.HasRoom(0));
        bench.IsSaturated = false;
        bench.Receive(GateBench.Query());
        Assert.False(bench.Gate.HasRoom(0));
    }

    [Fact]
    public void A_client_outside_the_ACL_is_not_judged()
    {
        var judge = new GateBench.Judge((in query, in origin, judgement) => Fate.Forward);
        using var bench = new GateBench(judge);
        bench.Receive(GateBench.Query(), peer: "203.0.113.9");
        Assert.Equal(0, judge.Asked);
        Assert.Equal((1, 0), (bench.Counters.AclDrops, bench.Counters.Queries));
    }

    [Theory]
    [InlineData(Opcode.Status)]
    [InlineData(Opcode.Notify)]
    [InlineData(Opcode.Update)]
    public void Other_opcodes_are_answered_NOTIMP_when_nobody_before_decided(Opcode opcode)
    {
        using var bench = new GateBench();
        bench.Receive(GateBench.Query(RecordType.SOA, opcode));
        byte[] answer = Assert.Single(bench.Datagrams);
        Assert.Equal((Rcode.NotImp, opcode), (Header.Rcode(answer), Header.Opcode(answer)));
        Assert.Equal((1, 1), (bench.Counters.NotImp, bench.Counters.Responses));
    }

    [Theory]
    [InlineData(Opcode.Update, RecordType.SOA)]
    [InlineData(Opcode.Query, RecordType.AXFR)]
    [InlineData(Opcode.Query, RecordType.IXFR)]
    public void Who_comes_before_decides_about_other_opcodes_and_transfers_too(Opcode opcode, RecordType type)
    {
        var before = new GateBench.Judge((in query, in origin, judgement) => judgement.Refuse(query.Message, Rcode.NXDomain));
        using var bench = new GateBench([before, new OtherOpcodes(forwardsUpdates: false), new ZoneTransfers()]);
        bench.Receive(GateBench.Query(type, opcode));
        Assert.Equal(Rcode.NXDomain, Header.Rcode(Assert.Single(bench.Datagrams)));
        Assert.Equal((0, 0), (bench.Counters.NotImp, bench.Counters.RefusedXfr));
    }

    [Theory]
    [InlineData(Opcode.Notify, true)]
    [InlineData(Opcode.Update, true)]
    [InlineData(Opcode.Status, false)]
    [InlineData(Opcode.StatefulOperations, false)]
    public void NOTIFY_and_UPDATE_are_forwarded_where_that_is_wanted(Opcode opcode, bool isForwarded)
    {
        using var bench = new GateBench(s_options with { ForwardUpdates = true }, capacity: 4);
        bench.Receive(GateBench.Query(RecordType.SOA, opcode));
        Assert.Equal(isForwarded ? 1 : 0, bench.Forwarded.Count);
        Assert.Equal(isForwarded ? 0 : 1, bench.Datagrams.Count);
    }

    [Fact]
    public void Transfers_are_refused()
    {
        using var bench = new GateBench();
        bench.Receive(GateBench.Query(RecordType.AXFR, payloadSize: 1232));
        Assert.Equal(Rcode.Refused, Header.Rcode(Assert.Single(bench.Datagrams)));
        Assert.Equal(1, bench.Counters.RefusedXfr);
    }

    [Theory]
    [InlineData("_dns.resolver.arpa", false, 0)]
    [InlineData("_dns.resolver.arpa", true, 1)]
    [InlineData("xresolver.arpa", false, 1)]
    public void Names_of_our_own_are_answered_here_unless_they_are_to_be_forwarded(string name, bool areForwarded, int forwarded)
    {
        using var bench = new GateBench(s_options with { ForwardResolverArpa = areForwarded }, capacity: 4);
        bench.Receive(GateBench.Query(name: name));
        Assert.Equal(forwarded, bench.Forwarded.Count);
        Assert.Equal(1 - forwarded, bench.Counters.ResolverArpa);
    }

    [Theory]
    [InlineData("1234", 1, 0, 0)]
    [InlineData("1234 8180 0001 0000 0000 0000 00 0001 0001", 1, 0, 0)]
    [InlineData("1234 0100 0000 0000 0000 0000", 0, 1, 1)]
    [InlineData("1234 0100 0001 0000 0000 0000 FF", 0, 1, 0)]
    public void What_cannot_be_read_reaches_nobody(string hex, int noncompliant, int formErr, int empty)
    {
        var judge = new GateBench.Judge((in query, in origin, judgement) => Fate.Forward);
        using var bench = new GateBench(judge);
        bench.Receive(Convert.FromHexString(hex.Replace(" ", "")));
        Assert.Equal(0, judge.Asked);
        Assert.Equal((noncompliant, formErr, empty), (bench.Counters.NoncompliantQueries, bench.Counters.FormErr, bench.Counters.EmptyQueries));
        Assert.Equal(formErr, bench.Datagrams.Count);
    }

    [Fact]
    public void A_query_without_a_question_gets_no_answer_where_that_is_said()
    {
        using var bench = new GateBench(s_options with { DropEmptyQueries = true }, capacity: 4);
        bench.Receive(Convert.FromHexString("123401000000000000000000"));
        bench.Receive(Convert.FromHexString("123410000000000000000000"));
        Assert.Empty(bench.Datagrams);
        Assert.Equal((2, 0, 0), (bench.Counters.EmptyQueries, bench.Counters.FormErr, bench.Counters.NotImp));
    }

    [Fact]
    public void A_query_that_lost_its_end_has_a_broken_format()
    {
        using var bench = new GateBench();
        bench.Receive(GateBench.Query(), wasCut: true);
        Assert.Equal(Rcode.FormErr, Header.Rcode(Assert.Single(bench.Datagrams)));
    }

    [Fact]
    public void What_was_decided_is_kept_until_the_query_ends()
    {
        var judge = new GateBench.Judge((in query, in origin, judgement) =>
        {
            judgement.Decision.Pool = query.Type == RecordType.A ? (short)7 : judgement.Decision.Pool;
            return Fate.Forward;
        });
        using var bench = new GateBench(judge);
        bench.Receive(GateBench.Query());
        bench.Receive(GateBench.Query(RecordType.AAAA));
        Assert.Equal(2, bench.Table.Decisions);
        Assert.Equal([7, 0], bench.Forwarded.Select(index => (int)bench.Table.DecisionOf(in bench.Table[index]).Pool));
        bench.Forwarded.ForEach(bench.Table.Remove);
        Assert.Equal(0, bench.Table.Decisions);
    }

    [Fact]
    public void What_comes_to_a_frontend_with_a_pool_is_for_that_pool_unless_somebody_later_decides()
    {
        ProxyOptions options = s_options with { Frontends = [ClientBench.Plain with { Pool = "other" }] };
        var later = new GateBench.Judge((in query, in origin, judgement) =>
        {
            judgement.Decision.Pool = query.Type == RecordType.AAAA ? (short)7 : judgement.Decision.Pool;
            return Fate.Undecided;
        });
        using var bench = new GateBench(options, capacity: 4, [new FrontendPools(), later]);
        bench.Receive(GateBench.Query());
        bench.Receive(GateBench.Query(RecordType.AAAA));
        Assert.Equal([1, 7], bench.Forwarded.Select(index => (int)bench.Table.DecisionOf(in bench.Table[index]).Pool));
    }

    [Fact]
    public void One_query_decision_is_none_of_the_next_ones()
    {
        var judge = new GateBench.Judge((in query, in origin, judgement) =>
        {
            if (query.Type == RecordType.A)
            {
                judgement.Decision.MaxTtl = 5;
            }

            return Fate.Forward;
        });
        using var bench = new GateBench(judge);
        bench.Receive(GateBench.Query());
        bench.Receive(GateBench.Query(RecordType.AAAA));
        Assert.Equal([true, false], bench.Forwarded.Select(index => bench.Table[index].HasDecision));
    }

    [Fact]
    public void An_answer_larger_than_the_client_takes_is_cut()
    {
        var judge = new GateBench.Judge((in query, in origin, judgement) =>
        {
            byte[] answer = GateBench.Answer(query.Message.ToArray(), [.. Enumerable.Repeat(60u, 100)]);
            answer.AsSpan().CopyTo(judgement.Room);
            return judgement.Answer(answer.Length);
        });
        using var bench = new GateBench(judge);
        bench.Receive(GateBench.Query());
        Assert.True(Header.IsTruncated(Assert.Single(bench.Datagrams)));
        Assert.Equal(1, bench.Counters.Truncated);
    }

    [Fact]
    public void An_answer_may_be_an_HTTP_response()
    {
        using var bench = new GateBench();
        Judgement judgement = bench.Gate.Judgement;
        Assert.Equal(Fate.Answer, judgement.AnswerHttp(new HttpResponse(451, HttpContent.Text, null), "no"u8));
        Assert.Equal((451, "no"), (judgement.Http!.Value.Status, System.Text.Encoding.ASCII.GetString(judgement.Reply)));
        bench.Receive(GateBench.Query(RecordType.AXFR));
        Assert.Null(judgement.Http);
    }

    [Fact]
    public void An_origin_tells_the_address_that_was_asked()
    {
        SocketAddress peer = SocketAddress.From(IPEndPoint.Parse("192.0.2.1:40000"));
        SocketAddress wildcard = SocketAddress.From(IPEndPoint.Parse("0.0.0.0:53"));
        SocketAddress bound = SocketAddress.From(IPEndPoint.Parse("198.51.100.1:5353"));
        var named = new Origin(ClientProtocol.Udp, 0, new FrontendCounters(), in peer, in wildcard) { Asked = [198, 51, 100, 7] };
        Assert.Equal(IPEndPoint.Parse("198.51.100.7:53"), named.Local.ToEndPoint());
        var tied = new Origin(ClientProtocol.Tcp, 0, new FrontendCounters(), in peer, in bound);
        Assert.Equal(IPEndPoint.Parse("198.51.100.1:5353"), tied.Local.ToEndPoint());
        Assert.True(tied.ServerName.IsEmpty);
    }
}
