using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.PlainDns;

/// <summary>What the options of a backend over UDP do, seen from the backend.</summary>
public sealed class OptionTests
{
    /// <summary>As many as are read at once.</summary>
    private const int Queries = 60;

    [Theory]
    [InlineData("sockets=1", 1, 1)]
    [InlineData("sockets=6", 2, 6)]
    [InlineData("sockets=1", 2, 2)]
    public async Task Queries_leave_from_so_many_ports(string option, int shards, int ports)
    {
        await using var lab = new Lab();
        RogueDatagrams backend = lab.Datagrams(RogueDatagrams.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", option), "--shards", $"{shards}");

        await Patience.UntilAsync(
            async () =>
            {
                await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"));
                return PortsOf(backend.Received).Length >= ports;
            },
            $"queries from {ports} ports");

        Assert.Equal(ports, (await fastdist.CountersAsync()).Backend("one")["udp-sockets"]);
    }

    [Theory]
    [InlineData("source=127.0.0.9", "127.0.0.9")]
    [InlineData("source=lo", "127.0.0.1")]
    [InlineData("source=127.0.0.9@lo", "127.0.0.9")]
    public async Task Queries_leave_from_the_address_and_by_the_interface_told(string option, string source)
    {
        await using var lab = new Lab();
        NetworkNamespace host = await lab.NetworkAsync();
        RogueDatagrams backend = lab.DatagramsOn(host, IPAddress.Loopback, RogueDatagrams.Answers);
        FastdistProcess fastdist = await lab.FastdistOnAsync(
            host, new IPEndPoint(IPAddress.Loopback, Ports.NextNumber()), "--server", lab.Server(backend, "one", "checkTimeout=20000", option));

        await fastdist.MarkedUpAsync("one");

        Assert.All(backend.Checks, check => Assert.Equal(IPAddress.Parse(source), check.Source.Address));
    }

    [Fact]
    public async Task A_backend_has_no_more_queries_at_once_than_it_may_and_others_get_the_rest()
    {
        const int Most = 10;
        await using var lab = new Lab();
        RogueDatagrams slow = lab.Datagrams(RogueDatagrams.Never);
        RogueDatagrams other = lab.Datagrams(RogueDatagrams.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(slow, "slow", $"maxOutstandingQueries={Most}", "order=1", "silenceTimeout=20000"),
            "--server", lab.Unchecked(other, "other", "order=2"), "--policy", "firstAvailable", "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        Assert.Equal($"{Queries} NoError", Tally.Of(await client.AskTogetherAsync(Names)));

        Assert.Equal(Most, slow.Received.Select(datagram => Message.Name(datagram.Query)).Distinct().Count());
    }

    [Theory]
    [InlineData("reconnectOnUp=true", true)]
    [InlineData("reconnectOnUp=false", false)]
    public async Task Sockets_are_opened_anew_when_a_backend_comes_back_if_they_are_to_be(string option, bool areNew)
    {
        await using var lab = new Lab();
        bool isSilent = false;
        RogueDatagrams backend = lab.Datagrams(
            (server, datagram) =>
            {
                if (!isSilent)
                {
                    RogueDatagrams.Answers(server, datagram);
                }
            },
            checks: true);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Server(backend, "one", "checkTimeout=500", "sockets=1", option), "--shards", "1");
        await fastdist.MarkedUpAsync("one");
        long before = (await fastdist.CountersAsync()).Backend("one")["udp-sockets"];

        int log = fastdist.Log.Count;
        isSilent = true;
        await fastdist.MarkedDownAsync("one", log);
        isSilent = false;
        await fastdist.MarkedUpAsync("one", log);

        // Being replaced by age they are new all the same, after ten seconds.
        long after = (await fastdist.CountersAsync()).Backend("one")["udp-sockets"];
        Assert.True(!areNew || after > before, $"{before} sockets before, {after} after");
    }

    [Fact]
    public async Task Nothing_goes_over_UDP_where_everything_is_to_go_over_TCP()
    {
        await using var lab = new Lab();
        RogueBackend tcp = lab.RogueWithoutTls(Rogue.Answers);
        RogueDatagrams udp = lab.Keep(new RogueDatagrams(tcp.EndPoint, RogueDatagrams.Answers));
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Server(udp, "one", "checkTimeout=20000", "tcpOnly=true"));
        await fastdist.MarkedUpAsync("one");

        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);

        Assert.Equal((1, true, true), (tcp.Received.Count, udp.Received.IsEmpty, udp.Checks.IsEmpty));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_backend_that_answers_nothing_costs_twice_its_sockets_in_descriptors_and_no_more(string ring)
    {
        const int Shards = 2, Sockets = 8;
        await using var lab = new Lab();
        RogueDatagrams backend = lab.Datagrams(RogueDatagrams.Never);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(backend, "one", $"sockets={Sockets}", "udpTimeout=2"), "--io", ring, "--shards", $"{Shards}");
        await Patience.UntilAsync(async () => (await fastdist.CountersAsync()).Backend("one")["udp-sockets"] == Sockets, $"{Sockets} sockets");
        int before = DatagramSocketsOf(fastdist.Id);

        // So many that each socket has sent what it may several times over.
        await using Dnsperf load = Dnsperf.Start(lab.Scratch, "udp", fastdist.Listen, "-l", "600", "-Q", "15000", "-q", "30000", "-c", "4");
        int most = 0;
        await Patience.UntilAsync(
            () =>
            {
                most = Math.Max(most, DatagramSocketsOf(fastdist.Id));
                return backend.Received.Count > 4 * Sockets * 2_000;
            },
            "enough queries");

        Assert.InRange(most, before, before + Sockets);
    }

    private static IEnumerable<string> Names => Enumerable.Range(0, Queries).Select(i => $"q{i}.load.test");

    private static int[] PortsOf(IEnumerable<ReceivedDatagram> datagrams) => [.. datagrams.Select(datagram => datagram.Source.Port).Distinct()];

    /// <summary>Descriptors of a process that are sockets of UDP.</summary>
    private static int DatagramSocketsOf(int process)
    {
        const int INode = 9;
        HashSet<string> udp =
            [.. File.ReadLines($"/proc/{process}/net/udp").Skip(1).Select(line => $"socket:[{line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[INode]}]")];
        return Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count(file => new FileInfo(file).LinkTarget is { } target && udp.Contains(target));
    }
}
