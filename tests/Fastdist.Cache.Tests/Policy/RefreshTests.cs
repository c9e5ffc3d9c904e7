using System.Linq;
using Fastdist.Cache.Storage;
using Fastdist.Cache.Tests.Answers;
using Xunit;
using static Fastdist.Cache.Tests.Policy.CacheUnderTest;

namespace Fastdist.Cache.Tests.Policy;

/// <summary>Entries that are asked for often are renewed before they end.</summary>
public sealed class RefreshTests
{
    private static readonly byte[] s_query = One.Query();

    [Fact]
    public void One_of_all_shards_is_to_renew_an_entry_in_the_last_tenth_of_its_life()
    {
        using var cache = new CacheUnderTest();
        cache.Keep(s_query, Positive(1000));
        cache.Find(s_query);

        cache.Now += 899;
        Assert.False(cache.Find(s_query).MustRefresh);
        cache.Now += 51;
        Assert.True(cache.Find(s_query, shard: 1).MustRefresh);
        Assert.All(Enumerable.Range(0, 20), each => Assert.False(cache.Find(s_query, shard: each % 2).MustRefresh));
        Assert.Equal(1, cache.Cache.Figures.Refreshes);

        // Whoever renewed it, the next one is claimed anew.
        cache.Keep(s_query, Positive(1000));
        cache.Find(s_query);
        cache.Now += 999;
        Assert.True(cache.Find(s_query).MustRefresh);
    }

    [Fact]
    public void An_entry_that_nobody_asked_for_before_is_not_renewed()
    {
        using var cache = new CacheUnderTest();
        cache.Keep(s_query, Positive(1000));

        cache.Now += 999;
        Assert.False(cache.Find(s_query).MustRefresh);
        Assert.True(cache.Find(s_query).MustRefresh);
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void An_entry_that_lives_less_than_ten_seconds_is_not_renewed(uint ttl, bool isRenewed)
    {
        using var cache = new CacheUnderTest();
        cache.Keep(s_query, Positive(ttl));
        cache.Find(s_query);

        cache.Now += ttl - 1;
        Assert.Equal(isRenewed, cache.Find(s_query).MustRefresh);
    }

    [Fact]
    public void Failures_are_not_renewed_nor_anything_where_an_operator_wishes_so()
    {
        using var cache = new CacheUnderTest();
        cache.Keep(s_query, Failure(2));
        using var without = new CacheUnderTest(Many with { Refresh = false });
        without.Keep(s_query, Positive(60));
        without.Find(s_query);
        cache.Find(s_query);

        (cache.Now, without.Now) = (Start + 59, Start + 59);
        Assert.False(cache.Find(s_query).MustRefresh);
        Assert.False(without.Find(s_query).MustRefresh);
    }

    [Fact]
    public void Who_takes_stale_answers_renews_nothing()
    {
        using var cache = new CacheUnderTest();
        cache.Keep(s_query, Positive(60));
        cache.Find(s_query);

        cache.Now += 59;
        Assert.False(cache.Find(s_query, takesStale: true).MustRefresh);
    }

    [Fact]
    public void An_entry_is_due_at_a_time_of_its_own_within_the_last_tenth()
    {
        var budget = new RefreshBudget();
        var head = new EntryHead { Added = Start, Ends = Start + 1000 };
        uint[] first = [.. Enumerable.Range(0, 1000).Select(each => FirstDue(budget, in head, (ulong)each * 0x9E3779B97F4A7C15))];

        Assert.Equal(Start + 900, first.Min());
        Assert.Equal(Start + 950, first.Max());
        Assert.True(first.Distinct().Count() > 40);

        static uint FirstDue(RefreshBudget budget, in EntryHead head, ulong hash)
        {
            for (uint now = head.Added; ; now++)
            {
                if (budget.IsDue(in head, hash, now))
                {
                    return now;
                }
            }
        }
    }

    [Fact]
    public void An_entry_of_the_longest_life_there_is_is_due_at_its_end_only()
    {
        var budget = new RefreshBudget();
        var head = new EntryHead { Added = 1, Ends = uint.MaxValue };

        Assert.False(budget.IsDue(in head, 0, 0));
        Assert.False(budget.IsDue(in head, 0, uint.MaxValue / 2));
        Assert.True(budget.IsDue(in head, 0, uint.MaxValue - 1));
    }

    [Fact]
    public void No_more_than_a_tenth_of_what_is_asked_is_renewed_once_what_was_saved_is_spent()
    {
        var budget = new RefreshBudget();
        var head = new EntryHead { Added = Start, Ends = Start + 100 };
        int Spent(int looks)
        {
            int spent = 0;
            for (int i = 0; i < looks; i++)
            {
                budget.Earn();
                if (budget.IsDue(in head, 0, Start + 99))
                {
                    budget.Spend();
                    spent++;
                }
            }

            return spent;
        }

        // At first there are 100 saved, and no more than that are ever.
        Assert.Equal(199, Spent(1000));
        Assert.Equal(100, Spent(1000));
        for (int i = 0; i < 100_000; i++)
        {
            budget.Earn();
        }

        Assert.Equal(199, Spent(1000));
    }

    [Fact]
    public void After_a_failure_none_is_renewed_for_a_time_that_doubles_and_recovers()
    {
        var budget = new RefreshBudget();
        var head = new EntryHead { Added = Start, Ends = uint.MaxValue };
        uint now = uint.MaxValue - 100_000;
        foreach (uint pause in (uint[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            budget.Fail(now);

            // One that was under way together with it.
            budget.Fail(now);
            Assert.False(budget.IsDue(in head, 0, now + pause - 1));
            Assert.True(budget.IsDue(in head, 0, now + pause));
            now += pause;
        }

        now += 61;
        budget.Fail(now);
        Assert.True(budget.IsDue(in head, 0, now + 1));
    }

    [Fact]
    public void A_shard_whose_backends_fail_leaves_an_entry_to_others()
    {
        using var cache = new CacheUnderTest();
        cache.Keep(s_query, Positive(1000));
        cache.Find(s_query);
        cache.Now += 998;
        cache[0].RefreshFailed(cache.Now);

        Assert.False(cache.Find(s_query).MustRefresh);
        Assert.True(cache.Find(s_query, shard: 1).MustRefresh);
    }
}
