using System;
using System.Collections.Generic;
using Fastdist.Cache;
using Fastdist.Proxy.Files;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests;

public sealed class CacheRosterTests : IDisposable
{
    private static readonly CacheOptions s_one = new() { MaxEntries = 10, Number = 1, SkipOptions = [7] };

    private readonly CacheRoster _roster = new(shards: 2);
    private readonly List<(PacketCache Cache, Action Pass)> _lettingGo = [];

    public void Dispose() => _roster.Dispose();

    [Fact]
    public void What_is_prepared_twice_is_made_once_and_what_is_there_is_not_made_at_all()
    {
        PacketCache one = _roster.Ensure(s_one, out string problem)!;
        Assert.Equal("", problem);
        CachePlan plan = _roster.Prepare([Pool("a", s_one with { SkipOptions = [7] }), Pool("b", s_one with { Number = 2 }), Pool("c", s_one with { Number = 2 }), Pool("d", null)], new ReloadReport());
        Assert.Same(one, plan.Of(Pool("a", s_one)));
        Assert.Same(Assert.Single(plan.Coming), plan.Of(Pool("c", s_one with { Number = 2 })));
        Assert.Null(plan.Of(Pool("d", null)));
        Assert.Equal([one], _roster.Present);
        plan.Discard();
    }

    [Fact]
    public void One_that_is_used_no_more_is_freed_when_every_shard_has_let_go_of_it()
    {
        PacketCache one = _roster.Ensure(s_one, out _)!, two = _roster.Ensure(s_one with { Number = 2 }, out _)!;
        _roster.Keep([two, two], LetGo);
        Assert.Equal([two], _roster.Present);
        Assert.Equal(one, Assert.Single(_lettingGo).Cache);
        Assert.NotSame(one, _roster.Ensure(s_one, out _));
        Assert.Equal(1, _roster.Departing);
        _lettingGo[0].Pass();
        _roster.FreeDeparted();
        Assert.Equal(1, _roster.Departing);
        _lettingGo[0].Pass();
        Assert.Equal(1, _roster.Departing);
        _roster.FreeDeparted();
        Assert.Equal(0, _roster.Departing);
    }

    [Fact]
    public void Nothing_happens_when_all_are_kept()
    {
        PacketCache one = _roster.Ensure(s_one, out _)!;
        IReadOnlyList<PacketCache> present = _roster.Present;
        _roster.Keep([one], LetGo);
        Assert.Same(present, _roster.Present);
        Assert.Empty(_lettingGo);
    }

    private static PoolOptions Pool(string name, CacheOptions? cache) => new() { Name = name, Cache = cache };

    private void LetGo(PacketCache cache, Action pass) => _lettingGo.Add((cache, pass));
}
