using System;
using System.Collections.Generic;
using Fastdist.Rules.Addresses;
using Fastdist.Rules.Blocks;
using Xunit;

namespace Fastdist.Rules.Tests.Blocks;

public class ClientWindowTests
{
    [Fact]
    public void At_the_bound_those_that_were_seen_least_are_left_out()
    {
        var plan = new BlockPlan(new BlockRules { QueryRate = new RateRule(1) { Seconds = 10 } });
        var window = new ClientWindow(plan, shards: 2, mostRecords: 2_000);
        for (int second = 1; second <= 25; second++)
        {
            Work(window.AdvanceTo(second));
            var counts = new ClientCounts(32_768, plan.Columns);
            for (uint client = 0; client < 500; client++)
            {
                for (int times = 0; times < (client < 50 ? 3 : 1); times++)
                {
                    counts.See(AddressKey.OfIPv4((uint)(client < 50 ? client : (second * 1_000) + client), 0))[0]++;
                }
            }

            Work(window.Add(counts, second));
        }

        // A hundred records of a shard and second: of the others all would have to be taken.
        Assert.Equal(50, window.Count);
        for (int client = 0; client < window.End; client++)
        {
            Assert.True(window.TryRead(client, out _, out ReadOnlySpan<long> sums));
            Assert.Equal(30, sums[0]);
        }
    }

    [Fact]
    public void Numbers_of_clients_that_have_gone_are_used_again()
    {
        var plan = new BlockPlan(new BlockRules { QueryRate = new RateRule(1) { Seconds = 2 } });
        var window = new ClientWindow(plan, shards: 1);
        for (int second = 1; second <= 50; second++)
        {
            Work(window.AdvanceTo(second));
            var counts = new ClientCounts(65_536, plan.Columns);
            for (uint client = 0; client < 2_000; client++)
            {
                counts.See(AddressKey.OfIPv4((uint)(second * 10_000) + client, 0))[0]++;
            }

            Work(window.Add(counts, second));
        }

        Assert.InRange(window.End, 3_900, 6_000);
        Work(window.AdvanceTo(1_000_000_000));
        Assert.Equal(0, window.Count);
    }

    [Fact]
    public void No_rule_may_look_back_for_longer_than_there_is_room_for() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockPlan(new BlockRules { QueryRate = new RateRule(1) { Seconds = BlockRules.LongestSeconds + 1 } }));

    [Fact]
    public void A_rule_without_seconds_looks_back_as_far_as_the_longest()
    {
        var plan = new BlockPlan(new BlockRules { QueryRate = new RateRule(1) { Seconds = 0 }, ResponseByteRate = new RateRule(1) { Seconds = 20 } });
        Assert.All(plan.Sums, static sum => Assert.Equal(20, sum.Seconds));
    }

    private static void Work(IEnumerable<int> pieces) => Assert.All(pieces, static done => Assert.InRange(done, 1, 512));
}
