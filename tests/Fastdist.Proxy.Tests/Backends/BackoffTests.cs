using System;
using Fastdist.Proxy.Backends;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

public class BackoffTests
{
    private const long Least = 100_000, Most = 3_000_000;

    [Fact]
    public void The_first_try_is_at_once() => Assert.True(Create(new Random(1)).IsOver(0));

    [Theory]
    [InlineData(1, 0, 100_000)]
    [InlineData(1, 100_000, 100_000)]
    [InlineData(1, 400_000, 400_000)]
    [InlineData(1, 60_000_000, 3_000_000)]
    [InlineData(8, 400_000, 100_000)]
    [InlineData(8, 8_000_000, 1_000_000)]
    [InlineData(8, 60_000_000, 3_000_000)]
    public void A_pause_is_a_part_of_the_time_it_has_failed_within_bounds_and_off_by_a_quarter_at_most(int part, long failedFor, long pause)
    {
        const long Begin = 1_000_000;
        for (int seed = 0; seed < 200; seed++)
        {
            Backoff backoff = Create(new Random(seed), part);
            backoff.Failed(Begin);
            long now = Begin + failedFor;
            backoff.Failed(now);
            Assert.False(backoff.IsOver(now + (pause * 3 / 4) - 1));
            Assert.True(backoff.IsOver(now + (pause * 5 / 4)));
        }
    }

    [Theory]
    [InlineData(0.0, 75_000)]
    [InlineData(0.5, 100_000)]
    [InlineData(1.0, 125_000)]
    public void Chance_moves_a_pause_over_the_whole_half(double drawn, long pause)
    {
        Backoff backoff = Create(new Fixed(drawn));
        backoff.Failed(0);
        Assert.False(backoff.IsOver(pause - 1));
        Assert.True(backoff.IsOver(pause));
    }

    [Fact]
    public void After_a_success_the_next_try_is_at_once_and_pauses_start_over()
    {
        Backoff backoff = Create(new Fixed(0.5));
        backoff.Failed(0);
        backoff.Failed(1_000_000);
        backoff.Succeeded();
        Assert.True(backoff.IsOver(0));
        backoff.Failed(2_000_000);
        Assert.True(backoff.IsOver(2_000_000 + Least));
    }

    [Fact]
    public void It_is_clear_until_a_failure_and_again_after_a_success()
    {
        Backoff backoff = Create(new Fixed(0.5));
        Assert.True(backoff.IsClear);
        backoff.Failed(0);
        Assert.False(backoff.IsClear);
        backoff.Succeeded();
        Assert.True(backoff.IsClear);
    }

    private static Backoff Create(Random random, int part = 1) => new(random, Least, Most, part);

    private sealed class Fixed(double drawn) : Random
    {
        public override double NextDouble() => drawn;
    }
}
