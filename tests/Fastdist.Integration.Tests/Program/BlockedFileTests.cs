using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Program;

/// <summary>Files that whoever reads them waits for: a pipe without a writer, a server that is gone.</summary>
[Trait("Row", "A3")]
public sealed class BlockedFileTests
{
    [Fact]
    public async Task While_a_reload_waits_for_a_file_all_else_goes_on_and_what_is_asked_for_meanwhile_is_done_once()
    {
        await using var lab = new Lab();
        using var manager = new ServiceManager(lab.Scratch.PathOf("notify"));
        string console = lab.Scratch.PathOf("console");
        var site = new Site(lab);
        FastdistProcess fastdist = await lab.DotAsync(
            null,
            ["--supervised", "--server", lab.Unchecked(lab.Rogue(Rogue.Answers), "one"), "--control-socket", console, .. site.Flags()],
            new Dictionary<string, string> { ["NOTIFY_SOCKET"] = manager.Path, ["WATCHDOG_USEC"] = "1000000" });
        Assert.Equal("READY=1", await manager.HeardAsync());

        using (var key = new LeasedFile(lab.Scratch.PathOf("dot.key")))
        {
            fastdist.Signal(LinuxSignal.HangUp);
            Assert.StartsWith("RELOADING=1", await manager.HeardAsync(but: "WATCHDOG=1"));
            await key.WantedAsync();

            for (int i = 0; i < 3; i++)
            {
                Assert.Equal("WATCHDOG=1", await manager.HeardAsync());
                fastdist.Signal(LinuxSignal.HangUp);
            }

            Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
            Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(fastdist.Tls, Message.Query("y.load.test"))).Rcode);
            Assert.Equal(200, (await site.AskWithPasswordAsync("/metrics")).Status);
            foreach (string command in (string[])["showServers()", "showTLSFrontends()", "addACL('192.0.2.0/24')", "getServer('one'):setDown()", "newServer({address='127.0.0.1:9', tls='none', name='two'})"])
            {
                ChildProcess client = await FastdistProcess.RunToEndAsync("-c", console, "-e", command);
                Assert.True(await client.ExitAsync() == 0, client.Log.ToString());
            }

            Assert.False(HasReloaded(fastdist));
        }

        Assert.Equal("READY=1", await manager.HeardAsync(but: "WATCHDOG=1"));
        Assert.StartsWith("RELOADING=1", await manager.HeardAsync(but: "WATCHDOG=1"));
        Assert.Equal("READY=1", await manager.HeardAsync(but: "WATCHDOG=1"));
        Assert.Equal(2, (await fastdist.CountersAsync()).Process["reloads"]);
    }

    [Fact]
    public async Task The_process_ends_while_a_reload_waits_for_a_file()
    {
        await using var lab = new Lab();
        using var manager = new ServiceManager(lab.Scratch.PathOf("notify"));
        FastdistProcess fastdist = await lab.DotAsync(
            null,
            ["--supervised", "--server", lab.Unchecked(lab.Rogue(Rogue.Answers), "one")],
            new Dictionary<string, string> { ["NOTIFY_SOCKET"] = manager.Path });
        Assert.Equal("READY=1", await manager.HeardAsync());
        using var authority = new LeasedFile(lab.Scratch.PathOf("ca.pem"));
        fastdist.Signal(LinuxSignal.HangUp);
        Assert.StartsWith("RELOADING=1", await manager.HeardAsync());
        await authority.WantedAsync();

        Assert.Equal(0, await fastdist.StopAsync());

        Assert.Equal("STOPPING=1", await manager.HeardAsync());
        Assert.False(HasReloaded(fastdist));
    }

    [Theory]
    [InlineData("cert")]
    [InlineData("key")]
    [InlineData("ticketKeyFile")]
    [InlineData("keyLogFile")]
    [InlineData("caStore")]
    [InlineData("client certificate")]
    [InlineData("--setkey-file")]
    [InlineData("--webserver-password-file")]
    public async Task A_pipe_or_device_ends_the_start_at_once_and_is_named(string what)
    {
        await using var lab = new Lab();
        string pipe = lab.Scratch.PathOf("pipe");
        await (await ChildProcess.RunAsync("mkfifo", pipe)).ExitAsync();
        string good = lab.Certificate(lab.Authority.Issue("a.test"));
        foreach (string path in (string[])[pipe, "/dev/zero"])
        {
            string tls = what switch
            {
                "cert" or "key" => good.Replace(lab.Scratch.PathOf(what == "cert" ? "dot.pem" : "dot.key"), path, StringComparison.Ordinal),
                "ticketKeyFile" or "keyLogFile" => $"{good},{what}={path}",
                _ => good,
            };
            string server = "127.0.0.1:853,subjectName=a"
                + (what == "caStore" ? $",caStore={path}" : what == "client certificate" ? $",cert={path},key={path}" : "");
            string[] flags = what.StartsWith('-')
                ? what == "--setkey-file" ? ["--control-socket", "127.0.0.1", what, path] : ["--webserver", "127.0.0.1:8083", what, path]
                : [];

            ChildProcess run = await FastdistProcess.RunToEndAsync(["-l", $"{Ports.Next()}", "--tls-local", $"{Ports.Next()},{tls}", "--server", server, .. flags]);

            string said = run.Log.ToString();
            Assert.True(await run.ExitAsync() == 1, said);
            Assert.Contains(path, said);
            Assert.Contains(path == pipe ? "is a pipe, and only regular files are taken" : "is a device, and only regular files are taken", said);
        }
    }

    [Fact]
    public async Task A_file_that_became_a_pipe_fails_the_reload_by_itself()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));
        string key = lab.Scratch.PathOf("dot.key");
        File.Delete(key);
        await (await ChildProcess.RunAsync("mkfifo", key)).ExitAsync();

        LogLine said = await fastdist.FailToReloadAsync();

        Assert.Contains($"key={key}: is a pipe", said.Message);
        Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(fastdist.Tls, Message.Query("y.load.test"))).Rcode);
    }

    private static bool HasReloaded(FastdistProcess fastdist) =>
        Array.Exists(fastdist.Log.Snapshot(), line => LogLine.EventOf(line) is LogEvent.Reloaded or LogEvent.ReloadedInPart);
}
