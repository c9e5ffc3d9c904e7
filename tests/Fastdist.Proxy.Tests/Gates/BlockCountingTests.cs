using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Tests.Frontends;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Blocks;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Proxy.Tests.Gates;

/// <summary>What is counted where, so that clients and names are blocked for what they did: each rule here blocks who has one of what it counts.</summary>
public class BlockCountingTests
{
    private static readonly RateRule s_one = new(0) { Seconds = 1 };
    private static readonly BlockRules s_queries = new() { QueryRate = s_one };

    [Fact]
    public void A_query_is_counted_though_its_client_is_blocked_so_that_a_flood_stays_so()
    {
        using var bench = new GateBench(BlockBench.With(), capacity: 4);
        BlockGroup group = bench.Shard.Count(s_queries);
        bench.Shard.Block(new BlockTerms("flood", 100) { Action = BlockAction.Drop }, "127.0.0.1");
        bench.Receive(GateBench.Query());
        Assert.Equal("127.0.0.1/32", Assert.Single(group.Blocked(bench.Shard)).What);
    }

    [Fact]
    public void What_rules_drop_and_what_is_answered_here_is_counted_but_not_what_cannot_be_read_nor_who_is_not_let_in()
    {
        using var bench = new GateBench(BlockBench.With(new DropAction()), capacity: 4);
        BlockGroup group = bench.Shard.Count(s_queries);
        bench.Receive(GateBench.Query(), peer: "127.0.0.1");
        bench.Receive(GateBench.Query(RecordType.AXFR), peer: "127.0.0.2");
        bench.Receive([1, 2, 3], peer: "127.0.0.3");
        bench.Receive(GateBench.Query(), wasCut: true, peer: "127.0.0.4");
        bench.Receive(GateBench.Query(), peer: "203.0.113.5");
        Assert.Equal(["127.0.0.1/32", "127.0.0.2/32"], group.Blocked(bench.Shard).Select(static block => block.What).Order());
    }

    [Fact]
    public void Types_are_those_of_queries()
    {
        using var bench = new GateBench(BlockBench.With(), capacity: 4);
        BlockGroup group = bench.Shard.Count(new BlockRules { TypeRates = ImmutableSortedDictionary<RecordType, RateRule>.Empty.Add(RecordType.ANY, s_one) });
        bench.Receive(GateBench.Query(), peer: "127.0.0.1");
        bench.Receive(GateBench.Query(RecordType.ANY), peer: "127.0.0.2");
        Assert.Equal("127.0.0.2/32", Assert.Single(group.Blocked(bench.Shard)).What);
    }

    [Fact]
    public void Answers_count_for_whom_they_are_whoever_made_them()
    {
        using var bench = new GateBench(BlockBench.With(), capacity: 8);
        BlockGroup group = bench.Shard.Count(new BlockRules
        {
            RcodeRates = ImmutableSortedDictionary<int, RateRule>.Empty.Add((int)Rcode.NXDomain, s_one with { Reason = "nx" }).Add((int)Rcode.Refused, s_one with { Reason = "refused" }),
            ResponseByteRate = new RateRule(100) { Seconds = 1, Reason = "bytes" },
        });
        Answer(bench, "127.0.0.1", Rcode.NXDomain, 1);
        Answer(bench, "127.0.0.2", Rcode.NoError, 1);
        Answer(bench, "127.0.0.3", Rcode.NoError, 60, 60, 60, 60, 60);
        bench.Receive(GateBench.Query(RecordType.AXFR), peer: "127.0.0.4");
        Assert.Equal(["127.0.0.1/32 nx", "127.0.0.3/32 bytes", "127.0.0.4/32 refused"], Reasons(group.Blocked(bench.Shard)));
    }

    [Fact]
    public void An_answer_counts_as_rules_leave_it_and_not_when_they_drop_it()
    {
        ProxyOptions options = BlockBench.With(ChainKind.Response, new DropAction(isForAnswers: true));
        using var bench = new GateBench(options, capacity: 4);
        BlockGroup group = bench.Shard.Count(new BlockRules { ResponseByteRate = s_one });
        Answer(bench, "127.0.0.1", Rcode.NoError, 60);
        Assert.Empty(bench.Datagrams);
        Assert.Empty(group.Blocked(bench.Shard));
    }

    [Fact]
    public void Names_count_by_their_answers_and_what_nobody_answered_is_a_drop()
    {
        List<(string, long, long, long, long)> seen = [];
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain));
        BlockGroup group = bench.Shard.Count(new BlockRules
        {
            Suffixes = new SuffixRule((StatNode node, in NameStatistics self, in NameStatistics all) =>
            {
                seen.Add(($"{node.FullName}", self.Queries, all.Queries, all.NoErrors, all.Drops));
                return default;
            })
            { Seconds = 1 },
        });
        Caller caller = bench.Connect();
        caller.Send(ClientBench.Frame(ClientBench.Query(1, "a.example")));
        caller.Send(ClientBench.Frame(ClientBench.Query(2, "b.example")));
        bench.Settle();
        int[] asked = [.. bench.Forwarded];
        bench.Pass(asked[0], GateBench.Answer([.. bench.Table.Message(asked[0])], 60));
        bench.Fail(asked[1], FailureKind.TimedOut);
        Assert.Empty(group.Blocked(bench.Shard));
        Assert.Equal([("a.example.", 1, 1, 1, 0), ("b.example.", 1, 1, 0, 1), ("example.", 0, 2, 1, 1), (".", 0, 2, 1, 1)], seen.OrderBy(static one => one.Item1 == "." ? "z" : one.Item1));
    }

    [Fact]
    public void Nothing_is_counted_where_nobody_wants_it()
    {
        using var bench = new GateBench(BlockBench.With(), capacity: 4);
        bench.Receive(GateBench.Query());
        Assert.False(bench.Shard.Blocks.IsCounting);
        BlockGroup group = bench.Shard.Count(s_queries);
        bench.Shard.Blocks.Use([]);
        bench.Receive(GateBench.Query());
        Assert.Empty(group.Blocked(bench.Shard));
    }

    private static IEnumerable<string> Reasons(IEnumerable<Block> blocks) => blocks.Select(static block => $"{block.What} {block.Terms.Reason}").Order();

    private static void Answer(GateBench bench, string peer, Rcode rcode, params uint[] ttls)
    {
        byte[] query = GateBench.Query();
        bench.Receive(query, peer: peer);
        byte[] answer = GateBench.Answer(query, ttls);
        answer[3] |= (byte)rcode;
        bench.Pass(bench.Forwarded[^1], answer);
        bench.Table.Remove(bench.Forwarded[^1]);
    }
}
