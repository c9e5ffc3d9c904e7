using System;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Configuration;

/// <summary>A configuration that is read again while the process serves.</summary>
[Collection(LoadCollection.Name)]
public sealed class ReloadTests
{
    private const string Key = "S7WPOiCWlIgfLt6UUq9eKuFL0rDvvQpSVzfI6l4XGeg=";

    [Theory, ClassData(typeof(Rings))]
    public async Task No_query_is_lost_on_any_way_in_while_servers_certificates_pools_and_access_lists_change(string ring)
    {
        const int queries = 40_000;
        const int requests = 20_000;
        const int reloads = 20;
        await using var lab = new Lab();
        var site = new Changing(lab, await lab.UnboundAsync(), await lab.UnboundAsync("two"));
        FastdistProcess fastdist = await site.StartAsync("--io", ring, "--shards", "2");
        await fastdist.MarkedUpAsync("one");

        Task<DnsperfResult> udp = Dnsperf.RunAsync(lab.Scratch, "udp", fastdist.Listen, queries, "-c", "4", "-Q", "8000");
        Task<DnsperfResult> tcp = Dnsperf.RunAsync(lab.Scratch, "tcp", fastdist.Listen, queries, "-c", "4", "-Q", "8000");
        Task<DnsperfResult> dot = Dnsperf.RunAsync(lab.Scratch, "dot", fastdist.Tls, queries, "-c", "4", "-Q", "8000");
        Task<H2LoadResult> doh = H2Load.RunAsync(fastdist.Doh, "-n", $"{requests}", "-c", "4", "-m", "4");
        await fastdist.CountedAsync(counters => counters.Dot("queries") > 0, "the load to begin");
        for (int i = 1; i <= reloads; i++)
        {
            site.Write(i);
            await ReloadAsync(fastdist, LogEvent.ConfigurationReloaded);
        }

        Assert.All(await Task.WhenAll(udp, tcp, dot), load => Assert.True(load is { Lost: 0, NoError: queries }, load.Text));
        Assert.True(await doh is { Ok: requests } whole && whole.Succeeded == requests, (await doh).Text);
        Assert.Equal(0, (await fastdist.CountersAsync()).FailedHandshakes);
    }

    [Fact]
    public async Task What_is_wrong_with_a_configuration_leaves_all_as_it_was_and_is_told_with_its_line()
    {
        await using var lab = new Lab();
        var site = new Changing(lab, await lab.UnboundAsync(), await lab.UnboundAsync("two"));
        FastdistProcess fastdist = await site.StartAsync();
        await fastdist.MarkedUpAsync("one");

        site.Write(0, "newServer({address='192.0.2.1', weight=0})");
        LogLine said = await ReloadAsync(fastdist, LogEvent.ConfigurationNotReloaded);

        Assert.EndsWith("newServer: weight=0: expected a whole number from 1 to 2147483647", said.Message, StringComparison.Ordinal);
        Assert.Contains($"{site.File}:", said.Message, StringComparison.Ordinal);
        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("still.load.test"))).Rcode);
        Assert.Equal(["127.0.0.0/8"], await site.CommandAsync("showACL()"));
    }

    [Fact]
    public async Task What_somebody_decided_about_a_server_stays_and_other_changes_of_the_console_are_undone_and_told()
    {
        await using var lab = new Lab();
        var site = new Changing(lab, await lab.UnboundAsync(), await lab.UnboundAsync("two"));
        FastdistProcess fastdist = await site.StartAsync();
        await fastdist.MarkedUpAsync("one");
        Assert.Empty(await site.CommandAsync("getServer('one').weight = 70"));
        Assert.Empty(await site.CommandAsync("addACL('198.51.100.0/24')"));
        Assert.Empty(await site.CommandAsync("getServer('one'):setDown()"));
        Assert.Equal(["70"], await site.CommandAsync("getServer('one').weight"));

        int from = fastdist.Log.Count;
        site.Write(0);
        await ReloadAsync(fastdist, LogEvent.ConfigurationReloaded);

        Assert.Equal(["1"], await site.CommandAsync("getServer('one').weight"));
        Assert.Equal(["127.0.0.0/8"], await site.CommandAsync("showACL()"));
        Assert.Equal(["false"], await site.CommandAsync("getServer('one'):isUp()"));
        Assert.Equal(2, fastdist.Told(LogEvent.ConsoleChangeUndone, from).Length);

        // A hook that renews certificates does not put it back either.
        await fastdist.ReloadAsync();
        Assert.Equal(["false"], await site.CommandAsync("getServer('one'):isUp()"));
    }

    private static async Task<LogLine> ReloadAsync(FastdistProcess fastdist, LogEvent outcome)
    {
        int from = fastdist.Log.Count;
        fastdist.Signal(LinuxSignal.User2);
        LogLine said = LogLine.Parse(await fastdist.Log.FirstAsync(
            line => LogLine.EventOf(line) is LogEvent.ConfigurationReloaded or LogEvent.ConfigurationNotReloaded, "about a reload", from));
        Assert.True(said.Event == outcome, said.Message);
        return said;
    }

    /// <summary>A configuration with all ways in, whose servers, certificates, pools and access list are others each time.</summary>
    private sealed class Changing(Lab lab, UnboundBackend one, UnboundBackend two)
    {
        private readonly IPEndPoint _listen = Ports.Next(), _tls = Ports.Next(), _doh = Ports.Next(), _console = Ports.Next();

        public string File => lab.Scratch.PathOf("dnsdist.conf");

        public async Task<FastdistProcess> StartAsync(params string[] arguments)
        {
            Write(0);
            return lab.Keep(await FastdistProcess.StartAsync(_listen, ["-C", File, .. arguments], tls: _tls, doh: _doh));
        }

        public Task<string[]> CommandAsync(string command) => FastdistProcess.CommandAsync($"{_console}", command, "-C", File);

        public void Write(int turn, params string[] more)
        {
            ServerCertificate certificate = lab.Authority.Issue(Lab.BackendName);
            string chain = lab.Scratch.Write("dot.pem", certificate.CertificatePem), key = lab.Scratch.WriteSecret("dot.key", certificate.KeyPem);
            lab.Scratch.Write("dnsdist.conf", string.Join('\n',
            [
                $"setLocal('{_listen}')", $"addTLSLocal('{_tls}', '{chain}', '{key}')", $"addDOHLocal('{_doh}', '{chain}', '{key}')",
                $"controlSocket('{_console}') setKey('{Key}')",
                turn % 2 == 0 ? "setACL('127.0.0.0/8')" : "setACL({'127.0.0.0/8', '192.0.2.0/24'})",
                Server(one, turn % 3 == 0 ? "weight=1" : $"weight={turn}, pool={{'', 'other'}}"),
                turn % 2 == 0 ? "" : Server(two, "pool={'', 'second'}"),
                turn % 4 == 0 ? "setServerPolicy(leastOutstanding)" : "setServerPolicy(wrandom)",
                turn % 5 == 0 ? "" : "setPoolServerPolicy(roundrobin, 'other')",
                .. more,
            ]));
        }

        private string Server(UnboundBackend backend, string options) =>
            $"newServer({{address='{backend.EndPoint}', name='{backend.Name}', tls='openssl', subjectName='{Lab.BackendName}', caStore='{lab.Scratch.Write("ca.pem", lab.Authority.Pem)}', checkTimeout=20000, {options}}})";
    }
}
