using Fastdist.Proxy.Backends;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

public class TokenBucketTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void A_rate_of_zero_is_no_limit()
    {
        var bucket = new TokenBucket(0);
        Assert.Equal(1000, TakeAll(bucket, now: 5 * Second, most: 1000));
    }

    [Fact]
    public void A_bucket_starts_with_one_seconds_worth() =>
        Assert.Equal(10, TakeAll(new TokenBucket(10), now: 5 * Second));

    [Fact]
    public void Tokens_come_at_the_rate()
    {
        var bucket = new TokenBucket(10);
        TakeAll(bucket, now: 5 * Second);
        Assert.False(bucket.HasToken((5 * Second) + 99_000));
        Assert.True(bucket.HasToken((5 * Second) + 101_000));
        Assert.Equal(5, TakeAll(bucket, (5 * Second) + 501_000));
    }

    [Fact]
    public void No_more_than_one_seconds_worth_is_saved()
    {
        var bucket = new TokenBucket(10);
        TakeAll(bucket, now: 5 * Second);
        Assert.Equal(10, TakeAll(bucket, now: 500 * Second));
    }

    [Fact]
    public void A_share_below_one_a_second_still_gives_a_token_in_time()
    {
        var bucket = new TokenBucket(0.25);
        Assert.Equal(1, TakeAll(bucket, now: 5 * Second));
        Assert.False(bucket.HasToken((9 * Second) - 1000));
        Assert.True(bucket.HasToken((9 * Second) + 1000));
    }

    [Fact]
    public void Asking_often_costs_no_token_and_loses_none()
    {
        var bucket = new TokenBucket(1000);
        TakeAll(bucket, now: Second);
        for (long now = Second; now < 2 * Second; now += 7)
        {
            bucket.HasToken(now);
        }

        Assert.InRange(TakeAll(bucket, 2 * Second), 999, 1000);
    }

    private static int TakeAll(TokenBucket bucket, long now, int most = 100_000)
    {
        int taken = 0;
        while (taken < most && bucket.HasToken(now))
        {
            bucket.Take();
            taken++;
        }

        return taken;
    }
}
