using System;
using System.IO;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Fastdist.Tls;
using Xunit;

namespace Fastdist.Control.Tests.Commands;

/// <summary>What the console prints, byte for byte as dnsdist does in the same state.</summary>
[Trait("Stage", "5")]
public sealed class TableTests : IDisposable
{
    private readonly ConsoleUnderTest _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public void Binds_are_printed_as_dnsdist_prints_them()
    {
        _console.Dot[0].Queries = 1;
        _console.Dot[1].Queries = 1;
        _console.Doh[1].Queries = 1;
        Assert.Equal(Vector("dnsdist-1.7.3-showBinds"), _console.Execute("showBinds()"));
    }

    [Fact]
    public void The_access_list_is_printed_as_dnsdist_prints_it()
    {
        Assert.Equal("", _console.Execute("""setACL({"::1/128", "192.0.2.1", "127.1.2.3/8", "127.0.0.0/8"})"""));
        Assert.Equal(Vector("dnsdist-1.7.3-showACL"), _console.Execute("showACL()"));
    }

    [Fact]
    public void Ticket_keys_are_printed_as_dnsdist_prints_them_but_for_a_rotation_that_never_comes()
    {
        var next = new DateTime(2026, 11, 25, 9, 28, 11, DateTimeKind.Local);
        _console.Proxy.TicketKeys[_console.Proxy.Frontends[2]] = new TicketKeyStatus(1, 43_200, next);
        string expected = Vector("dnsdist-1.7.3-showTLSContexts").Replace("1970-01-01 00:00:00", "-                  ", StringComparison.Ordinal);
        Assert.Equal(expected, _console.Execute("showTLSFrontends()"));
    }

    [Fact]
    public void Reasons_of_failed_handshakes_are_dnsdists_eight_and_then_those_that_occurred()
    {
        string[] lines = Vector("dnsdist-1.7.3-showTLSErrorCounters").Split('\n');
        Assert.Equal($"{lines[0]} Other reasons\n{lines[1]} -\n{lines[2]} -\n{lines[3]} -\n\n", _console.Execute("showTLSErrorCounters()"));

        TlsFailure[] eight =
        [
            TlsFailure.DhKeyTooSmall, TlsFailure.InappropriateFallback, TlsFailure.NoSharedCipher, TlsFailure.UnknownCipherType,
            TlsFailure.UnknownKeyExchangeType, TlsFailure.UnknownProtocol, TlsFailure.UnsupportedEllipticCurve, TlsFailure.UnsupportedProtocol,
        ];
        for (int i = 0; i < eight.Length; i++)
        {
            _console.OtherDot[0].HandshakeFailures[(int)eight[i]] = i;
            _console.OtherDot[1].HandshakeFailures[(int)eight[i]] = 1;
        }

        _console.OtherDot[0].HandshakeFailures[(int)TlsFailure.PlainDns] = 3;
        _console.OtherDot[1].HandshakeFailures[(int)TlsFailure.AlertUnknownCa] = 4;
        _console.OtherDot[1].HandshakesClosed = 5;
        _console.OtherDot[0].HandshakesReset = 6;
        _console.OtherDot[0].HandshakesTimedOut = 7;
        _console.OtherDot[0].HandshakesRateLimited = 8;
        string counted = _console.Execute("showTLSErrorCounters()").Split('\n')[3];
        Assert.Equal(
            "2   127.0.0.1:5903       1                       2                       3                       4                       5                       6                       7                       8                      "
            + " plain-dns=3 alert-unknown-ca=4 closed=5 reset=6 timed-out=7 rate-limited=8",
            counted);
    }

    [Fact]
    public void Servers_are_printed_as_dnsdist_prints_them()
    {
        MoveHome();
        Assert.Equal(Vector("dnsdist-2.0-showServers"), _console.Execute("showServers()"));
        Assert.Equal(Vector("dnsdist-2.0-showServers"), _console.Execute("showServers({showUUIDs=false})"));
    }

    [Fact]
    public void Servers_are_printed_with_their_ids_as_dnsdist_prints_them()
    {
        MoveHome();
        string expected = Vector("dnsdist-2.0-showServers-UUIDs");
        for (int i = 0; i < _console.Proxy.Backends.Count; i++)
        {
            expected = expected.Replace($"UUID-{i}".PadRight(36), _console.Proxy.Backends[i].Id.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(expected, _console.Execute("showServers({showUUIDs=true})"));
    }

    [Fact]
    public void Servers_are_printed_with_the_pools_that_have_names()
    {
        _console.Proxy.AddBackend("192.0.2.1:53", "both", o => o with { Pools = ["b", "", "a"] });
        string[] lines = _console.Execute("showServers()").Split('\n');
        Assert.EndsWith(" 0 a b", lines[^3], StringComparison.Ordinal);
    }

    /// <summary>The columns are those of dnsdist's format <c>%1$-20.20s %|25t|%2$20s %|25t|%3$20s %|50t|%4%</c>.</summary>
    [Fact]
    public void Pools_are_printed_in_dnsdists_columns()
    {
        _console.Proxy.Pools =
        [
            new PoolView("", PolicyKind.LeastOutstanding, [_console.Proxy.Backends[3], _console.Proxy.Backends[0]]),
            new PoolView("a-name-longer-than-twenty-characters", PolicyKind.WeightedRandom, []),
        ];
        Assert.Equal(
            $"{"Name",-25}{"Cache",20} {"ServerPolicy",20} Servers\n"
            + $"{"",-25}{"",20} {"leastOutstanding",20} home 127.0.0.1:5910, 127.0.0.1:5911\n"
            + $"{"a-name-longer-than-t",-25}{"",20} {"wrandom",20} \n",
            _console.Execute("showPools()"));
    }

    [Fact]
    public void Pools_and_policies_are_told_one_by_one()
    {
        _console.Proxy.Policy = PolicyKind.FirstAvailable;
        _console.Proxy.Pools = [new PoolView("", PolicyKind.FirstAvailable, [_console.Proxy.Backends[3]]), new PoolView("abuse", PolicyKind.ConsistentHash, [])];
        Assert.Equal("firstAvailable\n", _console.Execute("showServerPolicy()"));
        Assert.Equal("chashed\n", _console.Execute("showPoolServerPolicy('abuse')"));
        Assert.Equal("""{"", "abuse"}""" + "\n", _console.Execute("getPoolNames()"));
        Assert.Equal("{127.0.0.1:5911, a-name-longer-than-twenty-characters, six, home}\n", _console.Execute("getPoolServers('')"));
        Assert.Equal("{}\n", _console.Execute("getPoolServers('abuse')"));
        Assert.Equal("ServerPolicy \"whashed\"\n", _console.Execute("whashed"));
        Assert.Equal("showPoolServerPolicy: No pool named abus; did you mean 'abuse'?", _console.Refusal("showPoolServerPolicy('abus')"));
    }

    [Fact]
    public void Connections_are_printed_as_dnsdist_prints_them()
    {
        _console.Proxy.AddFrontend("[2001:db8:1234:5678::9]:853", new TlsFrontendOptions());
        MoveDot(_console.Dot[0], _console.Dot[1]);
        BackendView home = _console.Proxy.Backends[3];
        MoveHomeConnections(home.Shared.Counters[0], home.Shared.Counters[1]);
        FakeProxy.Reach(home.Shared.Limit, 2);

        Assert.Equal(Vector("dnsdist-2.0-showTCPStats"), _console.Execute("showTCPStats()"));
    }

    [Fact]
    public void Statistics_are_printed_as_dnsdist_prints_them()
    {
        string vector = Vector("dnsdist-1.7.3-dumpStats");
        foreach (string entry in vector.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = entry.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            Add(words[2], words[3]);
            Add(words[0], words[1]);
        }

        Assert.Equal(vector, _console.Execute("dumpStats()"));

        void Add(string name, string value) => _console.Proxy.Figures.Add(
            new Statistic(name, double.Parse(value, System.Globalization.CultureInfo.InvariantCulture), IsCounter: true, IsFraction: value.Contains('.', StringComparison.Ordinal)));
    }

    [Fact]
    public void An_odd_number_of_statistics_has_its_last_one_on_the_right()
    {
        _console.Proxy.Figures.AddRange([new Statistic("c", 3, true), new Statistic("a", 1, true), new Statistic("b", 2, true)]);
        Assert.Equal(
            $"{"a",-35}\t          1    {"b",-35}\t          2\n{"",51}{"c",-35}\t          3\n", _console.Execute("dumpStats()"));
    }

    [Fact]
    public void Latency_without_traffic_is_said_in_dnsdists_words() => Assert.Equal("No traffic yet.\n", _console.Execute("showResponseLatency()"));

    [Fact]
    public void Latency_is_plotted_as_dnsdist_plots_it()
    {
        _console.Udp[0].Latency.Record(650);
        _console.Doh[1].Latency.Record(750);
        Assert.Equal(Vector("dnsdist-1.7.3-showResponseLatency"), _console.Execute("showResponseLatency()"));
    }

    [Fact]
    public void Few_answers_show_as_a_dot_and_slow_ones_in_the_last_line()
    {
        for (int i = 0; i < 200; i++)
        {
            _console.Tcp[0].Latency.Record(10);
        }

        _console.Tcp[0].Latency.Record(300);
        _console.Tcp[0].Latency.Record(5_000_000);
        _console.Tcp[0].Latency.Record(80_000_000);
        string[] lines = _console.Execute("showResponseLatency()").Split('\n');
        Assert.Equal($"   0.10\t{new string('*', 70)}", lines[2]);
        Assert.Equal("   0.20\t", lines[3]);
        Assert.Equal("   0.40\t.", lines[4]);
        Assert.Equal("1638.40\t:", lines[16]);
    }

    [Fact]
    public void The_version_is_printed_with_the_programs_name() => Assert.Equal("fastdist 1.2.3\n", _console.Execute("showVersion()"));

    private static string Vector(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Commands", "Vectors", $"{name}.txt"));

    /// <summary>130 queries, 4 of them unanswered; 60 and 1.5 in the last second, with answers after 12.5 ms.</summary>
    private void MoveHome()
    {
        BackendView home = _console.Proxy.Backends[3];
        (BackendCounters one, BackendCounters other) = (home.Shared.Counters[0], home.Shared.Counters[1]);
        (one.Queries, other.Queries, one.CheckQueries) = (5, 10, 5);
        one.Timeouts = 1;
        _console.Rates.Tick(_console.Proxy.Backends, TimeSpan.FromSeconds(10));
        (one.Queries, other.Queries) = (75, 60);
        (one.Timeouts, other.GaveUp) = (2, 2);
        (one.Outstanding, other.Outstanding) = (3, 4);
        one.Latency.Record(10_000);
        other.Latency.Record(15_000);
        _console.Rates.Tick(_console.Proxy.Backends, TimeSpan.FromSeconds(12));
    }

    private static void MoveDot(FrontendCounters one, FrontendCounters other)
    {
        one.CurrentConnections = 1;
        (one.DiedReadingQuery, other.DiedReadingQuery) = (1, 2);
        one.DiedSendingResponse = 4;
        other.GaveUp = 5;
        one.ClientTimeouts = 6;
        one.DownstreamTimeouts = 7;
        (one.EndedConnections, other.EndedConnections) = (1, 2);
        (one.EndedQueries, one.EndedMilliseconds, other.EndedReadIos) = (8, 124, 11);
        (one.TlsNewSessions, one.TlsResumptions, one.TlsUnknownTicketKeys, one.TlsInactiveTicketKeys) = (11, 12, 13, 14);
        (other.Tls10Queries, other.Tls11Queries, other.Tls12Queries, other.Tls13Queries) = (15, 16, 17, 18);
    }

    private static void MoveHomeConnections(BackendCounters one, BackendCounters other)
    {
        one.CurrentConnections = 1;
        (one.DiedSendingQuery, other.DiedReadingResponse, one.GaveUp, other.ReadTimeouts, one.WriteTimeouts) = (3, 4, 5, 6, 7);
        (one.ConnectTimeouts, other.TooManyConnections, one.NewConnections, other.ReusedConnections, one.TlsResumptions) = (8, 9, 10, 11, 12);
        (one.EndedConnections, other.EndedConnections, one.EndedQueries, one.EndedMilliseconds) = (4, 2, 15, 4);
    }
}
