using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Dns;
using Fastdist.Rules.Addresses;
using Fastdist.Rules.Blocks;
using Fastdist.Settings.Rules;
using Fastdist.Shared;
using Xunit;

using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Tests.Blocks;

public class BlockTableTests
{
    private const long Second = 1_000_000;
    private static readonly AddressMasks s_hosts = new(32, 128);

    [Fact]
    public void The_longest_block_that_has_not_ended_is_found() =>
        Gen.Select(Gen.Select(Gen.Int[0, 63], Gen.Int[26, 32], Gen.Int[122, 128], Gen.Int[0, 3], Gen.UInt[1, 5]).Array[0, 40], Gen.Long[0, 6]).Sample((blocks, at) =>
        {
            var table = new BlockTable();
            var model = new Dictionary<BlockedRange, long>();
            foreach ((int number, int v4, int v6, int port, uint seconds) in blocks)
            {
                BlockedRange range = BlockedRange.Of(Client(number), new AddressMasks(v4, v6, port));
                table.Add(range, new BlockTerms("", seconds), 0);
                model[range] = Math.Max(model.GetValueOrDefault(range), seconds * Second);
            }

            BlockSnapshot snapshot = table.Snapshot();
            for (int number = 0; number < 64; number++)
            {
                SocketAddress client = Client(number);
                BlockedRange? expected = model.Where(pair => pair.Value > at * Second && BlockedRange.Of(client, MasksOf(pair.Key)) == pair.Key)
                    .Select(static pair => (BlockedRange?)pair.Key).OrderBy(static range => range!.Value).FirstOrDefault();
                Assert.Equal(expected, snapshot.Find(client, at * Second)?.Range);
            }
        }, iter: 300);

    [Fact]
    public void The_longest_suffix_that_has_not_ended_is_found() =>
        Gen.Select(Gen.Select(Gen.Int[0, 2].Array[0, 4], Gen.UInt[1, 5]).Array[0, 30], Gen.Long[0, 6], Gen.Int[0, 2].Array[0, 6]).Sample((blocks, at, asked) =>
        {
            var table = new BlockTable();
            var model = new Dictionary<string, uint>();
            foreach ((int[] labels, uint seconds) in blocks)
            {
                table.Add(Name(labels), new BlockTerms("", seconds), 0);
                model[$"{Name(labels)}"] = Math.Max(model.GetValueOrDefault($"{Name(labels)}"), seconds);
            }

            BlockSnapshot snapshot = table.Snapshot();
            Assert.Equal(model.Count > 0, snapshot.HasNames);
            string? expected = Enumerable.Range(0, asked.Length + 1).Select(skipped => $"{Name(asked[skipped..])}")
                .FirstOrDefault(name => model.TryGetValue(name, out uint seconds) && at < seconds);
            byte[] upper = [.. Name(asked).Wire.ToArray().Select(static value => value >= 'a' ? (byte)(value - 32) : value)];
            Assert.Equal(expected, snapshot.Find(upper, at * Second)?.What);
        }, iter: 300);

    [Fact]
    public void A_block_is_renewed_and_counts_on()
    {
        var table = new BlockTable();
        BlockedRange range = BlockedRange.Of(Client(1), s_hosts);
        Assert.Equal(BlockOutcome.Inserted, table.Add(range, new BlockTerms("r", 10), 0));
        BlockSnapshot snapshot = table.Snapshot();
        Block block = snapshot.Find(Client(1), 0)!;
        block.CountHit();
        Assert.Equal(BlockOutcome.Renewed, table.Add(range, new BlockTerms("r", 10), 5 * Second));

        // Shards need no other snapshot to see that.
        Assert.Same(snapshot, table.Snapshot());
        Assert.Same(block, snapshot.Find(Client(1), (15 * Second) - 1));
        Assert.Null(snapshot.Find(Client(1), 15 * Second));
        Assert.Equal(15, block.SecondsLeft(1));
        Assert.Equal(BlockOutcome.Kept, table.Add(range, new BlockTerms("other", 2), 6 * Second));
        Assert.Equal("r", table.Find(range)!.Terms.Reason);
        Assert.Equal(BlockOutcome.Renewed, table.Add(range, new BlockTerms("other", 20), 6 * Second));
        Assert.NotSame(snapshot, table.Snapshot());
        Assert.Equal(("other", 1L), (table.Find(range)!.Terms.Reason, table.Find(range)!.Hits));
        block.CountHit();
        Assert.Equal(2, table.Find(range)!.Hits);

        // Once it is over it is another one.
        Assert.Equal(BlockOutcome.Inserted, table.Add(range, new BlockTerms("r", 10), 100 * Second));
        Assert.Equal(0, table.Find(range)!.Hits);
    }

    [Fact]
    public void A_block_takes_the_place_of_a_warning_and_never_the_other_way_round()
    {
        var table = new BlockTable { DefaultAction = BlockAction.Refused };
        BlockedRange range = BlockedRange.Of(Client(1), s_hosts);
        Assert.Equal(BlockOutcome.Inserted, table.Add(range, new BlockTerms("w", 100) { IsWarning = true, Action = BlockAction.NoOp }, 0));
        Assert.Equal(BlockAction.NoOp, table.Snapshot().ActionOf(table.Find(range)!));
        table.Find(range)!.CountHit();
        Assert.Equal(BlockOutcome.Inserted, table.Add(range, new BlockTerms("b", 10), 0));
        Assert.Equal(("b", 1L), (table.Find(range)!.Terms.Reason, table.Find(range)!.Hits));
        Assert.Equal(BlockAction.Refused, table.Snapshot().ActionOf(table.Find(range)!));
        Assert.Equal(BlockOutcome.Kept, table.Add(range, new BlockTerms("w", 100) { IsWarning = true }, 0));
        Assert.Equal(BlockOutcome.Inserted, table.Add(range, new BlockTerms("w", 100) { IsWarning = true }, 10 * Second));
    }

    [Theory]
    [InlineData(BlockAction.Truncate, BlockAction.Truncate)]
    [InlineData(BlockAction.None, BlockAction.Drop)]
    [InlineData(BlockAction.SetTag, BlockAction.Drop)]
    public void An_action_without_meaning_for_all_drops(BlockAction set, BlockAction done)
    {
        var table = new BlockTable { DefaultAction = set };
        table.Add(DomainName.Root, new BlockTerms("", 1), 0);
        table.Add(BlockedRange.Of(Client(1), s_hosts), new BlockTerms("", 1) { Action = BlockAction.SetTag }, 0);
        BlockSnapshot snapshot = table.Snapshot();
        Assert.Equal(done, snapshot.ActionOf(snapshot.Find([0], 0)!));
        Assert.Equal(BlockAction.SetTag, snapshot.ActionOf(snapshot.Find(Client(1), 0)!));
    }

    [Fact]
    public void Blocks_are_purged_when_they_are_over_and_removed_one_by_one_or_all()
    {
        var table = new BlockTable();
        table.Add(BlockedRange.Of(Client(1), s_hosts), new BlockTerms("", 1), 0);
        table.Add(BlockedRange.Of(Client(2), s_hosts), new BlockTerms("", 2), 0);
        table.Add(Name([1]), new BlockTerms("", 1), 0);
        table.Add(Name([2]), new BlockTerms("", 2), 0);
        Assert.Equal(2, table.Purge(Second));
        Assert.Equal(["198.51.100.2/32", "c."], table.All.Select(static block => block.What));
        Assert.True(table.Remove(Name([2])));
        Assert.False(table.Remove(Name([2])));
        Assert.Null(table.Snapshot().Find(Name([2]).Wire, 0));
        Assert.NotNull(table.Snapshot().Find(Client(2), 0));
        table.Clear();
        Assert.Null(table.Snapshot().Find(Client(2), 0));
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void When_there_is_no_room_those_that_are_there_stay_and_may_be_renewed()
    {
        var table = new BlockTable(most: 2);
        table.Add(BlockedRange.Of(Client(1), s_hosts), new BlockTerms("", 1), 0);
        table.Add(Name([1]), new BlockTerms("", 1), 0);
        Assert.Equal(BlockOutcome.Refused, table.Add(BlockedRange.Of(Client(2), s_hosts), new BlockTerms("", 1), 0));
        Assert.Equal(BlockOutcome.Renewed, table.Add(BlockedRange.Of(Client(1), s_hosts), new BlockTerms("", 2), 0));
        Assert.Equal(BlockOutcome.Inserted, table.Add(Name([1]), new BlockTerms("", 2), 10 * Second));
    }

    [Theory]
    [InlineData("192.0.2.77", 24, 0, "192.0.2.0/24")]
    [InlineData("192.0.2.77", 32, 0, "192.0.2.77/32")]
    [InlineData("192.0.2.77", 32, 4, "192.0.2.77:49152/4")]
    [InlineData("2001:db8::77", 32, 4, "2001:db8::/64")]
    public void Operators_read_who_is_blocked(string client, int bits, int portBits, string what) =>
        Assert.Equal(what, BlockedRange.Of(Clients.Of(client, 50_000), new AddressMasks(bits, 64, portBits)).ToString());

    [Fact]
    public void Looking_allocates_nothing()
    {
        var table = new BlockTable();
        for (uint i = 0; i < 1_000; i++)
        {
            table.Add(BlockedRange.Of(Clients.Numbered(i), s_hosts), new BlockTerms("", 1), 0);
        }

        table.Add(Name([1, 2]), new BlockTerms("", 1), 0);
        BlockSnapshot snapshot = table.Snapshot();
        SocketAddress there = Clients.Numbered(5), other = Client(1);
        byte[] name = Name([0, 1, 2]).Wire.ToArray();
        Allocations.AssertNone(() =>
        {
            Assert.True(snapshot.Find(there, 0) is not null && snapshot.Find(other, 0) is null && snapshot.Find(name, 0) is not null);
            snapshot.Find(there, 0)!.CountHit();
        });
    }

    private static AddressMasks MasksOf(BlockedRange range) => range.Key.IsIPv4 ? new(range.Bits, 128, range.PortBits) : new(32, range.Bits);

    private static SocketAddress Client(int number) => number % 2 == 0 && number > 2 ? Clients.Of($"2001:db8::{number:x}") : Clients.Of($"198.51.100.{number}", number * 1_000);

    private static DomainName Name(int[] labels)
    {
        byte[] wire = [.. labels.SelectMany(static label => new byte[] { 1, (byte)('a' + label) }), 0];
        Assert.True(DomainName.TryRead(wire, out DomainName? name));
        return name;
    }
}
