using Fastdist.Cache.Tests.Answers;
using Xunit;
using static Fastdist.Cache.Tests.Policy.CacheUnderTest;

namespace Fastdist.Cache.Tests.Policy;

/// <summary>How long answers are found, and with which TTLs: dnsdist's rules, section 5.3 and 5.4 of the reference.</summary>
public sealed class LifetimeRuleTests
{
    private static readonly byte[] s_query = One.Query();

    [Fact]
    public void An_answer_is_found_until_its_last_second_with_the_TTL_that_is_left()
    {
        using var cache = new CacheUnderTest();
        Assert.True(cache.Keep(s_query, Positive(300)));

        foreach (uint age in (uint[])[0, 1, 150, 299])
        {
            cache.Now = Start + age;
            Outcome found = cache.Find(s_query);
            Assert.Equal(Look.Found, found.Look);
            Assert.Equal(ToClient(Positive(300 - age)), found.Answer);
        }

        Assert.Equal(Look.Missing, cache.LookAfter(1, s_query));
    }

    [Fact]
    public void The_smallest_TTL_decides_and_every_TTL_is_aged()
    {
        static byte[] Answer(uint age) => One.Answer(Address(300 - age), Soa(7000 - age), Address(60 - age), options: "");
        using var cache = new CacheUnderTest();
        byte[] query = One.Query("");
        Assert.True(cache.Keep(query, Answer(0)));

        cache.Now += 59;
        Assert.Equal(ToClient(Answer(59)), cache.Find(query).Answer);
        Assert.Equal(Look.Missing, cache.LookAfter(1, query));
    }

    [Fact]
    public void What_ends_before_the_least_TTL_is_refused_and_counted()
    {
        using var cache = new CacheUnderTest(Many with { MinTtl = 30 });

        Assert.False(cache.Keep(s_query, Positive(29)));
        Assert.Equal(1, cache.Cache.Figures.TtlTooShorts);
        Assert.True(cache.Keep(s_query, Positive(30)));
        Assert.Equal(ToClient(Positive(30)), cache.Find(s_query).Answer);
        Assert.Equal(1, cache.Cache.Figures.TtlTooShorts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x80000000)]
    [InlineData(0xFFFFFFFF)]
    public void A_TTL_of_zero_and_one_above_31_bits_which_counts_as_zero_are_too_short(uint ttl)
    {
        using var cache = new CacheUnderTest();

        Assert.False(cache.Keep(s_query, Positive(ttl)));
        Assert.Equal(1, cache.Cache.Figures.TtlTooShorts);
        Assert.Equal(0, cache.Cache.Figures.Entries);
    }

    [Fact]
    public void The_longest_TTL_limits_how_long_an_answer_is_kept_but_not_what_it_says()
    {
        using var cache = new CacheUnderTest(Many with { MaxTtl = 100 });
        cache.Keep(s_query, Positive(3600));

        cache.Now += 99;
        Assert.Equal(ToClient(Positive(3501)), cache.Find(s_query).Answer);
        Assert.Equal(Look.Missing, cache.LookAfter(1, s_query));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Negative_answers_have_a_longest_TTL_of_their_own(bool isNameError)
    {
        using var cache = new CacheUnderTest(Many with { MaxTtl = 10, MaxNegativeTtl = 200 });
        byte[] answer = isNameError ? NameError(3600) : NoData(3600);
        Assert.True(cache.Keep(s_query, answer));

        Assert.Equal(Look.Found, cache.LookAfter(199, s_query));
        Assert.Equal(Look.Missing, cache.LookAfter(200, s_query));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void A_failure_is_kept_as_long_as_failures_are_or_as_its_query_says(int rcode)
    {
        using var cache = new CacheUnderTest(Many with { TemporaryFailureTtl = 20, MinTtl = 100 });
        Assert.True(cache.Keep(s_query, Failure(rcode)));
        Assert.Equal(ToClient(Failure(rcode)), cache.Find(s_query).Answer);
        Assert.Equal(Look.Found, cache.LookAfter(19, s_query));
        Assert.Equal(Look.Missing, cache.LookAfter(20, s_query));

        Assert.True(cache.Keep(s_query, Failure(rcode), failureTtl: 3));
        Assert.Equal(Look.Found, cache.LookAfter(2, s_query));
        Assert.Equal(Look.Missing, cache.LookAfter(3, s_query));
        cache.Now += 3;
        Assert.False(cache.Keep(s_query, Failure(rcode), failureTtl: 0));
        Assert.Equal(0, cache.Cache.Figures.TtlTooShorts);
    }

    [Fact]
    public void A_failure_is_not_kept_when_failures_are_not_but_where_its_query_says_so()
    {
        using var cache = new CacheUnderTest(Many with { TemporaryFailureTtl = 0 });

        Assert.False(cache.Keep(s_query, Failure(2)));
        Assert.True(cache.Keep(s_query, Failure(2), failureTtl: 1));
    }

    [Fact]
    public void An_answer_without_records_that_is_no_failure_is_not_kept()
    {
        using var cache = new CacheUnderTest();

        Assert.False(cache.Keep(s_query, Failure(0)));
        Assert.False(cache.Keep(s_query, Failure(1)));
        Assert.False(cache.Keep(s_query, Failure(4)));
        Assert.Equal(0, cache.Cache.Figures.TtlTooShorts);
    }

    [Fact]
    public void An_answer_with_TC_is_kept_only_for_as_long_as_such_are_and_given_only_to_who_can_ask_again()
    {
        byte[] cut = One.Answer(Address(300), flags: "8380");
        using var without = new CacheUnderTest();
        Assert.False(without.Keep(s_query, cut));

        using var cache = new CacheUnderTest(Many with { TruncatedTtl = 10 });
        Assert.True(cache.Keep(s_query, cut));
        Assert.Equal(ToClient(cut), cache.Find(s_query).Answer);
        Assert.Equal(Look.Missing, cache.Find(s_query, wantsWhole: true).Look);
        Assert.Equal(Look.Found, cache.LookAfter(9, s_query));
        Assert.Equal(Look.Missing, cache.LookAfter(10, s_query));
    }

    [Fact]
    public void An_answer_with_TC_does_not_replace_a_whole_one_in_its_time()
    {
        byte[] cut = One.Answer(flags: "8380");
        using var cache = new CacheUnderTest(Many with { TruncatedTtl = 10 }) { StaleFor = 1000 };
        cache.Keep(s_query, Positive(300));

        Assert.False(cache.Keep(s_query, cut));
        Assert.Equal(ToClient(Positive(300)), cache.Find(s_query, wantsWhole: true).Answer);
        cache.Now += 300;
        Assert.True(cache.Keep(s_query, cut));
        Assert.True(cache.Keep(s_query, Positive(300)));
        Assert.Equal(ToClient(Positive(300)), cache.Find(s_query, wantsWhole: true).Answer);
    }

    [Fact]
    public void TTLs_stay_as_they_came_where_an_operator_wishes()
    {
        using var cache = new CacheUnderTest(Many with { DontAge = true });
        cache.Keep(s_query, Positive(300));

        cache.Now += 299;
        Assert.Equal(ToClient(Positive(300)), cache.Find(s_query).Answer);
        Assert.Equal(Look.Missing, cache.LookAfter(1, s_query));
    }

    [Fact]
    public void The_latter_of_two_answers_is_kept()
    {
        using var cache = new CacheUnderTest();
        cache.Keep(s_query, Positive(300));
        cache.Keep(s_query, Positive(20), shard: 1);

        Assert.Equal(ToClient(Positive(20)), cache.Find(s_query).Answer);
        Assert.Equal(1, cache.Cache.Figures.Entries);
    }

    [Fact]
    public void An_answer_is_as_old_as_nothing_to_a_shard_whose_clock_is_a_second_behind()
    {
        using var cache = new CacheUnderTest();
        cache.Keep(s_query, Positive(300));

        cache.Now--;
        Assert.Equal(ToClient(Positive(300)), cache.Find(s_query, shard: 1).Answer);
    }

    [Fact]
    public void The_clock_may_be_near_its_beginning_or_its_end()
    {
        using var cache = new CacheUnderTest(Many with { MaxTtl = uint.MaxValue, TemporaryFailureTtl = uint.MaxValue - 1 }) { StaleFor = 86_400, Now = 0 };
        Assert.True(cache.Keep(s_query, Positive(300)));
        Assert.Equal(ToClient(Positive(300)), cache.Find(s_query).Answer);
        Assert.False(cache.Keep(s_query, Failure(2)));
        Assert.Equal(Look.Stale, cache.LookAfter(300, s_query));

        using var late = new CacheUnderTest(cache.Cache.Options) { StaleFor = 86_400, Now = uint.MaxValue - 10 };
        Assert.True(late.Keep(s_query, Failure(2)));
        Assert.Equal(Look.Found, late.LookAfter(9, s_query));
        Assert.True(late.Keep(s_query, Positive(0x7FFFFFFF)));
        Assert.Equal(ToClient(Positive(0x7FFFFFFF)), late.Find(s_query).Answer);
    }
}
