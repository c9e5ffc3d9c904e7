using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Ring;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Selectors;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Proxy.Tests.Gates.Rules;

/// <summary>What rules do with answers, of backends and of our own.</summary>
public class AnswerRuleTests
{
    private const string Opt = "00002904D0000000000000";

    private static readonly RuleAction s_cap = new TtlRangeAction(0, 1, [], "cap");

    [Fact]
    public void To_allow_ends_it()
    {
        using GateBench bench = Rulebook.Answers(new AllowAction(isForAnswers: true), s_cap).Bench();
        Assert.Equal([60u], Ttls(Ask(bench, ttls: 60)));
    }

    [Fact]
    public void To_drop_ends_it_in_silence_and_counts()
    {
        Rule after = Rulebook.On(s_cap);
        using GateBench bench = Rulebook.None.With(ChainKind.Response, Rulebook.On(new DropAction(isForAnswers: true)), after).Bench();
        bench.Receive(GateBench.Query());
        bench.Answer(bench.Forwarded[0], GateBench.Answer(GateBench.Query(), 60));
        Assert.Empty(bench.Datagrams);
        Assert.Equal((0, 1, 0, 0, 0), (after.Hits.Total, bench.Counters.RuleDrops, bench.Counters.Responses, bench.Counters.InFlight, bench.Table.Count));
    }

    [Fact]
    public void To_ask_over_TCP_takes_the_records_out_and_ends_it()
    {
        Rule after = Rulebook.On(s_cap);
        using GateBench bench = Rulebook.None.With(ChainKind.Response, Rulebook.On(new TruncateAction(isForAnswers: true)), after).Bench();
        byte[] answer = Ask(bench, payloadSize: 1232, 60, 60);
        Assert.Equal(("8300", Opt, (1, 0, 0, 1)), (answer.Flags(), answer.Records(), answer.Counts()));
        Assert.Equal((0, 1, 1), (after.Hits.Total, bench.Counters.RuleTruncated, bench.Counters.Responses));
    }

    [Theory]
    [InlineData(0, 30, new RecordType[0], new uint[] { 5, 30, 30 })]
    [InlineData(30, uint.MaxValue, new RecordType[0], new uint[] { 30, 60, 3600 })]
    [InlineData(10, 100, new[] { RecordType.A }, new uint[] { 10, 60, 100 })]
    [InlineData(10, 100, new[] { RecordType.AAAA }, new uint[] { 5, 60, 3600 })]
    public void TTLs_are_brought_into_a_range(uint least, uint most, RecordType[] types, uint[] expected)
    {
        using GateBench bench = Rulebook.Answers(new TtlRangeAction(least, most, types, "")).Bench();
        byte[] answer = Ask(bench, payloadSize: 1232, 5, 60, 3600);
        Assert.Equal(expected, Ttls(answer));
        Assert.Equal(Opt, Convert.ToHexString(answer.AsSpan(answer.Length - Rulebook.OptSize)));
    }

    [Fact]
    public void TTLs_are_reduced_to_a_share()
    {
        using GateBench bench = Rulebook.Answers(new ReducedTtlAction(50)).Bench();
        Assert.Equal([2u, 30u, 0u], Ttls(Ask(bench, ttls: [5, 60, 1])));
    }

    [Fact]
    public void Records_of_a_type_are_taken_out()
    {
        using GateBench bench = Rulebook.Answers(new ClearTypesAction([RecordType.TXT, RecordType.A])).Bench();
        byte[] answer = Ask(bench, payloadSize: 1232, 5, 60);
        Assert.Equal((Opt, (1, 0, 0, 1)), (answer.Records(), answer.Counts()));
    }

    [Theory]
    [InlineData(1232, "00002904D0000000000006FDE900020102")]
    [InlineData(0, "")]
    public void An_option_is_set_where_there_is_an_OPT(ushort payloadSize, string records)
    {
        using GateBench bench = Rulebook.Answers(new EdnsOptionAction(65001, [9], isForAnswers: true), new EdnsOptionAction(65001, [1, 2], isForAnswers: true)).Bench();
        Assert.Equal(records, Ask(bench, payloadSize).Records());
    }

    [Theory]
    [InlineData(true, 1232, "00002904D0000000000008000F0004000F6162")]
    [InlineData(false, 1232, "00002904D0000000000008000F0004000F6162")]
    [InlineData(true, 0, "")]
    [InlineData(false, 0, "")]
    public void Why_is_said_where_there_is_an_OPT_whichever_rule_says_so(bool isForAnswers, ushort payloadSize, string records)
    {
        var action = new ExtendedErrorAction(15, "ab", clears: false, isForAnswers);
        using GateBench bench = (isForAnswers ? Rulebook.Answers(action) : Rulebook.Queries(action)).Bench();
        Assert.Equal(records, Ask(bench, payloadSize).Records());
    }

    [Theory]
    [InlineData(false, "000F00020003" + "000F0002000F")]
    [InlineData(true, "000F0002000F")]
    public void Why_replaces_what_a_backend_says_where_that_is_wanted(bool clears, string options)
    {
        using GateBench bench = Rulebook.Answers(new ExtendedErrorAction(15, "", clears, isForAnswers: true)).Bench();
        bench.Receive(GateBench.Query(payloadSize: 1232));
        byte[] answer = [.. GateBench.Answer(GateBench.Query(payloadSize: 1232)), 0, 15, 0, 2, 0, 3];
        answer[Rulebook.QuestionEnd + 10] = 6;
        bench.Answer(bench.Forwarded[0], answer);
        Assert.EndsWith(options, bench.Datagrams[0].Records());
        Assert.Equal(Rulebook.OptSize + (options.Length / 2), bench.Datagrams[0].Length - Rulebook.QuestionEnd);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Returned_TTLs_are_capped_last_whichever_rule_says_so(bool isForAnswers)
    {
        RuleAction raise = new TtlRangeAction(1000, uint.MaxValue, [], ""), cap = new ReturnedTtlAction(30, isForAnswers);
        using GateBench bench = (isForAnswers ? Rulebook.Answers(cap, raise) : Rulebook.Queries(cap).Answers(raise)).Bench();
        Assert.Equal([30u, 30u], Ttls(Ask(bench, ttls: [5, 60])));
    }

    [Fact]
    public void They_see_the_tags_of_the_query_and_their_own()
    {
        Rule[] rules =
        [
            Rulebook.On(new TagSelector("q", "1"), new TagAction("a", "2", isForAnswers: true)), Rulebook.On(new TagSelector("a", "2"), new UntagAction("q", isForAnswers: true)),
            Rulebook.On(new TagSelector("q", null), new DropAction(isForAnswers: true)), Rulebook.On(new TagSelector("a", null), s_cap),
        ];
        using GateBench bench = Rulebook.Queries(new TagAction("q", "1")).With(ChainKind.Response, rules).Bench();
        Assert.Equal([1u], Ttls(Ask(bench, ttls: 60)));
        Assert.Equal([1, 1, 0, 1], rules.Select(static rule => rule.Hits.Total));
        Assert.Equal((0, 0), (bench.TagsLeft(), bench.Table.Decisions));
    }

    [Fact]
    public void Tags_that_answers_get_are_given_back_though_their_queries_had_none()
    {
        using GateBench bench = Rulebook.Answers(new TagAction("a", "1", isForAnswers: true), new TagAction("b", "1", isForAnswers: true)).Bench();
        Ask(bench, ttls: 60);
        Assert.Equal((0, 0), (bench.TagsLeft(), bench.Table.Decisions));
    }

    [Fact]
    public void They_see_what_their_query_asked_and_how_it_went()
    {
        Rule[] rules = [Rulebook.On(new RcodeSelector(3), s_cap), Rulebook.On(new SuffixSelector(Suffix("example.com")), s_cap), Rulebook.On(new RecordsCountSelector(1, 2, 2), s_cap)];
        using GateBench bench = Rulebook.None.With(ChainKind.Response, rules).Bench();
        Ask(bench, ttls: [5, 5]);
        Assert.Equal([0, 1, 1], rules.Select(static rule => rule.Hits.Total));
    }

    [Fact]
    public void An_answer_without_a_question_is_none_to_them()
    {
        Rule rule = Rulebook.On(new DropAction(isForAnswers: true));
        using GateBench bench = Rulebook.None.With(ChainKind.Response, rule).Bench();
        bench.Receive(GateBench.Query());
        bench.Answer(bench.Forwarded[0], Rulebook.Bytes("1234 8182 0000 0000 0000 0000"));
        Assert.Equal((0, 1), (rule.Hits.Total, bench.Datagrams.Count));
    }

    [Fact]
    public void It_is_cut_to_what_the_client_takes_after_they_saw_all_of_it()
    {
        Rule rule = Rulebook.On(new RecordsCountSelector(1, 60, 60), new TtlRangeAction(0, 1, [], ""));
        using GateBench bench = Rulebook.None.With(ChainKind.Response, rule).Bench();
        byte[] answer = Ask(bench, ttls: [.. Enumerable.Repeat(60u, 60)]);
        Assert.Equal((1, true), (rule.Hits.Total, Header.IsTruncated(answer)));
    }

    [Fact]
    public void Our_own_answers_have_rules_of_their_own()
    {
        Rule own = Rulebook.On(new EdnsOptionAction(65001, [1], isForAnswers: true)), other = Rulebook.On(new DropAction(isForAnswers: true));
        using GateBench bench = Rulebook.Queries(Rulebook.Answering(Rcode.Refused)).With(ChainKind.Response, other).With(ChainKind.SelfAnsweredResponse, own).Bench();
        bench.Receive(GateBench.Query(payloadSize: 1232));
        Assert.Equal("00002904D0000000000005FDE9000101", Assert.Single(bench.Datagrams).Records());
        Assert.Equal((1, 0), (own.Hits.Total, other.Hits.Total));
    }

    [Theory]
    [InlineData(RecordType.AXFR, "www.example.com")]
    [InlineData(RecordType.A, "_dns.resolver.arpa")]
    public void Answers_that_no_rule_made_are_among_those(RecordType type, string name)
    {
        using GateBench bench = Rulebook.None.Own(new DropAction(isForAnswers: true)).Bench();
        bench.Receive(GateBench.Query(type, name: name));
        Assert.Empty(bench.Datagrams);
        Assert.Equal(1, bench.Counters.RuleDrops);
    }

    [Fact]
    public void Our_own_answers_have_what_was_decided_of_their_query()
    {
        using GateBench bench = Rulebook.Queries(new ExtendedErrorAction(15, "", clears: false), new ReturnedTtlAction(7), new SpoofAddressesAction([System.Net.IPAddress.Loopback], new AnswerTraits())).Bench();
        bench.Receive(GateBench.Query(payloadSize: 1232));
        Assert.Equal("C00C0001000100000007" + "00047F000001" + "00002904D0000000000006" + "000F0002000F", Assert.Single(bench.Datagrams).Records());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tags_on_our_own_answers_are_given_back_sent_or_not(bool isSent)
    {
        RuleAction[] own = [new TagAction("o", "1", isForAnswers: true), new UntagAction("q", isForAnswers: true), .. isSent ? (RuleAction[])[] : [new DropAction(isForAnswers: true)]];
        using GateBench bench = Rulebook.Queries(new TagAction("q", "1"), Rulebook.Answering(Rcode.Refused)).Own(own).Bench();
        for (int times = 0; times < 3; times++)
        {
            bench.Receive(GateBench.Query());
            Assert.Equal(1, bench.Shard.Rules.Tags.Count);
        }

        Assert.Equal(0, bench.TagsLeft());
        Assert.Equal(isSent ? (3, 0) : (0, 3), (bench.Datagrams.Count, bench.Counters.RuleDrops));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Failures_are_our_own_answers_too(bool isSent, bool isTagged)
    {
        Rule tag = Rulebook.On(new TagAction("o", "1", isForAnswers: true)), tell = Rulebook.On(new EdnsOptionAction(65001, [1], isForAnswers: true));
        Rule[] own = isSent ? [tag, tell] : [tag, Rulebook.On(new TagSelector("o", "1"), new DropAction(isForAnswers: true))];
        using GateBench bench = (isTagged ? Rulebook.Queries(new TagAction("q", "1")) : Rulebook.None).With(ChainKind.SelfAnsweredResponse, own).Bench();
        bench.Receive(GateBench.Query(payloadSize: 1232));
        bench.Fail(bench.Forwarded[0], FailureKind.TimedOut);
        Assert.Equal(isSent ? ["FDE9000101"] : [], bench.Datagrams.ConvertAll(static answer => answer.Records()[^10..]));
        Assert.Equal((0, 0, isSent ? 0 : 1), (bench.TagsLeft(), bench.Table.Decisions, bench.Counters.RuleDrops));
    }

    [Fact]
    public void What_is_logged_goes_where_the_action_says()
    {
        var sink = new Sink();
        using GateBench bench = Rulebook.Queries(new LogAction(new LogActionOptions()) { Sink = sink }).Answers(new LogAction(new LogActionOptions(), isForAnswers: true) { Sink = sink }).Bench();
        Ask(bench, ttls: 60);
        Assert.Equal([(false, 33), (true, 33 + 16)], sink.Written);
    }

    /// <summary>Has a query come and be answered.</summary>
    private static byte[] Ask(GateBench bench, ushort payloadSize = 0, params uint[] ttls)
    {
        byte[] query = GateBench.Query(payloadSize: payloadSize);
        bench.Receive(query);
        bench.Answer(bench.Forwarded[^1], GateBench.Answer(query, ttls));
        return Assert.Single(bench.Datagrams);
    }

    private static IEnumerable<uint> Ttls(byte[] answer) =>
        Enumerable.Range(0, Header.AnswerCount(answer)).Select(place => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(Rulebook.QuestionEnd + (place * 16) + 6)));

    private static SuffixSet Suffix(string name)
    {
        var set = new SuffixSet();
        set.Add(DomainName.TryParse(System.Text.Encoding.ASCII.GetBytes(name), out DomainName? parsed) ? parsed : throw new FormatException(name));
        return set;
    }

    /// <summary>Notes what is written: whether answers, and how long.</summary>
    private sealed class Sink : RuleLogSink
    {
        public List<(bool IsAnswer, int Length)> Written { get; } = [];

        public override void Write(ReadOnlySpan<byte> message, int questionEnd, in SocketAddress client, bool isAnswer)
        {
            Assert.Equal((Rulebook.QuestionEnd, "127.0.0.1:40000"), (questionEnd, $"{client.ToEndPoint()}"));
            Written.Add((isAnswer, message.Length));
        }
    }
}
