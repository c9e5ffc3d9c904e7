using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Tests.Frontends;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Blocks;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Proxy.Tests.Gates;

/// <summary>What becomes of the queries of who is blocked; the peer is 127.0.0.1 and asks for www.example.com.</summary>
public class BlockJudgeTests
{
    private const byte Recursion = 0x01, Truncated = 0x02, Answer = 0x80;

    private static readonly BlockTerms s_drop = new("flood", 100) { Action = BlockAction.Drop };

    private static ProxyOptions Nothing => BlockBench.With();

    [Theory]
    [InlineData(BlockAction.Drop)]
    [InlineData(BlockAction.None)]
    public void Who_is_blocked_gets_no_answer(BlockAction action)
    {
        using var bench = new GateBench(Nothing, capacity: 4);
        Block block = Assert.Single(bench.Shard.Block(new BlockTerms("flood", 100) { Action = action }, "127.0.0.1"));
        bench.Receive(GateBench.Query());
        bench.Receive(GateBench.Query(), peer: "127.0.0.2");
        Assert.Single(bench.Forwarded);
        Assert.Empty(bench.Datagrams);
        Assert.Equal((1, 1, 0, 2), (bench.Counters.DynamicallyBlocked, bench.Counters.BlockDrops, bench.Counters.BlockAnswers, bench.Counters.Queries));
        Assert.Equal(1, block.Hits);
    }

    [Theory]
    [InlineData(BlockAction.Nxdomain, Rcode.NXDomain, false)]
    [InlineData(BlockAction.Refused, Rcode.Refused, false)]
    [InlineData(BlockAction.Truncate, Rcode.NoError, true)]
    public void Or_an_answer_made_here(BlockAction action, Rcode rcode, bool isTruncated)
    {
        using var bench = new GateBench(Nothing, capacity: 4);
        bench.Shard.Block(new BlockTerms("flood", 100) { Action = action }, "127.0.0.1");
        byte[] query = GateBench.Query(payloadSize: 1232);
        bench.Receive(query);
        byte[] answer = Assert.Single(bench.Datagrams);
        Assert.Equal((rcode, isTruncated, 0x1234), (Header.Rcode(answer), Header.IsTruncated(answer), Header.Id(answer)));

        // Recursion is available to who desires it, nothing is authoritative, and the OPT is our own.
        Assert.Equal(Answer | Recursion | (isTruncated ? Truncated : 0), answer[2]);
        Assert.Equal(0x80, answer[3] & 0xF0);
        Assert.Equal((1, 0, 0, 1), (Header.QuestionCount(answer), Header.AnswerCount(answer), Header.AuthorityCount(answer), Header.AdditionalCount(answer)));
        Assert.Equal((1, 0, 1, 1), (bench.Counters.DynamicallyBlocked, bench.Counters.BlockDrops, bench.Counters.BlockAnswers, bench.Counters.Responses));
        Assert.Empty(bench.Forwarded);
    }

    [Theory]
    [InlineData(BlockAction.Drop, new Rcode[0], 0)]
    [InlineData(BlockAction.Refused, new[] { Rcode.Refused }, 0)]
    [InlineData(BlockAction.Nxdomain, new[] { Rcode.NXDomain }, 0)]
    [InlineData(BlockAction.Truncate, new Rcode[0], 1)]
    [InlineData(BlockAction.NoOp, new Rcode[0], 1)]
    [InlineData(BlockAction.SetTag, new Rcode[0], 1)]
    [InlineData(BlockAction.NoRecurse, new Rcode[0], 1)]
    public void Over_streams_it_is_the_same_but_that_nothing_is_truncated(BlockAction action, Rcode[] answers, int forwarded)
    {
        using ClientBench bench = ClientBench.OverTcp();
        bench.Shard.Block(new BlockTerms("flood", 100) { Action = action, TagName = "slow" }, "127.0.0.1");
        Caller caller = bench.Connect();
        caller.Ask(7);
        bench.Settle();
        Assert.Equal(answers, caller.Codes.Select(static code => code.Rcode));
        Assert.Equal(forwarded, bench.Forwarded.Count);
        Assert.Equal(action is BlockAction.Truncate or BlockAction.NoOp or BlockAction.SetTag ? 0 : 1, bench.Counters[0].DynamicallyBlocked);
    }

    [Fact]
    public void The_action_of_all_blocks_is_that_of_those_that_say_none()
    {
        using var bench = new GateBench(Nothing, capacity: 4);
        var table = new BlockTable { DefaultAction = BlockAction.Refused };
        DomainName.TryParse("example.com"u8, out DomainName? name);
        table.Add(name!, new BlockTerms("names", 100), bench.Shard.Clock.Shared);
        bench.Shard.Blocks.Snapshot = table.Snapshot();
        bench.Receive(GateBench.Query());
        Assert.Equal(Rcode.Refused, Header.Rcode(Assert.Single(bench.Datagrams)));
    }

    [Fact]
    public void Who_is_warned_goes_on_and_is_counted()
    {
        using var bench = new GateBench(Nothing, capacity: 4);
        Block block = Assert.Single(bench.Shard.Block(s_drop with { IsWarning = true }, "127.0.0.1"));
        bench.Receive(GateBench.Query());
        Assert.Single(bench.Forwarded);
        Assert.Equal((1, 0), (block.Hits, bench.Counters.DynamicallyBlocked));
    }

    [Fact]
    public void A_block_ends_by_itself()
    {
        using var bench = new GateBench(Nothing, capacity: 4);
        bench.Shard.Block(s_drop, "127.0.0.1", "example.com");
        bench.Machine.Now += 99_999_999;
        bench.Shard.Clock.Advance();
        bench.Receive(GateBench.Query());
        Assert.Empty(bench.Forwarded);
        bench.Machine.Now++;
        bench.Shard.Clock.Advance();
        bench.Receive(GateBench.Query());
        Assert.Single(bench.Forwarded);
    }

    [Theory]
    [InlineData("example.com", true)]
    [InlineData("WWW.example.com", true)]
    [InlineData(".", true)]
    [InlineData("ww.example.com", false)]
    [InlineData("a.www.example.com", false)]
    public void A_name_is_blocked_with_all_below_it(string name, bool isBlocked)
    {
        using var bench = new GateBench(Nothing, capacity: 4);
        bench.Shard.Block(s_drop, name);
        bench.Receive(GateBench.Query());
        Assert.Equal(isBlocked ? 0 : 1, bench.Forwarded.Count);
    }

    [Fact]
    public void Where_a_client_may_go_on_its_name_is_still_looked_at()
    {
        using var bench = new GateBench(Nothing, capacity: 4);
        Block[] blocks = bench.Shard.Block(new BlockTerms("x", 100) { Action = BlockAction.NoOp }, "127.0.0.0/8", "example.com");
        bench.Receive(GateBench.Query());
        Assert.Equal([1L, 1L], blocks.Select(static block => block.Hits));
        Assert.Single(bench.Forwarded);
    }

    [Fact]
    public void A_tag_is_there_for_the_rules_and_given_back_with_the_query()
    {
        ProxyOptions options = BlockBench.With(ChainKind.Query, [new Rule(new TagSelector("slow", "yes"), new PoolAction("other"))]);
        using var bench = new GateBench(options, capacity: 4);
        bench.Shard.Block(new BlockTerms("flood", 100) { Action = BlockAction.SetTag, TagName = "slow", TagValue = "yes" }, "127.0.0.1");
        bench.Receive(GateBench.Query());
        bench.Receive(GateBench.Query(), peer: "127.0.0.2");
        Assert.Equal(1, bench.Table.DecisionOf(in bench.Table[bench.Forwarded[0]]).Pool);
        Assert.False(bench.Table[bench.Forwarded[1]].HasDecision);
        Assert.Equal(0, bench.Counters.DynamicallyBlocked);
        bench.Forwarded.ForEach(bench.Table.Remove);
        bench.Gate.Judgement.Reset();
        Assert.Equal(0, bench.Shard.Rules.Tags.Count);
    }

    [Fact]
    public void Without_recursion_a_query_goes_past_the_rules_and_its_answer_shows_what_the_client_desired()
    {
        using var bench = new GateBench(BlockBench.With(new DropAction()), capacity: 4);
        bench.Shard.Block(new BlockTerms("flood", 100) { Action = BlockAction.NoRecurse }, "127.0.0.1");
        byte[] query = GateBench.Query();
        Assert.True(Header.RecursionDesired(query));
        bench.Receive(query);
        int index = Assert.Single(bench.Forwarded);
        Assert.False(Header.RecursionDesired(bench.Table.Message(index)));
        byte[] answer = GateBench.Answer([.. bench.Table.Message(index)], 60);
        bench.Pass(index, answer);
        Assert.True(Header.RecursionDesired(Assert.Single(bench.Datagrams)));
        Assert.Equal((1, 0, 0), (bench.Counters.DynamicallyBlocked, bench.Counters.BlockDrops, bench.Counters.BlockAnswers));
        Assert.Equal(0, bench.Rules[ChainKind.Query]!.Actions.Length == 1 ? bench.Counters.RuleDrops : -1);
    }

    [Fact]
    public void Answers_of_blocks_pass_the_rules_of_own_answers()
    {
        using var bench = new GateBench(BlockBench.With(ChainKind.SelfAnsweredResponse, new DropAction(isForAnswers: true)), capacity: 4);
        bench.Shard.Block(new BlockTerms("flood", 100) { Action = BlockAction.Refused }, "127.0.0.1");
        bench.Receive(GateBench.Query());
        Assert.Empty(bench.Datagrams);
        Assert.Equal((1, 1), (bench.Counters.DynamicallyBlocked, bench.Counters.RuleDrops));
    }
}
