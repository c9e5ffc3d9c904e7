using System;
using Fastdist.Proxy.Backends;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

public class BackoffTests
{
    private static readonly long[] s_pauses =
        [100_000, 200_000, 400_000, 800_000, 1_600_000, 3_000_000, 3_000_000, 3_000_000];

    [Fact]
    public void The_first_try_is_at_once() => Assert.True(new Backoff(new Random(1)).IsOver(0));

    [Fact]
    public void Pauses_double_up_to_three_seconds_each_off_by_a_quarter_at_most()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var backoff = new Backoff(new Random(seed));
            long now = 1_000_000;
            foreach (long pause in s_pauses)
            {
                backoff.Failed(now);
                Assert.False(backoff.IsOver(now + (pause * 3 / 4) - 1));
                Assert.True(backoff.IsOver(now + (pause * 5 / 4)));
                now += 10_000_000;
            }
        }
    }

    [Theory]
    [InlineData(0.0, 75_000)]
    [InlineData(0.5, 100_000)]
    [InlineData(1.0, 125_000)]
    public void Chance_moves_a_pause_over_the_whole_half(double drawn, long pause)
    {
        var backoff = new Backoff(new Fixed(drawn));
        backoff.Failed(0);
        Assert.False(backoff.IsOver(pause - 1));
        Assert.True(backoff.IsOver(pause));
    }

    [Fact]
    public void After_a_success_the_next_try_is_at_once_and_pauses_start_over()
    {
        var backoff = new Backoff(new Fixed(0.5));
        backoff.Failed(0);
        backoff.Failed(0);
        backoff.Succeeded();
        Assert.True(backoff.IsOver(0));
        backoff.Failed(0);
        Assert.True(backoff.IsOver(100_000));
    }

    [Fact]
    public void It_is_clear_until_a_failure_and_again_after_a_success()
    {
        var backoff = new Backoff(new Fixed(0.5));
        Assert.True(backoff.IsClear);
        backoff.Failed(0);
        Assert.False(backoff.IsClear);
        backoff.Succeeded();
        Assert.True(backoff.IsClear);
    }

    private sealed class Fixed(double drawn) : Random
    {
        public override double NextDouble() => drawn;
    }
}
