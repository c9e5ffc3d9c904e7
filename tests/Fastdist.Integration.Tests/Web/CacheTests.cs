using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Web;

/// <summary>A packet cache by its flag, as the API shows it, and the way to clear it.</summary>
public sealed class CacheTests
{
    private const string Name = "x.load.test";

    [Fact]
    public async Task What_is_kept_is_counted_and_removed_on_demand()
    {
        await using var lab = new Lab();
        Traffic traffic = await Traffic.StartAsync(lab, "--cache-size", "1000");
        await AskAsync(traffic);
        await AskAsync(traffic);
        Assert.Equal((1000, 1, 1, 1), await CountAsync(traffic.Site));

        Assert.Equal((200, """{"status":"purged","count":"0"}"""), await RemoveAsync(traffic.Site, $"name={Name}&type=TXT"));
        Assert.Equal((200, """{"status":"purged","count":"0"}"""), await RemoveAsync(traffic.Site, "name=load.test"));
        Assert.Equal((200, """{"status":"purged","count":"1"}"""), await RemoveAsync(traffic.Site, "name=load.test&suffix=1"));
        Assert.Equal((1000, 0, 1, 1), await CountAsync(traffic.Site));
        await AskAsync(traffic);
        Assert.Equal((1000, 1, 1, 2), await CountAsync(traffic.Site));
    }

    [Fact]
    public async Task Without_the_key_nothing_is_removed()
    {
        await using var lab = new Lab();
        Traffic traffic = await Traffic.StartAsync(lab, "--cache-size", "1000");
        Assert.Equal(401, (await traffic.Site.AskWithPasswordAsync($"/api/v1/cache?pool=&name={Name}", "--request", "DELETE")).Status);
        Assert.Equal(405, (await traffic.Site.AskWithKeyAsync($"/api/v1/cache?pool=&name={Name}")).Status);
        Assert.Equal(404, (await RemoveAsync(traffic.Site, "name=a", "spare")).Status);
    }

    private static async Task AskAsync(Traffic traffic) => await DnsUdpClient.AskAsync(traffic.Fastdist.Listen, Message.Query(Name));

    private static async Task<(int Status, string Body)> RemoveAsync(Site site, string query, string pool = "")
    {
        Curl answer = await site.AskWithKeyAsync($"/api/v1/cache?pool={pool}&{query}", "--request", "DELETE");
        return (answer.Status, Encoding.UTF8.GetString(answer.Body));
    }

    private static async Task<(int Size, int Entries, int Hits, int Misses)> CountAsync(Site site)
    {
        Curl answer = await site.AskWithKeyAsync("/api/v1/servers/localhost/pool?name=");
        JsonElement stats = JsonDocument.Parse(answer.Body).RootElement.GetProperty("stats");
        return (Read("cacheSize"), Read("cacheEntries"), Read("cacheHits"), Read("cacheMisses"));

        int Read(string key) => stats.GetProperty(key).GetInt32();
    }
}
