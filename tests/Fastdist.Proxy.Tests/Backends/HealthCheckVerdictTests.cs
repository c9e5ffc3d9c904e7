using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.InFlight;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>What becomes of a health check on its connection.</summary>
public class HealthCheckVerdictTests
{
    private const int MaxInFlight = 2;

    // Neither has a question: an error may leave it out, success may not.
    private const ushort Refused = 0x8005, Success = 0x8000;

    [Fact]
    public void An_orderly_close_while_the_other_connection_is_full_is_no_failure()
    {
        using var bench = new BackendBench(share: 2, [BackendBench.Options(1) with { MaxInFlight = MaxInFlight }]);
        Backend backend = bench.Backends[0];
        bench.Connect(0);
        bench.Load(0, MaxInFlight + 1);
        BackendConnection other = bench.Connections[1];
        bench.Connected(other, 0);
        Assert.Equal(1, other.Ids.InFlightCount);
        other.Ids.Release(0);
        backend.LegEnded();

        bench.Health.Add(backend);
        bench.SendChecks();
        Answer(bench, other, Refused);
        Assert.Equal([true], bench.Verdicts);
        bench.Health.Restart(0);
        bench.SendChecks();
        Assert.Equal(1, other.Ids.InFlightCount);
        bench.ReceiveEnded(other, 0);

        Assert.Equal([true], bench.Verdicts);
        Assert.Equal((2, 0), (backend.Counters.HealthChecks, backend.Counters.HealthCheckFailures));

        // It is asked again when its time comes.
        bench.Closed(other);
        bench.Connections[0].Ids.Release(0);
        backend.LegEnded();
        bench.Health.Restart(0);
        bench.SendChecks();
        Assert.Equal(3, backend.Counters.HealthChecks);
    }

    [Fact]
    public void A_wrong_answer_ends_a_check_and_its_ID_waits_for_the_right_one()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1) with { MaxInFlight = MaxInFlight });
        Backend backend = bench.Backends[0];
        BackendConnection connection = bench.Connections[0];
        bench.Health.Add(backend);
        bench.SendChecks();
        ushort id = IdOf(connection);

        Answer(bench, connection, Success, id);

        Assert.Equal([false], bench.Verdicts);
        Assert.Equal((1, 1), (backend.Counters.HealthCheckFailures, backend.Counters.CheckFailures[(int)HealthCheckFailure.Mismatch]));
        Assert.Equal((0, 1, 0, 0), (connection.Ids.InFlightCount, connection.Ids.AbandonedCount, backend.Outstanding, bench.Table.Count));

        Answer(bench, connection, Refused, id);
        Assert.Equal((0, 1), (connection.Ids.AbandonedCount, backend.Counters.LateResponses));
        bench.Load(0, MaxInFlight);
        Assert.Equal(MaxInFlight, connection.Ids.InFlightCount);
    }

    [Fact]
    public void A_connection_that_breaks_ends_its_check_by_its_own_failure()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1) with { QueryTimeout = -1 });
        Backend backend = bench.Backends[0];
        bench.Health.Add(backend);
        bench.SendChecks();

        // Below zero, so that a connection with a query in flight has been silent for too long.
        bench.Tick(backend);

        Assert.Equal((1, 1), (backend.Counters.HealthCheckFailures, backend.Counters.CheckFailures[(int)HealthCheckFailure.Timeout]));
        Assert.Equal([false], bench.Verdicts);
    }

    private static void Answer(BackendBench bench, BackendConnection connection, ushort flags) => Answer(bench, connection, flags, IdOf(connection));

    private static void Answer(BackendBench bench, BackendConnection connection, ushort flags, ushort id)
    {
        byte[] frame = [0, Header.Size, (byte)(id >> 8), (byte)id, (byte)(flags >> 8), (byte)flags, .. new byte[Header.Size - 4]];
        bench.Received(connection, frame);
    }

    private static ushort IdOf(BackendConnection connection) =>
        (ushort)Enumerable.Range(0, connection.Ids.Size).Single(id => connection.Ids.Find((ushort)id, out _) == IdState.InFlight);
}
