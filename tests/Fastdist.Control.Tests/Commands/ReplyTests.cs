using Fastdist.Proxy.Views;
using Xunit;

namespace Fastdist.Control.Tests.Commands;

/// <summary>What a command comes to, and how that is said.</summary>
[Trait("Stage", "5")]
public class ReplyTests
{
    private readonly ConsoleUnderTest _console = new();

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
    [InlineData("showServer()", "column 1: 'showServer' is no function; did you mean 'showServers'?")]
    [InlineData("ShowTcpStats()", "column 1: 'ShowTcpStats' is no function; did you mean 'showTCPStats'?")]
    [InlineData("quux()", "column 1: 'quux' is no function")]
    [InlineData("newServer{address=x}", "column 19: 'x' is no function")]
    [InlineData("getServer(0):setup()", "column 14: 'setup' is no method of a server; did you mean 'setUp'?")]
    [InlineData("getTLSFrontend(0):setUp()", "column 19: 'setUp' is no method of a frontend")]
    [InlineData("getServer(0).wieght", "column 14: 'wieght' is no field of a server; did you mean 'weight'?")]
    [InlineData("getServer(0).setUp()", "column 14: 'setUp' is a method: write :setUp() to call it")]
    [InlineData("getBindCount():x()", "column 16: a number has no methods")]
    [InlineData("showACL().x", "column 11: printed text has no fields")]
    [InlineData("getVersion()()", "column 1: only a function can be called")]
    [InlineData("{[1]=2}", "column 3: expected a string as the key")]
    [InlineData("showServers", "showServers is a function: write showServers() to call it")]
    [InlineData("getServer()", "getServer: expected 1 argument, got 0; see help(\"getServer\")")]
    [InlineData("showTCPStats(3)", "showTCPStats: expected no arguments, got 1; see help(\"showTCPStats\")")]
    [InlineData("showServers(1, 2)", "showServers: expected 0 to 1 argument, got 2; see help(\"showServers\")")]
    [InlineData("getServer(true)", "getServer: argument 1, server: expected a number, name, UUID or server, got a boolean")]
    [InlineData("getServer(nil)", "getServer: argument 1, server: expected a number, name, UUID or server, got nil")]
    [InlineData("getServer(9)", "there is no server 9: there are 4, from 0; see showServers()")]
    [InlineData("getServer(-1)", "there is no server -1: there are 4, from 0; see showServers()")]
    [InlineData("getServer('hom')", "no server has the name or UUID 'hom'; did you mean 'home'?")]
    [InlineData("getTLSFrontend(2)", "there is no DoT frontend 2: there are 2, from 0; see showBinds()")]
    [InlineData("getTLSFrontend('x')", "getTLSFrontend: argument 1, n: expected a number from 0, got a string")]
    [InlineData("getTLSFrontend(0):loadTicketsKeys()", "loadTicketsKeys: expected 1 argument, got 0; see help(\"loadTicketsKeys\")")]
    [InlineData("getTLSFrontend(0):loadTicketsKeys(0)", "loadTicketsKeys: argument 1, file: expected a string, got a number")]
    [InlineData("showServers(true)", "showServers: argument 1, options: expected a table of key=value, got a boolean")]
    [InlineData("showServers({true})", "showServers: argument 1, options: expected a table of key=value, got a table")]
    [InlineData("showServers({showUuids=true})", "showServers: there is no option 'showUuids'; the only one is 'showUUIDs'")]
    [InlineData("showServers({showUUIDs=1})", "showServers: option 'showUUIDs': expected true or false, got a number")]
    [InlineData("help('showServer')", "there is no command 'showServer'; did you mean 'showServers'?")]
    [InlineData("help(1)", "help: argument 1, command: expected a string, got a number")]
    [InlineData("getServer(0", "column 12: expected ',' or ')' after an argument, found the end")]
    public void What_cannot_be_done_is_said_with_the_place_and_the_remedy(string line, string message) => Assert.Equal(message, _console.Refusal(line));

    [Fact]
    public void Help_lists_every_command_once_and_explains_one()
    {
        string[] lines = _console.Execute("help()").Split('\n');
        Assert.Contains("showServers([{showUUIDs=false}]): print all servers, with their UUIDs if wanted", lines);
        Assert.Contains("Server:setUp(): use it, whatever health checks would say", lines);
        Assert.Equal(Fastdist.Control.Commands.CommandTable.All.Count, lines.Length - 1);
        Assert.Equal(lines.Length, new System.Collections.Generic.HashSet<string>(lines).Count);
        Assert.Equal("showServers([{showUUIDs=false}]): print all servers, with their UUIDs if wanted\n", _console.Execute("help(\"showServers\")"));
        Assert.Equal("Server:setUp(): use it, whatever health checks would say\n", _console.Execute("help'setUp'"));
    }
}
