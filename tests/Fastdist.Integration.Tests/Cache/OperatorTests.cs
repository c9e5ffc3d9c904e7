using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Consoles;
using Fastdist.Integration.Tests.Harness;
using Fastdist.Integration.Tests.Web;
using Xunit;

namespace Fastdist.Integration.Tests.Cache;

/// <summary>A cache as operators look at it and clear it: on the console, beside Debian's dnsdist, over HTTP and in Prometheus.</summary>
public sealed partial class OperatorTests
{
    private const ushort Aaaa = 28;

    /// <summary>What both are asked, in this order, before the commands.</summary>
    private static readonly (string Name, ushort Type)[] s_questions =
    [
        ("a.load.test", Message.A), ("a.load.test", Message.A), ("A.Load.test", Message.A), ("b.load.test", Message.A), ("a.load.test", Aaaa),
        ("missing.load.test", Message.A), ("deep.below.load.test", Message.A), ("elsewhere.test", Message.A), ("brief.test", Message.A),
    ];

    [Fact]
    public async Task The_console_says_and_does_what_dnsdists_does()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueOfDatagrams(Rogue.AnswersWith(query => [Answer(query)]));
        string[] lines =
        [
            $"newServer({{address='{backend.EndPoint}', name='one', healthCheckMode='up'}})",
            "pc = newPacketCache(1000, {minTTL=5})", "getPool(''):setCache(pc)", "other = newPacketCache(500)", "getPool('other'):setCache(other)",
        ];
        CachedProxy proxy = await CachedProxy.StartAsync(lab, lines);
        string key = ConsolePeers.NewKey();
        IPEndPoint console = Ports.Next();
        Forwarder dnsdist = await Forwarder.DnsdistAsync(lab, string.Join('\n', [$"controlSocket('{console}') setKey('{key}')", .. lines]));
        foreach ((string name, ushort type) in s_questions)
        {
            await proxy.AskAsync(name, type);
            await DnsUdpClient.AskAsync(dnsdist.EndPoint, Message.Query(name, type));
        }

        string ours = lab.Scratch.PathOf("ours.dump"), theirs = lab.Scratch.PathOf("theirs.dump");
        foreach (string command in (string[])
        [
            "pc:toString()", "pc:printStats()", "pc:dump('FILE')",
            "pc:expungeByName('a.load.test', DNSQType.AAAA)", "pc:expungeByName('A.LOAD.test')", "pc:expungeByName('below.load.test')",
            "pc:expungeByName('below.load.test', DNSQType.ANY, true)", "pc:expungeByName(newDNSName('load.test'), DNSQType.TXT, true)",
            "pc:expungeByName('load.test', DNSQType.ANY, true)", "pc:purgeExpired(0)", "pc:toString()",
            "getPool('other'):getCache():toString()", "pc:expunge(0)", "pc:toString()",
            "getPool('other'):unsetCache()",
        ])
        {
            string[] said = await proxy.CommandAsync(command.Replace("FILE", ours, StringComparison.Ordinal));
            ChildProcess peer = await ConsolePeers.AskWithDnsdistAsync(console, key, command.Replace("FILE", theirs, StringComparison.Ordinal));

            // "Cleanup Count" came to dnsdist after Debian's version.
            Assert.Equal([command, .. peer.Output.Snapshot()], [command, .. said.Where(line => line != "Cleanup Count: 0")]);
        }

        Assert.Equal(await DumpAsync(theirs), await DumpAsync(ours));
        Assert.Equal(CachesOf((await ConsolePeers.AskWithDnsdistAsync(console, key, "showPools()")).Output.Snapshot()), CachesOf(await proxy.CommandAsync("showPools()")));
    }

    [Fact]
    public async Task What_addresses_and_names_belong_together_can_be_asked()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.Answers);
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(backend), CachedProxy.Usual);
        await proxy.AskAsync("a.load.test");
        await proxy.AskAsync("b.load.test");

        string names = string.Concat(await proxy.CommandAsync("pc:getDomainListByAddress(newCA('192.0.2.1'))"));
        Assert.True(names.Contains("a.load.test", StringComparison.Ordinal) && names.Contains("b.load.test", StringComparison.Ordinal), names);
        Assert.Contains("192.0.2.1", string.Concat(await proxy.CommandAsync("pc:getAddressListByDomain(newDNSName('a.load.test'))")), StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.1", string.Concat(await proxy.CommandAsync("pc:getAddressListByDomain(newDNSName('c.load.test'))")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dump_is_of_whole_lines_and_is_written_over_nothing()
    {
        await using var lab = new Lab();
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(lab.RogueWithoutTls(Rogue.Answers)), CachedProxy.Usual);
        for (int i = 0; i < 300; i++)
        {
            await proxy.AskAsync($"n{i}.load.test");
        }

        string file = lab.Scratch.PathOf("dump");
        Assert.Equal(["Dumped 300 records"], await proxy.CommandAsync($"pc:dump('{file}')"));
        Assert.Equal(300, (await DumpAsync(file)).Length);
        string before = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.StartsWith("Error: ", Assert.Single(await proxy.CommandAsync($"pc:dump('{file}')")), StringComparison.Ordinal);
        Assert.StartsWith("Error: ", Assert.Single(await proxy.CommandAsync("pc:dump('/nowhere/dump')")), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_cache_is_put_up_and_taken_away_on_the_console_of_a_running_process()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.Answers);
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(backend));
        Assert.Empty(await proxy.CommandAsync("pc = newPacketCache(100)"));
        Assert.Empty(await proxy.CommandAsync("getPool(''):setCache(pc)"));
        await Patience.UntilAsync(
            async () =>
            {
                await proxy.AskAsync("x.load.test");
                return (await proxy.StatsAsync()).Hits > 0;
            },
            "a hit");

        Assert.Empty(await proxy.CommandAsync("getPool(''):unsetCache()"));
        int asked = backend.Asked;
        await Patience.UntilAsync(
            async () =>
            {
                await proxy.AskAsync("x.load.test");
                return backend.Asked > asked;
            },
            "a query past the cache");
    }

    [Fact]
    public async Task The_API_clears_by_pool_name_type_and_suffix_and_Prometheus_has_the_true_numbers()
    {
        await using var lab = new Lab();
        var site = new Site(lab);
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersWith(query => [Answer(query)]));
        CachedProxy proxy = await CachedProxy.StartAsync(
            lab, ["--shards", "2", .. site.Flags()], CachedProxy.Server(backend, $"{CachedProxy.Patient}, pool={{'', 'other'}}"),
            "pc = newPacketCache(1000) getPool(''):setCache(pc)",
            "pc2 = newPacketCache(500) getPool('other'):setCache(pc2) addAction('other.test.', PoolAction('other'))");
        for (int i = 0; i < 3; i++)
        {
            await proxy.AskAsync("a.load.test");
        }

        await proxy.AskAsync("b.load.test");
        await proxy.AskAsync("b.load.test", Aaaa);
        await proxy.AskAsync("a.other.test");
        await proxy.AskAsync("a.other.test");

        Dictionary<string, double> metrics = await MetricsTests.ReadAsync(site);
        Assert.Equal((3, 4), (metrics["dnsdist_cache_hits"], metrics["dnsdist_cache_misses"]));
        Assert.Equal((1000, 3, 2, 3), Of(metrics, "_default_"));
        Assert.Equal((500, 1, 1, 1), Of(metrics, "other"));
        Assert.Equal(0, metrics["""fastdist_pool_cache_evictions_total{pool="_default_"}"""]);
        Assert.Equal((await proxy.StatsAsync())["bytes"], metrics["""fastdist_pool_cache_bytes{pool="_default_"}"""]);
        Assert.Equal(3, metrics[$$"""fastdist_frontend_cache_hits_total{frontend="{{proxy.Listen}}",protocol="udp"}"""]);

        Assert.Equal("0", await RemoveAsync(site, "pool=&name=a.other.test"));
        Assert.Equal("1", await RemoveAsync(site, "pool=&name=b.load.test&type=AAAA"));
        Assert.Equal("2", await RemoveAsync(site, "pool=&name=load.test&suffix=1"));
        Assert.Equal("1", await RemoveAsync(site, "pool=other&name=test&suffix=1"));
        Assert.Equal((1000, 0, 2, 3), Of(await MetricsTests.ReadAsync(site), "_default_"));
        await proxy.AskAsync("a.load.test");
        Assert.Equal(2, backend.CountOf("a.load.test."));
    }

    private static byte[] Answer(byte[] query) => Message.Name(query) switch
    {
        var name when name.StartsWith("missing", StringComparison.Ordinal) => Message.Denial(query, (int)Rcode.NxDomain, ttl: 60, minimum: 60),
        "brief.test." => Message.AnswerFor(query, 1),
        _ when ParsedMessage.ParseQuery(query).QuestionType == Aaaa => Message.Denial(query, 0, ttl: 60, minimum: 60),
        _ => Message.AnswerFor(query, 3_600),
    };

    /// <summary>Names, types and rcodes of a dump, in an order of ours, whatever else is in its lines.</summary>
    private static async Task<string[]> DumpAsync(string file)
    {
        string[] lines = [.. (await File.ReadAllLinesAsync(file)).Where(line => line.Length > 0 && line[0] != ';')];
        Match[] matches = [.. lines.Select(line => DumpLine().Match(line))];
        Assert.All(matches, match => Assert.True(match.Success));
        IEnumerable<string> entries = matches.Select(match => $"{match.Groups["name"]} {match.Groups["type"]} {match.Groups["rcode"]} {match.Groups["length"]}");
        return [.. entries.Select(entry => entry.ToLowerInvariant()).Order(StringComparer.Ordinal)];
    }

    /// <summary>Each pool's cache, of what shows the pools.</summary>
    private static string[] CachesOf(string[] pools) => [.. pools.Select(line => Regex.Match(line, @"^\S* +(\d+/\d+)?").Value)];

    [GeneratedRegex(@"^(?<name>\S+) \d+ (IN )?(?<type>\S+) ; .*rcode (?<rcode>\d+), key \d+, length (?<length>\d+), received over UDP [01], added \d+")]
    private static partial Regex DumpLine();

    private static (double Size, double Entries, double Hits, double Misses) Of(Dictionary<string, double> metrics, string pool) =>
        (Read(metrics, pool, "size"), Read(metrics, pool, "entries"), Read(metrics, pool, "hits"), Read(metrics, pool, "misses"));

    private static double Read(Dictionary<string, double> metrics, string pool, string what) => metrics[$"dnsdist_pool_cache_{what}{{pool=\"{pool}\"}}"];

    private static async Task<string> RemoveAsync(Site site, string query)
    {
        Curl answer = await site.AskWithKeyAsync($"/api/v1/cache?{query}", "--request", "DELETE");
        return Regex.Match(Encoding.UTF8.GetString(answer.Body), "^{\"status\":\"purged\",\"count\":\"(\\d+)\"}$").Groups[1].Value;
    }
}
