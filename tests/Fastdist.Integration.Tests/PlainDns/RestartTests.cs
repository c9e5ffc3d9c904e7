using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.PlainDns;

/// <summary>A server is killed under load and started again within a second.</summary>
[Collection(LoadCollection.Name), Trait("Row", "F5")]
public sealed class RestartTests
{
    private static readonly string[] s_names = ["one", "two"];

    public static MatrixTheoryData<string, int> Ways => new(["io_uring", "epoll"], [1, 2]);

    [Theory, MemberData(nameof(Ways))]
    public async Task No_query_is_lost_when_a_backend_is_restarted(string ring, int backends)
    {
        await using var lab = new Lab();
        var servers = new List<PlainServer>();
        foreach (string name in s_names[..backends])
        {
            servers.Add(await lab.PlainAsync(name: name));
        }

        FastdistProcess fastdist = await lab.FastdistAsync(
            ["--shards", "2", "--io", ring, .. servers.SelectMany(server => (string[])["--server", lab.Server(server, "checkTimeout=20000")])]);
        foreach (PlainServer server in servers)
        {
            await fastdist.MarkedUpAsync(server.Name);
        }

        await using Dnsperf udp = Dnsperf.Start(lab.Scratch, "udp", fastdist.Listen, "-l", "600", "-Q", "1000", "-c", "4", "-q", "5000");
        await using SteadyLoad tcp = await SteadyLoad.StartAsync(fastdist.Listen, number => $"q{number}.load.test");
        await tcp.IsAnsweredAsync(100);

        await servers[0].KillAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
        await servers[0].StartAsync();
        await tcp.IsAnsweredAsync(200);

        DnsperfResult overUdp = await udp.StopAsync();
        ParsedMessage[] overTcp = await tcp.StopAsync();
        Assert.True(overUdp is { Lost: 0, Completed: > 100 } && overUdp.NoError == overUdp.Completed, overUdp.Text);
        Assert.Equal($"{overTcp.Length} NoError", Tally.Of(overTcp));
        Assert.True((await fastdist.CountersAsync()).Backend("one")["udp-unreachable"] > 0);
    }
}
