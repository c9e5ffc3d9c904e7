using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Limits;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

public class QueryRateTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void A_rate_of_zero_is_no_limit()
    {
        var rate = Of(0);
        Assert.Equal(1000, TakeAll(rate, now: 5 * Second, most: 1000));
    }

    [Fact]
    public void A_rate_starts_with_one_seconds_worth() =>
        Assert.Equal(10, TakeAll(Of(10), now: 5 * Second));

    [Fact]
    public void Tokens_come_at_the_rate()
    {
        var rate = Of(10);
        TakeAll(rate, now: 5 * Second);
        Assert.False(rate.HasRoom((5 * Second) + 99_000));
        Assert.True(rate.HasRoom((5 * Second) + 101_000));
        Assert.Equal(5, TakeAll(rate, (5 * Second) + 501_000));
    }

    [Fact]
    public void No_more_than_one_seconds_worth_is_saved()
    {
        var rate = Of(10);
        TakeAll(rate, now: 5 * Second);
        Assert.Equal(10, TakeAll(rate, now: 500 * Second));
    }

    [Fact]
    public void A_share_below_one_a_second_still_gives_a_token_in_time()
    {
        var rate = Of(1, shares: 4);
        Assert.Equal(1, TakeAll(rate, now: 5 * Second));
        Assert.False(rate.HasRoom((9 * Second) - 1000));
        Assert.True(rate.HasRoom((9 * Second) + 1000));
    }

    [Fact]
    public void Asking_often_costs_no_token_and_loses_none()
    {
        var rate = Of(1000);
        TakeAll(rate, now: Second);
        for (long now = Second; now < 2 * Second; now += 7)
        {
            rate.HasRoom(now);
        }

        Assert.InRange(TakeAll(rate, 2 * Second), 999, 1000);
    }

    private static QueryRate Of(int perSecond, int shares = 1) => new(new Rate(perSecond, BurstSeconds: 1, shares));

    private static int TakeAll(QueryRate rate, long now, int most = 100_000)
    {
        int taken = 0;
        while (taken < most && rate.HasRoom(now))
        {
            rate.Take(now);
            taken++;
        }

        return taken;
    }
}
