using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.Tests.Gates;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Frontends;

public class DnsOverStreamTests
{
    private const byte Keepalive = 11, PaddingOption = 12;

    [Fact]
    public void An_answer_comes_whole_however_long_it_is()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect();
        caller.Send(ClientBench.Frame(GateBench.Query(payloadSize: 512)));
        byte[] answer = new byte[ushort.MaxValue];
        GateBench.Answer(GateBench.Query(), 60).CopyTo(answer, 0);
        bench.Answer(bench.Forwarded[0], answer);
        bench.Settle();
        Assert.Equal(answer, Assert.Single(caller.Answers));
    }

    [Fact]
    public void What_the_gate_answers_itself_is_sent_and_asks_nobody()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect();
        caller.Send([.. ClientBench.Frame(GateBench.Query(opcode: Opcode.Status)), .. ClientBench.Frame(ClientBench.Query(2))]);
        bench.Settle();
        Assert.Equal([(0x1234, Rcode.NotImp)], caller.Codes);
        Assert.Equal(2, bench.Table[Assert.Single(bench.Forwarded)].OriginalId);
    }

    [Fact]
    public void A_long_query_there_is_no_room_for_is_answered_SERVFAIL_as_a_stream_cannot_drop_it()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain), longBudget: 0);
        Caller caller = bench.Connect();
        string longName = string.Join('.', Enumerable.Repeat(new string('a', 60), 3));
        caller.Send([.. ClientBench.Frame(ClientBench.Query(1, longName)), .. ClientBench.Frame(ClientBench.Query(2))]);
        bench.Settle();
        Assert.Equal([(1, Rcode.ServFail)], caller.Codes);
        Assert.Equal((1, 1), (bench.Counters[0].ServFail, bench.Forwarded.Count));
    }

    [Fact]
    public void Who_is_to_get_no_answer_is_asked_nothing_more_and_told_so_by_the_end()
    {
        var judge = new GateBench.Judge((in query, in origin, judgement) => query.Id == 2 ? Fate.Drop : Fate.Forward);
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain), judges: judge);
        Caller caller = bench.Connect();
        caller.Ask(1, 2, 3);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal([(1, Rcode.NoError)], caller.Codes);
        Assert.Equal((2, true), (judge.Asked, caller.Wire.IsShut));
    }

    [Fact]
    public void Judges_hear_where_a_query_comes_from()
    {
        var heard = "";
        var judge = new GateBench.Judge((in query, in origin, judgement) =>
        {
            heard += $"{origin.Protocol} {origin.Frontend} {origin.Peer.ToEndPoint()} to {origin.Local.ToEndPoint()} {(origin.Session is null ? "plain" : "session")}; ";
            return Fate.Forward;
        });
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain, ClientBench.Secure), judges: judge);
        bench.Connect(0, from: "10.1.2.3").Ask(1);
        bench.ConnectSecurely(1).Ask(2);
        Assert.Equal("Tcp 0 10.1.2.3:40000 to 192.0.2.53:53 plain; Tls 1 127.0.0.1:40000 to 192.0.2.53:53 session; ", heard);
    }

    [Theory]
    [InlineData(30, 300)]
    [InlineData(0, ushort.MaxValue)]
    public void Who_asks_for_it_is_told_how_long_a_connection_may_be_idle(int seconds, int told)
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain) with { TcpIdleTimeout = seconds });
        Caller caller = bench.Connect();
        caller.Send([.. ClientBench.Frame(WithOption(Keepalive)), .. ClientBench.Frame(GateBench.Query(payloadSize: 512))]);
        AnswerWithEdns(bench);
        AnswerWithEdns(bench);
        bench.Settle();
        byte[] plain = GateBench.Answer(GateBench.Query(payloadSize: 512), 60);
        Assert.Equal([0, 6, 0, Keepalive, 0, 2, (byte)(told >> 8), (byte)told], caller.Answers[0][^8..]);
        Assert.Equal(plain, caller.Answers[1]);
    }

    [Theory]
    [InlineData(false, ResponsePadding.Edns, false, false)]
    [InlineData(true, ResponsePadding.None, true, false)]
    [InlineData(true, ResponsePadding.Asked, false, false)]
    [InlineData(true, ResponsePadding.Asked, true, true)]
    [InlineData(true, ResponsePadding.Edns, false, true)]
    public void Answers_are_padded_over_TLS_as_the_settings_say(bool isSecure, ResponsePadding setting, bool isAskedFor, bool isPadded)
    {
        FrontendOptions secure = ClientBench.Secure with { Tls = new TlsFrontendOptions { PadResponses = setting } };
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain, secure));
        Caller caller = isSecure ? bench.ConnectSecurely(1) : bench.Connect();
        caller.Send(ClientBench.Frame(isAskedFor ? WithOption(PaddingOption) : GateBench.Query(payloadSize: 512)));
        AnswerWithEdns(bench);
        bench.Settle();
        Assert.Equal(isPadded, Assert.Single(caller.Answers).Length == Padding.ResponseBlock);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public void Answers_of_a_turn_have_records_of_their_own_unless_they_may_share_them(bool areShared, int records)
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Secure with { Tls = new TlsFrontendOptions { CoalesceAnswers = areShared } }));
        Caller caller = bench.ConnectSecurely();
        caller.Ask(1, 2);
        bench.AnswerAll();
        bench.Turn();
        Assert.Equal(records, caller.Connection.Stream.Records);
    }

    private static void AnswerWithEdns(ClientBench bench) =>
        bench.Answer(bench.Forwarded[0], GateBench.Answer(GateBench.Query(payloadSize: 512), 60));

    /// <summary>A query with an empty option in its OPT.</summary>
    private static byte[] WithOption(byte code)
    {
        byte[] query = [.. GateBench.Query(payloadSize: 512), 0, code, 0, 0];
        query[^5] = 4;
        return query;
    }
}
