using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Program;

/// <summary>Listeners and backends that depend on a network interface.</summary>
public sealed class InterfaceTests
{
    private const int Port = 5300;
    private const string Wire = "cable0";

    private static readonly IPAddress s_server = IPAddress.Parse("10.77.0.1");

    [Fact, Trait("Row", "B3")]
    public async Task Somebody_on_another_interface_is_in_nobodys_way()
    {
        await using var lab = new Lab();
        (NetworkNamespace server, NetworkNamespace client) = await HostsAsync(lab);
        using Socket udp = server.Enter(() => BoundTo("lo", SocketType.Dgram, ProtocolType.Udp));
        using Socket tcp = server.Enter(() => BoundTo("lo", SocketType.Stream, ProtocolType.Tcp));

        await StartAsync(lab, server, "-l", $"0.0.0.0:{Port},interface={Wire}");

        await AnswersAsync(client, new IPEndPoint(s_server, Port));
    }

    [Fact, Trait("Row", "B3")]
    public async Task Somebody_on_the_same_interface_is_found_and_the_flag_named()
    {
        await using var lab = new Lab();
        (NetworkNamespace server, _) = await HostsAsync(lab);
        using Socket tcp = server.Enter(() => BoundTo(Wire, SocketType.Stream, ProtocolType.Tcp, IPAddress.Any));
        await using ChildProcess fastdist = server.Start(
            Repository.Fastdist, "-l", $"0.0.0.0:{Port},interface={Wire}", "--server", "192.0.2.1,tls=none");

        Assert.Equal(1, await fastdist.ExitAsync());
        Assert.Contains($"--local 0.0.0.0:{Port},interface={Wire}: cannot bind to 0.0.0.0%{Wire}:{Port}: Address already in use", fastdist.Log.ToString(), StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Rings)), Trait("Row", "B3")]
    public async Task One_address_on_two_interfaces_is_two_frontends_and_each_is_told_apart(string ring)
    {
        await using var lab = new Lab();
        (NetworkNamespace server, NetworkNamespace client) = await HostsAsync(lab);
        string console = lab.Scratch.PathOf("console");
        FastdistProcess fastdist = await StartAsync(
            lab, server, "-l", $"0.0.0.0:{Port},interface={Wire}", "-l", $"0.0.0.0:{Port},interface=lo", "--io", ring, "--shards", "2", "--control-socket", console);

        await AnswersAsync(client, new IPEndPoint(s_server, Port));
        await AnswersAsync(server, new IPEndPoint(IPAddress.Loopback, Port));
        await using ChildProcess binds = await FastdistProcess.RunToEndAsync("-c", console, "-e", "showBinds()");
        Assert.Contains($"0.0.0.0%{Wire}:{Port}", binds.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains($"0.0.0.0%lo:{Port}", binds.Output.ToString(), StringComparison.Ordinal);
        string[] addresses = [.. (await fastdist.CountersAsync()).Frontends.Select(line => line.Text("address")).Distinct()];
        Assert.Equal([$"0.0.0.0%{Wire}:{Port}", $"0.0.0.0%lo:{Port}"], addresses);
    }

    [Theory, ClassData(typeof(Rings)), Trait("Row", "B1")]
    public async Task Listeners_come_back_with_an_interface_that_was_deleted_and_made_again(string ring)
    {
        await using var lab = new Lab();
        (NetworkNamespace server, NetworkNamespace client) = await HostsAsync(lab);
        FastdistProcess fastdist = await StartAsync(
            lab, server, "-l", $"0.0.0.0:{Port},interface={Wire}", "-l", $"[fe80::77%{Wire}]:{Port}", "--io", ring, "--shards", "2");
        await AnswersAsync(client, new IPEndPoint(s_server, Port));
        await AnswersAsync(client, LinkLocal(client, "fe80::77"));

        for (int round = 0; round < 2; round++)
        {
            int from = fastdist.Log.Count;
            await server.RunAsync("ip", "link", "delete", Wire);
            await fastdist.ToldSinceAsync(from, LogEvent.InterfaceGone, line => IsOf(line, $"0.0.0.0%{Wire}:{Port}"));
            await CableAsync(server, client);
            await fastdist.ToldSinceAsync(from, LogEvent.BoundAgain, line => IsOf(line, $"0.0.0.0%{Wire}:{Port}"));
            await fastdist.ToldSinceAsync(from, LogEvent.BoundAgain, line => IsOf(line, $"[fe80::77%{Wire}]:{Port}"));
            await AnswersAsync(client, new IPEndPoint(s_server, Port));
            await AnswersAsync(client, LinkLocal(client, "fe80::77"));
        }

        static bool IsOf(LogLine line, string address) => line["name"] == Wire && line["address"] == address;
    }

    [Fact, Trait("Row", "B1")]
    public async Task A_privileged_port_is_bound_again_after_privileges_are_gone_and_nothing_else_is_kept()
    {
        await using var lab = new Lab();
        (NetworkNamespace server, NetworkNamespace client) = await HostsAsync(lab);
        FastdistProcess fastdist = await StartAsync(
            lab, server, "-l", $"0.0.0.0:53,interface={Wire}", "--uid", "nobody", "--gid", "nogroup", "--shards", "1");
        Assert.Equal("0000000000000400", ProcessTable.OfThreads(fastdist.Id, "CapEff").Max());
        Assert.Equal("0000000000000400", ProcessTable.OfThreads(fastdist.Id, "CapPrm").Max());

        await server.RunAsync("ip", "link", "delete", Wire);
        await fastdist.ToldAsync(LogEvent.InterfaceGone, line => line["name"] == Wire);
        await CableAsync(server, client);
        await fastdist.ToldAsync(LogEvent.BoundAgain, line => line["name"] == Wire);

        await AnswersAsync(client, new IPEndPoint(s_server, 53));
    }

    [Theory, Trait("Row", "B1")]
    [InlineData("io_uring", $"[fe80::99%{Wire}]:8853")]
    [InlineData("epoll", $"[fe80::99%{Wire}]:8853")]
    [InlineData("auto", $"10.77.0.9:8853,source={Wire}")]
    [InlineData("auto", $"10.77.0.9:8853,source=10.77.0.1@{Wire}")]
    public async Task A_backend_behind_an_interface_is_found_again_behind_the_new_one(string ring, string address)
    {
        await using var lab = new Lab();
        (NetworkNamespace server, NetworkNamespace client) = await HostsAsync(lab);
        Socket listener = client.Enter(() =>
        {
            var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 8853));
            socket.Listen();
            return socket;
        });
        lab.Keep(new RogueBackend(listener, lab.Authority.Issue(Lab.BackendName), Rogue.Answers));
        FastdistProcess fastdist = lab.Keep(await FastdistProcess.StartAsync(
            new IPEndPoint(IPAddress.Loopback, Port),
            ["-l", $"127.0.0.1:{Port}", "--server", $"{address},name=far,{lab.Trust},queryTimeout=3000", "--io", ring, "--shards", "1"], server));
        await fastdist.MarkedUpAsync("far");

        int from = fastdist.Log.Count;
        await server.RunAsync("ip", "link", "delete", Wire);
        await fastdist.MarkedDownAsync("far", from);
        await CableAsync(server, client);
        await fastdist.MarkedUpAsync("far", from);

        await AnswersAsync(server, fastdist.Listen);
    }

    [Fact, Trait("Row", "B1")]
    public async Task A_console_on_a_link_local_address_opens_again_behind_the_new_interface()
    {
        await using var lab = new Lab();
        (NetworkNamespace server, NetworkNamespace client) = await HostsAsync(lab);
        FastdistProcess fastdist = await StartAsync(
            lab, server, "-l", $"127.0.0.1:{Port}", "--control-socket", $"[fe80::77%{Wire}]", "--setkey", Convert.ToBase64String(new byte[32]));

        await server.RunAsync("ip", "link", "delete", Wire);
        LogLine closed = await fastdist.ToldAsync(LogEvent.WayInClosed, line => line["flag"].StartsWith("--control-socket", StringComparison.Ordinal));
        Assert.Contains($"interface {Wire} is gone", closed["reason"], StringComparison.Ordinal);
        await CableAsync(server, client);

        await fastdist.ToldAsync(LogEvent.WayInOpen, line => line["flag"] == closed["flag"]);
        using Socket socket = client.Enter(() => new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp));
        using DnsTcpClient connected = await DnsTcpClient.ConnectAsync(socket, new IPEndPoint(LinkLocal(client, "fe80::77").Address, 5199));
    }

    private static async Task<(NetworkNamespace Server, NetworkNamespace Client)> HostsAsync(Lab lab)
    {
        NetworkNamespace server = await lab.NetworkAsync();
        NetworkNamespace client = await lab.NetworkAsync();
        await CableAsync(server, client);
        return (server, client);
    }

    private static async Task CableAsync(NetworkNamespace server, NetworkNamespace client)
    {
        await NetworkNamespace.JoinAsync(server, client);
        await server.AddressAsync($"{s_server}/24", "fe80::77/64");
        await client.AddressAsync("10.77.0.9/24", "fe80::99/64");
    }

    /// <summary>fastdist on the server's host, before a backend there.</summary>
    private static async Task<FastdistProcess> StartAsync(Lab lab, NetworkNamespace server, params string[] flags)
    {
        RogueBackend backend = lab.RogueOn(server, Rogue.Answers);
        return lab.Keep(await FastdistProcess.StartAsync(
            new IPEndPoint(IPAddress.Loopback, Port), ["--server", lab.Unchecked(backend, "one"), "--acl", "0.0.0.0/0", "--acl", "::/0", .. flags], server));
    }

    private static IPEndPoint LinkLocal(NetworkNamespace host, string address) =>
        new(new IPAddress(IPAddress.Parse(address).GetAddressBytes(), host.Enter(() => (long)InterfaceIndex.Of(Wire))), Port);

    private static async Task AnswersAsync(NetworkNamespace from, IPEndPoint server)
    {
        using DnsUdpClient udp = from.Enter(() => new DnsUdpClient(server));
        using Socket socket = from.Enter(() => new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        using DnsTcpClient tcp = await DnsTcpClient.ConnectAsync(socket, server);

        Assert.Equal(Rcode.NoError, (await udp.AskAsync(Message.Query("u.load.test"))).Rcode);
        Assert.Equal(Rcode.NoError, (await tcp.AskAsync(Message.Query("t.load.test"))).Rcode);
    }

    /// <summary>A socket that is kept to an interface, as systemd-resolved's are.</summary>
    private static Socket BoundTo(string networkInterface, SocketType type, ProtocolType protocol, IPAddress? address = null)
    {
        const int SolSocket = 1;
        const int SoBindToDevice = 25;
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        socket.SetRawSocketOption(SolSocket, SoBindToDevice, Encoding.ASCII.GetBytes(networkInterface));
        socket.Bind(new IPEndPoint(address ?? IPAddress.Parse("127.0.0.53"), Port));
        if (type == SocketType.Stream)
        {
            socket.Listen();
        }

        return socket;
    }
}
