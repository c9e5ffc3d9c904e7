using System;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Web;

/// <summary>The page in a browser.</summary>
[Trait("Stage", "5")]
public sealed class PageTests
{
    [Fact]
    public async Task What_it_shows_equals_what_the_counters_say()
    {
        await using var lab = new Lab();
        Traffic traffic = await Traffic.StartAsync(lab);
        await using Browser browser = await Browser.OpenAsync(lab, traffic.Site);
        await browser.DoAsync("since-start");
        await traffic.SendAsync(lab);

        JsonElement page = await browser.DoAsync("read");

        Counters counters = await traffic.Fastdist.CountersAsync();
        foreach ((string protocol, Func<string, long> read) in new (string, Func<string, long>)[] { ("UDP", counters.Udp), ("TCP", counters.Tcp), ("DoT", counters.Dot), ("DoH", counters.Doh) })
        {
            JsonElement row = page.GetProperty("protocols").GetProperty(protocol);
            Assert.Equal(read("queries"), Number(row, "Queries"));
            Assert.Equal(read("responses"), Number(row, "Answers"));
            Assert.Equal(read("servfail"), Number(row, "SERVFAIL"));
            Assert.Equal(read("acl-drops") + read("noncompliant-queries") + read("dropped-overload") + read("truncation-failures") + read("lost-responses"), Number(row, "Dropped"));
            AssertPercentiles(counters.Latency(protocol), row);
        }

        foreach ((string protocol, Func<string, long> read) in new (string, Func<string, long>)[] { ("DoT", counters.Dot), ("DoH", counters.Doh) })
        {
            JsonElement row = page.GetProperty("handshakes").GetProperty(protocol);
            Assert.Equal(read("tls-new-sessions"), Number(row, "New"));
            Assert.Equal(read("tls-resumptions"), Number(row, "Resumed"));
        }

        JsonElement one = page.GetProperty("backends").GetProperty("one.test");
        Assert.Equal(counters.Backend("one.test")["responses"], Number(one, "Answers"));
        Assert.Equal(counters.Backend("one.test")["outstanding"], Number(one, "In flight"));
        Assert.Equal(counters.Backend("one.test")["current-connections"], Number(one, "Connections"));
        Assert.Equal("up, forced", Text(one, "State"));
        AssertPercentiles(counters.Backend("one.test"), one);
        Assert.Equal("", one.GetProperty("State").GetProperty("title").GetString());
        JsonElement away = page.GetProperty("backends").GetProperty("away");
        Assert.Equal(("down", "connect: Connection refused"), (Text(away, "State"), away.GetProperty("State").GetProperty("title").GetString()));
        Assert.Equal(("default", "default, spare"), (Text(one, "Pools"), Text(away, "Pools")));
        JsonElement pools = page.GetProperty("pools");
        Assert.Equal(("firstAvailable", "1 of 2"), (Text(pools.GetProperty("default"), "Policy"), Text(pools.GetProperty("default"), "Backends up")));
        Assert.Equal("0 of 1", Text(pools.GetProperty("spare"), "Backends up"));
        Assert.Equal("1 of 2", page.GetProperty("tiles").GetProperty("Backends up").GetString());
        JsonProperty failure = Assert.Single(page.GetProperty("failures").EnumerateObject());
        Assert.Equal(("http", counters.Dot("handshake-http")), (failure.Name, Site.Number(failure.Value.GetString()!)));
        Assert.Equal(["UDP", "TCP", "DoT", "DoH"], page.GetProperty("series").EnumerateArray().Select(line => line.GetString()));
    }

    [Fact]
    public async Task It_says_when_its_numbers_are_old_and_goes_on_when_the_server_is_back()
    {
        await using var lab = new Lab();
        var site = new Site(lab);
        string[] flags = ["--server", lab.Unchecked(lab.Rogue(Rogue.Answers), "one"), .. site.Flags()];
        FastdistProcess fastdist = await lab.FastdistAsync(flags);
        await using Browser browser = await Browser.OpenAsync(lab, site);
        await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"));
        JsonElement before = await browser.DoAsync("read");

        await fastdist.StopAsync();
        JsonElement stale = await browser.DoAsync("await stale");
        await lab.FastdistAsync(flags);
        JsonElement again = await browser.DoAsync("await live");

        Assert.Equal(1, Number(before.GetProperty("protocols").GetProperty("UDP"), "Queries"));
        Assert.StartsWith("no answer; numbers of ", stale.GetProperty("connection").GetString(), StringComparison.Ordinal);
        Assert.True(stale.GetProperty("isDimmed").GetBoolean());
        Assert.Equal(1, Number(stale.GetProperty("protocols").GetProperty("UDP"), "Queries"));
        Assert.False(again.GetProperty("isDimmed").GetBoolean());
        Assert.Equal(0, Number(again.GetProperty("protocols").GetProperty("UDP"), "Queries"));
    }

    [Fact]
    public async Task It_shows_who_is_blocked_while_somebody_is()
    {
        await using var lab = new Lab();
        var site = new Site(lab);
        string console = lab.Scratch.PathOf("console"), key = Convert.ToBase64String(new byte[32]);
        string configuration = lab.Scratch.Write("blocks.conf", $"controlSocket('{console}') setKey('{key}')\n");
        FastdistProcess fastdist = await lab.FastdistAsync(["--server", lab.Unchecked(lab.Rogue(Rogue.Answers), "one"), "-C", configuration, .. site.Flags()]);
        await using Browser browser = await Browser.OpenAsync(lab, site);
        Assert.False((await browser.DoAsync("read")).GetProperty("areBlocksShown").GetBoolean());

        await FastdistProcess.CommandAsync(console, "addDynamicBlock('192.0.2.1', 'a flood', DNSAction.Refused, 3600)", "-C", configuration);
        JsonElement page = await browser.DoAsync("read");
        JsonElement row = page.GetProperty("blocks").GetProperty("192.0.2.1/32");
        Assert.True(page.GetProperty("areBlocksShown").GetBoolean());
        Assert.Equal(("0", "Send Refused", "a flood"), (Text(row, "Queries"), Text(row, "Action"), Text(row, "Reason")));
        Assert.InRange(Number(row, "Seconds left"), 1, 3600);
        Assert.Equal(0, await fastdist.StopAsync());
    }

    private static void AssertPercentiles(CounterLine counters, JsonElement row)
    {
        foreach ((string heading, string counter) in new[] { ("p50", "latency-p50-us"), ("p99", "latency-p99-us"), ("p99.9", "latency-p999-us") })
        {
            Assert.Equal($"{counters[counter]} µs", row.GetProperty(heading).GetProperty("title").GetString());
        }
    }

    private static string Text(JsonElement row, string heading) => row.GetProperty(heading).GetProperty("text").GetString()!;

    private static long Number(JsonElement row, string heading) => Site.Number(Text(row, heading));
}
