using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Forwarding;

/// <summary>
/// A host with several addresses, bound with a wildcard. The clients' sockets are connected, so an answer from any
/// other address never reaches them.
/// </summary>
[Trait("Stage", "1")]
public sealed class ReplyAddressTests
{
    private const int Port = 5300;

    [Theory, ClassData(typeof(Rings))]
    public async Task Replies_leave_from_the_IPv4_address_that_was_asked(string ring)
    {
        await using var lab = new Lab();
        NetworkNamespace client = await BeginAsync(lab, ring, "0.0.0.0");

        foreach (string address in (string[])["10.77.0.1", "10.77.0.2", "10.77.0.3"])
        {
            await BothTransportsAnswerAsync(client, IPAddress.Parse(address));
        }
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Replies_leave_from_the_IPv6_address_that_was_asked(string ring)
    {
        await using var lab = new Lab();
        NetworkNamespace client = await BeginAsync(lab, ring, "[::]");

        foreach (string address in (string[])["fd77::1", "fd77::2", "fd77::3"])
        {
            await BothTransportsAnswerAsync(client, IPAddress.Parse(address));
        }
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Replies_to_a_link_local_client_find_their_link(string ring)
    {
        await using var lab = new Lab();
        NetworkNamespace client = await BeginAsync(lab, ring, "[::]");
        long scope = client.Enter(() => (long)InterfaceIndex.Of("cable0"));

        await BothTransportsAnswerAsync(client, new IPAddress(IPAddress.Parse("fe80::77").GetAddressBytes(), scope));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task An_IPv6_wildcard_leaves_IPv4_to_its_own_listener(string ring)
    {
        await using var lab = new Lab();
        NetworkNamespace client = await BeginAsync(lab, ring, "[::]", $"0.0.0.0:{Port}");

        await BothTransportsAnswerAsync(client, IPAddress.Parse("10.77.0.2"));
        await BothTransportsAnswerAsync(client, IPAddress.Parse("fd77::2"));
    }

    private static async Task<NetworkNamespace> BeginAsync(Lab lab, string ring, string wildcard, params string[] more)
    {
        NetworkNamespace server = await lab.NetworkAsync();
        NetworkNamespace client = await lab.NetworkAsync();
        await NetworkNamespace.JoinAsync(server, client);
        await server.AddressAsync(
            "10.77.0.1/24", "10.77.0.2/24", "10.77.0.3/24", "fd77::1/64", "fd77::2/64", "fd77::3/64", "fe80::77/64");
        await client.AddressAsync("10.77.0.9/24", "fd77::9/64", "fe80::99/64");
        NsdBackend nsd = await lab.NsdAsync(network: server);

        string[] locals = ["-l", $"{wildcard}:{Port}"];
        foreach (string local in more)
        {
            locals = [.. locals, "-l", local];
        }

        FastdistProcess fastdist = lab.Keep(await FastdistProcess.StartAsync(
            new IPEndPoint(IPAddress.Any, Port), [.. locals, "--server", lab.Server(nsd), "--io", ring], server));
        await fastdist.MarkedUpAsync(nsd.Name);
        return client;
    }

    private static async Task BothTransportsAnswerAsync(NetworkNamespace client, IPAddress address)
    {
        var server = new IPEndPoint(address, Port);
        using DnsUdpClient udp = client.Enter(() => new DnsUdpClient(server));
        using Socket socket = client.Enter(() => new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        using DnsTcpClient tcp = await DnsTcpClient.ConnectAsync(socket, server);

        Assert.Equal(Rcode.NoError, (await udp.AskAsync(Message.Query("u.load.test"))).Rcode);
        Assert.Equal(Rcode.NoError, (await tcp.AskAsync(Message.Query("t.load.test"))).Rcode);
    }
}
