using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>What the silence of a backend costs its connections.</summary>
public class SilenceTests
{
    /// <summary>Flags of an answer without a question, which only an error may lack.</summary>
    private const byte Response = 0x80, Refused = 5;

    [Fact]
    [Trait("Row", "A5")]
    public void A_health_check_that_is_answered_late_costs_no_connection()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        Backend backend = bench.Backends[0];
        bench.Connect(0);
        bench.Health.Add(backend);

        for (int round = 0; round < 5; round++)
        {
            bench.Pass(2000);
            AnswerAll(bench, bench.Connections[0]);
        }

        Assert.True(backend.Counters.HealthCheckFailures >= 5);
        Assert.Equal((1, 0, 0), (backend.Counters.NewConnections, backend.Counters.SuspectConnections, backend.Counters.ReadTimeouts));
    }

    [Fact]
    [Trait("Row", "A5")]
    public void A_connection_on_which_no_health_check_is_ever_answered_is_replaced_now_and_then()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Connect(0);
        bench.Health.Add(bench.Backends[0]);

        bench.Pass(60_000);

        // The last answer is missed for queryTimeout, 5 s, each time.
        Assert.InRange(bench.Backends[0].Counters.NewConnections, 5, 12);
    }

    [Fact]
    [Trait("Row", "A5")]
    public void A_clients_query_makes_its_connection_suspect_by_its_own_silence_and_not_by_an_older_checks()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        Backend backend = bench.Backends[0];
        bench.Connect(0);
        bench.Health.Add(backend);
        bench.Pass(3000);

        bench.Load(0, 1);
        bench.Pass(900);
        Assert.Equal(0, backend.Counters.SuspectConnections);
        bench.Pass(200);
        Assert.Equal(1, backend.Counters.SuspectConnections);
    }

    [Fact]
    [Trait("Row", "A5")]
    public void A_replacement_that_carries_nothing_yet_stays()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1), BackendBench.Options(2)]);
        bench.Connect(0);
        bench.Backends[1].EnsureConnected();
        bench.Pass(20);

        // It is asked of the other backend, too, as that has a connection before there is a replacement.
        bench.Load(0, 1);
        bench.Pass(4000);

        Assert.Equal((1, 2), (bench.Backends[1].Counters.Hedged, bench.Backends[0].Counters.NewConnections));
    }

    [Fact]
    [Trait("Row", "A4")]
    public void A_slot_that_is_used_again_is_as_when_it_was_used_first()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        BackendConnection connection = bench.Connections[0];
        bench.Backends[0].EnsureConnected();
        Dictionary<string, object> first = Snapshot(connection, bench.Now);

        bench.Pass(100);
        bench.Load(0, 1);
        Assert.True(connection.Ids.TryTake(0, out _, isCheck: true));
        bench.Flush();
        bench.Pass(1500);
        Assert.True(connection.IsSuspect);
        connection.Ids.Release(0);
        bench.Backends[0].LegEnded();
        connection.Ids.Abandon(1);
        AnswerAll(bench, connection);
        bench.Received(connection, [0]);
        bench.ReceiveEnded(connection, 0);
        bench.Closed(connection);
        Assert.Equal(ConnectionState.Idle, connection.State);
        connection.Open(isSpare: false);

        Assert.Equal(first, Snapshot(connection, bench.Now));
    }

    private static Dictionary<string, object> Snapshot(BackendConnection connection, long now)
    {
        const string OfTheTurn = "_isDirty";
        return typeof(BackendConnection).GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            .Where(field => field.FieldType is { IsPrimitive: true } or { IsEnum: true } && field.Name != OfTheTurn)
            .Select(field => (field.Name, Value: field.GetValue(connection)!))
            .ToDictionary(field => field.Name, field => field.Value is long time && time == now ? "now" : field.Value);
    }

    private static void AnswerAll(BackendBench bench, BackendConnection connection)
    {
        for (int id = 0; id < connection.Ids.Size; id++)
        {
            if (connection.Ids.Find((ushort)id, out _) == IdState.Abandoned)
            {
                bench.Received(connection, [0, Header.Size, (byte)(id >> 8), (byte)id, Response, Refused, .. new byte[Header.Size - 4]]);
            }
        }
    }
}
