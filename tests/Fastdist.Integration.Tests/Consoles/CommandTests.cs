using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Consoles;

/// <summary>What commands change in a running proxy, and show of it.</summary>
[Trait("Stage", "5")]
public sealed class CommandTests
{
    private const string Renewed = "renewed.test";

    [Fact]
    public async Task Servers_come_and_go()
    {
        await using var lab = new Lab();
        RogueBackend one = lab.Rogue(Rogue.Answers);
        RogueBackend two = lab.Rogue(Rogue.Answers);
        string console = lab.Scratch.PathOf("console");
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(one, "--control-socket", console, "--shards", "2");

        string authority = lab.Scratch.PathOf("ca.pem");
        Assert.Equal(["two"], await AskAsync(
            console, $"newServer({{address='{two.EndPoint}', name='two', tls='openssl', subjectName='{Lab.BackendName}', caStore='{authority}', healthCheckMode='up', order=2}})"));
        Assert.Empty(await AskAsync(console, "rmServer('one')"));

        await AnsweredAsync(fastdist, () => !two.Received.IsEmpty);
        string row = (await AskAsync(console, "showServers()"))[1];
        Assert.Equal(["0", "two", $"{two.EndPoint}", "UP"], Words(row)[..4]);
        Assert.Equal("2", Words(row)[6]);
        Assert.Equal(["Error: getServer: no server has the name or UUID 'one'"], await AskAsync(console, "getServer('one')"));
    }

    [Fact]
    public async Task A_server_that_comes_gets_its_share_of_the_names_and_gives_it_back()
    {
        const int names = 100;
        await using var lab = new Lab();
        RogueBackend light = lab.Rogue(Rogue.Answers);
        RogueBackend heavy = lab.Rogue(Rogue.Answers);
        string console = lab.Scratch.PathOf("console");
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(light, "--policy", "chashed", "--control-socket", console, "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await AskNamesAsync(client, names);

        await AskAsync(
            console,
            $"newServer({{address='{heavy.EndPoint}', name='heavy', weight=1000, tls='openssl', subjectName='{Lab.BackendName}', caStore='{lab.Scratch.PathOf("ca.pem")}', healthCheckMode='up'}})");
        await fastdist.ConnectedAsync("heavy");
        await AskNamesAsync(client, names);

        // Its neighbour has a thousandth of the weight.
        Assert.InRange(heavy.Received.Count, names * 9 / 10, names);
        Assert.Equal(2 * names, light.Received.Count + heavy.Received.Count);

        // The shard hears of it a moment after the reply; the neighbour owns next to none of the names until then.
        await AskAsync(console, "rmServer('heavy')");
        await Patience.UntilAsync(
            async () =>
            {
                int before = heavy.Received.Count;
                await AskNamesAsync(client, names);
                return heavy.Received.Count == before;
            },
            "the end of the heavy one's share");
    }

    [Theory]
    [InlineData("showServers(", "expected")]
    [InlineData("showServer()", "did you mean 'showServers'?")]
    [InlineData("getServer(7)", "there is no server 7")]
    [InlineData("getServer(0):setUp(1)", "expected no arguments")]
    [InlineData("hashPassword()", "expected 1 argument")]
    [Trait("Row", "D9")]
    public async Task A_script_sees_by_the_exit_code_that_a_command_was_not_executed(string command, string reason)
    {
        await using var lab = new Lab();
        string console = lab.Scratch.PathOf("console");
        await lab.FastdistBeforeAsync(lab.Rogue(Rogue.Answers), "--control-socket", console);

        ChildProcess alone = await FastdistProcess.RunToEndAsync("-c", console, "-e", command);
        ChildProcess amongOthers = await ConsolePeers.TypeIntoFastdistAsync(
            ["-c", console], new Dictionary<string, string>(), "showVersion()", command, "showVersion()", "quit");

        Assert.Equal((1, 1), (await alone.ExitAsync(), await amongOthers.ExitAsync()));
        string error = Assert.Single(alone.Output.Snapshot());
        Assert.StartsWith("Error: ", error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Equal(["fastdist", "Error:", "fastdist"], amongOthers.Output.Snapshot().Select(line => line.Split(' ')[0]));
    }

    [Fact]
    [Trait("Row", "D9")]
    public async Task A_method_says_of_the_latency_what_the_table_says()
    {
        await using var lab = new Lab();
        string console = lab.Scratch.PathOf("console");
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(lab.Rogue(Rogue.Answers), "--control-socket", console);
        await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"));

        string table = "-";
        await Patience.UntilAsync(
            async () => (table = Words((await AskAsync(console, "showServers()"))[1])[11]) != "-", "a latency in the table");

        string method = Assert.Single(await AskAsync(console, "getServer(0):getLatency()"));
        Assert.Equal(table, double.Parse(method, CultureInfo.InvariantCulture).ToString("F1", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("newServer({address='192.0.2.1', weight=0})", "newServer: weight=0: expected a whole number from 1")]
    [InlineData("newServer({name='two'})", "newServer: no address; add address=\"ADDR:PORT\"")]
    [InlineData("newServer({address='192.0.2.1', tls='openssl'})", "newServer: the certificate cannot be validated without a name")]
    [InlineData("newServer({address='192.0.2.1', tls='none', connections=1})", "newServer 192.0.2.1:53: connections=1 is fewer than the 2 shards")]
    public async Task A_server_that_cannot_be_is_refused_as_at_the_start(string command, string reason)
    {
        await using var lab = new Lab();
        string console = lab.Scratch.PathOf("console");
        await lab.FastdistBeforeAsync(lab.Rogue(Rogue.Answers), "--control-socket", console, "--shards", "2");

        Assert.StartsWith($"Error: {reason}", Assert.Single(await AskAsync(console, command)), StringComparison.Ordinal);
        Assert.Equal(["Error: getServer: there is no server 1: there are 1, from 0; see showServers()"], await AskAsync(console, "getServer(1)"));
    }

    [Fact]
    public async Task A_server_is_forced_down_and_up_again()
    {
        await using var lab = new Lab();
        string console = lab.Scratch.PathOf("console");
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(lab.Rogue(Rogue.Answers), "--control-socket", console);

        Assert.Empty(await AskAsync(console, "getServer(0):setDown()"));
        await RcodeAsync(fastdist, Rcode.ServFail);
        Assert.Equal("DOWN", Words((await AskAsync(console, "showServers()"))[1])[3]);
        Assert.Empty(await AskAsync(console, "getServer('one'):setUp()"));
        await RcodeAsync(fastdist, Rcode.NoError);
        Assert.Equal("UP", Words((await AskAsync(console, "showServers()"))[1])[3]);
        Assert.Empty(await AskAsync(console, "getServer('one'):setAuto()"));
        Assert.Equal(["active"], await AskAsync(console, "getServer('one'):getHealthCheckMode()"));
    }

    [Fact]
    public async Task The_access_list_is_replaced_and_added_to()
    {
        await using var lab = new Lab();
        string console = lab.Scratch.PathOf("console");
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(lab.Rogue(Rogue.Answers), "--control-socket", console, "--shards", "2");

        Assert.Empty(await AskAsync(console, "setACL({'192.0.2.0/24'})"));
        await Patience.UntilAsync(async () =>
        {
            using var client = new DnsUdpClient(fastdist.Listen);
            await client.SendAsync(Message.Query("x.load.test"));
            return (await fastdist.CountersAsync()).Udp("acl-drops") > 0;
        }, "a drop");
        Assert.Empty(await AskAsync(console, "addACL('127.0.0.0/8')"));

        Assert.Equal(["127.0.0.0/8", "192.0.2.0/24"], await AskAsync(console, "showACL()"));
        using DnsTcpClient tcp = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        Assert.Equal(Rcode.NoError, (await tcp.AskAsync(Message.Query("y.load.test"))).Rcode);
    }

    [Theory]
    [InlineData("reloadAllCertificates()")]
    [InlineData("getTLSFrontend(0):reloadCertificates()")]
    public async Task Certificates_are_read_again(string command)
    {
        await using var lab = new Lab();
        string console = lab.Scratch.PathOf("console");
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--control-socket", console, "--shards", "2");

        lab.Certificate(lab.Authority.Issue(Renewed));
        Assert.Empty(await AskAsync(console, command));
        await Patience.UntilAsync(async () => (await OpenSslClient.RunAsync(fastdist.Tls, "-tls1_3")).Text.Contains(Renewed, StringComparison.Ordinal), "the new certificate");

        lab.Scratch.Write("dot.pem", "none");
        Assert.Contains("dot.pem", Assert.Single(await AskAsync(console, command)));
        Assert.Equal(1, (await fastdist.CountersAsync()).Process["reload-failures"]);
    }

    [Fact]
    public async Task Ticket_keys_are_rotated_and_loaded_and_tickets_live_on()
    {
        await using var lab = new Lab();
        string console = lab.Scratch.PathOf("console");
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--control-socket", console, "--shards", "2");
        string session = lab.Scratch.PathOf("session");
        await OpenSslClient.SaveSessionAsync(fastdist.Tls, session, "-tls1_3");

        Assert.Empty(await AskAsync(console, "getTLSFrontend(0):rotateTicketsKey()"));
        string keys = lab.Scratch.WriteSecret("keys", RandomNumberGenerator.GetBytes(80));
        Assert.Empty(await AskAsync(console, $"getTLSFrontend(0):loadTicketsKeys('{keys}')"));

        Assert.Equal(["0", $"{fastdist.Tls}", "3", "43200"], Words((await AskAsync(console, "showTLSFrontends()"))[1])[..4]);
        OpenSslClient again = await OpenSslClient.RunAsync(fastdist.Tls, "-tls1_3", "-sess_in", session);
        Assert.True(again.IsResumed, again.Text);
        Assert.Equal(1, (await fastdist.CountersAsync()).Dot("tls-inactive-ticket-keys"));
        Assert.Contains("/nowhere", Assert.Single(await AskAsync(console, "getTLSFrontend(0):loadTicketsKeys('/nowhere')")));
    }

    [Fact]
    public async Task What_is_shown_is_what_was_counted()
    {
        await using var lab = new Lab();
        string console = lab.Scratch.PathOf("console");
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--control-socket", console, "--shards", "2");
        await using (DotClient client = await DotClient.ConnectAsync(fastdist.Tls))
        {
            await client.AskAsync(Message.Query("x.load.test"));
            await client.AskAsync(Message.Query("y.load.test"));
        }

        await fastdist.CountedAsync(counters => counters.Dot("ended-connections") == 1, "the connection's end");

        Assert.Equal(
            [$"0 {fastdist.Listen} UDP 0", $"1 {fastdist.Listen} TCP 0", $"2 {fastdist.Tls} TCP (DNS over TLS) 2"],
            (await AskAsync(console, "showBinds()")).Skip(1).Select(row => string.Join(' ', Words(row))));
        string[] statistics = await AskAsync(console, "showTCPStats()");
        Assert.Equal(["2", "2", "0", "0"], Words(statistics[1]));
        string[] row = Words(statistics.Single(line => line.StartsWith($"2   {fastdist.Tls}", StringComparison.Ordinal)));
        Assert.Equal(["2", $"{fastdist.Tls}", "0", "1", "0", "0", "0", "0", "0", "2.000000"], row[..10]);
        Assert.Equal(["1", "0", "0", "0", "0", "0", "0", "2", "0"], row[12..]);
        Assert.Equal($"0   {fastdist.Tls}", (await AskAsync(console, "showTLSErrorCounters()"))[1][..$"0   {fastdist.Tls}".Length]);
        Assert.StartsWith("Average response latency: ", (await AskAsync(console, "showResponseLatency()"))[0], StringComparison.Ordinal);
        string[] figures = [.. (await AskAsync(console, "dumpStats()")).SelectMany(Words)];
        Assert.Equal("2", figures[Array.IndexOf(figures, "queries") + 1]);
        Assert.Equal("2", figures[Array.IndexOf(figures, "responses") + 1]);
    }

    [Fact]
    public async Task Shutdown_ends_the_process_in_order()
    {
        await using var lab = new Lab();
        string console = lab.Scratch.PathOf("console");
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(lab.Rogue(Rogue.Answers), "--control-socket", console);

        Assert.Empty(await AskAsync(console, "shutdown()"));

        Assert.Equal(0, await fastdist.ExitAsync());
    }

    [Fact]
    public async Task Dnsdists_client_has_a_server_forced_down()
    {
        await using var lab = new Lab();
        string key = ConsolePeers.NewKey();
        IPEndPoint console = Ports.Next();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(lab.Rogue(Rogue.Answers), "--control-socket", $"{console}", "--setkey", key);

        ChildProcess client = await ConsolePeers.AskWithDnsdistAsync(console, key, "getServer(0):setDown()");

        Assert.Equal(0, await client.ExitAsync());
        await RcodeAsync(fastdist, Rcode.ServFail);
        client = await ConsolePeers.AskWithDnsdistAsync(console, key, "showServers()");
        Assert.Contains(client.Output.Snapshot(), line => line.StartsWith("0   one", StringComparison.Ordinal) && Words(line)[3] == "DOWN");
    }

    private static async Task AskNamesAsync(DnsTcpClient client, int names)
    {
        for (int i = 0; i < names; i++)
        {
            Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query($"n{i}.load.test"))).Rcode);
        }
    }

    private static Task<string[]> AskAsync(string console, string command) => FastdistProcess.CommandAsync(console, command);

    private static string[] Words(string line) => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Shards hear of a change a moment after the reply.</summary>
    private static Task RcodeAsync(FastdistProcess fastdist, Rcode rcode) => Patience.UntilAsync(
        async () => (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode == rcode, $"the answer {rcode}");

    private static Task AnsweredAsync(FastdistProcess fastdist, Func<bool> holds) => Patience.UntilAsync(
        async () => (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode == Rcode.NoError && holds(), "an answer of the new server");
}
