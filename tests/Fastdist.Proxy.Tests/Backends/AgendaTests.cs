using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Proxy.Backends;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Whom a tick looks at.</summary>
public class AgendaTests
{
    [Fact]
    public void Whoever_something_happened_to_is_awake_once()
    {
        var agenda = new Agenda();
        agenda.Wake(3);
        agenda.Wake(0);
        agenda.Wake(3);
        Assert.Equal([3, 0], Awake(agenda));
        Assert.Equal((true, false, false), (agenda.IsAwake(0), agenda.IsAwake(1), agenda.IsAwake(100)));
    }

    [Fact]
    public void One_that_sleeps_wakes_at_its_time_or_when_something_happens_to_it()
    {
        var agenda = new Agenda();
        agenda.Wake(0);
        agenda.Wake(1);
        agenda.Sleep(0, until: 10);
        agenda.Sleep(1, until: long.MaxValue);
        agenda.WakeDue(9);
        Assert.Equal(0, agenda.Count);
        agenda.WakeDue(10);
        Assert.Equal([0], Awake(agenda));
        agenda.Wake(1);
        Assert.Equal([0, 1], Awake(agenda));
    }

    [Fact]
    public void Any_row_of_operations_does_what_a_set_and_a_table_do() =>
        Gen.UInt.Array[0, 300].Sample(row =>
        {
            var agenda = new Agenda();
            var awake = new HashSet<int>();
            var asleep = new Dictionary<int, long>();
            long now = 0;
            foreach (uint operation in row)
            {
                (int slot, uint pick) = ((int)(operation >> 2) % 40, operation >> 8);
                switch (operation & 3)
                {
                    case 0:
                        agenda.Wake(slot);
                        awake.Add(slot);
                        asleep.Remove(slot);
                        break;
                    case 1 when awake.Remove(slot):
                        long until = pick % 5 == 0 ? long.MaxValue : now + 1 + (pick % 100);
                        agenda.Sleep(slot, until);
                        asleep.Add(slot, until);
                        Assert.Equal(until, agenda.WakesAt(slot));
                        break;
                    default:
                        now += pick % 30;
                        agenda.WakeDue(now);
                        awake.UnionWith(asleep.Where(sleeper => sleeper.Value <= now).Select(sleeper => sleeper.Key));
                        Array.ForEach([.. awake], due => asleep.Remove(due));
                        break;
                }

                Assert.Equal(awake.Order(), Awake(agenda).Order());
                Assert.All(Enumerable.Range(0, 40), one => Assert.Equal(awake.Contains(one), agenda.IsAwake(one)));
            }
        });

    [Fact]
    public void A_backend_whose_connection_is_idle_is_not_looked_at_until_it_is_asked_or_its_connection_ends()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Connect(0);
        bench.Prove(bench.Connections[0]);
        bench.Pass(20);
        Assert.Equal((false, long.MaxValue), (bench.Set.Agenda.IsAwake(0), bench.Set.Agenda.WakesAt(0)));

        Assert.True(bench.Ask(1));
        bench.Pass(40);
        Assert.True(bench.Set.Agenda.IsAwake(0));
        bench.Answer(bench.Connections[0], 1);
        bench.Pass(20);
        Assert.Equal((false, 0), (bench.Set.Agenda.IsAwake(0), bench.Backends[0].Counters.Outstanding));

        bench.ReceiveEnded(bench.Connections[0], 0);
        Assert.True(bench.Set.Agenda.IsAwake(0));
    }

    [Fact]
    public void One_that_cannot_be_reached_is_looked_at_when_its_pause_is_over()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.ConnectsTo(111);
        bench.Pass(2000);
        Assert.True(bench.Backends[0].DueAt > bench.Now);
        Assert.False(bench.Set.Agenda.IsAwake(0));
        long tried = bench.Backends[0].Counters.NewConnections;

        bench.Pass(2000);
        Assert.True(bench.Backends[0].Counters.NewConnections > tried);
    }

    [Fact]
    public void What_the_operator_or_health_says_is_looked_at_in_the_next_tick()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Connect(0);
        bench.Prove(bench.Connections[0]);
        foreach (Action<Backend> change in (Action<Backend>[])[b => b.Judge(false), b => b.SetMode(HealthCheckMode.Up), b => b.Leave()])
        {
            bench.Pass(20);
            Assert.False(bench.Set.Agenda.IsAwake(0));
            change(bench.Backends[0]);
            Assert.True(bench.Set.Agenda.IsAwake(0));
        }
    }

    private static int[] Awake(Agenda agenda) => [.. Enumerable.Range(0, agenda.Count).Select(place => agenda[place])];
}
