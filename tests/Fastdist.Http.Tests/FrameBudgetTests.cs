using Xunit;

namespace Fastdist.Http.Tests;

public class FrameBudgetTests
{
    [Fact]
    public void It_begins_full()
    {
        var budget = new FrameBudget(3);
        Assert.Equal(3, Spend(ref budget));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(99_999, 0)]
    [InlineData(100_000, 1)]
    [InlineData(550_000, 5)]
    [InlineData(1_000_000, 10)]
    [InlineData(long.MaxValue / 2, 10)]
    public void Time_refills_it_and_no_more_than_a_second_is_saved_up(long later, int expected)
    {
        var budget = new FrameBudget(10);
        budget.Refill(1_000_000);
        for (int i = 0; i < 10; i++)
        {
            Assert.True(budget.TrySpend());
        }

        budget.Refill(1_000_000 + later);
        Assert.Equal(expected, Spend(ref budget));
    }

    [Fact]
    public void A_clock_that_goes_back_takes_nothing()
    {
        var budget = new FrameBudget(10);
        budget.Refill(1_000_000);
        budget.Refill(0);
        Assert.Equal(10, Spend(ref budget));
    }

    [Fact]
    public void Credit_is_one_frame_and_does_not_pile_up()
    {
        var budget = new FrameBudget(2);
        Assert.True(budget.TrySpend());
        Assert.True(budget.TrySpend());
        budget.Credit();
        Assert.Equal(1, Spend(ref budget));
        for (int i = 0; i < 100; i++)
        {
            budget.Credit();
        }

        Assert.Equal(2, Spend(ref budget));
    }

    [Fact]
    public void The_largest_rate_does_not_overflow()
    {
        var budget = new FrameBudget(int.MaxValue);
        budget.Refill(1);
        budget.Refill(long.MaxValue);
        Assert.True(budget.TrySpend());
    }

    private static int Spend(ref FrameBudget budget)
    {
        int count = 0;
        while (budget.TrySpend())
        {
            count++;
        }

        return count;
    }
}
