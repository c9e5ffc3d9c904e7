using System;
using Fastdist.Control.Configuration;
using Fastdist.Proxy.Views;
using Xunit;

namespace Fastdist.Control.Tests.Commands;

/// <summary>What a command comes to, and how that is said.</summary>
[Trait("Stage", "5")]
public sealed class ReplyTests : IDisposable
{
    private readonly ConsoleUnderTest _console = new();

    public void Dispose() => _console.Dispose();

    [Theory]
    [InlineData("\"text\"", "text\n")]
    [InlineData("5", "5\n")]
    [InlineData("1.5", "1.5\n")]
    [InlineData("0x10", "16\n")]
    [InlineData("true", "true\n")]
    [InlineData("nil", "")]
    [InlineData("", "")]
    [InlineData("-- nothing", "")]
    [InlineData("{1, 'two', weight=3}", "{1, \"two\", [\"weight\"]=3}\n")]
    [InlineData("getServer(3)", "home\n")]
    [InlineData("getServer(0)", "127.0.0.1:5911\n")]
    [InlineData("getServer('home')", "home\n")]
    [InlineData("getServer(getServer(2))", "six\n")]
    [InlineData("getTLSFrontend(1)", "127.0.0.1:5903\n")]
    [InlineData("getTLSFrontend(1):getAddressAndPort()", "127.0.0.1:5903\n")]
    [InlineData("getDOHFrontend(0):getAddressAndPort()", "127.0.0.1:5902\n")]
    [InlineData("getBindCount()", "5\n")]
    [InlineData("getTLSFrontendCount()", "2\n")]
    [InlineData("getDOHFrontendCount()", "1\n")]
    [InlineData("getVersion()", "1.2.3\n")]
    [InlineData("getServer(3):getName()", "home\n")]
    [InlineData("getServer(3):getNameWithAddr()", "home (127.0.0.1:5910)\n")]
    [InlineData("getServer(0):getNameWithAddr()", "127.0.0.1:5911\n")]
    [InlineData("getServer(0):isUp()", "false\n")]
    [InlineData("getServer(1):isUp()", "true\n")]
    [InlineData("getServer(0):getHealthCheckMode()", "active\n")]
    [InlineData("getServer(2):getHealthCheckMode()", "active\n")]
    [InlineData("getServer(3):getHealthCheckMode()", "active\n")]
    [InlineData("getServer(3).name", "home\n")]
    [InlineData("getServer(3).upStatus", "true\n")]
    [InlineData("getServer(3).weight", "3\n")]
    [InlineData("getServer(3).order", "2\n")]
    public void A_value_is_said_as_dnsdist_says_it_and_booleans_and_tables_too(string line, string reply) => Assert.Equal(reply, _console.Execute(line));

    [Fact]
    public void A_server_is_found_by_its_id()
    {
        BackendView six = _console.Proxy.Backends[2];
        Assert.Equal("six\n", _console.Execute($"getServer('{six.Id}')"));
    }

    [Fact]
    public void Figures_of_a_server_are_those_of_all_shards()
    {
        BackendView home = _console.Proxy.Backends[3];
        (home.Shared.Counters[0].Queries, home.Shared.Counters[1].Queries, home.Shared.Counters[1].CheckQueries) = (10, 5, 3);
        (home.Shared.Counters[0].Outstanding, home.Shared.Counters[1].Outstanding) = (1, 2);
        (home.Shared.Counters[0].Timeouts, home.Shared.Counters[1].GaveUp) = (4, 3);
        home.Shared.Counters[0].Latency.Record(12_900);
        _console.Rates.Tick(_console.Proxy.Backends, default);
        Assert.Equal("12\n", _console.Execute("getServer(3):getQueries()"));
        Assert.Equal("3\n", _console.Execute("getServer(3):getOutstanding()"));
        Assert.Equal("7\n", _console.Execute("getServer(3):getDrops()"));
        Assert.Equal("12.9\n", _console.Execute("getServer(3):getLatency()"));
    }

    [Theory]
    [InlineData("showServer()", "attempt to call global 'showServer' (a nil value); did you mean 'showServers'?")]
    [InlineData("ShowTcpStats()", "attempt to call global 'ShowTcpStats' (a nil value); did you mean 'showTCPStats'?")]
    [InlineData("quux()", "attempt to call global 'quux' (a nil value)")]
    [InlineData("newServer{address=x}", "newServer: no address; add address=\"ADDR:PORT\"")]
    [InlineData("getServer(0):setup()", "a server has no 'setup'; did you mean 'setUp'?")]
    [InlineData("getTLSFrontend(0):setUp()", "a frontend has no 'setUp'")]
    [InlineData("getServer(0).wieght", "a server has no 'wieght'; did you mean 'weight'?")]
    [InlineData("getServer(0).setUp()", "server:setUp: write a colon before the method")]
    [InlineData("getBindCount():x()", "attempt to index a number value")]
    [InlineData("showACL().x", "attempt to index a nil value")]
    [InlineData("getVersion()()", "attempt to call a string value")]
    [InlineData("showServers", "this is a function: write () behind its name to call it")]
    [InlineData("getServer()", "getServer: expected 1 argument, got 0")]
    [InlineData("showTCPStats(3)", "showTCPStats: expected no arguments, got 1")]
    [InlineData("showServers(1, 2)", "showServers: expected 0 to 1 argument, got 2")]
    [InlineData("getServer(true)", "getServer: argument 1, server: expected a number, name, UUID or server, got true")]
    [InlineData("getServer(nil)", "getServer: argument 1, server: expected a number, name, UUID or server, got nil")]
    [InlineData("getServer(9)", "getServer: there is no server 9: there are 4, from 0; see showServers()")]
    [InlineData("getServer(-1)", "getServer: there is no server -1: there are 4, from 0; see showServers()")]
    [InlineData("getServer('hom')", "getServer: no server has the name or UUID 'hom'; did you mean 'home'?")]
    [InlineData("getTLSFrontend(2)", "getTLSFrontend: there is no DoT frontend 2: there are 2, from 0; see showBinds()")]
    [InlineData("getTLSFrontend('x')", "getTLSFrontend: argument 1, n: expected a whole number from 0 to 2147483647, got 'x'")]
    [InlineData("getTLSFrontend(0):loadTicketsKeys()", "frontend:loadTicketsKeys: expected 1 argument, got 0")]
    [InlineData("getTLSFrontend(0):loadTicketsKeys({})", "frontend:loadTicketsKeys: argument 1, file: expected a string, got a table")]
    [InlineData("showServers(true)", "showServers: argument 1, options: expected a table of key=value, got true")]
    [InlineData("showServers({true})", "showServers: argument 1, options: expected a table of key=value, got a table")]
    [InlineData("showServers({showUuids=true})", "showServers: there is no option 'showUuids'; the only one is 'showUUIDs'")]
    [InlineData("showServers({showUUIDs=1})", "showServers: option 'showUUIDs': expected true or false, got a number")]
    [InlineData("help('showServer')", "help: there is no function 'showServer'; did you mean 'showServers'?")]
    [InlineData("help({})", "help: argument 1, name: expected a string, got a table")]
    [InlineData("getServer(0", "')' expected near '<eof>'")]
    public void What_cannot_be_done_is_said_with_the_place_and_the_remedy(string line, string message) => Assert.Equal(message, _console.Refusal(line));

    [Fact]
    public void Help_lists_every_command_once_and_explains_one()
    {
        string[] lines = _console.Execute("help()").Split('\n');
        Assert.Contains("showServers([{showUUIDs=false}]): print all servers, with their UUIDs if wanted", lines);
        Assert.Contains("Server:setUp(): use it, whatever health checks would say", lines);
        Assert.Equal(Vocabulary.Functions.Count + Vocabulary.Methods.Count, lines.Length - 1);
        Assert.Equal(lines.Length, new System.Collections.Generic.HashSet<string>(lines).Count);
        Assert.Equal("showServers([{showUUIDs=false}]): print all servers, with their UUIDs if wanted\n", _console.Execute("help(\"showServers\")"));
        Assert.Equal("Server:setUp(): use it, whatever health checks would say\n", _console.Execute("help'setUp'"));
    }
}
