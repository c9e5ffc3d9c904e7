using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Consoles;

/// <summary>The console against real peers: each program's client at the other's server.</summary>
[Trait("Stage", "5")]
public sealed class PeerTests
{
    private static readonly Dictionary<string, string> NoVariables = [];

    [Fact]
    public async Task Dnsdists_client_is_answered_by_fastdist()
    {
        await using var lab = new Lab();
        string key = ConsolePeers.NewKey();
        (FastdistProcess fastdist, IPEndPoint console) = await ConsolePeers.FastdistAsync(lab, key);

        ChildProcess client = await ConsolePeers.AskWithDnsdistAsync(console, key, "showVersion()");

        Assert.Equal(0, await client.ExitAsync());
        Assert.Matches(@"^fastdist \d+\.\d+\.\d+$", Assert.Single(client.Output.Snapshot()));
        CounterLine counters = (await fastdist.CountersAsync()).Console;
        Assert.Equal((1, 1, 0), (counters["connections"], counters["commands"], counters["wrong-key"]));
    }

    [Fact]
    public async Task Dnsdists_client_with_another_key_is_closed_and_counted_by_fastdist()
    {
        await using var lab = new Lab();
        (FastdistProcess fastdist, IPEndPoint console) = await ConsolePeers.FastdistAsync(lab, ConsolePeers.NewKey());

        ChildProcess client = await ConsolePeers.AskWithDnsdistAsync(console, ConsolePeers.NewKey(), "showVersion()");

        Assert.DoesNotContain("fastdist", client.Output.ToString());
        Assert.Contains("key mismatch", $"{client.Output}{client.Log}");
        CounterLine counters = (await fastdist.CountersAsync()).Console;
        Assert.Equal((1, 0, 1), (counters["connections"], counters["commands"], counters["wrong-key"]));
    }

    [Fact]
    public async Task Fastdists_client_is_answered_by_dnsdist()
    {
        await using var lab = new Lab();
        string key = ConsolePeers.NewKey();
        IPEndPoint console = await ConsolePeers.DnsdistAsync(lab, key);

        ChildProcess client = await ConsolePeers.AskWithFastdistAsync($"{console}", key, "showVersion()");

        Assert.Equal(0, await client.ExitAsync());
        Assert.StartsWith("dnsdist ", Assert.Single(client.Output.Snapshot()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fastdists_client_with_another_key_is_told_so_at_dnsdist()
    {
        await using var lab = new Lab();
        IPEndPoint console = await ConsolePeers.DnsdistAsync(lab, ConsolePeers.NewKey());

        ChildProcess client = await ConsolePeers.AskWithFastdistAsync($"{console}", ConsolePeers.NewKey(), "showVersion()");

        Assert.Equal(1, await client.ExitAsync());
        Assert.Empty(client.Output.Snapshot());
        Assert.Contains("--setkey", Assert.Single(client.Log.Snapshot()));
    }

    [Fact]
    public async Task A_reply_of_a_megabyte_comes_whole_from_dnsdist()
    {
        await using var lab = new Lab();
        string key = ConsolePeers.NewKey();
        IPEndPoint console = await ConsolePeers.DnsdistAsync(lab, key);

        ChildProcess client = await ConsolePeers.AskWithFastdistAsync($"{console}", key, "string.rep('x', 1000000)");

        Assert.Equal(0, await client.ExitAsync());
        Assert.Equal(new string('x', 1_000_000), Assert.Single(client.Output.Snapshot()));
    }

    [Fact]
    public async Task Many_commands_go_over_one_connection_to_dnsdist()
    {
        await using var lab = new Lab();
        string key = ConsolePeers.NewKey();
        IPEndPoint console = await ConsolePeers.DnsdistAsync(lab, key);

        ChildProcess client = await ConsolePeers.TypeIntoFastdistAsync(
            ["-c", $"{console}"], new Dictionary<string, string> { ["FASTDIST_CONSOLE_KEY"] = key },
            ["count = 0", .. Enumerable.Repeat("count = count + 1", 300), "string.format('counted %d', count)", "quit", "showVersion()"]);

        Assert.Equal(0, await client.ExitAsync());
        Assert.Equal(["counted 300"], client.Output.Snapshot());
    }

    [Fact]
    public async Task Lines_of_input_are_commands_until_quit()
    {
        await using var lab = new Lab();
        string key = ConsolePeers.NewKey();
        (FastdistProcess fastdist, IPEndPoint console) = await ConsolePeers.FastdistAsync(lab, key);

        ChildProcess client = await ConsolePeers.TypeIntoFastdistAsync(
            ["-c", $"{console}", "-k", key], NoVariables, "showVersion()", "", "  showVersion()  ", "?", "quit", "showVersion()");

        Assert.Equal(0, await client.ExitAsync());
        Assert.Equal(2, client.Output.Snapshot().Count(line => line.StartsWith("fastdist ", StringComparison.Ordinal)));
        Assert.Contains(client.Output.Snapshot(), line => line.StartsWith("showVersion()", StringComparison.Ordinal));
        Assert.Equal(3, (await fastdist.CountersAsync()).Console["commands"]);
    }
}
