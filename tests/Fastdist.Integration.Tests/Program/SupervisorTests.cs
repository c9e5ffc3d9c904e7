using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Program;

/// <summary>What a service manager hears (sd_notify(3), sd_watchdog_enabled(3)).</summary>
[Trait("Stage", "5")]
public sealed class SupervisorTests
{
    [Fact]
    public async Task It_says_when_it_is_ready_alive_reloading_and_stopping()
    {
        await using var lab = new Lab();
        using var manager = new ServiceManager(lab.Scratch.PathOf("notify"));
        FastdistProcess fastdist = await lab.DotAsync(
            null,
            ["--supervised", "--server", lab.Unchecked(lab.Rogue(Rogue.Answers), "one")],
            new Dictionary<string, string> { ["NOTIFY_SOCKET"] = manager.Path, ["WATCHDOG_USEC"] = "1000000" });

        Assert.Equal("READY=1", await manager.HeardAsync());
        Assert.Equal("WATCHDOG=1", await manager.HeardAsync());
        Assert.Equal("WATCHDOG=1", await manager.HeardAsync());

        fastdist.Signal(LinuxSignal.HangUp);
        Assert.StartsWith("RELOADING=1\nMONOTONIC_USEC=", await manager.HeardAsync(but: "WATCHDOG=1"));
        Assert.Equal("READY=1", await manager.HeardAsync());

        fastdist.Signal(LinuxSignal.Terminate);
        Assert.Equal("STOPPING=1", await manager.HeardAsync(but: "WATCHDOG=1"));
        Assert.Equal(0, await fastdist.ExitAsync());
    }

    [Fact, Trait("Row", "B4")]
    public void The_unit_starts_it_again_for_as_long_as_it_takes()
    {
        string[] unit = File.ReadAllLines(Path.Combine(Repository.Root, "tools", "fastdist.service"));

        Assert.Contains("StartLimitIntervalSec=0", unit.TakeWhile(line => line != "[Service]"));
        Assert.Contains("RestartSec=1", unit.SkipWhile(line => line != "[Service]"));
        Assert.Contains("Restart=on-failure", unit);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("1000000", "1")]
    public async Task It_gives_no_sign_of_life_that_nobody_asked_it_for(string interval, string process)
    {
        await using var lab = new Lab();
        using var manager = new ServiceManager(lab.Scratch.PathOf("notify"));
        FastdistProcess fastdist = await lab.DotAsync(
            null,
            ["--supervised", "--server", lab.Unchecked(lab.Rogue(Rogue.Answers), "one")],
            new Dictionary<string, string> { ["NOTIFY_SOCKET"] = manager.Path, ["WATCHDOG_USEC"] = interval, ["WATCHDOG_PID"] = process });
        Assert.Equal("READY=1", await manager.HeardAsync());

        // Two reloads take the control thread through its loop more than once.
        for (int i = 0; i < 2; i++)
        {
            fastdist.Signal(LinuxSignal.HangUp);
            Assert.StartsWith("RELOADING=1", await manager.HeardAsync());
            Assert.Equal("READY=1", await manager.HeardAsync());
        }
    }
}
