using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Clients;

[Trait("Stage", "1")]
public sealed class AccessListTests
{
    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_outside_the_list_is_dropped_and_counted_on_UDP_and_TCP(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "-a", "127.0.0.2/32", "-a", "192.0.2.0/24", "--io", ring);
        var welcome = IPAddress.Parse("127.0.0.2");

        using var udp = new DnsUdpClient(fastdist.Listen);
        await udp.SendAsync(Message.Query("x.load.test"));
        using DnsTcpClient tcp = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await tcp.UntilClosedAsync();
        using var welcomeUdp = new DnsUdpClient(fastdist.Listen, welcome);
        using DnsTcpClient welcomeTcp = await DnsTcpClient.ConnectAsync(fastdist.Listen, welcome);

        Assert.Equal(Rcode.NoError, (await welcomeUdp.AskAsync(Message.Query("y.load.test"))).Rcode);
        Assert.Equal(Rcode.NoError, (await welcomeTcp.AskAsync(Message.Query("z.load.test"))).Rcode);
        await fastdist.CountedAsync(
            counters => counters.Udp("acl-drops") == 1 && counters.Tcp("acl-drops") == 1, "one drop on each transport");
        Assert.False(udp.HasAnswer);
        Assert.Equal(2, backend.Received.Count);
    }

    [Fact]
    public async Task An_IPv6_client_is_judged_by_the_same_list()
    {
        await using var lab = new Lab();
        NetworkNamespace host = await lab.NetworkAsync();
        RogueBackend backend = lab.RogueOn(host, Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistOnAsync(
            host, new IPEndPoint(IPAddress.IPv6Loopback, Ports.NextNumber()), "--server", lab.Unchecked(backend, "one"), "-a", "127.0.0.0/8");

        using DnsUdpClient udp = host.Enter(() => new DnsUdpClient(fastdist.Listen));
        await udp.SendAsync(Message.Query("x.load.test"));

        await fastdist.CountedAsync(counters => counters.Udp("acl-drops") == 1, "one drop");
        Assert.Empty(backend.Received);
    }

    [Fact]
    public async Task By_default_private_and_local_clients_are_served_and_the_rest_of_the_world_is_not()
    {
        (string Network, bool Served)[] clients =
        [
            ("10.1.2.{0}/24", true),
            ("100.64.1.{0}/24", true),
            ("169.254.1.{0}/24", true),
            ("172.31.1.{0}/24", true),
            ("192.168.1.{0}/24", true),
            ("fd12::{0}/64", true),
            ("fe80::{0}/64", true),
            ("198.51.100.{0}/24", false),
            ("100.128.1.{0}/24", false),
            ("172.32.1.{0}/24", false),
            ("2001:db8::{0}/64", false),
        ];
        const int port = 5300;
        await using var lab = new Lab();
        NetworkNamespace server = await lab.NetworkAsync();
        NetworkNamespace client = await lab.NetworkAsync();
        await NetworkNamespace.JoinAsync(server, client);
        foreach ((string network, _) in clients)
        {
            await server.AddressAsync(string.Format(network, 77));
            await client.AddressAsync(string.Format(network, 99));
        }

        NsdBackend nsd = await lab.NsdAsync(network: server);
        FastdistProcess fastdist = lab.Keep(await FastdistProcess.StartAsync(
            new IPEndPoint(IPAddress.Any, port),
            ["-l", $"0.0.0.0:{port}", "-l", $"[::]:{port}", "--server", lab.Server(nsd)],
            server));
        await fastdist.MarkedUpAsync(nsd.Name);
        int dropped = 0;
        foreach ((string network, bool served) in clients)
        {
            using DnsUdpClient udp = client.Enter(() => new DnsUdpClient(new(AddressOf(network, 77), port), AddressOf(network, 99)));
            await udp.SendAsync(Message.Query("x.load.test"));
            if (served)
            {
                Assert.Equal(Rcode.NoError, (await udp.ReceiveAsync()).Rcode);
                continue;
            }

            dropped++;
            await fastdist.CountedAsync(counters => counters.Udp("acl-drops") == dropped, $"{network} dropped");
            Assert.False(udp.HasAnswer);
        }

        IPAddress AddressOf(string network, int host)
        {
            IPAddress address = IPAddress.Parse(string.Format(network, host).Split('/')[0]);
            return address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv6LinkLocal
                ? new(address.GetAddressBytes(), client.Enter(() => (long)InterfaceIndex.Of("cable0")))
                : address;
        }
    }
}
