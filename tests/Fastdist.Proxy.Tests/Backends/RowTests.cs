using System.Linq;
using Fastdist.Proxy.Backends;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>How the queries of one turn are shared out to the connections of one backend.</summary>
public class RowTests
{
    private ushort _asked;

    [Fact]
    public void The_queries_of_a_turn_go_to_one_connection_until_they_are_a_row()
    {
        using BackendBench bench = Connected();
        Ask(bench, Row.Most);
        Assert.Equal([Row.Most, 0, 0], InFlight(bench));
        Ask(bench, Row.Most + 1);
        Assert.Equal([Row.Most, Row.Most, 1], InFlight(bench));
    }

    [Fact]
    public void The_next_turn_begins_on_the_connection_with_the_fewest()
    {
        using BackendBench bench = Connected();
        for (int turn = 0; turn < 6; turn++)
        {
            Ask(bench, 5);
            bench.Advance(1);
        }

        Assert.Equal([10, 10, 10], InFlight(bench));
    }

    [Fact]
    public void A_connection_that_carries_little_gets_little_in_a_row()
    {
        using BackendBench bench = Connected(maxInFlight: 16);
        Ask(bench, 6);
        Assert.Equal([2, 2, 2], InFlight(bench));
    }

    [Fact]
    public void A_row_ends_with_its_connection()
    {
        using BackendBench bench = Connected();
        Ask(bench, 3);
        bench.Connections[0].ReceiveEnded(0);
        Ask(bench, 3);
        Assert.Equal(ConnectionState.Closing, bench.Connections[0].State);
        Assert.Equal(0, bench.Backends[0].Counters.Queued);
    }

    private static BackendBench Connected(int maxInFlight = 1000)
    {
        var bench = new BackendBench(share: 2, [BackendBench.Options(1) with { MaxInFlight = maxInFlight }]);
        foreach (BackendConnection connection in bench.Connections)
        {
            connection.Open(isSpare: false);
            connection.Connected(0);
        }

        return bench;
    }

    private static int[] InFlight(BackendBench bench) => [.. bench.Connections.Select(static connection => connection.Ids.InFlightCount)];

    private void Ask(BackendBench bench, int queries)
    {
        for (int i = 0; i < queries; i++)
        {
            Assert.True(bench.Ask(_asked++));
        }
    }
}
