using System;
using System.Linq;
using System.Net.Sockets;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Web;

/// <summary>How the web server starts, and when it does not.</summary>
[Trait("Stage", "5")]
public sealed class StartTests
{
    [Fact]
    public async Task Without_a_secret_to_show_it_does_not_start_and_says_what_to_add()
    {
        string error = await ErrorOfAsync("--webserver", "127.0.0.1:8083");

        Assert.Contains("add --webserver-password-file", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_a_web_server_that_nobody_asked_for_are_an_error() =>
        Assert.Contains("add --webserver ADDR:PORT", await ErrorOfAsync("--webserver-acl", "192.0.2.0/24"), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\n", "is empty")]
    [InlineData("$scrypt$ln=10,p=1,r=8$c2FsdA==$", "expected $scrypt$ln=10,p=1,r=8$SALT$HASH")]
    public async Task A_file_without_a_usable_secret_is_an_error_that_names_it(string content, string expected)
    {
        await using var lab = new Lab();
        string file = lab.Scratch.WriteSecret("secret", content);

        string error = await ErrorOfAsync("--webserver", "127.0.0.1:8083", "--webserver-api-key-file", file);

        Assert.Contains($"--webserver-api-key-file '{file}'", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_use_is_an_error_that_names_it_where_the_web_server_is_required()
    {
        await using var lab = new Lab();
        var site = new Site(lab);
        using var other = new Socket(SocketType.Stream, ProtocolType.Tcp);
        other.Bind(site.Address);
        other.Listen();

        await using ChildProcess fastdist = await FastdistProcess.RunToEndAsync(
            ["-l", $"{Ports.Next()}", "--server", "127.0.0.1,subjectName=x", .. site.Flags("--control-required")]);

        Assert.Equal(1, await fastdist.ExitAsync());
        Assert.Contains(fastdist.Log.Snapshot(), line => line.Contains($"{site.Address}", StringComparison.Ordinal) && line.Contains("in use", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_others_may_read_is_warned_of()
    {
        await using var lab = new Lab();
        string file = lab.Scratch.Write("open", "secret");
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(lab.Rogue(Rogue.Answers), "one"), "--webserver", $"{Ports.Next()}", "--webserver-password-file", file);

        LogLine warning = await fastdist.ToldAsync(LogEvent.SecretReadable);
        Assert.StartsWith($"--webserver-password-file '{file}' has mode 644", warning["warning"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_privileged_port_is_bound_and_secrets_are_read_before_every_thread_gives_up_its_privileges()
    {
        await using var lab = new Lab();
        var site = new Site(lab) { Address = Ports.NextPrivileged() };
        FastdistProcess fastdist = await lab.FastdistAsync(
            ["--server", lab.Unchecked(lab.Rogue(Rogue.Answers), "one"), "--uid", "nobody", "--gid", "nogroup", .. site.Flags()]);

        Assert.Equal(200, (await site.AskWithPasswordAsync("/")).Status);
        Assert.All(ProcessTable.OfThreads(fastdist.Id, "CapEff"), mask => Assert.Equal("0000000000000000", mask));
    }

    [Fact]
    public async Task Somebody_who_watches_does_not_hold_up_the_end()
    {
        await using var lab = new Lab();
        var site = new Site(lab);
        FastdistProcess fastdist = await lab.FastdistAsync(["--server", lab.Unchecked(lab.Rogue(Rogue.Answers), "one"), .. site.Flags()]);
        using var watcher = new Socket(SocketType.Stream, ProtocolType.Tcp);
        watcher.Connect(site.Address);
        watcher.Send("GET / HTTP/1.1\r\n"u8);

        Assert.Equal(0, await fastdist.StopAsync());
    }

    private static async Task<string> ErrorOfAsync(params string[] flags)
    {
        await using ChildProcess fastdist = await FastdistProcess.RunToEndAsync(["--check-config", "--server", "127.0.0.1,subjectName=x", .. flags]);
        Assert.Equal(1, await fastdist.ExitAsync());
        return fastdist.Log.Snapshot().Single();
    }
}
