using Fastdist.Proxy.Limits;
using Xunit;

namespace Fastdist.Proxy.Tests.Limits;

public class TokenBucketTests
{
    private const long Second = LimitsBench.Second;

    [Fact]
    public void A_rate_of_zero_is_no_limit()
    {
        var bucket = default(TokenBucket);
        Assert.Equal(1000, TakeAll(ref bucket, new Rate(0, 10), now: Second, most: 1000));
        Assert.Equal(0, bucket.FullAt(new Rate(0, 10)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 10)]
    [InlineData(7, 3)]
    [InlineData(100, 10)]
    public void A_new_bucket_holds_a_bursts_worth(int perSecond, int burst)
    {
        var bucket = default(TokenBucket);
        Assert.Equal(perSecond * burst, TakeAll(ref bucket, new Rate(perSecond, burst), now: Second));
    }

    [Fact]
    public void A_token_comes_at_its_microsecond_and_not_before()
    {
        var rate = new Rate(3, 1);
        var bucket = default(TokenBucket);
        TakeAll(ref bucket, rate, now: Second);
        Assert.False(bucket.HasToken(rate, Second + 333_333));
        Assert.True(bucket.HasToken(rate, Second + 333_334));
        bucket.Take(rate, Second + 333_334);

        // The two thirds of a microsecond that the first one waited too long are not lost.
        Assert.False(bucket.HasToken(rate, Second + 666_666));
        Assert.True(bucket.HasToken(rate, Second + 666_667));
    }

    [Fact]
    public void Asking_costs_no_token_and_loses_none()
    {
        var rate = new Rate(1000, 1);
        var bucket = default(TokenBucket);
        TakeAll(ref bucket, rate, now: Second);
        for (long now = Second; now < 2 * Second; now += 7)
        {
            bucket.HasToken(rate, now);
        }

        Assert.Equal(1000, TakeAll(ref bucket, rate, 2 * Second));
    }

    [Fact]
    public void No_more_than_a_bursts_worth_is_saved_however_long_it_takes()
    {
        var rate = new Rate(1 << 20, 3600);
        var bucket = default(TokenBucket);
        bucket.Take(rate, 1);
        Assert.True(bucket.HasToken(rate, long.MaxValue));
        bucket.Take(rate, long.MaxValue);

        var slow = new Rate(2, 10);
        bucket = default;
        Assert.Equal(20, TakeAll(ref bucket, slow, now: Second));
        Assert.Equal(20, TakeAll(ref bucket, slow, now: 1_000_000 * Second));
    }

    [Fact]
    public void It_tells_when_it_will_be_full()
    {
        var rate = new Rate(3, 2);
        var bucket = default(TokenBucket);
        Assert.Equal(0, bucket.FullAt(rate));
        bucket.Take(rate, Second);
        Assert.Equal(Second + 333_334, bucket.FullAt(rate));
        bucket.Take(rate, Second);
        Assert.Equal(Second + 666_667, bucket.FullAt(rate));
        TakeAll(ref bucket, rate, Second);
        Assert.Equal(3 * Second, bucket.FullAt(rate));
        Assert.Equal(6, TakeAll(ref bucket, rate, 3 * Second));
    }

    private static int TakeAll(ref TokenBucket bucket, Rate rate, long now, int most = 100_000)
    {
        int taken = 0;
        while (taken < most && bucket.HasToken(rate, now))
        {
            bucket.Take(rate, now);
            taken++;
        }

        return taken;
    }
}
