using System;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Http;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Proxy.Tests.Gates.Rules;

/// <summary>In which order rules decide about queries, and what ends that.</summary>
public class QueryRuleTests
{
    private static readonly RuleAction s_refuse = Rulebook.Answering(Rcode.Refused);

    public static TheoryData<string> GoingOn => [.. s_goingOn.Select(static action => $"{action}")];

    private static readonly RuleAction[] s_goingOn =
    [
        new NoneAction(), new DelayAction(0), new TagAction("a", "1"), new UntagAction("a"), new PoolAction("other", stops: false), new LogAction(new LogActionOptions()),
        new SwitchAction(Switch.NoRecurse), new SwitchAction(Switch.DisableValidation), new SwitchAction(Switch.DisableSubnet), new SwitchAction(Switch.OverrideSubnet),
        new SwitchAction(Switch.KeepSubnet), new SwitchAction(Switch.SkipCache), new SubnetPrefixAction(24, 56), new SubnetAction(IPNetwork.Parse("192.0.2.0/24"), null),
        new EdnsOptionAction(65001, [1]), new ExtendedErrorAction(15, "", clears: false), new ReturnedTtlAction(5), new FailureTtlAction(5), new LimitAction(1),
        new SpoofAddressesAction([IPAddress.IPv6Loopback], new AnswerTraits()), new HttpStatusAction(new FixedResponse(403, [])),
        new ContinueAction(new AllowAction()), new ContinueAction(new DropAction()), new ContinueAction(new PoolAction("other")), new ContinueAction(new TruncateAction()),
    ];

    [Theory]
    [MemberData(nameof(GoingOn))]
    public void After_these_the_next_rule_is_asked(string text)
    {
        RuleAction action = Array.Find(s_goingOn, each => $"{each}" == text)!;
        using GateBench bench = Rulebook.Queries(action, s_refuse).Bench();
        bench.Receive(GateBench.Query());
        Assert.Equal("8185", Assert.Single(bench.Datagrams).Flags());
        Assert.Equal((1, 1, 0), (bench.Counters.RuleRefused, bench.Counters.RuleAnswers, bench.Counters.RuleDrops));
        Assert.Equal(0, bench.TagsLeft());
    }

    [Fact]
    public void To_allow_ends_it()
    {
        using GateBench bench = Rulebook.Queries(new AllowAction(), s_refuse).Bench();
        bench.Receive(GateBench.Query());
        Assert.Single(bench.Forwarded);
        Assert.Equal(0, bench.Table.Decisions);
    }

    [Fact]
    public void To_drop_ends_it_in_silence()
    {
        using GateBench bench = Rulebook.Queries(new DropAction(), s_refuse).Bench();
        bench.Receive(GateBench.Query());
        Assert.Empty(bench.Forwarded);
        Assert.Empty(bench.Datagrams);
        Assert.Equal((1, 1, 0, 0), (bench.Counters.Queries, bench.Counters.RuleDrops, bench.Counters.RuleAnswers, bench.Counters.Responses));
    }

    [Fact]
    public void A_pool_ends_it_and_one_that_does_not_is_replaced_by_a_later_one()
    {
        using GateBench bench = Rulebook.None.With(
            ChainKind.Query,
            Rulebook.On(new TypeSelector(RecordType.TXT), new PoolAction("other")),
            Rulebook.On(new PoolAction("other", stops: false)),
            Rulebook.On(new TypeSelector(RecordType.A), new PoolAction("third", stops: false)),
            Rulebook.On(new TypeSelector(RecordType.MX), new PoolAction(""))).Bench();
        foreach (RecordType type in (ReadOnlySpan<RecordType>)[RecordType.TXT, RecordType.AAAA, RecordType.A, RecordType.MX])
        {
            bench.Receive(GateBench.Query(type));
        }

        Assert.Equal([1, 1, 2, 0], bench.Forwarded.Select(index => (int)bench.Table.DecisionOf(in bench.Table[index]).Pool));
    }

    [Fact]
    public void A_pool_of_a_rule_comes_before_that_of_the_frontend()
    {
        ProxyOptions options = Rulebook.None with { Frontends = [Frontends.ClientBench.Plain with { Pool = "other" }] };
        using GateBench bench = options.With(ChainKind.Query, Rulebook.On(new TypeSelector(RecordType.A), new PoolAction("third"))).Bench();
        bench.Receive(GateBench.Query());
        bench.Receive(GateBench.Query(RecordType.MX));
        Assert.Equal([2, 1], bench.Forwarded.Select(index => (int)bench.Table.DecisionOf(in bench.Table[index]).Pool));
    }

    [Fact]
    public void A_pool_that_is_not_there_is_SERVFAIL_and_counts()
    {
        using GateBench bench = Rulebook.Queries(new PoolAction("gone"), s_refuse).Bench();
        bench.Receive(GateBench.Query(payloadSize: 1232));
        byte[] answer = Assert.Single(bench.Datagrams);
        Assert.Equal(Rcode.ServFail, Header.Rcode(answer));
        Assert.Equal((1, 1), (bench.Counters.NoBackend, bench.Counters.RuleServFail));
    }

    [Fact]
    public void A_limited_pool_is_asked_as_often_as_it_may_be()
    {
        using GateBench bench = Rulebook.Queries(new LimitedPoolAction(2, "other"), new PoolAction("third")).Bench();
        for (int times = 0; times < 3; times++)
        {
            bench.Receive(GateBench.Query());
        }

        Assert.Equal([1, 1, 2], bench.Forwarded.Select(index => (int)bench.Table.DecisionOf(in bench.Table[index]).Pool));
    }

    [Fact]
    public void What_is_over_a_limit_is_dropped()
    {
        using GateBench bench = Rulebook.Queries(new LimitAction(2)).Bench();
        for (int times = 0; times < 5; times++)
        {
            bench.Receive(GateBench.Query());
        }

        Assert.Equal((2, 3), (bench.Forwarded.Count, bench.Counters.RuleDrops));
    }

    [Fact]
    public void After_what_is_continued_the_last_answer_is_given()
    {
        Assert.Equal([Rcode.NXDomain], Outcomes(new ContinueAction(Rulebook.Answering(Rcode.NXDomain))));
        Assert.Equal([Rcode.NXDomain], Outcomes(new ContinueAction(Rulebook.Answering(Rcode.NXDomain)), new PoolAction("other")));
        Assert.Equal([Rcode.Refused], Outcomes(new ContinueAction(Rulebook.Answering(Rcode.NXDomain)), s_refuse));
        Assert.Equal([], Outcomes(new ContinueAction(Rulebook.Answering(Rcode.NXDomain)), new DropAction()));
        Assert.Equal([Rcode.NXDomain], Outcomes(new ContinueAction(new ContinueAction(Rulebook.Answering(Rcode.NXDomain))), new SwitchAction(Switch.NoRecurse)));
    }

    [Fact]
    public void A_drop_that_is_continued_drops_nothing_and_counts()
    {
        using GateBench bench = Rulebook.Queries(new ContinueAction(new DropAction())).Bench();
        bench.Receive(GateBench.Query());
        Assert.Single(bench.Forwarded);
        Assert.Equal((0, 1), (bench.Counters.RuleDrops, bench.Counters.RuleDropsContinued));
    }

    [Theory]
    [InlineData(RecordType.AXFR, Opcode.Query)]
    [InlineData(RecordType.SOA, Opcode.Update)]
    [InlineData(RecordType.SOA, Opcode.Status)]
    public void Rules_see_what_would_be_refused_before_it_is(RecordType type, Opcode opcode)
    {
        using GateBench bench = Rulebook.Queries(Rulebook.Answering(Rcode.NXDomain)).Bench();
        bench.Receive(GateBench.Query(type, opcode));
        byte[] answer = Assert.Single(bench.Datagrams);
        Assert.Equal((Rcode.NXDomain, opcode), (Header.Rcode(answer), Header.Opcode(answer)));
        using GateBench allowing = Rulebook.Queries(new AllowAction()).Bench();
        allowing.Receive(GateBench.Query(type, opcode));
        Assert.Empty(allowing.Forwarded);
    }

    [Fact]
    public void Rules_do_not_see_what_is_no_query()
    {
        Rule rule = Rulebook.On(new DropAction());
        using GateBench bench = Rulebook.None.With(ChainKind.Query, rule).Bench();
        bench.Receive([1, 2, 3]);
        bench.Receive(Rulebook.Bytes("1234 0100 0000 0000 0000 0000"));
        bench.Receive(GateBench.Query()[..^1]);
        Assert.Equal((0, 2), (rule.Hits.Total, bench.Datagrams.Count));
    }

    [Fact]
    public void Rules_count_what_they_match()
    {
        Rule[] rules = [Rulebook.On(new NoneAction()), Rulebook.On(new TypeSelector(RecordType.A), new AllowAction()), Rulebook.On(new DropAction())];
        using GateBench bench = Rulebook.None.With(ChainKind.Query, rules).Bench();
        bench.Receive(GateBench.Query());
        bench.Receive(GateBench.Query(RecordType.MX));
        bench.Receive(GateBench.Query(RecordType.MX));
        Assert.Equal([3, 1, 2], rules.Select(static rule => rule.Hits.Total));
    }

    [Theory]
    [InlineData(OverLimitAnswer.Drop, null)]
    [InlineData(OverLimitAnswer.Truncate, "8380")]
    [InlineData(OverLimitAnswer.Refuse, "8185")]
    public void What_a_client_asks_beyond_its_rate_is_answered_as_wanted_before_rules_are_asked(OverLimitAnswer answer, string? flags)
    {
        Rule rule = Rulebook.On(new NoneAction());
        using GateBench bench = (Rulebook.None.With(ChainKind.Query, rule) with { ClientRate = new ClientRateLimit(2, answer) }).Bench();
        for (int times = 0; times < 3; times++)
        {
            bench.Receive(GateBench.Query());
        }

        bench.Receive(GateBench.Query(), peer: "127.0.0.2");
        Assert.Equal((3, 3), (bench.Forwarded.Count, rule.Hits.Total));
        Assert.Equal(flags is null ? [] : [flags], bench.Datagrams.ConvertAll(static each => each.Flags()));
        Assert.Equal(flags is null ? (1, 0) : (0, 1), (bench.Counters.RuleDrops, bench.Counters.RuleAnswers));
    }

    [Fact]
    public void What_all_shards_share_goes_by_the_time_of_the_machine_in_which_a_shard_stood_still_too()
    {
        using GateBench bench = (Rulebook.None with { ClientRate = new ClientRateLimit(1) }).Bench();
        bench.Receive(GateBench.Query());
        bench.Receive(GateBench.Query());
        Assert.Equal((1, 1), (bench.Forwarded.Count, (int)bench.Counters.RuleDrops));
        long before = bench.Shard.Clock.Now;
        bench.Machine.Now += 1_000_000;
        bench.Shard.Clock.Advance();
        Assert.Equal(ShardClock.MostMicroseconds, bench.Shard.Clock.Now - before);
        bench.Receive(GateBench.Query());
        Assert.Equal(2, bench.Forwarded.Count);
    }

    [Fact]
    public void What_they_decided_is_given_back_where_there_is_no_room_for_the_query()
    {
        using GateBench bench = Rulebook.Queries(new TagAction("a", "1")).Bench(capacity: 1);
        bench.Receive(GateBench.Query());
        bench.Receive(GateBench.Query());
        Assert.Equal((1, 1), (bench.Counters.DroppedOverload, bench.Table.Decisions));
        bench.Fail(bench.Forwarded[0], FailureKind.TimedOut);
        Assert.Equal((0, 0), (bench.Table.Decisions, bench.TagsLeft()));
    }

    private static Rcode[] Outcomes(params RuleAction[] actions)
    {
        using GateBench bench = Rulebook.Queries(actions).Bench();
        bench.Receive(GateBench.Query());
        Assert.Empty(bench.Forwarded);
        return [.. bench.Datagrams.Select(static answer => Header.Rcode(answer))];
    }
}
