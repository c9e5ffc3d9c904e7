using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.PlainDns;

/// <summary>How a backend of plain DNS is checked.</summary>
public sealed class HealthTests
{
    private const int NameError = 3;

    [Theory]
    [InlineData("checkTCP=false", true)]
    [InlineData("checkTCP=true", false)]
    public async Task Checks_go_over_UDP_unless_they_are_to_go_over_TCP(string option, bool isDatagram)
    {
        await using var lab = new Lab();
        RogueBackend tcp = lab.RogueWithoutTls(Rogue.Answers);
        RogueDatagrams udp = lab.Keep(new RogueDatagrams(tcp.EndPoint, RogueDatagrams.Answers));
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Server(udp, "one", "checkTimeout=20000", option));

        await fastdist.MarkedUpAsync("one");

        Assert.Equal((isDatagram, !isDatagram), (!udp.Checks.IsEmpty, !tcp.Checks.IsEmpty));
        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
        Assert.Equal((1, 0), (udp.Received.Count, tcp.Received.Count));
    }

    [Theory]
    [InlineData("SERVFAIL", "invalid")]
    [InlineData("nothing", "timeout")]
    [InlineData("another question", "timeout")]
    [InlineData("the query itself", "timeout")]
    public async Task A_check_fails_for_its_reason_and_not_for_what_anybody_may_have_sent(string what, string reason)
    {
        await using var lab = new Lab();
        RogueDatagrams backend = lab.Datagrams(
            (server, datagram) =>
            {
                if (BadAnswer(what, datagram.Query) is { } answer)
                {
                    server.Send(answer, datagram.Source);
                }
            },
            checks: true);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Server(backend, "one", "checkTimeout=300"), "--shards", "1");

        await fastdist.MarkedDownAsync("one");

        CounterLine line = (await fastdist.CountersAsync()).Backend("one");
        Assert.True(line["health-check-failures"] > 0);
        Assert.Equal(line["health-check-failures"], line[$"health-check-failed-{reason}"]);
    }

    [Fact]
    public async Task Where_nobody_listens_a_check_fails_by_the_network()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Server("udp", Ports.Next(), "one", "checkTimeout=60000"), "--shards", "1");

        await fastdist.MarkedDownAsync("one");

        CounterLine line = (await fastdist.CountersAsync()).Backend("one");
        Assert.Equal(line["health-check-failures"], line["health-check-failed-network"]);
    }

    [Fact]
    public async Task Of_a_backend_that_is_not_checked_and_answers_nothing_the_log_is_told()
    {
        await using var lab = new Lab();
        RogueDatagrams silent = lab.Datagrams(RogueDatagrams.Never);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(silent, "one", "udpTimeout=2"), "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        await client.AskTogetherAsync(Enumerable.Range(0, 10).Select(i => $"q{i}.load.test"));

        Assert.Equal("backend one: UDP: no answer", (await fastdist.ToldAsync(LogEvent.ConnectionFailed)).Message);
    }

    [Fact]
    public async Task NXDOMAIN_is_an_answer_unless_the_name_must_resolve()
    {
        await using var lab = new Lab();
        RogueDatagrams backend = lab.Datagrams((server, datagram) => server.Send(Message.Answer(datagram.Query, NameError), datagram.Source), checks: true);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(backend, "lenient", "checkTimeout=20000"), "--server", lab.Server(backend, "strict", "checkTimeout=20000", "mustResolve=true"));

        await fastdist.MarkedUpAsync("lenient");
        await fastdist.MarkedDownAsync("strict");
    }

    [Fact]
    public async Task A_backend_that_answers_over_TCP_alone_is_down_and_used_all_the_same_where_everything_goes_over_TCP()
    {
        await using var lab = new Lab();
        RogueBackend tcp = lab.RogueWithoutTls(Rogue.Answers);
        RogueDatagrams udp = lab.Keep(new RogueDatagrams(tcp.EndPoint, RogueDatagrams.Never) { ScriptSeesChecks = true });
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(udp, "udp", "checkTimeout=300"), "--server", lab.Server(udp, "tcp", "checkTimeout=20000", "tcpOnly=true"));

        await fastdist.MarkedDownAsync("udp");
        await fastdist.MarkedUpAsync("tcp");

        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
        Assert.Empty(udp.Received);
    }

    [Fact]
    public async Task One_that_passes_its_checks_over_TCP_and_drops_UDP_is_left_to_the_other()
    {
        await using var lab = new Lab();
        RogueBackend tcp = lab.RogueWithoutTls(Rogue.Answers);
        RogueDatagrams udp = lab.Keep(new RogueDatagrams(tcp.EndPoint, RogueDatagrams.Never));
        RogueDatagrams good = lab.Datagrams(RogueDatagrams.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(udp, "odd", "checkTimeout=20000", "checkTCP=true"), "--server", lab.Server(good, "good", "checkTimeout=20000"),
            "--policy", "roundrobin", "--shards", "1");
        await fastdist.MarkedUpAsync("odd");
        await fastdist.MarkedUpAsync("good");

        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query($"q{i}.load.test"))).Rcode);
        }

        Assert.NotEmpty(udp.Received);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task One_that_answers_over_UDP_alone_is_up_and_answers_what_fits(string ring)
    {
        await using var lab = new Lab();
        RogueDatagrams backend = lab.Datagrams((server, datagram) => server.Send(
            Message.Name(datagram.Query) == "long.load.test." ? Message.WithFlags(Message.AnswerFor(datagram.Query), 0x8380) : Message.Answer(datagram.Query), datagram.Source));
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Server(backend, "one", "checkTimeout=20000", "udpTimeout=2"), "--io", ring);
        await fastdist.MarkedUpAsync("one");

        Assert.Equal(Rcode.NoError, (await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
        Assert.Equal(Rcode.ServFail, (await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("long.load.test"))).Rcode);
        Assert.True((await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("long.load.test"))).IsTruncated);
        Assert.Equal(Rcode.NoError, (await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("y.load.test"))).Rcode);
        Assert.Empty(fastdist.Told(LogEvent.BackendDown));
    }

    private static byte[]? BadAnswer(string what, byte[] query) => what switch
    {
        "SERVFAIL" => Message.Answer(query, (int)Rcode.ServFail),
        "another question" => Message.Answer(Message.Query("other.test", id: Message.Id(query))),
        "the query itself" => query,
        _ => null,
    };
}
