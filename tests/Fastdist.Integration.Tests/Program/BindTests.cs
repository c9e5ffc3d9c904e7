using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Program;

/// <summary>What is said, and done, of addresses that cannot be bound.</summary>
public sealed class BindTests
{
    private const string Server = "192.0.2.1,tls=none";

    [Theory, Trait("Row", "B6")]
    [InlineData("webserver")]
    [InlineData("control-socket")]
    public async Task DNS_is_served_without_a_way_in_that_cannot_be_bound_which_opens_as_soon_as_it_can(string flag)
    {
        await using var lab = new Lab();
        var site = new Site(lab);
        using var other = new Socket(SocketType.Stream, ProtocolType.Tcp);
        other.Bind(site.Address);
        other.Listen();
        string[] flags = flag == "webserver" ? site.Flags() : ["--control-socket", $"{site.Address}", "--setkey", Convert.ToBase64String(new byte[32])];
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(lab.Rogue(Rogue.Answers), flags);

        LogLine closed = await fastdist.ToldAsync(LogEvent.WayInClosed, line => line["flag"] == $"--{flag} {site.Address}");
        Assert.Contains("Address already in use", closed["reason"]);
        Assert.Contains("DNS is served without it", closed.Message);
        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);

        other.Dispose();
        await fastdist.ToldAsync(LogEvent.WayInOpen, line => line["flag"] == $"--{flag} {site.Address}");
        if (flag == "webserver")
        {
            Assert.Equal(200, (await site.AskWithPasswordAsync("/metrics")).Status);
        }
        else
        {
            await using ChildProcess client = await FastdistProcess.RunToEndAsync(
                "-c", $"{site.Address}", "--setkey", Convert.ToBase64String(new byte[32]), "-e", "showBinds()");
            Assert.Equal(0, await client.ExitAsync());
        }
    }

    [Fact, Trait("Row", "B6")]
    public async Task A_Unix_socket_whose_directory_is_made_later_opens_then()
    {
        await using var lab = new Lab();
        string directory = lab.Scratch.PathOf("later");
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(lab.Rogue(Rogue.Answers), "--control-socket", $"{directory}/c");
        LogLine closed = await fastdist.ToldAsync(LogEvent.WayInClosed, line => line["flag"] == $"--control-socket {directory}/c");
        Assert.StartsWith($"there is no directory {directory}: make it", closed["reason"], StringComparison.Ordinal);

        System.IO.Directory.CreateDirectory(directory);

        await fastdist.ToldAsync(LogEvent.WayInOpen, line => line["flag"] == $"--control-socket {directory}/c");
    }

    [Fact, Trait("Row", "B6")]
    public async Task A_way_in_that_is_required_ends_the_start()
    {
        await using ChildProcess fastdist = await FastdistProcess.RunToEndAsync(
            "-l", $"{Ports.Next()}", "--server", Server, "--control-socket", "/nodir/c", "--control-required");

        Assert.Equal(1, await fastdist.ExitAsync());
        Assert.Contains("fastdist: --control-socket /nodir/c: there is no directory /nodir", fastdist.Log.ToString(), StringComparison.Ordinal);
    }

    [Theory, Trait("Row", "B7")]
    [InlineData("there is no directory /nodir", "--control-socket", "/nodir/c")]
    [InlineData("is given twice", "-l", "127.0.0.1:5300")]
    [InlineData("listens there already", "-l", "0.0.0.0:5300")]
    [InlineData("listens there already", "--doh-local", "127.0.0.1:5300")]
    public async Task The_check_finds_what_the_start_would(string reason, string flag, string value)
    {
        await using ChildProcess fastdist = await FastdistProcess.RunToEndAsync("--check-config", "-l", "127.0.0.1:5300", "--server", Server, flag, value);

        Assert.Equal(1, await fastdist.ExitAsync());
        string line = Assert.Single(fastdist.Log.Snapshot());
        Assert.Contains(flag == "-l" ? "--local" : flag, line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
    }

    [Fact, Trait("Row", "B7")]
    public async Task The_check_warns_of_an_address_that_is_not_here_and_does_not_disturb_who_serves_one()
    {
        await using var lab = new Lab();
        FastdistProcess running = await lab.FastdistBeforeAsync(lab.Rogue(Rogue.Answers));

        await using ChildProcess check = await FastdistProcess.RunToEndAsync("--check-config", "-l", $"{running.Listen}", "-l", "192.0.2.7:53", "--server", Server);

        Assert.Equal(0, await check.ExitAsync());
        string line = Assert.Single(check.Log.Snapshot());
        Assert.Contains("--local 192.0.2.7:53: cannot bind to 192.0.2.7:53: ", line, StringComparison.Ordinal);
        Assert.Contains("--free-bind", line, StringComparison.Ordinal);
    }

    [Fact, Trait("Row", "B7")]
    public async Task Every_address_that_cannot_be_bound_is_named_with_its_flag()
    {
        IPEndPoint taken = Ports.Next();
        using var other = new Socket(SocketType.Dgram, ProtocolType.Udp);
        other.Bind(taken);
        await using ChildProcess fastdist = await FastdistProcess.RunToEndAsync("-l", "192.0.2.7:53", "-l", $"{taken}", "--server", Server);

        Assert.Equal(1, await fastdist.ExitAsync());
        string[] lines = [.. fastdist.Log.Snapshot().Where(line => line.StartsWith("fastdist: ", StringComparison.Ordinal))];
        Assert.StartsWith("fastdist: --local 192.0.2.7:53: cannot bind to 192.0.2.7:53: Cannot assign requested address", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"fastdist: --local {taken}: cannot bind to {taken}: Address already in use", lines[1], StringComparison.Ordinal);
        Assert.Equal(2, lines.Length);
    }

    [Fact, Trait("Row", "B8")]
    public async Task Errors_of_the_command_line_of_files_and_of_users_come_at_once()
    {
        await using ChildProcess fastdist = await FastdistProcess.RunToEndAsync(
            "--check-config", "--shard", "2", "-l", "localhost", "--server", "127.0.0.1:853,subjectName=a,caStore=/nonexistent/one.pem",
            "--server", "127.0.0.2:853,subjectName=a,caStore=/nonexistent/two.pem", "--tls-local", "127.0.0.1:853,cert=/nonexistent/cert.pem,key=/nonexistent/key.pem",
            "--uid", "no-such-user", "--setkey", "x", "--webserver-acl", "192.0.2.0/24");

        Assert.Equal(1, await fastdist.ExitAsync());
        string[] lines = fastdist.Log.Snapshot();
        Assert.All(
            ["did you mean '--shards'", "localhost", "/nonexistent/one.pem", "/nonexistent/two.pem", "/nonexistent/cert.pem", "no-such-user", "--setkey", "--webserver"],
            named => Assert.Single(lines, line => line.StartsWith("fastdist: ", StringComparison.Ordinal) && line.Contains(named, StringComparison.Ordinal)));
    }

    [Theory, Trait("Row", "B4")]
    [InlineData("10.88.0.1", "10.88.0.1/24")]
    [InlineData("[fd88::1]", "fd88::1/64")]
    public async Task An_address_that_comes_later_is_listened_on_from_the_start_where_that_is_asked(string address, string assigned)
    {
        await using var lab = new Lab();
        NetworkNamespace host = await lab.NetworkAsync();
        RogueBackend backend = lab.RogueOn(host, Rogue.Answers);
        string[] flags =
        [
            "-l", $"{address}:5300", "--server", lab.Unchecked(backend, "one"), "--control-socket", $"{address}", "--setkey", Convert.ToBase64String(new byte[32]),
            "--acl", "0.0.0.0/0", "--acl", "::/0",
        ];
        await using (ChildProcess refused = host.Start([Repository.Fastdist, .. flags]))
        {
            Assert.Equal(1, await refused.ExitAsync());
            Assert.Contains("--free-bind listens on it all the same", refused.Log.ToString(), StringComparison.Ordinal);
        }

        var listen = IPEndPoint.Parse($"{address}:5300");
        FastdistProcess fastdist = lab.Keep(await FastdistProcess.StartAsync(listen, [.. flags, "--free-bind"], host));
        await host.RunAsync(["ip", "address", "add", assigned, "dev", "lo", .. address.Contains(':') ? ["nodad"] : Array.Empty<string>()]);

        using DnsUdpClient udp = host.Enter(() => new DnsUdpClient(listen));
        // The kernel takes a moment until something can be sent from an address of IPv6; a client asks again.
        await Patience.UntilAsync(
            async () =>
            {
                await udp.SendAsync(Message.Query("u.load.test"));
                return udp.HasAnswer;
            },
            "an answer from an address that came later");
        Assert.Equal(Rcode.NoError, (await udp.ReceiveAsync()).Rcode);
        Assert.Empty(fastdist.Told(LogEvent.WayInClosed));
    }
}
