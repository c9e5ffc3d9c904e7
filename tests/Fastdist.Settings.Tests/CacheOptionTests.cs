using System.Linq;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Settings.Tests;

/// <summary>The packet cache of the default pool by flags, and with a configuration that has caches of its own.</summary>
public class CacheOptionTests
{
    private static readonly CacheOptions s_configured = new() { MaxEntries = 500, Number = 2, MaxTtl = 100 };

    [Fact]
    public void A_number_of_entries_makes_a_cache_that_is_else_as_the_help_says()
    {
        PoolOptions pool = Assert.Single(Apply(("cache-size", "10000")).Pools);
        Assert.Equal((PoolOptions.Default, null, new CacheOptions { MaxEntries = 10_000 }), (pool.Name, pool.Policy, pool.Cache));
    }

    [Fact]
    public void Flags_may_come_in_any_order()
    {
        ProxyOptions one = Apply(("cache-max-ttl", "60"), ("cache-size", "10"), ("cache-refresh", "false"));
        ProxyOptions other = Apply(("cache-refresh", "no"), ("cache-max-ttl", "60"), ("cache-size", "10"));
        Assert.Equal(one.Pools, other.Pools);
        Assert.Equal(new CacheOptions { MaxEntries = 10, MaxTtl = 60, Refresh = false }, one.Pools[0].Cache);
    }

    [Fact]
    public void What_a_cache_is_like_without_one_is_told() =>
        Assert.Equal("--cache-... says what a cache is like, and there is none: add --cache-size ENTRIES", Problem(("cache-max-ttl", "60")));

    [Fact]
    public void What_concerns_all_caches_needs_none_of_the_flags()
    {
        ProxyOptions options = Complete(("cache-stale-for", "3600"), ("cache-stale-client-timeout", "1800"), ("cache-cleaning-delay", "5"), ("cache-cleaning-percentage", "50"));
        Assert.Equal((3600u, 1800, 5, 50), (options.StaleCacheEntriesTtl, options.StaleAnswerClientTimeout, options.CacheCleaningDelay, options.CacheCleaningPercentage));
        Assert.Empty(options.Pools);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1073741825")]
    [InlineData("-1")]
    [InlineData("many")]
    public void There_are_as_many_entries_as_there_can_be(string entries) => Assert.Equal(
        $"a file: cache-size={entries}: expected a whole number from 1 to 1073741824", Assert.Throws<OptionException>(() => Apply(("cache-size", entries))).Message);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("4096", 4096)]
    [InlineData("512k", 512 << 10)]
    [InlineData("512M", 512 << 20)]
    [InlineData("4G", 4L << 30)]
    [InlineData("1T", 1L << 40)]
    public void Bytes_are_written_with_the_letter_of_a_power_or_without(string text, long bytes) =>
        Assert.Equal(bytes, Apply(("cache-size", "1"), ("cache-bytes", text)).Pools[0].Cache!.MaxBytes);

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("-1")]
    [InlineData("1.5G")]
    [InlineData("1MB")]
    [InlineData("9223372036854775807K")]
    public void Another_size_is_refused(string text) => Assert.EndsWith(
        ": expected a number of bytes such as 536870912, 512M or 4G", Assert.Throws<OptionException>(() => Apply(("cache-bytes", text))).Message);

    [Fact]
    public void Flags_prevail_over_the_configurations_cache_in_each_pool_that_has_it()
    {
        var configured = new ProcessOptions
        {
            Proxy = new ProxyOptions
            {
                Frontends = [],
                Backends = [],
                Pools = [Pool("a", s_configured), Pool("", s_configured), Pool("b", s_configured with { Number = 3 })],
            },
        };
        ProxyOptions changed = ProcessOptionTable.Table.Set(configured, "cache-max-ttl", "7").Proxy;
        Assert.Equal([(2, 7u), (2, 7u), (3, 100u)], changed.Pools.Select(pool => (pool.Cache!.Number, pool.Cache.MaxTtl)));
        Assert.Same(configured, ProcessOptionTable.Table.Set(configured, "cache-max-ttl", "100"));
    }

    private static PoolOptions Pool(string name, CacheOptions cache) => new() { Name = name, Cache = cache };

    private static string Problem(params (string Name, string Value)[] given) => Assert.Throws<OptionException>(() => Complete(given)).Message;

    private static ProxyOptions Complete(params (string Name, string Value)[] given) => Whole(given).Complete(processors: 1).Proxy;

    private static ProxyOptions Apply(params (string Name, string Value)[] given) => Whole(given).Proxy;

    private static ProcessOptions Whole((string Name, string Value)[] given) => given.Prepend(("server", "192.0.2.1,tls=none"))
        .Aggregate(new ProcessOptions(), (settings, option) => ProcessOptionTable.Table.Apply(settings, option.Item1, option.Item2, "a file"));
}
