using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Limits;

/// <summary>Few file descriptors: clients get what the rest can spare, and are the first to give some back.</summary>
[Trait("Row", "A1")]
public sealed class DescriptorTests
{
    private const int Limit = 256;

    [Fact]
    public async Task The_soft_limit_is_raised_to_the_hard_one()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await StartAsync(lab, lab.Rogue(Rogue.Answers), "--nofile=300:4096", "--shards", "1");

        string row = Assert.Single(File.ReadLines($"/proc/{fastdist.Id}/limits"), line => line.StartsWith("Max open files", StringComparison.Ordinal));
        Assert.Equal(["4096", "4096"], row["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2]);
    }

    [Theory]
    [InlineData("info", new string[0])]
    [InlineData("warning", new[] { "--max-tcp-connections", "5000" })]
    public async Task Fewer_connections_than_the_settings_say_are_said(string level, string[] flags)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await StartAsync(lab, lab.Rogue(Rogue.Answers), "--nofile=1024:1024", ["--shards", "1", .. flags]);

        LogLine line = await fastdist.ToldAsync(LogEvent.ConnectionsFitted);
        Assert.Equal((level, "1024"), (line["level"], line["limit"]));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task More_clients_than_descriptors_leave_enough_for_backends_reload_console_and_metrics(string ring)
    {
        await using var lab = new Lab();
        var site = new Site(lab);
        string console = lab.Scratch.PathOf("console");
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await StartAsync(
            lab, backend, $"--nofile={Limit}:{Limit}", ["--io", ring, "--shards", "2", "--control-socket", console, .. site.Flags()]);
        List<DnsTcpClient> clients = await ConnectAsync(fastdist, Limit + 50);

        backend.Sessions.ToList().ForEach(session => session.Reset());
        await Patience.UntilAsync(
            async () => (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("y.load.test"))).Rcode == Rcode.NoError, "an answer over UDP");
        Assert.Equal(Rcode.NoError, (await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("z.load.test"))).Rcode);
        await fastdist.ReloadAsync();
        await using ChildProcess client = await FastdistProcess.RunToEndAsync("-c", console, "-e", "showServers()");
        Assert.Equal(0, await client.ExitAsync());
        Assert.Equal(200, (await site.AskWithPasswordAsync("/metrics")).Status);
        Assert.Empty(fastdist.Told(LogEvent.DescriptorsExhausted));
        Assert.DoesNotContain(fastdist.Log.Snapshot(), line => line.Contains("too many open files", StringComparison.OrdinalIgnoreCase));
        clients.ForEach(one => one.Dispose());
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task When_the_limit_is_reached_clients_make_room_the_longest_idle_first(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await StartAsync(lab, backend, "--nofile=4096:4096", "--io", ring, "--shards", "1");
        List<DnsTcpClient> clients = await ConnectAsync(fastdist, 60);

        // The first is the last to be idle by now.
        await clients[0].AskAsync(Message.Query("again.load.test"));
        await LowerLimitAsync(fastdist);

        using DnsTcpClient another = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        Assert.Equal(Rcode.NoError, (await another.AskAsync(Message.Query("y.load.test"))).Rcode);
        await clients[1].UntilEndedAsync();
        await IsExhaustedAsync(fastdist);
        Assert.Equal(Rcode.NoError, (await clients[0].AskAsync(Message.Query("still.load.test"))).Rcode);
        Assert.Equal(0, (await fastdist.CountersAsync()).Tcp("evicted-busy"));
        clients.ForEach(one => one.Dispose());
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_backend_is_connected_to_again_although_clients_hold_every_descriptor(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await StartAsync(lab, backend, "--nofile=4096:4096", "--io", ring, "--shards", "1");
        List<DnsTcpClient> clients = await ConnectAsync(fastdist, 60);
        await LowerLimitAsync(fastdist, below: 30);

        backend.Sessions.ToList().ForEach(session => session.Reset());
        await Patience.UntilAsync(
            async () => (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("y.load.test"))).Rcode == Rcode.NoError, "an answer over a new connection");

        Assert.InRange(backend.Connections, 2, 5);
        await IsExhaustedAsync(fastdist);

        // One line a minute, whatever fails meanwhile.
        Assert.InRange(fastdist.Told(LogEvent.DescriptorsExhausted).Length, 1, 2);
        clients.ForEach(one => one.Dispose());
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Busy_clients_make_room_when_none_is_idle_the_oldest_first(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await StartAsync(lab, lab.Rogue(Rogue.Never), "--nofile=4096:4096", "--io", ring, "--shards", "1");
        var clients = new List<DnsTcpClient>();
        for (int i = 0; i < 40; i++)
        {
            clients.Add(await DnsTcpClient.ConnectAsync(fastdist.Listen));
            await clients[i].SendAsync(Message.Query($"x{i}.load.test"));
        }

        await fastdist.CountedAsync(counters => counters.Tcp("queries") == 40, "forty queries waiting for answers");
        await LowerLimitAsync(fastdist);
        using DnsTcpClient another = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await another.SendAsync(Message.Query("y.load.test"));

        await clients[0].UntilEndedAsync();
        await fastdist.CountedAsync(counters => counters.Tcp("queries") == 41 && counters.Tcp("evicted-busy") > 0, "room made by busy connections");
        clients.ForEach(one => one.Dispose());
    }

    private static async Task<FastdistProcess> StartAsync(Lab lab, RogueBackend backend, string limit, params string[] flags)
    {
        IPEndPoint listen = Ports.Next();
        return lab.Keep(await FastdistProcess.StartAsync(
            listen, ["-l", $"{listen}", "--server", lab.Unchecked(backend, "one"), .. flags], prefix: ["prlimit", limit]));
    }

    private static async Task IsExhaustedAsync(FastdistProcess fastdist) => Assert.StartsWith(
        "too many open files in this process, limit", (await fastdist.ToldAsync(LogEvent.DescriptorsExhausted))["reason"], StringComparison.Ordinal);

    private static async Task<List<DnsTcpClient>> ConnectAsync(FastdistProcess fastdist, int count)
    {
        var clients = new List<DnsTcpClient>();
        for (int i = 0; i < count; i++)
        {
            clients.Add(await DnsTcpClient.ConnectAsync(fastdist.Listen));
            Assert.Equal(Rcode.NoError, (await clients[i].AskAsync(Message.Query("x.load.test"))).Rcode);
        }

        return clients;
    }

    /// <summary>Leaves the process no descriptor, as a limit that is lowered while it runs does.</summary>
    private static async Task LowerLimitAsync(FastdistProcess fastdist, int below = 0)
    {
        // The limit is one of numbers, of which the kernel gives out the lowest that is free: the clients have filled all up to theirs.
        int lowest = 0;
        await Patience.UntilAsync(() => (lowest = LowestFree(fastdist)) > 40, "no gap among the descriptors");
        await using ChildProcess prlimit = await ChildProcess.RunAsync("prlimit", "--pid", $"{fastdist.Id}", $"--nofile={lowest - below}:4096");
        Assert.Equal(0, await prlimit.ExitAsync());
    }

    private static int LowestFree(FastdistProcess fastdist)
    {
        int lowest = 0;
        while (File.Exists($"/proc/{fastdist.Id}/fd/{lowest}"))
        {
            lowest++;
        }

        return lowest;
    }
}
