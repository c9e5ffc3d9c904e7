using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Forwarding;

/// <summary>kdig asks, a real daemon answers, fastdist is between them.</summary>
[Trait("Stage", "1")]
public sealed class RealBackendTests
{
    public static TheoryData<string, int> RingsAndShards { get; } = new()
    {
        { "io_uring", 1 },
        { "io_uring", 2 },
        { "io_uring", 8 },
        { "epoll", 1 },
        { "epoll", 2 },
        { "epoll", 8 },
    };

    [Theory, MemberData(nameof(RingsAndShards))]
    public async Task Queries_over_UDP_and_TCP_reach_NSD_over_TLS(string ring, int shards)
    {
        await using var lab = new Lab();
        NsdBackend nsd = await lab.NsdAsync();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(nsd, "--io", ring, "--shards", $"{shards}");

        LogLine ready = Assert.Single(fastdist.Told(LogEvent.Ready));
        Assert.Equal($"{shards}", ready["shards"]);
        Assert.Contains(ring, ready["ring"]);
        await BothTransportsAnswerAsync(fastdist.Listen);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Queries_over_UDP_and_TCP_reach_unbound_over_TLS(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(await lab.UnboundAsync(), "--io", ring);

        await BothTransportsAnswerAsync(fastdist.Listen);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Queries_reach_NSD_over_plain_TCP_when_TLS_is_switched_off(string ring)
    {
        await using var lab = new Lab();
        NsdBackend nsd = await lab.NsdAsync();
        FastdistProcess fastdist = await lab.FastdistAsync("--server", $"{nsd.Plain},name=plain,tls=none", "--io", ring);
        await fastdist.MarkedUpAsync("plain");

        await BothTransportsAnswerAsync(fastdist.Listen);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Listener_and_backend_may_be_IPv6(string ring)
    {
        await using var lab = new Lab();
        NetworkNamespace host = await lab.NetworkAsync();
        NsdBackend nsd = await lab.NsdAsync(address: IPAddress.IPv6Loopback, network: host);
        FastdistProcess fastdist = await lab.FastdistOnAsync(
            host, new IPEndPoint(IPAddress.IPv6Loopback, Ports.NextNumber()), "--server", lab.Server(nsd), "--io", ring);
        await fastdist.MarkedUpAsync(nsd.Name);

        await BothTransportsAnswerAsync(fastdist.Listen, host);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Several_addresses_are_served_at_once(string ring)
    {
        await using var lab = new Lab();
        NetworkNamespace host = await lab.NetworkAsync();
        IPEndPoint[] others = [new(IPAddress.Loopback, Ports.NextNumber()), new(IPAddress.IPv6Loopback, Ports.NextNumber())];
        NsdBackend nsd = await lab.NsdAsync(network: host);
        FastdistProcess fastdist = await lab.FastdistOnAsync(
            host, Ports.Next(), ["--server", lab.Server(nsd, "checkTimeout=20000"), .. others.SelectMany(other => (string[])["-l", $"{other}"]), "--io", ring]);
        await fastdist.MarkedUpAsync(nsd.Name);

        foreach (IPEndPoint server in (IPEndPoint[])[fastdist.Listen, .. others])
        {
            await BothTransportsAnswerAsync(server, host);
        }
    }

    [Fact]
    public async Task The_load_of_many_clients_passes_without_a_loss()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(await lab.UnboundAsync(), "--shards", "2");

        DnsperfResult udp = await Dnsperf.RunAsync(lab.Scratch, "udp", fastdist.Listen, 20_000, "-c", "8");
        DnsperfResult tcp = await Dnsperf.RunAsync(lab.Scratch, "tcp", fastdist.Listen, 20_000, "-c", "8");

        Assert.True(udp is { NoError: 20_000, Lost: 0 }, udp.Text);
        Assert.True(tcp is { NoError: 20_000, Lost: 0 }, tcp.Text);
    }

    private static async Task BothTransportsAnswerAsync(IPEndPoint server, NetworkNamespace? host = null)
    {
        Kdig udp = await Kdig.AskAsync(host, $"{server.Address}", server.Port, "+notcp", "u.load.test");
        Kdig tcp = await Kdig.AskAsync(host, $"{server.Address}", server.Port, "+tcp", "t.load.test");

        Assert.True(udp is { Status: "NOERROR", Transport: "UDP" } && udp.Holds("192.0.2.1"), udp.Text);
        Assert.True(tcp is { Status: "NOERROR", Transport: "TCP" } && tcp.Holds("192.0.2.1"), tcp.Text);
    }
}
