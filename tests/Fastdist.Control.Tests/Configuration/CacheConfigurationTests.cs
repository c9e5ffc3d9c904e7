using System;
using System.Linq;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Control.Tests.Configuration;

/// <summary>What a configuration says of packet caches.</summary>
public class CacheConfigurationTests
{
    [Fact]
    public void A_cache_has_the_options_of_its_table()
    {
        CacheOptions cache = Only("""
            newPacketCache(10000, {maxTTL=1, minTTL=2, temporaryFailureTTL=3, staleTTL=4, dontAge=true, numberOfShards=5, deferrableInsertLock=false, maxNegativeTTL=6, parseECS=true,
                keepStaleData=true, cookieHashing=true, maximumEntrySize=512, skipOptions={65001, 65002}, truncatedTTL=7, shuffle=true,
                maximumBytes='64M', negativeShare=10, refresh=false, staleNegatives=false})
            """);
        Assert.Equal([65001, 65002], cache.SkipOptions);
        Assert.Equal(
            new CacheOptions
            {
                Number = 1,
                MaxEntries = 10_000,
                MaxTtl = 1,
                MinTtl = 2,
                TemporaryFailureTtl = 3,
                StaleTtl = 4,
                DontAge = true,
                Shards = 5,
                DeferrableInsertLock = false,
                MaxNegativeTtl = 6,
                KeepStaleData = true,
                CookieHashing = true,
                MaxEntrySize = 512,
                SkipOptions = cache.SkipOptions,
                TruncatedTtl = 7,
                Shuffle = true,
                MaxBytes = 64 << 20,
                NegativeShare = 10,
                Refresh = false,
                StaleNegatives = false,
            },
            cache);
    }

    [Fact]
    public void Caches_are_numbered_as_they_are_made_and_pools_may_share_one()
    {
        ProxyOptions proxy = Scripts.Settings("""
            local unused, one = newPacketCache(5), newPacketCache(10)
            getPool(''):setCache(one)
            getPool('a'):setCache(newPacketCache(20))
            getPool('b'):setCache(getPool(''):getCache())
            getPool('c'):setCache(one)
            getPool('c'):unsetCache()
            """).Proxy;
        Assert.Equal([("", 2, 10), ("a", 3, 20), ("b", 2, 10), ("c", 0, 0)], proxy.Pools.Select(pool => (pool.Name, pool.Cache?.Number ?? 0, pool.Cache?.MaxEntries ?? 0)));
    }

    [Fact]
    public void A_pool_without_a_cache_has_none_to_give() => Assert.Equal("nil", Scripts.Text("return getPool(''):getCache()"));

    [Fact]
    public void While_nothing_runs_a_cache_is_empty()
    {
        Assert.Equal("0/10 false 0 0", Scripts.Text("local c = newPacketCache(10) local s = c:getStats() return c:toString() .. ' ' .. tostring(c:isFull()) .. ' ' .. s.hits .. ' ' .. s.entries"));
        Assert.Equal("0 0", Scripts.Text("local c = newPacketCache(10) return #c:getDomainListByAddress(newCA('192.0.2.1')) .. ' ' .. #c:getAddressListByDomain('example.')"));
        Assert.Equal("a packet cache of 10 entries", Scripts.Text("return newPacketCache(10)"));
    }

    [Fact]
    public void What_concerns_all_caches_has_functions()
    {
        ProxyOptions proxy = Scripts.Settings("setStaleCacheEntriesTTL(86400) setStaleAnswerClientTimeout(1800) setCacheCleaningDelay(30) setCacheCleaningPercentage(80)").Proxy;
        Assert.Equal((86400u, 1800, 30, 80), (proxy.StaleCacheEntriesTtl, proxy.StaleAnswerClientTimeout, proxy.CacheCleaningDelay, proxy.CacheCleaningPercentage));
    }

    [Theory]
    [InlineData("newPacketCache(0)", "newPacketCache: argument 1, entries: expected a whole number from 1 to 1073741824, got 0")]
    [InlineData("newPacketCache()", "newPacketCache: expected 1 to 10 arguments, got 0")]
    [InlineData("newPacketCache(10, {maxTTL=-1})", "newPacketCache: maxTTL=-1: expected a whole number from 0 to 2147483647")]
    [InlineData("newPacketCache(10, {negativeShare=0})", "newPacketCache: negativeShare=0: expected a whole number from 1 to 100")]
    [InlineData("newPacketCache(10, {skipOptions='cookie'})", "newPacketCache: skipOptions=cookie: expected a whole number from 0 to 65535")]
    [InlineData("newPacketCache(10, {parseECS=1})", "newPacketCache: parseECS=1: expected true or false")]
    [InlineData("getPool(''):setCache(10000)", "pool:setCache: argument 1, cache: expected a cache that newPacketCache made, got 10000")]
    public void What_cannot_be_is_told(string script, string problem) => Assert.EndsWith(problem, Scripts.Problem(script), StringComparison.Ordinal);

    [Theory]
    [InlineData("newPacketCache(10000, 86400)")]
    [InlineData("newPacketCache(10000, 86400, 0, 60, 60, false)")]
    public void The_form_without_names_is_told_how_it_is_written_now(string script) => Assert.EndsWith(
        "newPacketCache: expected a table of key=value behind the number of entries: the row of numbers that dnsdist had before 1.4 is written by name, as in {maxTTL=86400, minTTL=0}",
        Scripts.Problem(script), StringComparison.Ordinal);

    [Theory]
    [InlineData("newPacketCache(10, {maxTTl=5})", "newPacketCache: unknown option 'maxTTl', left out; did you mean 'maxTTL'?")]
    [InlineData("newPacketCache(10, {payloadRanks={512, 1232}})", "newPacketCache{payloadRanks} does nothing here: an answer is kept whole and once, and cut to each client's size")]
    [InlineData("newPacketCache(10, {numberOfShards=20})", "newPacketCache: numberOfShards=20: a cache of 10 entries has no more parts than that")]
    [InlineData("newPacketCache(10):expunge(0)", "cache:expunge is for the console of a running process, and left out")]
    public void What_is_doubtful_is_told_and_the_rest_stands(string script, string warning) => Assert.EndsWith(warning, Assert.Single(Scripts.Said(script)), StringComparison.Ordinal);

    private static CacheOptions Only(string cache) => Assert.Single(Scripts.Settings($"getPool(''):setCache({cache})").Proxy.Pools).Cache!;
}
