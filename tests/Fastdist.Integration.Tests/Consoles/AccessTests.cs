using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Consoles;

/// <summary>Who may use the console, and what is said to who may not.</summary>
[Trait("Stage", "5")]
public sealed class AccessTests
{
    [Fact]
    public async Task A_client_that_is_not_on_the_list_is_closed_and_counted()
    {
        await using var lab = new Lab();
        string key = ConsolePeers.NewKey();
        (FastdistProcess fastdist, IPEndPoint console) = await ConsolePeers.FastdistAsync(lab, key, "--console-acl", "192.0.2.0/24");

        ChildProcess client = await ConsolePeers.AskWithFastdistAsync($"{console}", key, "showVersion()");

        Assert.Equal(1, await client.ExitAsync());
        Assert.Contains("ACL", Assert.Single(client.Log.Snapshot()));
        CounterLine counters = (await fastdist.CountersAsync()).Console;
        Assert.Equal((0, 1), (counters["connections"], counters["acl-drops"]));
    }

    [Fact]
    public async Task One_connection_more_than_allowed_is_closed_and_counted()
    {
        await using var lab = new Lab();
        string key = ConsolePeers.NewKey();
        (FastdistProcess fastdist, IPEndPoint console) = await ConsolePeers.FastdistAsync(lab, key, "--console-max-connections", "1");
        await using NetworkStream holder = await ConsolePeers.ExchangeNoncesAsync(console);

        ChildProcess client = await ConsolePeers.AskWithFastdistAsync($"{console}", key, "showVersion()");

        Assert.Equal(1, await client.ExitAsync());
        Assert.Contains("too many connections", Assert.Single(client.Log.Snapshot()));
        Assert.Equal(1, (await fastdist.CountersAsync()).Console["too-many-connections"]);
    }

    [Fact]
    public async Task A_unix_socket_is_for_its_owner_without_a_key()
    {
        await using var lab = new Lab();
        string path = lab.Scratch.PathOf("console");
        FastdistProcess fastdist = await ConsolePeers.StartAsync(lab, "--control-socket", path);

        ChildProcess client = await FastdistProcess.RunToEndAsync("-c", path, "-e", "showVersion()");

        Assert.Equal(0, await client.ExitAsync());
        Assert.StartsWith("fastdist ", Assert.Single(client.Output.Snapshot()), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        fastdist.Signal(LinuxSignal.Terminate);
        Assert.Equal(0, await fastdist.ExitAsync());
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_unix_socket_that_a_killed_process_left_is_replaced_and_a_live_one_is_not()
    {
        await using var lab = new Lab();
        string path = lab.Scratch.PathOf("console");
        FastdistProcess killed = await ConsolePeers.StartAsync(lab, "--control-socket", path);
        killed.Signal(LinuxSignal.Kill);
        await killed.ExitAsync();
        Assert.True(File.Exists(path));

        await ConsolePeers.StartAsync(lab, "--control-socket", path);
        ChildProcess second = await FastdistProcess.RunToEndAsync(
            "-l", $"{Ports.Next()}", "--server", "192.0.2.1,tls=none", "--control-socket", path, "--control-required");

        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains($"--control-socket {path}: another process is listening there", second.Log.ToString());
        ChildProcess client = await FastdistProcess.RunToEndAsync("-c", path, "-e", "showVersion()");
        Assert.Equal(0, await client.ExitAsync());
    }

    [Fact]
    public async Task Where_no_console_is_the_client_says_how_to_have_one()
    {
        IPEndPoint nobody = Ports.Next();
        ChildProcess client = await ConsolePeers.AskWithFastdistAsync($"{nobody}", ConsolePeers.NewKey(), "showVersion()");

        Assert.Equal(1, await client.ExitAsync());
        string line = Assert.Single(client.Log.Snapshot());
        Assert.Contains($"{nobody}", line);
        Assert.Contains("--control-socket", line);
    }

    [Fact]
    public async Task MakeKey_needs_no_console_and_makes_a_key_that_one_takes()
    {
        await using var lab = new Lab();
        ChildProcess maker = await FastdistProcess.RunToEndAsync("-e", "makeKey()");
        string line = Assert.Single(maker.Output.Snapshot());
        Assert.Matches("""^setKey\("[A-Za-z0-9+/]{43}="\)$""", line);
        string key = line.Split('"')[1];
        (_, IPEndPoint console) = await ConsolePeers.FastdistAsync(lab, key);

        ChildProcess client = await ConsolePeers.AskWithFastdistAsync($"{console}", key, "showVersion()");

        Assert.Equal(0, await client.ExitAsync());
    }

    [Fact]
    public async Task A_console_over_tcp_without_a_key_is_refused_and_the_remedy_said()
    {
        ChildProcess run = await FastdistProcess.RunToEndAsync("--check-config", "--server", "192.0.2.1,tls=none", "--control-socket", "127.0.0.1");

        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains("--control-socket 127.0.0.1:5199", run.Log.ToString());
        Assert.Contains("makeKey()", run.Log.ToString());
    }

    [Fact]
    public async Task A_bad_key_is_refused_without_being_repeated()
    {
        ChildProcess run = await FastdistProcess.RunToEndAsync(
            "--check-config", "--server", "192.0.2.1,tls=none", "--control-socket", "127.0.0.1", "--setkey", "c2hvcnQ=");

        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains("--setkey: 5 bytes long, not 32", run.Log.ToString());
        Assert.DoesNotContain("c2hvcnQ=", run.Log.ToString());
    }

    [Fact]
    public async Task An_oversized_frame_is_closed_when_it_is_announced_and_counted()
    {
        await using var lab = new Lab();
        (FastdistProcess fastdist, IPEndPoint console) = await ConsolePeers.FastdistAsync(lab, ConsolePeers.NewKey());
        await using NetworkStream stream = await ConsolePeers.ExchangeNoncesAsync(console);
        await stream.WriteAsync(Enumerable.Repeat((byte)0xFF, 4).ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(0, await Patience.ForAsync(stop => stream.ReadAsync(new byte[1], stop).AsTask(), "the connection's end"));
        Assert.Equal(1, (await fastdist.CountersAsync()).Console["oversized"]);
    }
}
