using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Proxy.Tests.Shards;
using Fastdist.Rules.Addresses;
using Fastdist.Rules.Blocks;
using Fastdist.Settings.Rules;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests;

/// <summary>Groups and blocks on a clock that is moved by hand, with two shards that do as they are told while they are there.</summary>
public sealed class DynamicBlocksTests : IDisposable
{
    private const long Second = 1_000_000;
    private const int Inserted = 114, Failed = 116;

    private static readonly AddressMasks s_whole = new(32, 128);

    private readonly ShardBench.Listener _log = new();
    private readonly List<BlockSnapshot> _snapshots = [];
    private readonly List<BlockCounter[][]> _counters = [];
    private readonly DynamicBlocks _blocks;
    private long _now = 1_000 * Second;
    private bool _areThere = true;
    private double _shareOfHits;

    public DynamicBlocksTests() => _blocks = new DynamicBlocks(
        2,
        snapshot =>
        {
            _snapshots.Add(snapshot);
            return _areThere;
        },
        counters =>
        {
            _counters.Add([counters(0), counters(1)]);
            return _areThere;
        },
        _log,
        () => _now)
    {
        ShareOfHits = () => _shareOfHits,
    };

    private static BlockTerms Drop => new("flood", 10) { Action = BlockAction.Drop };

    public void Dispose() => _blocks.Dispose();

    [Fact]
    public void Shards_are_told_who_is_blocked_once()
    {
        Assert.Equal(BlockOutcome.Inserted, _blocks.Add(Range(1), Drop));
        Assert.Equal(BlockOutcome.Renewed, _blocks.Add(Range(1), Drop));
        _blocks.Round();
        BlockSnapshot snapshot = Assert.Single(_snapshots);
        Assert.NotNull(snapshot.Find(Client(1), _now));
        Assert.Null(snapshot.Find(Client(2), _now));
        Assert.Equal(1, _blocks.RangeCount);
    }

    [Fact]
    public void A_block_that_is_prolonged_is_so_for_shards_that_were_told_before()
    {
        _blocks.Add(Range(1), Drop);
        _now += 9 * Second;
        _blocks.Add(Range(1), Drop);
        _now += 9 * Second;
        Assert.NotNull(Assert.Single(_snapshots).Find(Client(1), _now));
        _now += Second;
        Assert.Null(Assert.Single(_snapshots).Find(Client(1), _now));
        Assert.Empty(_blocks.All);
    }

    [Fact]
    public void Where_one_could_not_be_told_all_are_told_again()
    {
        _areThere = false;
        _blocks.Add(Range(1), Drop);
        _blocks.Round();
        _blocks.Round();
        _areThere = true;
        _blocks.Round();
        _blocks.Round();
        Assert.Equal(4, _snapshots.Count);
        Assert.Single(_snapshots.Distinct());
    }

    [Fact]
    public void So_it_is_with_what_they_count()
    {
        _areThere = false;
        BlockGroup group = Group(100);
        _blocks.Apply(group);
        _blocks.Round();
        _areThere = true;
        _blocks.Round();
        _blocks.Round();
        Assert.Equal(3, _counters.Count);
        Assert.All(_counters, told => Assert.Equal([[group.Counters[0]], [group.Counters[1]]], told));
    }

    [Fact]
    public void A_group_blocks_who_is_over_its_rate_on_all_shards_together()
    {
        BlockGroup group = Group(10);
        Assert.True(_blocks.Apply(group));
        Ask(group, 0, Client(1), 6);
        Ask(group, 1, Client(1), 5);
        Ask(group, 0, Client(2), 10);
        _blocks.Round();
        Assert.Empty(_blocks.All);
        Pass(group);
        _blocks.Round();
        Block block = Assert.Single(_blocks.All);
        Assert.Equal(("192.0.2.1/32", 10, BlockAction.Drop), (block.What, block.SecondsLeft(_now), _blocks.ActionOf(block)));
        Assert.NotNull(_snapshots[^1].Find(Client(1), _now));
        Assert.Equal([Inserted], _log.Events);
    }

    [Fact]
    public void A_quiet_group_tells_the_log_nothing()
    {
        BlockGroup group = Group(0);
        _blocks.Apply(group, isQuiet: true);
        Ask(group, 0, Client(1), 1);
        Pass(group);
        _blocks.Round();
        Assert.Single(_blocks.All);
        Assert.Empty(_log.Events);
    }

    [Fact]
    public void A_block_lasts_as_long_as_the_flood_and_what_it_was_made_for_after_that()
    {
        BlockGroup group = Group(10);
        for (int second = 0; second < 20; second++)
        {
            _blocks.Apply(group);
            Ask(group, 0, Client(1), 11);
            Pass(group);
            _blocks.Round();
            Assert.Single(_blocks.All);
        }

        _now += 10 * Second;
        Assert.Empty(_blocks.All);
        Assert.Equal(0, _blocks.RangeCount);
        Assert.Equal([Inserted], _log.Events);
    }

    [Fact]
    public void A_group_that_nobody_applies_any_more_ends()
    {
        BlockGroup kept = Group(10), left = Group(10);
        _blocks.Apply(kept);
        _blocks.Apply(left);
        Assert.Equal(2, _counters[^1][0].Length);
        for (int second = 0; second <= 16; second++)
        {
            _now += Second;
            _blocks.Apply(kept);
            _blocks.Round();
        }

        Assert.Equal([kept.Counters[0]], _counters[^1][0]);
        Assert.Equal(3, _counters.Count);
        _now += 16 * Second;
        _blocks.Round();
        Assert.Empty(_counters[^1][0]);
    }

    [Fact]
    public void There_are_as_many_groups_as_may_be()
    {
        BlockGroup[] groups = [.. Enumerable.Range(0, 32).Select(static _ => Group(10))];
        Assert.All(groups, group => Assert.True(_blocks.Apply(group)));
        Assert.False(_blocks.Apply(Group(10)));
        Assert.False(_blocks.ApplyHere(Group(10)));
        Assert.False(_blocks.Look(Group(10)));
        Assert.True(_blocks.Apply(groups[0]));
    }

    [Fact]
    public void A_group_may_be_looked_at_by_the_thread_that_applies_it_and_by_no_other()
    {
        BlockGroup group = Group(0);
        Assert.True(_blocks.ApplyHere(group));
        Ask(group, 0, Client(1), 1);
        Pass(group);
        _blocks.Round();
        Assert.Empty(_blocks.All);
        Assert.True(_blocks.ApplyHere(group));
        Assert.Single(_blocks.All);
        Assert.NotNull(_snapshots[^1].Find(Client(1), _now));
    }

    [Fact]
    public void Or_be_looked_at_only()
    {
        var rule = new RateRule(2) { Seconds = 1 };
        var group = new BlockGroup(new BlockRules { QueryRate = rule }, 2, places: 64);
        Assert.True(_blocks.Look(group));
        Ask(group, 0, Client(1), 3);
        Pass(group);
        Assert.True(_blocks.Look(group));
        Assert.Equal(3, Assert.Single(group.Over(rule)).Rate);
        Assert.Empty(_blocks.All);
        Assert.Empty(_log.Events);
    }

    [Fact]
    public void A_group_that_runs_into_a_fault_is_told_of_and_keeps_no_other_from_its_turn()
    {
        BlockGroup faulty = Group(0), sound = Group(0);
        faulty.Inserted += static _ => throw new InvalidOperationException("told");
        _blocks.Apply(faulty);
        _blocks.Apply(sound);
        Ask(faulty, 0, Client(1), 1);
        Ask(sound, 0, Client(2), 1);
        Pass(faulty, sound);
        _blocks.Round();
        Assert.Equal(["192.0.2.1/32", "192.0.2.2/32"], _blocks.All.Select(static block => block.What));
        Assert.Equal(1, _log.Events.Count(static number => number == Failed));
        Ask(faulty, 0, Client(3), 1);
        Pass(faulty, sound);
        _blocks.Round();
        Assert.Equal(3, _blocks.All.Count);
        Assert.Equal(2, _log.Events.Count(static number => number == Failed));
    }

    [Fact]
    public void What_a_visitor_blocked_before_it_failed_is_told_shards()
    {
        var group = new BlockGroup(new BlockRules
        {
            Suffixes = new SuffixRule(static (StatNode node, in NameStatistics _, in NameStatistics _) => node.LabelsCount == 0 ? throw new InvalidOperationException("visited") : new StatVerdict(true)) { Seconds = 1 },
        }, 2, places: 64);
        Assert.Throws<InvalidOperationException>(() => _blocks.ApplyHere(group));
        group.Counters[0].Tick(_now);
        group.Counters[0].CountResponse(Client(1), "\u0001a\0"u8, 0, 100, false);
        Pass(group);
        Assert.Throws<InvalidOperationException>(() => _blocks.ApplyHere(group));
        Assert.NotNull(_snapshots[^1].Find("\u0001a\0"u8, _now));
    }

    [Theory]
    [InlineData(0.49, 0)]
    [InlineData(0.5, 1)]
    public void Who_is_blocked_for_misses_is_so_when_all_others_have_hits(double shareOfHits, int blocks)
    {
        _shareOfHits = shareOfHits;
        var group = new BlockGroup(new BlockRules { CacheMissRatio = new RatioRule(0.9) { Seconds = 1, BlockSeconds = 10, MinResponses = 2, MinGlobalHitRatio = 0.5 } }, 2, places: 64);
        _blocks.Apply(group);
        group.Counters[0].Tick(_now);
        for (int i = 0; i < 3; i++)
        {
            group.Counters[0].CountResponse(Client(1), "\u0001a\0"u8, 0, 100, isHit: false);
            group.Counters[0].CountResponse(Client(2), "\u0001a\0"u8, 0, 100, isHit: i > 0);
        }

        Pass(group);
        _blocks.Round();
        Assert.Equal(blocks, _blocks.All.Count);
    }

    [Fact]
    public void Blocks_are_taken_away_one_by_one_and_all_together()
    {
        DomainName.TryParse("example.org"u8, out DomainName? name);
        _blocks.Add(Range(1), Drop);
        _blocks.Add(Range(2), Drop);
        _blocks.Add(name!, Drop);
        Assert.True(_blocks.Remove("192.0.2.1/32"));
        Assert.False(_blocks.Remove("192.0.2.1/32"));
        Assert.True(_blocks.Remove("example.org."));
        Assert.False(_blocks.Remove("192.0.2.2"));
        Assert.Equal("192.0.2.2/32", Assert.Single(_blocks.All).What);
        _blocks.Clear();
        Assert.Same(BlockSnapshot.Empty, _snapshots[^1]);
        Assert.Empty(_blocks.All);
    }

    [Fact]
    public void Blocks_that_are_over_are_purged_now_and_then()
    {
        _blocks.PurgeInterval = 60;
        _blocks.Round();
        _blocks.Add(Range(1), Drop);
        _now += 11 * Second;
        _blocks.Round();
        Assert.Empty(_blocks.All);
        Assert.NotSame(BlockSnapshot.Empty, _snapshots[^1]);
        _now += 60 * Second;
        _blocks.Round();
        Assert.Same(BlockSnapshot.Empty, _snapshots[^1]);
    }

    [Fact]
    public void Blocks_that_do_not_say_what_is_done_go_by_what_is_said_of_all()
    {
        _blocks.Add(Range(1), new BlockTerms("flood", 10));
        Block block = Assert.Single(_blocks.All);
        Assert.Equal(BlockAction.Drop, _blocks.ActionOf(block));
        _blocks.DefaultAction = BlockAction.Refused;
        Assert.Equal(BlockAction.Refused, _blocks.ActionOf(block));
        Assert.Equal(BlockAction.Refused, _snapshots[^1].ActionOf(_snapshots[^1].Find(Client(1), _now)!));
    }

    [Fact]
    public void Whose_blocks_are_met_most_is_known_after_a_round()
    {
        _blocks.Add(Range(1), Drop);
        _blocks.Add(Range(2), Drop);
        for (int i = 0; i < 120; i++)
        {
            _snapshots[^1].Find(Client(2), _now)!.CountHit();
        }

        Assert.Empty(_blocks.Offenders(areNames: false));
        _blocks.Round();
        Assert.Equal([("192.0.2.2/32", 2.0)], _blocks.Offenders(areNames: false).Select(static one => (one.Block.What, one.Rate)));
        Assert.Empty(_blocks.Offenders(areNames: true));
    }

    [Fact]
    public void Nothing_begins_when_it_has_ended()
    {
        var blocks = new DynamicBlocks(1, static _ => true, static _ => true, _log);
        blocks.Dispose();
        Assert.True(blocks.Apply(Group(10, shards: 1)));
        blocks.Add(Range(1), Drop);
    }

    private static BlockGroup Group(double rate, int shards = 2) =>
        new(new BlockRules { QueryRate = new RateRule(rate) { Seconds = 1, Reason = "flood", BlockSeconds = 10 } }, shards, places: 64);

    private static SocketAddress Client(int number) => SocketAddress.From(new IPEndPoint(IPAddress.Parse($"192.0.2.{number}"), 40000));

    private static BlockedRange Range(int number) => BlockedRange.Of(Client(number), s_whole);

    private void Ask(BlockGroup group, int shard, SocketAddress client, int times)
    {
        group.Counters[shard].Tick(_now);
        for (int i = 0; i < times; i++)
        {
            group.Counters[shard].CountQuery(in client, RecordType.A);
        }
    }

    /// <summary>A second goes by, and shards notice.</summary>
    private void Pass(params BlockGroup[] groups)
    {
        _now += Second;
        foreach (BlockCounter counter in groups.SelectMany(static group => group.Counters))
        {
            counter.Tick(_now);
        }
    }
}
