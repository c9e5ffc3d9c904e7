using System;
using System.Buffers.Text;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Fuzz.Http;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Tests.Frontends;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Patterns;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Proxy.Tests.Gates.Rules;

/// <summary>Rules for clients that ask over streams.</summary>
public class StreamRuleTests
{
    private static readonly ProxyOptions s_plain = ClientBench.With(ClientBench.Plain);
    private static readonly ProxyOptions s_http = ClientBench.With(ClientBench.Http);

    [Fact]
    public void How_a_client_asks_has_the_same_number_in_both_rooms() =>
        Assert.All(Enum.GetValues<ClientProtocol>(), static protocol => Assert.Equal($"{protocol}", $"{(Transport)(byte)protocol}"));

    [Fact]
    public void A_query_that_is_dropped_ends_the_connection_when_what_was_asked_before_is_answered()
    {
        using var bench = new ClientBench(s_plain.With(ChainKind.Query, Rulebook.On(Name("drop.example"), new DropAction())));
        Caller caller = bench.Connect();
        caller.Send([.. ClientBench.Frame(ClientBench.Query(1)), .. ClientBench.Frame(ClientBench.Query(2, "drop.example")), .. ClientBench.Frame(ClientBench.Query(3))]);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal([(1, Rcode.NoError)], caller.Codes);
        Assert.True(caller.Wire.IsShut);
        Assert.Equal((2, 1), (bench.Counters[0].Queries, bench.Counters[0].RuleDrops));
    }

    [Fact]
    public void An_answer_that_is_dropped_ends_the_connection()
    {
        using var bench = new ClientBench(s_plain.Answers(new DropAction(isForAnswers: true)));
        Caller caller = bench.Connect();
        caller.Ask(1);
        bench.Pass(bench.Forwarded[0], GateBench.Answer(ClientBench.Query(1), 60));
        bench.Settle();
        Assert.Empty(caller.Answers);
        Assert.True(caller.Wire.IsShut);
        Assert.Equal((1, 0), (bench.Counters[0].RuleDrops, bench.Counters[0].InFlight));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TC_is_no_answer_over_a_stream(bool isForAnswers)
    {
        var truncate = new TruncateAction(isForAnswers);
        using var bench = new ClientBench(isForAnswers ? s_plain.Answers(truncate, new ReturnedTtlAction(1, isForAnswers: true)) : s_plain.Queries(truncate, new ReturnedTtlAction(1)));
        Caller caller = bench.Connect();
        caller.Ask(1);
        bench.Pass(bench.Forwarded[0], GateBench.Answer(ClientBench.Query(1), 60));
        bench.Settle();
        byte[] answer = Assert.Single(caller.Answers);
        Assert.Equal((1, 1, 0), (Header.AnswerCount(answer), (int)answer[Rulebook.QuestionEnd + 9], (int)bench.Counters[0].RuleTruncated));
    }

    [Fact]
    public void Nothing_waits_over_a_stream()
    {
        using var bench = new ClientBench(s_plain.Queries(new DelayAction(1000)).Answers(new DelayAction(1000, isForAnswers: true)));
        Caller caller = bench.Connect();
        caller.Ask(1);
        bench.Pass(bench.Forwarded[0], GateBench.Answer(ClientBench.Query(1), 60));
        bench.Settle();
        Assert.Single(caller.Answers);
    }

    [Fact]
    public void Self_made_answers_go_between_others()
    {
        using var bench = new ClientBench(s_plain.With(ChainKind.Query, Rulebook.On(Name("no.example"), Rulebook.Answering(Rcode.Refused))));
        Caller caller = bench.Connect();
        caller.Send([.. ClientBench.Frame(ClientBench.Query(1)), .. ClientBench.Frame(ClientBench.Query(2, "no.example"))]);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal([(1, Rcode.NoError), (2, Rcode.Refused)], caller.Codes.Order());
        Assert.Equal((1, 2), (bench.Counters[0].RuleRefused, bench.Counters[0].Responses));
    }

    [Fact]
    public void Each_protocol_is_told_apart_and_so_is_the_name_asked_for_in_TLS()
    {
        Rule[] rules =
        [
            .. Enum.GetValues<Transport>().Select(static transport => Rulebook.On(new TransportSelector(transport, $"{transport}"), new NoneAction())),
            Rulebook.On(new StreamSelector(isStream: true), new NoneAction()),
        ];
        using (var bench = new ClientBench(ClientBench.With(ClientBench.Plain, ClientBench.Secure with { Address = new(System.Net.IPAddress.Loopback, 853) }).With(ChainKind.Query, rules)))
        {
            bench.Connect().Ask(1);
            bench.ConnectSecurely(frontend: 1).Ask(2);
        }

        using (var bench = new ClientBench(s_http.With(ChainKind.Query, rules)))
        {
            Begin(bench).Send(Get(1, "/dns-query", ClientBench.Query(1)));
        }

        Assert.Equal([0, 1, 1, 1, 0, 3], rules.Select(static rule => rule.Hits.Total));
    }

    [Fact]
    public void Over_HTTP_a_dropped_query_or_answer_is_forbidden_and_the_connection_goes_on()
    {
        using var bench = new ClientBench(s_http.With(ChainKind.Query, Rulebook.On(Name("drop.example"), new DropAction())).Answers(new DropAction(isForAnswers: true)));
        Caller caller = Begin(bench);
        caller.Send([.. Get(1, "/dns-query", ClientBench.Query(1, "drop.example")), .. Get(3, "/dns-query", ClientBench.Query(2))]);
        bench.Pass(bench.Forwarded[0], GateBench.Answer(ClientBench.Query(2), 60));
        bench.Settle();
        Assert.Equal((2, 2, 0), (Doh(bench).Refusals[403], bench.Counters[0].RuleDrops, bench.Counters[0].InFlight));
        caller.Send(Get(5, "/dns-query", ClientBench.Query(3)));
        Assert.Single(bench.Forwarded);
    }

    [Fact]
    public void Over_HTTP_there_may_be_another_answer_than_DNS_and_what_is_answered_last_counts()
    {
        RuleAction status = new HttpStatusAction(451, [.. "gone"u8], "text/plain");
        using var bench = new ClientBench(s_http.With(
            ChainKind.Query, Rulebook.On(new ContinueAction(status)), Rulebook.On(Name("no.example"), Rulebook.Answering(Rcode.Refused))).Own(new DropAction(isForAnswers: true)));
        Caller caller = Begin(bench);
        caller.Send(Get(1, "/dns-query", ClientBench.Query(1)));
        bench.Settle();
        Assert.Contains("gone", System.Text.Encoding.Latin1.GetString(caller.Bytes));
        Assert.Equal((0, 0), (bench.Counters[0].RuleAnswers, bench.Counters[0].RuleDrops));
        caller.Send(Get(3, "/dns-query", ClientBench.Query(1, "no.example")));
        Assert.Equal((1, 1), (bench.Counters[0].RuleRefused, bench.Counters[0].RuleDrops));
    }

    [Fact]
    public void Paths_are_told_apart_without_their_query()
    {
        Rule[] rules =
        [
            Rulebook.On(new HttpPathSelector("/dns-query"), new NoneAction()), Rulebook.On(new HttpPathSelector("/Dns-Query"), new NoneAction()),
            Rulebook.On(new HttpPathPatternSelector(Pattern("^/DNS.*ry$")), new NoneAction()), Rulebook.On(new HttpPathPatternSelector(Pattern("dns=")), new NoneAction()),
            Rulebook.On(new HttpHeaderSelector("x-forwarded-for", Pattern(".")), new NoneAction()),
        ];
        using var bench = new ClientBench(s_http.With(ChainKind.Query, rules));
        Begin(bench).Send(Get(1, "/dns-query", ClientBench.Query(1)));
        Assert.Equal([1, 0, 1, 0, 0], rules.Select(static rule => rule.Hits.Total));
        using var plain = new ClientBench(s_plain.With(ChainKind.Query, rules));
        plain.Connect().Ask(1);
        Assert.Equal([1, 0, 1, 0, 0], rules.Select(static rule => rule.Hits.Total));
    }

    [Fact]
    public void A_failure_of_a_client_that_is_gone_is_one_to_rules_too()
    {
        Rule own = Rulebook.On(new TagAction("a", "1", isForAnswers: true));
        using var bench = new ClientBench(s_plain.With(ChainKind.SelfAnsweredResponse, own).Queries(new TagAction("b", "1")));
        Caller caller = bench.Connect();
        caller.Ask(1);
        caller.Finish(errno: 104);
        bench.Settle();
        bench.Fail(bench.Forwarded[0], FailureKind.TimedOut);
        bench.Gate.Judgement.Reset();
        Assert.Equal((1, 1, 0), (own.Hits.Total, bench.Counters[0].LostResponses, bench.Shard.Rules.Tags.Count));
    }

    [Theory]
    [InlineData(OverLimitAnswer.Truncate)]
    [InlineData(OverLimitAnswer.Refuse)]
    public void Whoever_is_over_its_rate_is_refused_over_a_stream_as_it_is_there_already(OverLimitAnswer answer)
    {
        using var bench = new ClientBench(s_plain with { ClientRate = new ClientRateLimit(1, answer) });
        Caller caller = bench.Connect();
        caller.Ask(1, 2);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal([(1, Rcode.NoError), (2, Rcode.Refused)], caller.Codes.Order());
        Assert.Equal(1, bench.Counters[0].RuleRefused);
    }

    private static NameSelector Name(string name) =>
        new(DomainName.TryParse(System.Text.Encoding.ASCII.GetBytes(name), out DomainName? parsed) ? parsed : throw new FormatException(name));

    private static Pattern Pattern(string text) =>
        Fastdist.Rules.Patterns.Pattern.TryParse(text, PatternSyntax.PosixExtended, out Pattern? pattern, out string error) ? pattern : throw new FormatException(error);

    private static DohCounters Doh(ClientBench bench) => bench.Counters[0].Doh!;

    private static Caller Begin(ClientBench bench)
    {
        Caller caller = bench.Connect();
        caller.Send([.. Frames.Opening, .. Frames.Frame(Frames.Settings, Frames.Ack, 0)]);
        bench.Settle();
        return caller;
    }

    private static byte[] Get(int stream, string path, byte[] query) => Frames.Get(stream, $"{path}?dns={Base64Url.EncodeToString(query)}");
}
