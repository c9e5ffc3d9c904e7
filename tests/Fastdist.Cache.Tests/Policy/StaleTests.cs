using Fastdist.Cache.Tests.Answers;
using Xunit;
using static Fastdist.Cache.Tests.Policy.CacheUnderTest;

namespace Fastdist.Cache.Tests.Policy;

/// <summary>Answers that are given after their time when backends do not answer (RFC 8767).</summary>
public sealed class StaleTests
{
    private static readonly byte[] s_query = One.Query();

    [Fact]
    public void An_answer_is_stale_from_its_end_on_for_as_long_as_is_wished()
    {
        using var cache = new CacheUnderTest() { StaleFor = 50 };
        cache.Keep(s_query, Positive(300));

        Assert.Equal(Look.Found, cache.LookAfter(299, s_query));
        Assert.Equal(Look.Stale, cache.LookAfter(300, s_query));
        Assert.Equal(Look.Stale, cache.LookAfter(349, s_query));
        Assert.Equal(Look.Missing, cache.LookAfter(350, s_query));
    }

    [Fact]
    public void Without_a_time_for_it_nothing_is_stale()
    {
        using var cache = new CacheUnderTest();
        cache.Keep(s_query, Positive(300));

        cache.Now += 300;
        Assert.Equal(Look.Missing, cache.Find(s_query, takesStale: true).Look);
    }

    [Fact]
    public void A_stale_answer_has_one_TTL_everywhere_even_a_longer_one_and_no_error_without_OPT()
    {
        using var cache = new CacheUnderTest(Many with { StaleTtl = 40 }) { StaleFor = 100 };
        cache.Keep(s_query, One.Answer(Address(20), Soa(7000)));

        cache.Now += 30;
        Outcome found = cache.Find(s_query, takesStale: true);
        Assert.True(found.IsStale);
        Assert.Equal(ToClient(One.Answer(Address(40), Soa(40))), found.Answer);
    }

    [Theory]
    [InlineData("8180", "0003")]
    [InlineData("8183", "0013")]
    public void A_client_with_OPT_is_told_that_it_is_stale(string flags, string error)
    {
        using var cache = new CacheUnderTest(Many with { StaleTtl = 30, DontAge = true }) { StaleFor = 100 };
        byte[] query = One.Query("");
        cache.Keep(query, One.Answer("", Soa(20), options: "000F 0002 0004", flags: flags));

        Assert.Equal(ToClient(One.Answer("", Soa(20), options: "000F 0002 0004", flags: flags)), cache.Find(query, takesStale: true).Answer);
        cache.Now += 20;
        byte[] expected = ToClient(One.Answer("", Soa(30), options: "000F 0002 0004 000F 0002" + error, flags: flags));
        Assert.Equal(expected, cache.Find(query, takesStale: true).Answer);
    }

    [Fact]
    public void Negative_answers_are_given_stale_only_where_an_operator_wishes()
    {
        using var cache = new CacheUnderTest(Many with { StaleNegatives = false }) { StaleFor = 100 };
        byte[] other = One.Query(flags: "0000");
        cache.Keep(s_query, NameError(20));
        cache.Keep(other, NoData(20));

        Assert.Equal(Look.Missing, cache.LookAfter(20, s_query));
        Assert.Equal(Look.Missing, cache.LookAfter(20, other));
        cache.Now += 20;

        // Nobody gets it any more, so that a failure may take its place.
        Assert.True(cache.Keep(s_query, Failure(2)));
        Assert.Equal(ToClient(Failure(2)), cache.Find(s_query).Answer);
    }

    [Fact]
    public void A_failure_is_never_given_stale()
    {
        using var cache = new CacheUnderTest() { StaleFor = 100 };
        cache.Keep(s_query, Failure(2));

        Assert.Equal(Look.Missing, cache.LookAfter(60, s_query));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void A_failure_does_not_replace_an_answer_that_may_still_be_given(uint staleFor)
    {
        using var cache = new CacheUnderTest() { StaleFor = staleFor };
        cache.Keep(s_query, Positive(300));

        cache.Now += 299 + staleFor;
        Assert.False(cache.Keep(s_query, Failure(2), shard: 1));
        Assert.Equal(staleFor == 0 ? Look.Found : Look.Stale, cache.Find(s_query).Look);
        cache.Now++;
        Assert.True(cache.Keep(s_query, Failure(2), shard: 1));
        Assert.Equal(ToClient(Failure(2)), cache.Find(s_query).Answer);
    }

    [Fact]
    public void A_failure_replaces_a_failure_and_an_answer_replaces_any()
    {
        using var cache = new CacheUnderTest() { StaleFor = 100 };

        Assert.True(cache.Keep(s_query, Failure(2)));
        Assert.True(cache.Keep(s_query, Failure(5)));
        Assert.Equal(ToClient(Failure(5)), cache.Find(s_query).Answer);
        Assert.True(cache.Keep(s_query, NameError(300)));
        Assert.Equal(ToClient(NameError(300)), cache.Find(s_query).Answer);
    }

    [Fact]
    public void Who_takes_stale_answers_gets_a_fresh_one_as_it_is()
    {
        using var cache = new CacheUnderTest(Many with { StaleTtl = 7 }) { StaleFor = 100 };
        cache.Keep(s_query, Positive(300));

        cache.Now += 10;
        Outcome found = cache.Find(s_query, takesStale: true);
        Assert.Equal((Look.Found, false, false), (found.Look, found.IsStale, found.MustRefresh));
        Assert.Equal(ToClient(Positive(290)), found.Answer);
    }

    [Fact]
    public void Cleaning_leaves_what_may_be_given_stale_to_who_says_since_when()
    {
        using var cache = new CacheUnderTest() { StaleFor = 100 };
        cache.Keep(s_query, Positive(300));

        Assert.Equal(0, cache.Cache.PurgeExpired(0, cache.Now + 399 - cache.StaleFor));
        Assert.Equal(Look.Stale, cache.LookAfter(399, s_query));
        Assert.Equal(1, cache.Cache.PurgeExpired(0, cache.Now + 400 - cache.StaleFor));
        Assert.Equal(Look.Missing, cache.LookAfter(399, s_query));
    }
}
