using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Web;

/// <summary>The API, by the reference's keys.</summary>
[Trait("Stage", "5")]
public sealed class JsonTests
{
    private const string Overview = "/api/v1/servers/localhost";

    private const string ServerKeys =
        "id name address state protocol qps qpsLimit outstanding reuseds weight order pools latency queries responses nonCompliantResponses sendErrors "
        + "tcpDiedSendingQuery tcpDiedReadingResponse tcpGaveUp tcpConnectTimeouts tcpReadTimeouts tcpWriteTimeouts tcpCurrentConnections "
        + "tcpMaxConcurrentConnections tcpTooManyConcurrentConnections tcpNewConnections tcpReusedConnections tcpAvgQueriesPerConnection "
        + "tcpAvgConnectionDuration tlsResumptions tcpLatency healthCheckFailures healthCheckFailuresParsing healthCheckFailuresTimeout "
        + "healthCheckFailuresNetwork healthCheckFailuresMismatch healthCheckFailuresInvalid healthCheckLatency dropRate";

    private const string FrontendKeys =
        "id address udp tcp type queries responses nonCompliantQueries tcpDiedReadingQuery tcpDiedSendingResponse tcpGaveUp tcpClientTimeouts "
        + "tcpDownstreamTimeouts tcpCurrentConnections tcpMaxConcurrentConnections tcpAvgQueriesPerConnection tcpAvgConnectionDuration tlsNewSessions "
        + "tlsResumptions tlsUnknownTicketKey tlsInactiveTicketKey tls10Queries tls11Queries tls12Queries tls13Queries tlsUnknownQueries";

    private const string PoolKeys =
        "name serversCount cacheSize cacheEntries cacheHits cacheMisses cacheDeferredInserts cacheDeferredLookups cacheLookupCollisions cacheInsertCollisions "
        + "cacheTTLTooShorts cacheCleanupCount";

    private const string FailureKeys =
        "DHKeyTooSmall InappropriateFallBack NoSharedCipher UnknownCipher UnknownKeyExchangeType UnknownProtocol UnsupportedEC UnsupportedProtocol";

    [Fact]
    public async Task The_overview_has_the_references_keys_and_known_counts()
    {
        await using var lab = new Lab();
        Traffic traffic = await Traffic.StartAsync(lab);
        await traffic.SendAsync(lab);

        JsonElement overview = await ReadAsync(traffic.Site, Overview);

        Assert.Equal("dnsdist", overview.GetProperty("daemon_type").GetString());
        Assert.All(["version", "servers", "frontends", "pools", "rules", "acl", "local", "statistics"], key => Assert.True(overview.TryGetProperty(key, out _), key));
        JsonElement[] servers = [.. overview.GetProperty("servers").EnumerateArray()];
        JsonElement[] frontends = [.. overview.GetProperty("frontends").EnumerateArray()];
        Assert.All(servers, server => Assert.All(ServerKeys.Split(' '), key => Assert.True(server.TryGetProperty(key, out _), key)));
        Assert.All(frontends, frontend => Assert.All(FrontendKeys.Split(' '), key => Assert.True(frontend.TryGetProperty(key, out _), key)));
        Assert.Equal(["UP", "down"], servers.Select(server => server.GetProperty("state").GetString()));
        Assert.Equal(
            [("UDP", Traffic.Udp), ("TCP", Traffic.Tcp), ("TCP (DNS over TLS)", Traffic.Dot), ("TCP (DNS over HTTPS)", Traffic.Doh)],
            frontends.Select(frontend => (frontend.GetProperty("type").GetString()!, frontend.GetProperty("queries").GetInt32())));
        Assert.All(
            frontends.Skip(2), frontend => Assert.Equal(FailureKeys.Split(' '), frontend.GetProperty("tlsHandshakeFailures").EnumerateObject().Select(failure => failure.Name)));
    }

    [Fact]
    public async Task Pools_have_the_references_keys_and_their_servers()
    {
        await using var lab = new Lab();
        Traffic traffic = await Traffic.StartAsync(lab);

        JsonElement overview = await ReadAsync(traffic.Site, Overview);
        JsonElement spare = await ReadAsync(traffic.Site, $"{Overview}/pool?name=spare");
        JsonElement common = await ReadAsync(traffic.Site, $"{Overview}/pool?name=");

        Assert.Equal([("", 2), ("spare", 1)], overview.GetProperty("pools").EnumerateArray().Select(p => (p.GetProperty("name").GetString()!, p.GetProperty("serversCount").GetInt32())));
        Assert.Equal(
            ["", ",spare"],
            overview.GetProperty("servers").EnumerateArray().Select(server => string.Join(',', server.GetProperty("pools").EnumerateArray().Select(pool => pool.GetString()))));
        Assert.All(PoolKeys.Split(' '), key => Assert.True(spare.GetProperty("stats").TryGetProperty(key, out _), key));
        Assert.Equal("spare", spare.GetProperty("stats").GetProperty("name").GetString());
        Assert.Equal("away", Assert.Single(spare.GetProperty("servers").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(2, common.GetProperty("servers").GetArrayLength());
        Assert.Equal(404, (await traffic.Site.AskWithKeyAsync($"{Overview}/pool?name=none")).Status);
        Assert.Equal(400, (await traffic.Site.AskWithKeyAsync($"{Overview}/pool")).Status);
        Assert.Equal(401, (await traffic.Site.AskWithPasswordAsync($"{Overview}/pool?name=spare")).Status);
    }

    [Fact]
    public async Task The_statistics_are_an_object_and_a_list_of_the_same()
    {
        const int queries = Traffic.Udp + Traffic.Tcp + Traffic.Dot + Traffic.Doh;
        await using var lab = new Lab();
        Traffic traffic = await Traffic.StartAsync(lab);
        await traffic.SendAsync(lab);

        JsonElement statistics = await ReadAsync(traffic.Site, "/jsonstat?command=stats");
        JsonElement[] list = [.. (await ReadAsync(traffic.Site, Overview + "/statistics")).EnumerateArray()];

        Assert.Equal(queries, statistics.GetProperty("queries").GetInt32());
        Assert.Equal("firstAvailable", statistics.GetProperty("server-policy").GetString());
        Assert.All(["packetcache-hits", "packetcache-misses", "over-capacity-drops", "too-old-drops"], key => Assert.Equal(0, statistics.GetProperty(key).GetInt32()));
        JsonElement item = list.Single(entry => entry.GetProperty("name").GetString() == "queries");
        Assert.Equal(queries, item.GetProperty("value").GetInt32());
        Assert.Equal("StatisticItem", item.GetProperty("type").GetString());
        Assert.All(list, entry => Assert.True(statistics.TryGetProperty(entry.GetProperty("name").GetString()!, out _)));
    }

    [Fact]
    public async Task A_command_that_is_not_known_is_not_found()
    {
        await using var lab = new Lab();
        Traffic traffic = await Traffic.StartAsync(lab);

        Assert.Equal(404, (await traffic.Site.AskWithPasswordAsync("/jsonstat")).Status);
        Assert.Equal(404, (await traffic.Site.AskWithPasswordAsync("/jsonstat?command=other")).Status);
        Assert.Empty((await ReadAsync(traffic.Site, "/jsonstat?command=dynblocklist")).EnumerateObject());
    }

    private static async Task<JsonElement> ReadAsync(Site site, string target)
    {
        Curl answer = await site.AskWithKeyAsync(target);
        Assert.True(answer.Status == 200 && answer["content-type"] == "application/json", answer.Text);
        return JsonDocument.Parse(answer.Body).RootElement;
    }
}
