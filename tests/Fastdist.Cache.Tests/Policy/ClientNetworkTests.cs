using System.Linq;
using Fastdist.Cache.Tests.Answers;
using Fastdist.Fuzz;
using Xunit;
using static Fastdist.Cache.Tests.Policy.CacheUnderTest;

namespace Fastdist.Cache.Tests.Policy;

/// <summary>Answers that are for some networks only (RFC 7871 section 7.3).</summary>
public sealed class ClientNetworkTests
{
    private static readonly byte[] s_query = One.Query();

    [Fact]
    public void An_answer_of_scope_zero_serves_all_networks_and_who_hides_his()
    {
        using var cache = new CacheUnderTest();
        Assert.True(cache.Keep(s_query, Positive(300), Told.Of("192.0.2.0/24")));

        Assert.Equal(ToClient(Positive(300)), cache.Find(s_query, Told.Of("198.51.100.0/24")).Answer);
        Assert.Equal(Look.Found, cache.Find(s_query, Told.Of("2001:db8::/56")).Look);
        Assert.Equal(Look.Found, cache.Find(s_query, Told.Hidden).Look);
        Assert.Equal(Look.Missing, cache.Find(s_query).Look);
        Assert.Equal(1, cache.Cache.Figures.Entries);
    }

    [Fact]
    public void An_answer_serves_the_networks_of_its_scope_and_no_others()
    {
        using var cache = new CacheUnderTest();
        Assert.True(cache.Keep(s_query, Positive(300), Told.Of("192.0.2.0/24"), scope: 20));

        Assert.Equal(Look.Found, cache.Find(s_query, Told.Of("192.0.2.0/24")).Look);
        Assert.Equal(Look.Found, cache.Find(s_query, Told.Of("192.0.15.0/24")).Look);
        Assert.Equal(Look.Found, cache.Find(s_query, Told.Of("192.0.2.77/32")).Look);
        Assert.Equal(Look.Missing, cache.Find(s_query, Told.Of("192.0.16.0/24")).Look);
        Assert.Equal(Look.Missing, cache.Find(s_query, Told.Of("192.0.0.0/19")).Look);
        Assert.Equal(Look.Missing, cache.Find(s_query, Told.Hidden).Look);
        Assert.Equal(Look.Missing, cache.Find(s_query).Look);
    }

    [Fact]
    public void An_answer_of_a_longer_scope_than_was_told_serves_who_tells_just_as_much()
    {
        using var cache = new CacheUnderTest();
        Assert.True(cache.Keep(s_query, Positive(300), Told.Of("192.0.0.0/16"), scope: 24));

        Assert.Equal(Look.Found, cache.Find(s_query, Told.Of("192.0.0.0/16")).Look);
        Assert.Equal(Look.Missing, cache.Find(s_query, Told.Of("192.0.2.0/24")).Look);
        Assert.Equal(Look.Missing, cache.Find(s_query, Told.Of("192.1.0.0/16")).Look);
    }

    [Fact]
    public void An_answer_that_says_nothing_of_networks_though_others_do_is_for_who_asked()
    {
        using var cache = new CacheUnderTest();
        Assert.True(cache.Keep(s_query, Positive(300), Told.Of("192.0.2.0/24"), KeepTerms.Unsaid));

        Assert.Equal(Look.Found, cache.Find(s_query, Told.Of("192.0.2.0/24")).Look);
        Assert.Equal(Look.Missing, cache.Find(s_query, Told.Of("192.0.3.0/24")).Look);
    }

    [Fact]
    public void An_answer_about_another_network_than_was_told_is_not_kept()
    {
        using var cache = new CacheUnderTest();
        byte[] answer = One.Answer(options: "0008 0007 0001 18 18 C00003");
        ClientNetwork told = ClientNetwork.Of([192, 0, 2, 0], 24, isOurs: true);
        int scope = ShardCache.ScopeOf(answer, in told);

        Assert.Equal(KeepTerms.Unsound, scope);
        Assert.False(cache.Keep(s_query, answer, Told.Of("192.0.2.0/24"), scope));
        Assert.False(cache.Keep(s_query, answer, null, scope));
        Assert.Equal(0, cache.Cache.Figures.Entries);
    }

    [Fact]
    public void The_answer_for_the_smallest_network_is_taken()
    {
        using var cache = new CacheUnderTest();
        foreach ((int scope, uint ttl) in ((int, uint)[])[(16, 316), (32, 332), (24, 324), (8, 308)])
        {
            Assert.True(cache.Keep(s_query, Positive(ttl), Told.Of("192.0.2.1/32"), scope));
        }

        Assert.Equal(ToClient(Positive(332)), cache.Find(s_query, Told.Of("192.0.2.1/32")).Answer);
        Assert.Equal(ToClient(Positive(324)), cache.Find(s_query, Told.Of("192.0.2.2/32")).Answer);
        Assert.Equal(ToClient(Positive(316)), cache.Find(s_query, Told.Of("192.0.3.1/32")).Answer);
        Assert.Equal(ToClient(Positive(308)), cache.Find(s_query, Told.Of("192.9.9.9/32")).Answer);
        Assert.Equal(ToClient(Positive(316)), cache.Find(s_query, Told.Of("192.0.0.0/16")).Answer);
    }

    [Fact]
    public void An_answer_for_a_small_network_whose_time_is_over_hides_none_for_a_larger_one()
    {
        using var cache = new CacheUnderTest() { StaleFor = 1000 };
        cache.Keep(s_query, Positive(20), Told.Of("192.0.2.0/24"), scope: 24);
        cache.Now += 20;
        Assert.Equal(Look.Stale, cache.Find(s_query, Told.Of("192.0.2.0/24")).Look);
        cache.Keep(s_query, Positive(300), Told.Of("192.0.2.0/24"), scope: 16);

        Assert.Equal(ToClient(Positive(300)), cache.Find(s_query, Told.Of("192.0.2.0/24")).Answer);
        cache.Now += 300;
        Assert.Equal(Look.Stale, cache.Find(s_query, Told.Of("192.0.2.0/24")).Look);
        Assert.True(cache.Find(s_query, Told.Of("192.0.2.0/24"), takesStale: true).IsStale);
    }

    [Fact]
    public void An_answer_whose_time_is_over_stays_listed_while_there_are_lengths_that_no_answer_had()
    {
        using var cache = new CacheUnderTest() { StaleFor = 1000 };
        cache.Keep(s_query, Positive(20), Told.Of("192.0.2.0/24"), scope: 24);
        cache.Now += 20;
        cache.Keep(s_query, Positive(300), Told.Of("198.51.100.0/24"), scope: 16);

        Assert.Equal(Look.Stale, cache.Find(s_query, Told.Of("192.0.2.0/24")).Look);
        Assert.Equal(Look.Found, cache.Find(s_query, Told.Of("198.51.100.0/24")).Look);
    }

    [Fact]
    public void An_answer_for_all_whose_time_is_over_hides_none_for_who_hides_his_network()
    {
        using var cache = new CacheUnderTest() { StaleFor = 1000 };
        cache.Keep(s_query, Positive(20), Told.Of("192.0.2.0/24"));
        cache.Now += 20;
        Assert.Equal(Look.Stale, cache.Find(s_query, Told.Hidden).Look);
        cache.Keep(s_query, Positive(30), Told.Hidden);

        Assert.Equal(ToClient(Positive(30)), cache.Find(s_query, Told.Hidden).Answer);
        Assert.Equal(Look.Stale, cache.Find(s_query, Told.Of("192.0.2.0/24")).Look);
        cache.Now += 30;
        Assert.Equal(Look.Stale, cache.Find(s_query, Told.Hidden).Look);
    }

    [Fact]
    public void An_answer_for_who_hides_his_network_is_for_nobody_else()
    {
        using var cache = new CacheUnderTest();
        Assert.True(cache.Keep(s_query, Positive(300), Told.Hidden));

        Assert.Equal(Look.Found, cache.Find(s_query, Told.Hidden).Look);
        Assert.Equal(Look.Missing, cache.Find(s_query, Told.Of("192.0.2.0/24")).Look);
        Assert.Equal(Look.Missing, cache.Find(s_query).Look);
    }

    [Fact]
    public void Of_two_answers_the_latter_says_whether_there_is_one_for_all()
    {
        using var cache = new CacheUnderTest();
        Told one = Told.Of("192.0.2.0/24"), other = Told.Of("198.51.100.0/24");
        cache.Keep(s_query, Positive(100), one);
        cache.Keep(s_query, Positive(200), one, scope: 24);
        Assert.Equal(ToClient(Positive(200)), cache.Find(s_query, one).Answer);
        Assert.Equal(Look.Missing, cache.Find(s_query, other).Look);

        cache.Keep(s_query, Positive(300), other);
        Assert.Equal(ToClient(Positive(300)), cache.Find(s_query, one).Answer);
    }

    [Fact]
    public void A_failure_takes_the_place_of_no_list_of_networks()
    {
        using var cache = new CacheUnderTest();
        cache.Keep(s_query, Positive(300), Told.Of("192.0.2.0/24"), scope: 24);

        Assert.False(cache.Keep(s_query, Failure(2), Told.Of("198.51.100.0/24")));
        Assert.Equal(Look.Found, cache.Find(s_query, Told.Of("192.0.2.0/24")).Look);
    }

    [Fact]
    public void A_failure_for_a_network_does_not_take_the_place_of_an_answer_for_all_that_may_still_be_given()
    {
        using var cache = new CacheUnderTest() { StaleFor = 100 };
        Told told = Told.Of("192.0.2.0/24");
        cache.Keep(s_query, Positive(300), told);
        cache.Now += 300;

        Assert.False(cache.Keep(s_query, Failure(2), told, KeepTerms.Unsaid));
        Assert.Equal(Look.Stale, cache.Find(s_query, told).Look);
    }

    [Fact]
    public void Prefix_lengths_of_a_name_are_bounded_until_their_answers_end()
    {
        using var cache = new CacheUnderTest();
        foreach (int scope in (int[])[32, 31, 30, 29])
        {
            Assert.True(cache.Keep(s_query, Positive(20), Told.Of("192.0.2.1/32"), scope));
        }

        Assert.False(cache.Keep(s_query, Positive(20), Told.Of("192.0.2.1/32"), scope: 28));
        Assert.True(cache.Keep(s_query, Positive(20), Told.Of("2001:db8::/56"), scope: 48));
        cache.Now += 20;
        Assert.True(cache.Keep(s_query, Positive(20), Told.Of("192.0.2.1/32"), scope: 28));
    }

    [Fact]
    public void Networks_of_a_name_are_bounded()
    {
        using var cache = new CacheUnderTest();

        Assert.All(Enumerable.Range(0, 256), each => Assert.True(cache.Keep(s_query, Positive(300), Told.Of($"10.0.{each}.0/24"), scope: 24)));
        Assert.False(cache.Keep(s_query, Positive(300), Told.Of("10.1.0.0/24"), scope: 24));
        Assert.True(cache.Keep(s_query, Positive(200), Told.Of("10.0.255.0/24"), scope: 24));
        Assert.Equal(Look.Found, cache.Find(s_query, Told.Of("10.0.0.0/24")).Look);
        Assert.Equal(257, cache.Cache.Figures.Entries);
    }

    [Fact]
    public void An_IPv4_address_in_IPv6_is_another_network()
    {
        using var cache = new CacheUnderTest();
        cache.Keep(s_query, Positive(300), Told.Of("192.0.2.0/24"), scope: 24);
        cache.Keep(s_query, Positive(200), Told.Of("::ffff:192.0.2.0/120"), scope: 120);

        Assert.Equal(ToClient(Positive(300)), cache.Find(s_query, Told.Of("192.0.2.0/24")).Answer);
        Assert.Equal(ToClient(Positive(200)), cache.Find(s_query, Told.Of("::ffff:192.0.2.0/120")).Answer);
    }

    [Fact]
    public void A_client_that_told_its_network_is_told_the_scope_unless_we_told_another()
    {
        using var cache = new CacheUnderTest();
        byte[] query = One.Query(One.Subnet);
        cache.Keep(query, One.Answer(Address(300), options: "0008 0007 0001 18 10 C00002"), Told.Of("192.0.2.0/24", isOurs: false), scope: 16);

        byte[] echoed = ToClient(One.Answer(Address(300), options: "0008 0007 0001 18 10 C00002"));
        Assert.Equal(echoed, cache.Find(query, Told.Of("192.0.2.0/24", isOurs: false)).Answer);
        byte[] silent = ToClient(One.Answer(Address(300), options: ""));
        Assert.Equal(silent, cache.Find(query, Told.Of("192.0.2.0/24")).Answer);
        Assert.Equal(silent, cache.Find(One.Query(""), Told.Of("192.0.2.0/24")).Answer);
    }

    [Fact]
    public void Equal_queries_of_one_network_under_way_are_told_apart_from_others()
    {
        using var cache = new CacheUnderTest();
        string KeyOf(Told? told)
        {
            Fastdist.Dns.Query.Parse(s_query, out Fastdist.Dns.Query query);
            ClientNetwork network = Told.NetworkOf(told);
            byte[] key = new byte[Fastdist.Cache.Answers.CacheKey.MaxSize];
            return Hex.Of(key[..cache[0].WriteKey(in query, in network, key)]);
        }

        Assert.Equal(KeyOf(Told.Of("192.0.2.7/24")), KeyOf(Told.Of("192.0.2.9/24")));
        Assert.Equal(4, ((Told?[])[null, Told.Hidden, Told.Of("192.0.2.0/24"), Told.Of("192.0.2.0/25")]).Select(KeyOf).Distinct().Count());
    }
}
