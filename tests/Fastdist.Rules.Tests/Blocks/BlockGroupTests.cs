using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Threading;
using CsCheck;
using Fastdist.Dns;
using Fastdist.Rules.Addresses;
using Fastdist.Rules.Blocks;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Tests.Blocks;

public class BlockGroupTests
{
    private const long Second = 1_000_000;
    private const int Shards = 3;
    private static readonly byte[] s_name = [1, (byte)'a', 0];

    private static readonly Gen<int> s_seconds = Gen.Int[1, 6];

    private static readonly Gen<RateRule> s_rate = Gen.Select(Gen.Double[0, 5], Gen.Double[0, 5], s_seconds, Gen.Int[0, 1_000]).Select((rate, warning, seconds, number) =>
        new RateRule(rate) { WarningRate = warning < 1 ? 0 : warning, Seconds = seconds, Reason = $"rate {number}" });

    private static readonly Gen<RatioRule> s_ratio = Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], s_seconds, Gen.Int[0, 1_000], Gen.UInt[0, 5], Gen.Double[0, 1]).Select(
        (ratio, warning, seconds, number, least, hits) => new RatioRule(ratio)
        {
            WarningRatio = warning < 0.2 ? 0 : warning,
            Seconds = seconds,
            Reason = $"ratio {number}",
            MinResponses = least,
            MinGlobalHitRatio = hits < 0.5 ? 0 : hits,
        });

    private static readonly Gen<BlockRules> s_rules =
        from masks in Gen.Select(Gen.Int[28, 32], Gen.Int[120, 128], Gen.Int[0, 4]).Select(static (v4, v6, port) => new AddressMasks(v4, v6, port))
        from rates in Gen.Select(s_rate.Null(), s_rate.Null(), s_ratio.Null(), s_ratio.Null())
        from types in Gen.Select(One.Of(RecordType.A, RecordType.ANY, RecordType.CAA), s_rate).Array[0, 3]
        from rcodes in Gen.Select(Gen.Int[0, 3], s_rate).Array[0, 3]
        from ratios in Gen.Select(Gen.Int[0, 3], s_ratio).Array[0, 3]
        select new BlockRules
        {
            Masks = masks,
            QueryRate = rates.Item1,
            ResponseByteRate = rates.Item2 is { } bytes ? bytes with { Rate = bytes.Rate * 100, WarningRate = bytes.WarningRate * 100 } : null,
            CacheMissRatio = rates.Item3,
            AllowedRcodes = [0, 3],
            AllowedRcodesRatio = rates.Item4,
            TypeRates = types.DistinctBy(static pair => pair.Item1).ToImmutableSortedDictionary(static pair => pair.Item1, static pair => pair.Item2),
            RcodeRates = rcodes.DistinctBy(static pair => pair.Item1).ToImmutableSortedDictionary(static pair => pair.Item1, static pair => pair.Item2),
            RcodeRatios = ratios.DistinctBy(static pair => pair.Item1).ToImmutableSortedDictionary(static pair => pair.Item1, static pair => pair.Item2),
        };

    private static readonly Gen<Seen> s_seen =
        from second in Gen.Int[0, 2]
        from shard in Gen.Int[0, Shards - 1]
        from client in Gen.Int[0, 9]
        from type in One.Of(RecordType.A, RecordType.ANY, RecordType.CAA, RecordType.AAAA)
        from rcode in Gen.Int[-3, 4]
        from bytes in Gen.Int[12, 500]
        from isHit in Gen.Bool
        select new Seen(second, shard, Client(client), type, rcode < 0 ? -1 : rcode, bytes, isHit);

    [Fact]
    public void Who_is_blocked_is_who_the_rules_say() =>
        Gen.Select(s_rules, s_seen.Array[0, 200], Gen.Int[1, 40], Gen.Double[0, 1]).Sample((rules, all, budget, hitRatio) =>
        {
            var group = new BlockGroup(rules, Shards, places: 256);
            var model = new NaiveRules(rules);
            long second = 1_000;
            Tick(group, second);
            foreach (Seen relative in all)
            {
                for (long i = 0; i < relative.Second; i++)
                {
                    Compare(group, model, second, budget, hitRatio);
                    second++;
                }

                Seen seen = relative with { Second = second };
                model.Add(seen);
                Count(group.Counters[seen.Shard], seen);
            }

            Compare(group, model, second, budget, hitRatio);
            Compare(group, model, second + 4, budget, hitRatio);
            Compare(group, model, second + 10, budget, hitRatio);
            Assert.Equal(0, group.ClientCount);
        }, iter: 200);

    [Fact]
    public void A_second_that_a_shard_tells_late_is_seen_by_the_rules_that_still_look_that_far_back()
    {
        var rules = new BlockRules
        {
            QueryRate = new RateRule(3) { Seconds = 2, Reason = "short" },
            TypeRates = ImmutableSortedDictionary<RecordType, RateRule>.Empty.Add(RecordType.A, new RateRule(1) { Seconds = 8, Reason = "long" }),
        };
        var group = new BlockGroup(rules, 1, places: 16);
        BlockCounter counter = group.Counters[0];
        counter.Tick(100 * Second);
        Query(counter, 10);

        // The shard sleeps; when it wakes, seven seconds have passed.
        var table = new BlockTable();
        Run(group, table, 107 * Second);
        Assert.Equal(0, table.Count);
        counter.Tick(107 * Second);
        Run(group, table, 107 * Second);
        Assert.Equal("long", Assert.Single(table.All).Terms.Reason);
        Run(group, table, 109 * Second);
        Assert.Equal(0, group.ClientCount);
    }

    [Fact]
    public void A_shard_that_the_control_thread_leaves_alone_mixes_no_seconds()
    {
        var group = new BlockGroup(new BlockRules { QueryRate = new RateRule(10) { Seconds = 1 } }, 1, places: 16);
        BlockCounter counter = group.Counters[0];
        for (int second = 100; second < 110; second++)
        {
            counter.Tick(second * Second);
            Query(counter, 10);
        }

        // Three seconds are kept, the others were not counted.
        var table = new BlockTable();
        Run(group, table, 103 * Second);
        Assert.Equal(0, table.Count);
        counter.Tick(110 * Second);
        Query(counter, 11);
        counter.Tick(111 * Second);
        Run(group, table, 111 * Second);
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void Nobody_is_blocked_whose_address_is_excluded()
    {
        var ranges = new ExcludedRanges();
        ranges.Exclude(IPNetwork.Parse("192.0.2.0/24"));
        ranges.Include(IPNetwork.Parse("192.0.2.4/31"));
        ranges.Exclude(IPNetwork.Parse("2001:db8::/32"));
        ranges.Exclude(IPNetwork.Parse("198.51.100.0/24"));
        Assert.True(ranges.Remove(IPNetwork.Parse("198.51.100.0/24")));
        Assert.False(ranges.Remove(IPNetwork.Parse("198.51.100.0/24")));
        var group = new BlockGroup(new BlockRules { QueryRate = new RateRule(0) { Seconds = 1 }, ExcludedRanges = ranges.ToRanges() }, 1, places: 64);
        group.Counters[0].Tick(0);
        foreach (string address in (string[])["192.0.2.1", "192.0.2.4", "192.0.2.5", "2001:db8::1", "198.51.100.1"])
        {
            group.Counters[0].CountQuery(Clients.Of(address), RecordType.A);
        }

        group.Counters[0].Tick(Second);
        var table = new BlockTable();
        List<string> inserted = [];
        group.Inserted = block => inserted.Add(block.What);
        Run(group, table, Second);
        Assert.Equal(["192.0.2.4/32", "192.0.2.5/32", "198.51.100.1/32"], inserted.Order());
        Assert.Equal(3, table.Count);
    }

    [Fact]
    public void A_flood_of_made_up_addresses_hides_no_flooder_and_blocks_nobody_else()
    {
        const int Spoofed = 1_000_000;
        var group = new BlockGroup(new BlockRules { QueryRate = new RateRule(100) { Seconds = 10, Reason = "flood" } }, 1, places: 4_096);
        BlockCounter counter = group.Counters[0];
        SocketAddress flooder = Clients.Of("2001:db8::1");
        var table = new BlockTable();
        for (int second = 0; second < 10; second++)
        {
            counter.Tick(second * Second);
            Run(group, table, second * Second);
            for (int i = 0; i < Spoofed / 10; i++)
            {
                counter.CountQuery(Clients.Numbered((uint)((second * Spoofed) + i) * 2_654_435_761), RecordType.A);
                if (i % 500 == 0)
                {
                    counter.CountQuery(flooder, RecordType.A);
                }
            }
        }

        // The flooder asks 200 times a second, twice what is allowed.
        counter.Tick(10 * Second);
        Run(group, table, 10 * Second);
        Assert.Equal("2001:db8::1/128", Assert.Single(table.All).What);
    }

    [Fact]
    public void Shards_count_while_the_control_thread_folds()
    {
        const int Seconds = 200;
        var group = new BlockGroup(new BlockRules { QueryRate = new RateRule(Seconds * 100 / 300.0) { Seconds = BlockRules.LongestSeconds } }, 1, places: 64);
        var table = new BlockTable();
        long passes = 0;
        var shard = new Thread(() =>
        {
            for (int second = 0; second <= Seconds; second++)
            {
                group.Counters[0].Tick(second * Second);
                Query(group.Counters[0], second == Seconds ? 0 : 101);

                // The control thread comes in time, but nobody says when.
                long before = Volatile.Read(ref passes);
                SpinWait.SpinUntil(() => second % 2 == 0 || Volatile.Read(ref passes) >= before + 2);
            }
        });
        shard.Start();
        while (shard.IsAlive)
        {
            Run(group, table, Seconds * Second);
            Volatile.Write(ref passes, passes + 1);
        }

        shard.Join();
        Run(group, table, (Seconds + 1) * Second);
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void Clients_over_a_rate_are_told_with_theirs()
    {
        var rule = new RateRule(4) { Seconds = 2 };
        var group = new BlockGroup(new BlockRules { QueryRate = rule }, 2, places: 64);
        Tick(group, 0);
        Query(group.Counters[0], 5);
        Query(group.Counters[1], 6);
        group.Counters[0].CountQuery(Client(1), RecordType.A);
        Tick(group, 1);
        Run(group, new BlockTable(), Second);
        Assert.Equal((BlockedRange.Of(Client(0), new AddressMasks(32, 128)), 5.5), Assert.Single(group.Over(rule)));
        Assert.True(group.IsCounting);
    }

    [Fact]
    public void Nothing_is_counted_that_no_rule_asks_for()
    {
        var group = new BlockGroup(new BlockRules(), 1, places: 16);
        Assert.False(group.IsCounting);
        group.Counters[0].Tick(0);
        Count(group.Counters[0], new Seen(0, 0, Client(0), RecordType.A, -1, 0, false));
        Count(group.Counters[0], new Seen(0, 0, Client(0), RecordType.A, 0, 100, false));
        group.Counters[0].Tick(Second);
        Run(group, new BlockTable(), Second);
        Assert.Equal(0, group.ClientCount);
    }

    [Fact]
    public void What_is_told_of_a_block_may_fail_and_the_next_pass_is_a_whole_one()
    {
        var group = new BlockGroup(new BlockRules { QueryRate = new RateRule(0) { Seconds = 1 } }, 1, places: 64);
        group.Inserted = static _ => throw new InvalidOperationException("told");
        var table = new BlockTable();
        for (int second = 1; second <= 3; second++)
        {
            group.Counters[0].Tick(second * Second);
            group.Counters[0].CountQuery(Client(second), RecordType.A);
            group.Counters[0].Tick((second + 1) * Second);
            Assert.Throws<InvalidOperationException>(() => Run(group, table, (second + 1) * Second));
            Assert.Equal(second, table.Count);
            Assert.True(group.Step(1));
        }
    }

    [Fact]
    public void A_visitor_that_fails_ends_its_pass_and_no_other()
    {
        bool fails = true;
        List<string> visited = [];
        BlockGroup? group = null;
        group = new BlockGroup(new BlockRules
        {
            QueryRate = new RateRule(0) { Seconds = 5 },
            Suffixes = new SuffixRule((StatNode node, in NameStatistics _, in NameStatistics all) =>
            {
                // To look at itself amid of it does no harm.
                Assert.True(group!.Step(100));
                visited.Add($"{node.FullName} {all.Queries}");
                return fails && node.LabelsCount == 0 ? throw new InvalidOperationException("visited") : new StatVerdict(node.LabelsCount == 1);
            })
            { Seconds = 5 },
        }, 1, places: 64);
        var table = new BlockTable();
        BlockCounter counter = group.Counters[0];
        counter.Tick(0);
        counter.CountQuery(Client(1), RecordType.A);
        counter.CountResponse(Client(1), s_name, 0, 50, false);
        counter.Tick(Second);
        Assert.Throws<InvalidOperationException>(() => Run(group, table, Second));
        Assert.Equal(["a. 1", ". 1"], visited);
        Assert.Equal(["192.0.2.3/32", "a."], table.All.Select(static block => block.What));

        // What was counted before is still there, once.
        fails = false;
        visited.Clear();
        counter.CountResponse(Client(1), s_name, 0, 50, false);
        counter.Tick(2 * Second);
        Run(group, table, 2 * Second);
        Assert.Equal(["a. 2", ". 2"], visited);
    }

    private static void Compare(BlockGroup group, NaiveRules model, long second, int budget, double hitRatio)
    {
        long now = (second + 1) * Second;
        Tick(group, second + 1);
        var table = new BlockTable();
        group.Begin(table, now, hitRatio);
        while (!group.Step(budget))
        {
        }

        Assert.Equal(
            model.Judge(second, hitRatio).OrderBy(static one => $"{one}"),
            table.All.Select(static block => (block.Range!.Value, block.Terms.Reason, block.Terms.IsWarning)).OrderBy(static one => $"{one}"));
    }

    private static void Tick(BlockGroup group, long second)
    {
        foreach (BlockCounter counter in group.Counters)
        {
            counter.Tick(second * Second);
        }
    }

    private static void Run(BlockGroup group, BlockTable table, long now)
    {
        group.Begin(table, now, 0);
        while (!group.Step(100))
        {
        }
    }

    private static void Count(BlockCounter counter, Seen seen)
    {
        if (seen.IsResponse)
        {
            counter.CountResponse(seen.Client, s_name, seen.Rcode, seen.Bytes, seen.IsHit);
        }
        else
        {
            counter.CountQuery(seen.Client, seen.Type);
        }
    }

    private static void Query(BlockCounter counter, int times)
    {
        for (int i = 0; i < times; i++)
        {
            counter.CountQuery(Client(0), RecordType.A);
        }
    }

    private static SocketAddress Client(int number) => number % 3 == 0 ? Clients.Of($"2001:db8::{number:x}") : Clients.Of($"192.0.2.{number * 3}", number * 5_000);
}
