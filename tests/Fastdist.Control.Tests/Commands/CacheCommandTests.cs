using System;
using System.IO;
using System.Linq;
using Fastdist.Cache;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Control.Tests.Commands;

/// <summary>What the console says of the packet caches of a running process, and has them do.</summary>
public sealed class CacheCommandTests : IDisposable
{
    private readonly ConsoleUnderTest _console = new();
    private readonly PacketCache _cache = new(new CacheOptions { MaxEntries = 1000, Number = 1 }, shards: 2);

    public CacheCommandTests()
    {
        // The first cache that this console makes is the one that runs.
        _console.Proxy.Pools = [new PoolView("", PolicyKind.LeastOutstanding, [], _cache), new PoolView("bare", PolicyKind.LeastOutstanding, [])];
        Assert.Equal("", _console.Execute("pc = newPacketCache(1000)"));
    }

    public void Dispose()
    {
        _console.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public void Its_figures_are_printed_in_dnsdists_lines() => Assert.Equal(
        "Entries: 0/1000\nHits: 0\nMisses: 0\nDeferred inserts: 0\nDeferred lookups: 0\nLookup Collisions: 0\nInsert Collisions: 0\nTTL Too Shorts: 0\nCleanup Count: 0\n",
        _console.Execute("pc:printStats()"));

    [Fact]
    public void Its_figures_are_a_table_too() => Assert.Equal(
        """{"bytes": 0, "cleanupCount": 0, "deferredInserts": 0, "deferredLookups": 0, "entries": 0, "evictions": 0, "hits": 0, "insertCollisions": 0, "lookupCollisions": 0, "maxEntries": 1000, "misses": 0, "refreshes": 0, "refusedInserts": 0, "shared": 0, "staleHits": 0, "ttlTooShorts": 0}""",
        string.Join('\n', _console.Execute("pc:getStats()").TrimEnd()));

    [Fact]
    public void How_full_it_is_is_said_in_two_ways()
    {
        Assert.Equal("0/1000\n", _console.Execute("pc:toString()"));
        Assert.Equal("false\n", _console.Execute("pc:isFull()"));
        Assert.Equal($"{"",-25}{"0/1000",20} {"leastOutstanding",20} ", _console.Execute("showPools()").Split('\n')[1]);
        Assert.Equal($"{"bare",-25}{"",20} {"leastOutstanding",20} ", _console.Execute("showPools()").Split('\n')[2]);
    }

    [Theory]
    [InlineData("pc:purgeExpired(0)", "0\n")]
    [InlineData("pc:expunge(0)", "0\n")]
    [InlineData("pc:expungeByName('example.net')", "Expunged 0 records\n")]
    [InlineData("pc:expungeByName(newDNSName('example.net'), DNSQType.A)", "Expunged 0 records\n")]
    [InlineData("pc:expungeByName({'example.net', 'example.org'}, DNSQType.ANY, true)", "Expunged 0 records\n")]
    [InlineData("pc:getDomainListByAddress(newCA('192.0.2.1'))", "{}\n")]
    [InlineData("pc:getAddressListByDomain(newDNSName('example.net'))", "{}\n")]
    public void Of_an_empty_one_nothing_is_removed_and_nothing_found(string command, string reply) => Assert.Equal(reply, _console.Execute(command));

    [Fact]
    public void It_is_written_to_a_new_file_and_to_no_other()
    {
        string folder = Directory.CreateTempSubdirectory("dump").FullName;
        string path = Path.Combine(folder, "cache");
        try
        {
            Assert.Equal("Dumped 0 records\n", _console.Execute($"pc:dump('{path}')"));
            Assert.Equal("; dnsdist's packet cache dump follows\n;\n", File.ReadAllText(path));
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite));
            Assert.Equal($"cache:dump: '{path}' is there already: name a new file", _console.Refusal($"pc:dump('{path}', true)"));
            Assert.StartsWith($"cache:dump: cannot write '{folder}/none/cache': ", _console.Refusal($"pc:dump('{folder}/none/cache')"), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_pool_is_given_a_cache_and_none_while_the_process_runs()
    {
        _console.Execute("getPool('bare'):setCache(pc)");
        Assert.Equal(new CacheOptions { MaxEntries = 1000, Number = 1 }, _console.Proxy.Applied[^1].Proxy.Pools.Single(pool => pool.Name == "bare").Cache);
        Assert.Equal("a packet cache of 1000 entries\n", _console.Execute("getPool('bare'):getCache()"));
        _console.Execute("getPool('bare'):unsetCache()");
        Assert.Null(_console.Proxy.Applied[^1].Proxy.Pools.Single(pool => pool.Name == "bare").Cache);
        Assert.Equal("", _console.Execute("getPool('bare'):getCache()"));
    }

    [Fact]
    public void A_cache_that_no_pool_has_is_empty() => Assert.Equal("0/5\n", _console.Execute("newPacketCache(5):toString()"));
}
