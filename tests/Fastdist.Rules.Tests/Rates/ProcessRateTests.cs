using System;
using System.Linq;
using System.Threading;
using CsCheck;
using Fastdist.Rules.Rates;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Rules.Tests.Rates;

public class ProcessRateTests
{
    [Fact]
    public void One_shard_takes_what_a_bucket_has_within_one_percent() =>
        Gen.Select(Gen.UInt[0, 2_000], Gen.UInt[0, 2_000], Gen.Long[0, 3_000].Array[1, 500]).Sample((perSecond, burst, pauses) =>
        {
            RateLease lease = new ProcessRate(perSecond, burst, 1).CreateLease();
            var model = new NaiveBucket(perSecond, burst);
            long now = 0, taken = 0, expected = 0;
            foreach (long pause in pauses)
            {
                now += pause;
                for (int i = 0; i < 10; i++)
                {
                    taken += lease.TryTake(now) ? 1 : 0;
                    expected += model.TryTake(now) ? 1 : 0;
                }
            }

            Assert.InRange(taken, (expected * 0.99) - 1, (expected * 1.01) + 1);
        });

    [Fact]
    public void Never_is_more_than_a_burst_taken_at_once() =>
        Gen.Select(Gen.UInt[0, 1_000_000], Gen.UInt[0, 20_000], Gen.Int[1, 16], Gen.Select(Gen.Int[0, 15], Gen.Int[0, 2_000], Gen.Long[0, 1_000_000]).Array[0, 20]).Sample(
            (perSecond, burst, shards, before) =>
            {
                var rate = new ProcessRate(perSecond, burst, shards);
                RateLease[] leases = [.. Enumerable.Range(0, shards).Select(_ => rate.CreateLease())];
                long now = 0;
                foreach ((int shard, int count, long pause) in before)
                {
                    Take(leases[shard % shards], now += pause, count);
                }

                long taken = leases.Sum(lease => Take(lease, now, int.MaxValue));
                Assert.InRange(taken, 0, burst);

                // After a long pause a burst is there, but for what one shard cannot take because others hold it.
                now += 1L << 50;
                Assert.InRange(Take(leases[0], now, int.MaxValue), perSecond == 0 ? 0 : (burst * 0.99) - 1, burst);
            }, iter: 50);

    [Fact]
    public void Shards_share_the_rate_within_one_percent_however_unevenly_they_ask() =>
        Gen.Select(Gen.UInt[1, 1_000_000], Gen.Int[1, 16], Gen.Int[1, 1_000].Array[1, 16]).Sample((perSecond, shards, weights) =>
        {
            var rate = new ProcessRate(perSecond, Math.Max(perSecond / 10, 1), shards);
            RateLease[] leases = [.. Enumerable.Range(0, shards).Select(_ => rate.CreateLease())];
            long taken = 0;
            for (long now = 0; now <= 2_000_000; now += 10_000)
            {
                // All together ask for more than there is; some of the shards for little.
                for (int i = 0; i < shards - 1; i++)
                {
                    taken += Take(leases[i], now, weights[i % weights.Length] * (int)(perSecond / 100_000 + 1) / 500);
                }

                taken += Take(leases[^1], now, int.MaxValue);
            }

            double expected = rate.Burst + (2.0 * perSecond);
            Assert.InRange(taken, (expected * 0.985) - 2, (expected * 1.01) + 2);
        }, iter: 30);

    [Fact]
    public void Threads_share_it()
    {
        const int Steps = 1_000;
        var rate = new ProcessRate(100_000, 1_000, 2);
        long taken = 0;
        using var barrier = new Barrier(2);
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            RateLease lease = rate.CreateLease();
            for (int step = 0; step <= Steps; step++)
            {
                barrier.SignalAndWait();
                Interlocked.Add(ref taken, Take(lease, step * 1_000, 200));
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        Assert.InRange(taken, 101_000 * 0.99, 101_000);
    }

    [Fact]
    public void Taking_allocates_nothing()
    {
        RateLease lease = new ProcessRate(100_000, 100_000, 4).CreateLease();
        long now = 0;
        Allocations.AssertNone(() => Take(lease, now += 1_000, 1_000));
    }

    [Fact]
    public void A_script_has_a_bucket_of_its_own()
    {
        var limiter = new QpsLimiter(10, 2);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => limiter.Check(0)));
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(_ => limiter.Check(100_000)));
    }

    private static long Take(RateLease lease, long now, int most)
    {
        long taken = 0;
        for (; taken < most && lease.TryTake(now); taken++)
        {
        }

        return taken;
    }
}
