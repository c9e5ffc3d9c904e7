using System.Collections.Generic;
using System.Threading.Tasks;
using Fastdist.Control.Configuration;
using Fastdist.Control.Consoles;
using Xunit;

namespace Fastdist.Control.Tests.Consoles;

/// <summary>Lines from standard input that is no terminal.</summary>
public class ConsoleClientTests
{
    [Fact]
    public async Task Lines_that_need_no_console_are_executed_without_one()
    {
        List<string> replies = await ExecuteAsync(new ConsoleClientOptions { ExecuteLocally = ProcessScripts.ExecuteLocally, ReadKey = () => throw new ConsoleException("the key was read") }, "makeKey()", "", "hashPassword('secret')");
        Assert.Equal(2, replies.Count);
        Assert.StartsWith("setKey(", replies[0], System.StringComparison.Ordinal);
        Assert.StartsWith("$scrypt$", replies[1], System.StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_others_are_executed_over_one_connection()
    {
        using var console = ConsoleUnderTest.Start();
        var options = new ConsoleClientOptions { ExecuteLocally = ProcessScripts.ExecuteLocally, Address = console.Server.Address, ReadKey = () => console.Key };
        List<string> replies = await ExecuteAsync(options, "makeKey()", " showServers() ", "?", "quit", "late");
        Assert.Equal(["[showServers()]\n", "[help()]\n"], replies[1..]);
        Assert.Equal((1, 2), (console.Counters.Connections, console.Counters.Commands));
    }

    [Theory]
    [InlineData(true, "showServers()")]
    [InlineData(false, "hashPassword()")]
    [InlineData(false, "say Error: the server has none", "showServers()")]
    [InlineData(true, "say no Error: at all", "")]
    [Trait("Row", "D9")]
    public async Task Whether_all_of_them_could_be_executed_is_told(bool isGood, params string[] lines)
    {
        using var console = ConsoleUnderTest.Start();
        var left = new Queue<string>(lines);
        Assert.Equal(isGood, await ConsoleClient.ExecuteLinesAsync(
            new ConsoleClientOptions { ExecuteLocally = ProcessScripts.ExecuteLocally, Address = console.Server.Address, ReadKey = () => console.Key }, () => left.TryDequeue(out string? line) ? line : null, static _ => { }));
    }

    [Fact]
    [Trait("Row", "D9")]
    public async Task A_session_has_a_new_connection_for_the_command_after_one_was_lost()
    {
        var told = new List<string>();
        ConsoleUnderTest console = ConsoleUnderTest.Start();
        using var session = new KeptConnection(() => console.ConnectAsync(), told.Add);
        Assert.Equal("[one]\n", await session.ExecuteAsync("one"));

        console.Dispose();
        await Assert.ThrowsAsync<ConsoleException>(() => session.ExecuteAsync("two"));
        Assert.Empty(told);

        console = ConsoleUnderTest.Start();
        Assert.Equal("[three]\n", await session.ExecuteAsync("three"));
        Assert.Single(told);
        console.Dispose();
    }

    private static async Task<List<string>> ExecuteAsync(ConsoleClientOptions options, params string[] lines)
    {
        var replies = new List<string>();
        var left = new Queue<string>(lines);
        await ConsoleClient.ExecuteLinesAsync(options, () => left.TryDequeue(out string? line) ? line : null, replies.Add);
        return replies;
    }
}
