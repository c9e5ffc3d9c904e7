using System;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using Fastdist.Dns;
using Fastdist.Fuzz.Http;
using Fastdist.Http;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Tests.Gates;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Frontends;

public class DnsOverHttpTests
{
    private const string Path = "/dns-query";

    private static readonly FixedResponse s_no = new(451, [.. "no"u8]);

    [Fact]
    public void Queries_by_GET_and_POST_are_answered_on_their_own_streams_in_any_order()
    {
        using ClientBench bench = OverHttp();
        Caller caller = Begin(bench);
        caller.Send([.. Get(1, ClientBench.Query(10)), .. Frames.Post(3, Path, ClientBench.Query(20))]);
        Assert.Equal((1, 1, 2), (bench.Counters[0].Doh!.Gets, bench.Counters[0].Doh!.Posts, bench.Counters[0].Queries));
        bench.Answer(bench.Forwarded[1]);
        bench.Settle();
        bench.Answer(bench.Forwarded[0]);
        bench.Settle();
        Assert.Equal([(3, 20, Rcode.NoError), (1, 10, Rcode.NoError)], Responses(caller));
        Assert.Equal(2, bench.Counters[0].Responses);
    }

    [Fact]
    public void The_responses_of_a_turn_leave_in_one_send()
    {
        using ClientBench bench = OverHttp();
        Caller caller = Begin(bench);
        int before = caller.Wire.Sends.Count;
        caller.Send([.. Get(1, ClientBench.Query(1)), .. Get(3, ClientBench.Query(2))]);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal(before + 1, caller.Wire.Sends.Count);
    }

    [Theory]
    [InlineData("/elsewhere", 12, HttpStatus.NotFound)]
    [InlineData(Path, 2, HttpStatus.BadRequest)]
    public void What_is_no_query_is_refused_and_the_connection_goes_on(string path, int length, int status)
    {
        using ClientBench bench = OverHttp();
        Caller caller = Begin(bench);
        caller.Send([.. Frames.Post(1, path, new byte[length]), .. Get(3, ClientBench.Query(2))]);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal(1, bench.Counters[0].Doh!.Refusals[status]);
        Assert.Equal([(3, 2, Rcode.NoError)], Responses(caller).Where(static response => response.Stream == 3));
    }

    [Fact]
    public void What_is_to_get_no_answer_is_forbidden_and_the_others_of_the_connection_go_on()
    {
        var judge = new GateBench.Judge((in query, in origin, judgement) => query.Id == 1 ? Fate.Drop : Fate.Forward);
        using var bench = new ClientBench(ClientBench.With(ClientBench.Http), judges: judge);
        Caller caller = Begin(bench);
        caller.Send([.. Get(1, ClientBench.Query(1)), .. Get(3, ClientBench.Query(2))]);
        Assert.Equal((1, 1), (bench.Counters[0].Doh!.Refusals[HttpStatus.Forbidden], bench.Forwarded.Count));
    }

    [Fact]
    public void A_judge_may_answer_a_request_with_something_else_than_DNS()
    {
        var judge = new GateBench.Judge((in query, in origin, judgement) => judgement.AnswerHttp(s_no));
        using var bench = new ClientBench(ClientBench.With(ClientBench.Http), judges: judge);
        Caller caller = Begin(bench);
        caller.Send(Get(1, ClientBench.Query(1)));
        bench.Settle();
        Assert.Equal("no", Encoding.ASCII.GetString(Bodies(caller).Single().Body));
    }

    [Fact]
    public void Behind_a_trusted_balancer_the_last_address_is_the_client_and_has_to_pass_the_ACL()
    {
        var heard = new List<IPEndPoint>();
        var judge = new GateBench.Judge((in query, in origin, judgement) =>
        {
            heard.Add(origin.Peer.ToEndPoint());
            return Fate.Forward;
        });
        using var bench = new ClientBench(ClientBench.With(ClientBench.Http with { Doh = new DohFrontendOptions { TrustForwardedForHeader = true } }), judges: judge);
        Caller caller = Begin(bench);
        caller.Send([.. Forwarded(1, "203.0.113.9, 192.168.0.7"), .. Forwarded(3, "192.168.0.7, 203.0.113.9"), .. Get(5, ClientBench.Query(3))]);
        Assert.Equal([IPAddress.Parse("192.168.0.7"), IPAddress.Loopback], heard.Select(static peer => peer.Address));
        Assert.Equal((1, 1), (bench.Counters[0].AclDrops, bench.Counters[0].Doh!.Refusals[HttpStatus.Forbidden]));
    }

    [Fact]
    public void A_query_whose_stream_was_reset_keeps_its_place_and_its_answer_goes_to_nobody()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Http with { MaxInFlight = 2 }));
        Caller caller = Begin(bench);
        caller.Send(Get(1, ClientBench.Query(1)));
        caller.Send(Frames.ResetOf(1));
        caller.Send(Get(3, ClientBench.Query(2)));
        caller.Send(Get(5, ClientBench.Query(3)));
        bench.Settle();
        Assert.Equal((2, true), (bench.Forwarded.Count, caller.Wire.IsPaused));
        bench.Answer(bench.Forwarded[0]);
        bench.Settle();
        Assert.Equal((1, 1), (bench.Counters[0].Doh!.Abandoned, bench.Counters[0].LostResponses));
        Assert.Equal(2, bench.Forwarded.Count);
        Assert.Empty(Responses(caller));
    }

    [Fact]
    public void A_connection_that_had_its_share_of_a_turn_goes_on_in_the_next_one()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Http with { Doh = new DohFrontendOptions { MaxRequestsPerTurn = 2 } }));
        Caller caller = Begin(bench);
        byte[] requests = [.. Enumerable.Range(0, 20).SelectMany(static n => Get((2 * n) + 1, ClientBench.Query((ushort)n)))];
        caller.Send(requests);
        int first = bench.Forwarded.Count;
        Assert.InRange(first, 2, 10);
        Assert.Equal((1, true), (bench.Counters[0].Doh!.RequestsDeferred, bench.Clients.HasMore));
        bench.Turn();
        Assert.InRange(bench.Forwarded.Count, first + 2, 19);
        bench.Settle();
        Assert.Equal(20, bench.Forwarded.Count);
    }

    [Fact]
    public void Where_there_is_no_room_requests_wait()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Http), capacity: 1);
        Caller caller = Begin(bench);
        caller.Send(Get(1, ClientBench.Query(1)));
        caller.Send(Get(3, ClientBench.Query(2)));
        bench.Settle();
        Assert.Equal((1, true), (bench.Counters[0].Queries, caller.Wire.IsPaused));
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal((2, false), (bench.Counters[0].Queries, caller.Wire.IsPaused));
    }

    [Fact]
    public void HTTP_1_is_refused_in_the_clear_and_the_connection_ends()
    {
        using ClientBench bench = OverHttp();
        Caller caller = bench.Connect();
        caller.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8);
        bench.Settle();
        Assert.Equal(Http1.Refusal, caller.Bytes);
        Assert.Equal((1, true), (bench.Counters[0].Doh!.Ends[(int)Http2End.Http1], caller.Wire.IsShut));
    }

    [Fact]
    public void Who_breaks_the_protocol_hears_so_and_its_connection_ends()
    {
        using ClientBench bench = OverHttp();
        Caller caller = Begin(bench);
        caller.Send(Frames.Frame(Frames.Data, Frames.NoFlags, 0, 1));
        bench.Settle();
        Assert.Equal(1, bench.Counters[0].Doh!.Ends[(int)Http2End.ProtocolError]);
        Assert.Contains(Read(caller), static frame => frame.Type == Frames.GoAway);
        Assert.True(caller.Wire.IsShut);
    }

    [Fact]
    public void Who_may_ask_no_more_is_told_and_answered_what_it_asked()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Http) with { MaxTcpQueriesPerConnection = 1 });
        Caller caller = Begin(bench);
        caller.Send(Get(1, ClientBench.Query(1)));
        bench.Settle();
        Assert.Contains(Read(caller), static frame => frame.Type == Frames.GoAway);
        Assert.False(caller.Wire.IsShut);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal([(1, 1, Rcode.NoError)], Responses(caller));
        Assert.True(caller.Wire.IsShut);
    }

    [Fact]
    public void Who_only_says_PING_is_idle()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Http with { Doh = new DohFrontendOptions { IdleTimeout = 3 } }));
        Caller caller = Begin(bench);
        bench.Pass(2);
        caller.Send(Get(1, ClientBench.Query(1)));
        bench.AnswerAll();
        bench.Pass(2);
        Assert.Equal(ClientState.Open, caller.Connection.State);
        caller.Send(Frames.Frame(Frames.Ping, Frames.NoFlags, 0, new byte[8]));
        bench.Pass(2);
        Assert.NotEqual(ClientState.Open, caller.Connection.State);
        Assert.Equal(1, bench.Counters[0].ClientTimeouts);
    }

    [Fact]
    public void Who_leaves_no_window_for_its_answer_is_closed()
    {
        const int InitialWindowSize = 4;
        using var bench = new ClientBench(ClientBench.With(ClientBench.Http) with { TcpSendTimeout = 1 });
        Caller caller = Begin(bench);
        caller.Send([.. Frames.Setting(InitialWindowSize, 0), .. Get(1, ClientBench.Query(1))]);
        bench.AnswerAll();
        bench.Pass(1);
        Assert.False(caller.Wire.IsClosed);
        bench.Pass(1);
        Assert.Equal((true, 1), (caller.Wire.IsClosed, bench.Counters[0].Doh!.Stalled));
    }

    [Fact]
    public void A_request_that_takes_too_long_to_arrive_closes_the_connection()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Http) with { TcpReceiveTimeout = 1 });
        Caller caller = Begin(bench);
        caller.Send(Frames.PostHeaders(1, Path));
        bench.Pass(1);
        Assert.False(caller.Wire.IsClosed);
        bench.Pass(0.5);
        Assert.Equal((true, 1), (caller.Wire.IsClosed, bench.Counters[0].ClientTimeouts));
    }

    [Fact]
    public void A_failure_is_a_DNS_answer_of_status_200()
    {
        using ClientBench bench = OverHttp();
        Caller caller = Begin(bench);
        caller.Send(Get(1, ClientBench.Query(1)));
        bench.Fail(bench.Forwarded[0], FailureKind.NoBackend);
        bench.Settle();
        Assert.Equal([(1, 1, Rcode.ServFail)], Responses(caller));
        Assert.Equal(0x88, Read(caller).Single(static frame => frame.Type == Frames.Headers).Payload[0]);
    }

    [Fact]
    public void Where_no_backend_is_up_a_request_is_refused_and_the_next_is_taken_if_that_is_wanted()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Http) with { ServFailWhenNoServer = false });
        Caller caller = Begin(bench);
        caller.Send(Get(1, ClientBench.Query(1)));
        bench.Fail(bench.Forwarded[0], FailureKind.NoBackend);
        caller.Send(Get(3, ClientBench.Query(3)));
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal((1, 1, 2), (bench.Counters[0].Doh!.Refusals[403], bench.Counters[0].DroppedNoBackend, Read(caller).Count(static frame => frame.Type == Frames.Headers)));
    }

    private static ClientBench OverHttp() => new(ClientBench.With(ClientBench.Http));

    /// <summary>Somebody connects and says what every connection begins with.</summary>
    internal static Caller Begin(ClientBench bench)
    {
        Caller caller = bench.Connect();
        caller.Send([.. Frames.Opening, .. Frames.Frame(Frames.Settings, Frames.Ack, 0)]);
        bench.Settle();
        return caller;
    }

    private static byte[] Get(int stream, byte[] query) => Frames.Get(stream, $"{Path}?dns={Base64Url.EncodeToString(query)}");

    private static byte[] Forwarded(int stream, string from) =>
    [
        .. Frames.Frame(
            Frames.Headers, Frames.EndHeaders, stream,
            [.. Hpack.Method("POST"), .. Hpack.Target(Path), .. Hpack.Field("content-type", "application/dns-message"), .. Hpack.Field("x-forwarded-for", from)]),
        .. Frames.Frame(Frames.Data, Frames.EndStream, stream, ClientBench.Query((ushort)stream)),
    ];

    /// <summary>The streams that were answered, in order, with ID and code of each answer.</summary>
    private static IEnumerable<(int Stream, int Id, Rcode Rcode)> Responses(Caller caller) =>
        Bodies(caller).Select(static body => (body.Stream, (int)Header.Id(body.Body), Header.Rcode(body.Body)));

    internal static IEnumerable<(int Stream, byte[] Body)> Bodies(Caller caller) =>
        Read(caller).Where(static frame => frame.Type == Frames.Data).Select(static frame => (frame.Stream, frame.Payload));

    private static List<(byte Type, int Stream, byte[] Payload)> Read(Caller caller)
    {
        const int HeaderSize = 9;
        List<(byte Type, int Stream, byte[] Payload)> frames = [];
        ReadOnlySpan<byte> rest = caller.Bytes;
        while (!rest.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(rest) >>> 8;
            frames.Add((rest[3], BinaryPrimitives.ReadInt32BigEndian(rest[5..]), rest.Slice(HeaderSize, length).ToArray()));
            rest = rest[(HeaderSize + length)..];
        }

        return frames;
    }
}
