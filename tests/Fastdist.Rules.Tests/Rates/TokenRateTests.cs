using System;
using CsCheck;
using Fastdist.Rules.Rates;
using Xunit;

namespace Fastdist.Rules.Tests.Rates;

public class TokenRateTests
{
    // Those that divide a second of nanoseconds.
    private static readonly Gen<uint> s_exactRates = One.Of(0u, 1u, 2u, 5u, 10u, 40u, 125u, 1_000u, 8_000u, 50_000u, 1_000_000u);
    private static readonly Gen<long> s_pauses = Gen.OneOf(Gen.Long[0, 3], Gen.Long[0, 2_000], Gen.Long[0, 3_000_000]);

    [Fact]
    public void It_is_a_token_bucket() =>
        Gen.Select(s_exactRates, Gen.OneOf(Gen.UInt[0, 20], Gen.UInt), Gen.Long[0, 1L << 40], s_pauses.Array[1, 200]).Sample((perSecond, burst, start, pauses) =>
        {
            var rate = new TokenRate(perSecond, burst);
            var model = new NaiveBucket(perSecond, burst);
            long word = 0, now = start;
            foreach (long pause in pauses)
            {
                now += pause;
                Assert.Equal(model.TryTake(now), rate.TryTake(ref word, now * 1_000));
            }
        });

    [Fact]
    public void Whoever_asks_all_the_time_gets_the_burst_and_the_rate_within_one_percent() =>
        Gen.Select(Gen.OneOf(Gen.UInt[1, 100], Gen.UInt[1, 1_000_000]), Gen.UInt[1, 2_000]).Sample((perSecond, burst) =>
        {
            var rate = new TokenRate(perSecond, burst);
            long word = 0, taken = 0;
            long span = Math.Min(100_000_000_000 / perSecond, 50_000_000);
            for (long now = 0; now <= span; now += Math.Max(span / 1_000, 1))
            {
                while (rate.TryTake(ref word, now * 1_000))
                {
                    taken++;
                }
            }

            // What grows beyond a full bucket between two looks is lost.
            double most = burst + (span / 1e6 * perSecond);
            Assert.True(taken <= (most * 1.01) + 1, $"{taken} of {most}");
            Assert.True((perSecond * (span / 1e9)) + 1 > burst || taken >= (most * 0.99) - 1, $"{taken} of {most}");
        }, iter: 60);

    [Fact]
    public void Several_are_taken_together_or_none()
    {
        var rate = new TokenRate(10, 5);
        long word = 0;
        Assert.True(rate.TryTake(ref word, 0, 3));
        Assert.False(rate.TryTake(ref word, 0, 3));
        Assert.True(rate.TryTake(ref word, 0, 2));
        Assert.False(rate.TryTake(ref word, 99_999_999));
        Assert.True(rate.TryTake(ref word, 100_000_000));
    }

    [Fact]
    public void The_largest_bucket_is_counted_to_its_end()
    {
        var rate = new TokenRate(1, uint.MaxValue);
        long word = 0;
        long now = (1L << 62) - 1;
        Assert.True(rate.TryTake(ref word, now, uint.MaxValue - 1));
        Assert.True(rate.TryTake(ref word, now));
        Assert.False(rate.TryTake(ref word, now));
    }
}
