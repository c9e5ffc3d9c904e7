using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Program;

/// <summary>Hosts that lack what a program may think is always there.</summary>
[Trait("Row", "B2")]
public sealed class BareHostTests
{
    [Fact]
    public async Task In_a_root_with_nothing_but_the_binary_it_serves()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        string root = Directory.CreateDirectory(lab.Scratch.PathOf("root")).FullName;
        File.Copy(Repository.Fastdist, Path.Combine(root, "fastdist"));
        IPEndPoint listen = Ports.Next();
        await using var fastdist = new ChildProcess(
            ["chroot", root, "/fastdist", "--log-format", "json", "-l", $"{listen}", "--server", $"{backend.EndPoint},validateCertificates=false,healthCheckMode=up"]);
        await fastdist.Log.FirstAsync(line => LogLine.EventOf(line) == LogEvent.Ready, "that says it is ready");

        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(listen, Message.Query("x.load.test"))).Rcode);
        fastdist.Signal(LinuxSignal.Terminate);
        Assert.Equal(0, await fastdist.ExitAsync());
    }

    [Theory]
    [InlineData(40_000)]
    [InlineData(70_000)]
    [InlineData(250_000)]
    [InlineData(600_000)]
    public async Task Too_little_address_space_is_one_line_and_exit_code_1(int kilobytes)
    {
        await using ChildProcess run = await ChildProcess.RunAsync(
            "bash", "-c", $"ulimit -v {kilobytes}; exec {Repository.Fastdist} -l {Ports.Next()} --server 127.0.0.1,validateCertificates=false");

        Assert.Equal(1, await run.ExitAsync());
        AssertTold(run, "^fastdist: not enough .*ulimit -v");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task Too_few_threads_are_one_line_and_exit_code_1(int threads)
    {
        // Of a user who has no other.
        await using var lab = new Lab();
        string binary = lab.Scratch.PathOf("fastdist");
        File.Copy(Repository.Fastdist, binary);
        await using ChildProcess run = await ChildProcess.RunAsync(
            "setpriv", "--reuid", $"{60_000 + threads}", "--clear-groups", "prlimit", $"--nproc={threads}",
            binary, "-l", $"{Ports.Next()}", "--server", "127.0.0.1,validateCertificates=false", "--shards", "2");

        Assert.Equal(1, await run.ExitAsync());
        AssertTold(run, "^fastdist: not enough .*ulimit -u");
    }

    [Fact]
    public async Task A_processor_that_is_too_old_is_told_what_it_lacks()
    {
        await using ChildProcess old = await ChildProcess.RunAsync("qemu-x86_64-static", "-cpu", "Nehalem", Repository.Fastdist, "--version");
        Assert.Equal(1, await old.ExitAsync());
        string line = Assert.Single(old.Log.Snapshot(), line => line.StartsWith("fastdist: ", StringComparison.Ordinal));
        Assert.Contains(" avx2, bmi1, bmi2, lzcnt; this binary is built for x86-64-v3 (Intel Haswell, AMD Zen and later)", line, StringComparison.Ordinal);

        await using ChildProcess able = await ChildProcess.RunAsync("qemu-x86_64-static", "-cpu", "Haswell", Repository.Fastdist, "--version");
        Assert.Equal(0, await able.ExitAsync());
        Assert.StartsWith("fastdist ", able.Output.Snapshot().First(), StringComparison.Ordinal);
    }

    /// <summary>One line tells it, and no stack trace does.</summary>
    private static void AssertTold(ChildProcess run, string pattern)
    {
        string[] lines = run.Log.Snapshot();
        Assert.Matches(pattern, Assert.Single(lines, line => line.StartsWith("fastdist: ", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, line => line.StartsWith("   at ", StringComparison.Ordinal));
    }
}
