using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Limits;

[Trait("Stage", "3")]
[Collection(LoadCollection.Name)]
public sealed class ConnectionFloodTests
{
    /// <summary>What an idle connection without TLS may cost.</summary>
    private const long BytesPerIdleConnection = 4_096;

    [Theory, ClassData(typeof(Rings))]
    public async Task Thousands_of_idle_connections_cost_little_and_delay_nobody(string ring)
    {
        const int count = 4_000;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(
            await lab.UnboundAsync(), "--io", ring, "--tcp-idle-timeout", "3600", "--shards", "2");
        await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("warm.load.test"));
        long before = ProcessTable.ResidentBytes(fastdist.Id);
        var idle = new List<DnsTcpClient>();
        for (int i = 0; i < count; i++)
        {
            idle.Add(await DnsTcpClient.ConnectAsync(fastdist.Listen));
        }

        await fastdist.CountedAsync(counters => counters.Tcp("current-connections") >= count, $"{count} connections");
        long each = (ProcessTable.ResidentBytes(fastdist.Id) - before) / count;
        DnsperfResult load = await Dnsperf.RunAsync(lab.Scratch, "udp", fastdist.Listen, 20_000, "-c", "4");
        Assert.Equal(Rcode.NoError, (await idle[count / 2].AskAsync(Message.Query("x.load.test"))).Rcode);

        Assert.True(load is { Lost: 0, NoError: 20_000 }, load.Text);
        Assert.InRange(each, long.MinValue, BytesPerIdleConnection);
        idle.ForEach(client => client.Dispose());
        await fastdist.CountedAsync(counters => counters.Tcp("current-connections") == 0, "no connection left");
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Connections_that_come_and_go_by_the_thousand_leave_nothing_behind(string ring)
    {
        const int count = 10_000;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(await lab.UnboundAsync(), "--io", ring, "--shards", "2");
        byte[] query = Message.Framed(Message.Query("x.load.test"));
        int descriptors = ProcessTable.Descriptors(fastdist.Id);

        for (int i = 0; i < count; i++)
        {
            using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);
            switch (i % 4)
            {
                case 0:
                    break;
                case 1:
                    client.TrySend(query.AsSpan(0, 5));
                    break;
                case 2:
                    client.TrySend(query);
                    break;
                default:
                    client.TrySend(query);
                    client.Reset();
                    break;
            }
        }

        await fastdist.CountedAsync(counters => counters.Tcp("current-connections") == 0, "no connection left");
        Assert.InRange(ProcessTable.Descriptors(fastdist.Id), 1, descriptors + 8);
        Assert.Equal(Rcode.NoError, (await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("y.load.test"))).Rcode);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Out_of_descriptors_it_waits_and_recovers(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(await lab.UnboundAsync(), "--io", ring, "--shards", "1");
        int room = ProcessTable.Descriptors(fastdist.Id) + 50;
        await ChildProcess.RunAsync("prlimit", $"--pid={fastdist.Id}", $"--nofile={room}:{room}");
        var many = new List<DnsTcpClient>();
        for (int i = 0; i < 200; i++)
        {
            many.Add(await DnsTcpClient.ConnectAsync(fastdist.Listen));
        }

        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("u.load.test"))).Rcode);
        many.ForEach(client => client.Dispose());

        Assert.Equal(Rcode.NoError, (await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("t.load.test"))).Rcode);
    }
}
