using System;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Cache;

/// <summary>A cache that is full, before NSD: what everybody asks for stays in it, whatever names somebody makes up.</summary>
[Collection(LoadCollection.Name)]
public sealed class FullCacheTests
{
    private const int Entries = 1_000, Popular = 100, Flood = 20_000;

    [Theory]
    [InlineData("flood%.test A", Entries / 2)]
    [InlineData("flood%.load.test A", Entries - Popular)]
    public async Task Names_that_nobody_asks_for_twice_push_out_one_another_and_not_what_is_popular(string question, int least)
    {
        await using var lab = new Lab();
        PlainServer nsd = await lab.PlainAsync();
        CachedProxy proxy = await CachedProxy.StartAsync(
            lab, ["--shards", "2"], CachedProxy.Server(nsd), $"pc = newPacketCache({Entries}) getPool(''):setCache(pc)");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(proxy.Listen);
        string[] names = [.. Enumerable.Range(0, Popular).Select(i => $"popular{i}.load.test")];
        await AskAsync();
        string questions = lab.Scratch.Write(
            "flood", string.Concat(Enumerable.Range(0, Flood).Select(i => $"{question.Replace("%", $"{i}", StringComparison.Ordinal)}\n")));

        // At most a fifth of the cache's room comes between two looks at what is popular.
        await using Dnsperf flood = Dnsperf.Start(lab.Scratch, "udp", proxy.Listen, "-n", "1", "-q", "50", "-d", questions);
        Task<DnsperfResult> end = flood.ResultAsync();
        while (!end.IsCompleted)
        {
            await AskAsync();
        }

        Assert.True(await end is { Lost: 0, Completed: Flood }, (await end).Text);
        CacheStats before = await proxy.StatsAsync();
        await AskAsync();
        CacheStats after = await proxy.StatsAsync();
        Assert.InRange(after.Hits - before.Hits, Popular * 9 / 10, Popular);
        Assert.InRange(after.Entries, least, Entries);
        Assert.True(after["evictions"] + after["refusedInserts"] > Flood / 2, $"{after}");
        Assert.Equal(Entries, after["maxEntries"]);

        async Task AskAsync() => Assert.Equal($"{Popular} {Rcode.NoError}", Tally.Of(await client.AskTogetherAsync(names)));
    }

    [Fact]
    public async Task Memory_has_a_bound_besides_the_number_of_entries()
    {
        const int bytes = 1 << 20;
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersWith(query => [Message.AnswerOfSize(query, 3_000)]));
        CachedProxy proxy = await CachedProxy.StartAsync(
            lab, CachedProxy.Server(backend), $"pc = newPacketCache(100000, {{maximumBytes={bytes}}}) getPool(''):setCache(pc)");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(proxy.Listen);

        for (int i = 0; i < 1_000; i += 100)
        {
            await client.AskTogetherAsync(Enumerable.Range(i, 100).Select(number => $"n{number}.load.test"));
        }

        CacheStats stats = await proxy.StatsAsync();
        Assert.InRange(stats["bytes"], bytes / 2, bytes);
        Assert.InRange(stats.Entries, bytes / 2 / 3_300, bytes / 3_000);
        Assert.True(stats["evictions"] > 0, $"{stats}");
    }

    [Theory]
    [InlineData("0", "expected a whole number from 1 to")]
    [InlineData("-1", "expected a whole number from 1 to")]
    [InlineData("many", "expected a whole number from 1 to")]
    [InlineData("9999999999999999999999", "expected a whole number from 1 to")]
    [InlineData("1000000000", "entries takes")]
    public async Task A_size_that_cannot_be_ends_the_start_with_a_line_that_says_why(string entries, string reason)
    {
        await using var lab = new Lab();
        string size = entries == "many" ? "'many'" : entries;
        string file = lab.Scratch.Write("bad.conf", $"newServer('192.0.2.1')\nsetLocal('{Ports.Next()}')\npc = newPacketCache({size})\ngetPool(''):setCache(pc)\n");

        ChildProcess flag = await FastdistProcess.RunToEndAsync("-l", $"{Ports.Next()}", "--server", "192.0.2.1,tls=none", "--cache-size", entries);
        ChildProcess line = await FastdistProcess.RunToEndAsync("-C", file);

        Assert.All((ChildProcess[])[flag, line], process => Assert.Contains(reason, Assert.Single(process.Log.Snapshot()), StringComparison.Ordinal));
        Assert.Contains("--cache-size", Assert.Single(flag.Log.Snapshot()), StringComparison.Ordinal);
        Assert.Contains($"{file}:3: newPacketCache", Assert.Single(line.Log.Snapshot()), StringComparison.Ordinal);
        Assert.Equal((1, 1), (await flag.ExitAsync(), await line.ExitAsync()));
    }

    [Theory]
    [InlineData("512", "has no room for one answer")]
    [InlineData("100T", "this process may have")]
    [InlineData("much", "expected a number of bytes such as")]
    public async Task Bytes_that_cannot_be_end_the_start_with_a_line_that_says_why(string bytes, string reason)
    {
        ChildProcess flag = await FastdistProcess.RunToEndAsync(
            "-l", $"{Ports.Next()}", "--server", "192.0.2.1,tls=none,healthCheckMode=up", "--cache-size", "1000", "--cache-bytes", bytes);

        string line = Assert.Single(flag.Log.Snapshot());
        Assert.True(line.Contains(reason, StringComparison.Ordinal) && line.Contains("--cache-bytes", StringComparison.Ordinal), line);
        Assert.Equal(1, await flag.ExitAsync());
    }
}
