using System;
using System.Buffers;
using System.IO;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Fastdist.Control.Figures;
using Fastdist.Control.Tests.Consoles;
using Fastdist.Control.Tests.Logging;
using Fastdist.Control.Web;
using Fastdist.Proxy;
using Fastdist.Settings;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Fastdist.Control.Tests.Web;

/// <summary>What the web server says of pools' packet caches, and its way to remove entries, with dnsdist's words.</summary>
public sealed class CacheRequestTests : IDisposable
{
    private static readonly ProxyOptions s_options = new()
    {
        Frontends = [],
        Backends = [],
        Pools = [new PoolOptions { Name = "", Cache = new CacheOptions { MaxEntries = 1000 } }, new PoolOptions { Name = "bare" }],
    };

    private static readonly WebServerOptions s_web = new() { Address = new IPEndPoint(IPAddress.Loopback, 0), Password = PasswordHash.Parse("password"), ApiKey = PasswordHash.Parse("key") };

    private readonly LogUnderTest _log = new();
    private readonly WebAccess _access = new(new WebRules(s_web), new ManualClock());
    private readonly ProxyServer _server;
    private readonly WebSource _source;

    public CacheRequestTests()
    {
        _server = ProxyServer.Bind(s_options, _log.Log);
        _source = new WebSource(_server, new Rates(), "1.2.3");
    }

    public void Dispose()
    {
        _server.Dispose();
        _access.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData("?pool=&name=example.net")]
    [InlineData("?pool=&name=example.net.&suffix=")]
    [InlineData("?pool=&name=example.net&type=AAAA&suffix=yes")]
    [InlineData("?pool=&name=.&type=TYPE64")]
    [InlineData("?pool=&name=example.net&type=%2364")]
    public async Task Entries_about_a_name_are_removed(string query) => Assert.Equal((200, """{"status":"purged","count":"0"}"""), await AskAsync(query));

    [Theory]
    [InlineData("", 400, "denied", "missing \\u0027pool\\u0027 or \\u0027name\\u0027 parameter")]
    [InlineData("?pool=", 400, "denied", "missing \\u0027pool\\u0027 or \\u0027name\\u0027 parameter")]
    [InlineData("?name=example.net", 400, "denied", "missing \\u0027pool\\u0027 or \\u0027name\\u0027 parameter")]
    [InlineData("?pool=&name=a..b", 404, "error", "unable to parse the requested name")]
    [InlineData("?pool=&name=%C3%A4.example", 404, "error", "unable to parse the requested name")]
    [InlineData("?pool=&name=a&type=NONE-SUCH", 400, "denied", "unable to parse the requested type")]
    [InlineData("?pool=none&name=a", 404, "not found", "the requested pool does not exist")]
    [InlineData("?pool=bare&name=a", 404, "not found", "there is no cache associated to the requested pool")]
    public async Task What_cannot_be_removed_is_told(string query, int status, string word, string error) =>
        Assert.Equal((status, $$"""{"status":"{{word}}","error":"{{error}}"}"""), await AskAsync(query));

    [Fact]
    public async Task Only_who_has_the_key_removes_and_only_by_DELETE()
    {
        Assert.Equal(401, (await AskAsync("?pool=&name=a", key: "wrong")).Status);
        Assert.Equal(401, (await AskAsync("?pool=&name=a", key: "")).Status);
        Assert.Equal((405, "only DELETE is possible\n"), await AskAsync("?pool=&name=a", method: "GET"));
        Assert.Equal((405, "only GET and HEAD are possible\n"), await AskAsync("", method: "DELETE", path: "/metrics"));
    }

    [Fact]
    public async Task A_pool_has_dnsdists_keys_and_those_of_one_without_a_cache_are_0()
    {
        foreach ((string pool, int size) in ((string, int)[])[("", 1000), ("bare", 0)])
        {
            JsonElement stats = JsonDocument.Parse((await AskAsync($"?name={pool}", "GET", "/api/v1/servers/localhost/pool")).Text).RootElement.GetProperty("stats");
            Assert.Equal(size, stats.GetProperty("cacheSize").GetInt32());
            Assert.All(
                ["cacheEntries", "cacheHits", "cacheMisses", "cacheDeferredInserts", "cacheDeferredLookups", "cacheLookupCollisions", "cacheInsertCollisions", "cacheTTLTooShorts", "cacheCleanupCount"],
                key => Assert.Equal(0, stats.GetProperty(key).GetInt32()));
        }
    }

    [Fact]
    public void Metrics_of_caches_have_dnsdists_names_and_only_pools_with_one()
    {
        var output = new ArrayBufferWriter<byte>();
        PoolMetrics.Write(new ExpositionWriter(output, isOpenMetrics: false), _source.Pools);
        string text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.All(
            [
                "size", "entries", "hits", "misses", "deferred_inserts", "deferred_lookups", "lookup_collisions", "insert_collisions", "ttl_too_shorts", "cleanup_count_total",
            ],
            name => Assert.Contains($"\ndnsdist_pool_cache_{name}{{pool=\"_default_\"}} {(name == "size" ? 1000 : 0)}\n", text, StringComparison.Ordinal));
        Assert.Contains("\nfastdist_pool_cache_stale_hits_total{pool=\"_default_\"} 0\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("cache_size{pool=\"bare\"}", text, StringComparison.Ordinal);
    }

    private async Task<(int Status, string Text)> AskAsync(string query, string method = "DELETE", string path = "/api/v1/cache", string key = "key")
    {
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Path, context.Request.QueryString) = (method, path, new QueryString(query));
        context.Request.Headers["X-API-Key"] = key;
        context.Request.Headers.Authorization = path == "/metrics" ? $"Basic {Convert.ToBase64String("operator:password"u8)}" : "";
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Response.Body = new MemoryStream();
        await new WebRequests(_source, _access, new WebCounters(), _log.Log).ProcessRequestAsync(context);
        return (context.Response.StatusCode, Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()));
    }
}
