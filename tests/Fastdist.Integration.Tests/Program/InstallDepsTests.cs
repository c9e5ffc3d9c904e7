using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Program;

/// <summary>tools/install-deps among package tools that say what a test wants, and change nothing.</summary>
[Trait("Row", "C10")]
public sealed class InstallDepsTests : IDisposable
{
    private readonly Scratch _scratch = new();

    [Fact]
    public async Task What_is_linked_in_is_brought_to_the_newest_of_the_release()
    {
        ChildProcess run = await RunAsync(candidate: "3.0.22-1~deb12u2");

        Assert.Equal(0, await run.ExitAsync());
        Assert.Contains("libssl-dev 3.0.19-1~deb12u2 3.0.22-1~deb12u2", run.Output.Snapshot());
        string install = Assert.Single(Calls(), call => call.StartsWith("install", StringComparison.Ordinal));
        Assert.Contains("--only-upgrade", install, StringComparison.Ordinal);
        Assert.All(["libc6-dev", "libssl-dev", "zlib1g-dev", "libnghttp2-dev", "libsodium-dev"], name => Assert.Contains(name, install, StringComparison.Ordinal));
        Assert.DoesNotContain("clang", install, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_newer_is_nothing_said_and_asked_for_once_a_day()
    {
        for (int i = 0; i < 2; i++)
        {
            ChildProcess run = await RunAsync(candidate: "3.0.19-1~deb12u2");
            Assert.Equal((0, "", ""), (await run.ExitAsync(), run.Output.ToString(), run.Log.ToString()));
        }

        Assert.StartsWith("update", Assert.Single(Calls()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update", "cannot ask for updates")]
    [InlineData("install", "cannot be updated now")]
    public async Task Without_a_network_the_build_goes_on_with_a_warning(string failing, string warning)
    {
        ChildProcess run = await RunAsync(candidate: "3.0.22-1~deb12u2", failing);

        Assert.Equal(0, await run.ExitAsync());
        Assert.Contains(run.Log.Snapshot(), line => line.StartsWith("install-deps: ", StringComparison.Ordinal) && line.Contains(warning, StringComparison.Ordinal));
    }

    public void Dispose() => _scratch.Dispose();

    private string[] Calls() => File.Exists(_scratch.PathOf("calls")) ? [.. File.ReadLines(_scratch.PathOf("calls"))] : [];

    private async Task<ChildProcess> RunAsync(string candidate, string failing = "none")
    {
        Tool("dotnet", "echo '10.0.100 [/dotnet]'");
        Tool("dpkg-query", "shift 2; for package; do echo \"installed $package 3.0.19-1~deb12u2\"; done");
        Tool("apt-cache", $"shift; for package; do printf '%s:\\n  Installed: 3.0.19-1~deb12u2\\n  Candidate: {candidate}\\n' \"$package\"; done");
        Tool("apt-mark", "");
        Tool("apt-get", $"echo \"$@\" >>{_scratch.PathOf("calls")}; [ \"$1\" != {failing} ]");
        var process = new ChildProcess(
            [Path.Combine(Repository.Root, "tools", "install-deps"), "build"],
            new Dictionary<string, string> { ["PATH"] = $"{_scratch.Folder}:{Environment.GetEnvironmentVariable("PATH")}", ["INSTALL_DEPS_STAMP"] = _scratch.PathOf("stamp") });
        await process.ExitAsync();
        return process;
    }

    private void Tool(string name, string script)
    {
        _scratch.Write(name, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(_scratch.PathOf(name), (UnixFileMode)0b111_101_101);
    }
}
