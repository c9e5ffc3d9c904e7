using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Cache;
using Fastdist.Ring;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Allocation;

/// <summary>Which packet caches a running proxy has: kept over other settings, given to pools and taken away.</summary>
public sealed class ApplyCacheTests : IDisposable
{
    private static readonly CacheOptions s_one = new() { MaxEntries = 1000, Number = 1, SkipOptions = [65001] };
    private static readonly CacheOptions s_two = new() { MaxEntries = 1000, Number = 2 };

    private readonly EchoBackend _backend = new(BackendTransport.None);
    private readonly ProxyUnderTest _proxy;

    public ApplyCacheTests() => _proxy = new ProxyUnderTest(_backend, BackendTransport.None, editQueries: false, RingMode.Auto);

    private ProxyServer Server => _proxy.Server;

    public void Dispose()
    {
        _proxy.Dispose();
        _backend.Dispose();
    }

    [Fact]
    public void A_pool_has_the_cache_of_its_settings_and_pools_with_the_same_number_have_one()
    {
        Apply(("", s_one), ("a", s_one with { SkipOptions = [65001] }), ("b", s_two));
        Assert.Equal(["", "a", "b"], Server.Caches.Select(entry => entry.Pool));
        Assert.Same(Server.CacheOf(""), Server.CacheOf("a"));
        Assert.NotSame(Server.CacheOf(""), Server.CacheOf("b"));
        Assert.Null(Server.CacheOf("none"));
        Assert.Equal([s_one, s_one, s_two], Server.Pools.Select(pool => pool.Cache!.Options.With(s_one)));
    }

    [Fact]
    public void A_cache_of_the_same_number_and_settings_is_kept_and_another_one_takes_its_place()
    {
        Apply(("", s_one), ("a", s_two));
        (PacketCache? one, PacketCache? two) = (Server.CacheOf(""), Server.CacheOf("a"));
        Apply(("", s_two), ("a", s_one with { SkipOptions = [65001] }));
        Assert.Same(two, Server.CacheOf(""));
        Assert.Same(one, Server.CacheOf("a"));
        Apply(("", s_one with { MaxTtl = 5 }), ("a", s_one));
        Assert.NotSame(one, Server.CacheOf(""));
        Assert.Same(one, Server.CacheOf("a"));
        Apply();
        Assert.Empty(Server.Caches);
    }

    [Fact]
    public void The_settings_in_use_have_the_caches_and_change_none_of_them()
    {
        Assert.True(Server.TrySetCache("", s_one, out string error), error);
        Assert.True(Server.TrySetCache("a", s_one, out error), error);
        PacketCache? one = Server.CacheOf("");
        ProxyOptions options = Server.Options;
        Assert.Equal([("", 1), ("a", 1)], options.Pools.Select(pool => (pool.Name, pool.Cache?.Number ?? 0)));
        Assert.True(Server.TryApply(options, out IReadOnlyList<string> problems), string.Join('\n', problems));
        Assert.Same(one, Server.CacheOf(""));
        Assert.Same(one, Server.CacheOf("a"));
    }

    [Fact]
    public void A_cache_goes_with_its_last_pool_and_is_another_one_when_it_comes_back()
    {
        Assert.True(Server.TrySetCache("", s_one, out _));
        Assert.True(Server.TrySetCache("a", s_one, out _));
        PacketCache? one = Server.CacheOf("");
        Assert.True(Server.TrySetCache("", null, out _));
        Assert.Equal("a", Assert.Single(Server.Caches).Pool);
        Assert.True(Server.TrySetCache("", s_one, out _));
        Assert.Same(one, Server.CacheOf(""));
        Assert.True(Server.TrySetCache("", null, out _));
        Assert.True(Server.TrySetCache("a", null, out _));
        Assert.True(Server.TrySetCache("a", s_one, out _));
        Assert.NotSame(one, Server.CacheOf("a"));
    }

    [Fact]
    public void What_is_asked_while_caches_come_and_go_is_answered()
    {
        for (int i = 0; i < 20; i++)
        {
            Assert.True(Server.TrySetCache("", i % 3 == 2 ? null : s_one with { Number = i }, out string error), error);
            Load.OverUdp(_proxy.Address, 50);
            Server.Maintain();
        }

        Assert.Equal(0, _proxy.Counter("frontend", "servfail"));
    }

    private void Apply(params (string Name, CacheOptions Cache)[] pools) => Assert.True(
        Server.TryApply(Server.Options with { Pools = [.. pools.Select(pool => new PoolOptions { Name = pool.Name, Cache = pool.Cache })] }, out IReadOnlyList<string> problems),
        string.Join('\n', problems));
}
