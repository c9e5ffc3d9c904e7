using System;
using System.Linq;
using System.Threading;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Settings;
using Fastdist.Shared;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Limits;

/// <summary>How many connections all clients, and each, may have at once.</summary>
public class ClientLimitsTests
{
    [Fact]
    public void The_total_is_a_limit_for_all_clients_together()
    {
        LimitsBench bench = Bench(2);
        Assert.Equal(Admission.Admitted, bench.Enter("192.0.2.1"));
        Assert.Equal(Admission.Admitted, bench.Enter("192.0.2.2"));
        Assert.Equal(Admission.TooMany, bench.Enter("192.0.2.3"));
        Assert.Equal(2, bench.Limits.Connections);
        bench.Leave("192.0.2.1");
        Assert.Equal(Admission.Admitted, bench.Enter("192.0.2.3"));
    }

    [Fact]
    public void Without_a_limit_a_client_may_have_them_all_and_nobody_is_looked_up()
    {
        LimitsBench bench = Bench(100);
        Assert.Equal(100, bench.EnterMany("192.0.2.1", 150));
        Assert.Equal(0, bench.Limits.Clients);
    }

    [Fact]
    public void Other_limits_hold_at_once_and_who_was_there_before_the_first_is_nobodys()
    {
        LimitsBench bench = Bench(100);
        Assert.Equal(3, bench.EnterMany("192.0.2.1", 3));
        bench.Limits.Use(new ClientLimitOptions { MaxConnections = 5, MaxConnectionsPerClient = 1 });
        Assert.Equal(Admission.Admitted, bench.Enter("192.0.2.2"));
        Assert.Equal(Admission.TooManyOfClient, bench.Enter("192.0.2.2"));
        bench.Leave("192.0.2.1");
        bench.Leave("192.0.2.1");
        bench.Leave("192.0.2.1");
        Assert.Equal((1, 1), (bench.Limits.Connections, bench.Limits.Clients));
        bench.Limits.Use(new ClientLimitOptions { MaxConnections = 2 });
        Assert.Equal(Admission.Admitted, bench.Enter("192.0.2.2"));
        Assert.Equal(Admission.TooMany, bench.Enter("192.0.2.3"));
        bench.Leave("192.0.2.2");
        bench.Leave("192.0.2.2");
        Assert.Equal((0, 0), (bench.Limits.Connections, bench.Limits.Clients));
    }

    [Fact]
    public void A_rate_that_is_given_up_holds_nobody_back()
    {
        LimitsBench bench = new(new ClientLimitOptions { MaxConnectionRatePerClient = 1, RateBurstSeconds = 1, BanSecondsForRate = 0 });
        Assert.Equal(Admission.Admitted, bench.Enter("192.0.2.1"));
        Assert.Equal(Admission.TooFast, bench.Enter("192.0.2.1"));
        bench.Limits.Use(new ClientLimitOptions());
        Assert.Equal(Admission.Admitted, bench.Enter("192.0.2.1"));
        bench.Leave("192.0.2.1");
        bench.Leave("192.0.2.1");
        Assert.Equal((0, 0), (bench.Limits.Connections, bench.Limits.Clients));
    }

    [Fact]
    public void A_clients_limit_is_its_own()
    {
        LimitsBench bench = Bench(100, 2);
        Assert.Equal(Admission.Admitted, bench.Enter("192.0.2.1"));
        Assert.Equal(Admission.Admitted, bench.Enter("192.0.2.1"));
        Assert.Equal(Admission.TooManyOfClient, bench.Enter("192.0.2.1"));
        Assert.Equal(Admission.Admitted, bench.Enter("192.0.2.2"));
        bench.Leave("192.0.2.1");
        Assert.Equal(Admission.Admitted, bench.Enter("192.0.2.1"));
    }

    [Fact]
    public void Closing_one_connection_of_a_full_process_admits_another()
    {
        LimitsBench bench = Bench(2, 2);
        bench.EnterMany("192.0.2.1", 2);
        Assert.Equal(Admission.TooMany, bench.Enter("192.0.2.2"));
        bench.Leave("192.0.2.1");
        Assert.Equal(Admission.Admitted, bench.Enter("192.0.2.2"));
        Assert.Equal(2, bench.Limits.Connections);
    }

    [Fact]
    public void No_connection_needs_to_be_closed_for_a_client_that_would_be_refused_anyway()
    {
        LimitsBench bench = Bench(1, 1);
        bench.Enter("192.0.2.1");
        Assert.Equal(Admission.TooManyOfClient, bench.Enter("192.0.2.1"));
        bench.Ban("192.0.2.2", seconds: 5);
        Assert.Equal(Admission.Banned, bench.Enter("192.0.2.2"));
        Assert.Equal(Admission.TooMany, bench.Enter("192.0.2.3"));
    }

    [Fact]
    public void A_refused_client_counts_for_nothing()
    {
        LimitsBench bench = Bench(2, 1);
        Assert.Equal(1, bench.EnterMany("192.0.2.1", 10));
        Assert.Equal(1, bench.EnterMany("192.0.2.2", 10));
        Assert.Equal(0, bench.EnterMany("192.0.2.3", 10));
        Assert.Equal(2, bench.Limits.Connections);
        bench.Leave("192.0.2.1");
        bench.Leave("192.0.2.2");
        Assert.Equal(Admission.Admitted, bench.Enter("192.0.2.3"));
        Assert.Equal(Admission.Admitted, bench.Enter("192.0.2.4"));
    }

    [Fact]
    public void Where_connections_are_all_that_is_limited_a_client_is_forgotten_with_its_last_one()
    {
        LimitsBench bench = Bench(100, 2);
        bench.EnterMany("192.0.2.1", 2);
        bench.Enter("192.0.2.2");
        Assert.Equal(2, bench.Limits.Clients);
        bench.Leave("192.0.2.1");
        bench.Leave("192.0.2.2");
        Assert.Equal(1, bench.Limits.Clients);
        bench.Leave("192.0.2.1");
        Assert.Equal(0, bench.Limits.Clients);
    }

    [Fact]
    public void Threads_that_come_and_go_never_pass_a_limit_and_leave_nothing_behind()
    {
        const int MaxTotal = 12;
        const int MaxPerClient = 3;
        ClientLimits limits = Bench(MaxTotal, MaxPerClient).Limits;
        SocketAddress[] clients = [.. Enumerable.Range(1, 8).Select(i => LimitsBench.Peer(i % 2 == 0 ? $"192.0.2.{i}" : $"2001:db8::{i}"))];
        var inside = new int[clients.Length];
        int total = 0;
        int worst = 0;
        var threads = Enumerable.Range(0, 4).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            for (int round = 0; round < 20_000; round++)
            {
                // Five at a time, so that four threads together want more than either limit.
                int[] picks = [.. Enumerable.Range(0, 5).Select(_ => random.Next(clients.Length)).Where(IsAdmitted)];
                foreach (int pick in picks)
                {
                    bool over = Interlocked.Increment(ref inside[pick]) > MaxPerClient | Interlocked.Increment(ref total) > MaxTotal;
                    Interlocked.Add(ref worst, over ? 1 : 0);
                }

                foreach (int pick in picks)
                {
                    Interlocked.Decrement(ref inside[pick]);
                    Interlocked.Decrement(ref total);
                    limits.Leave(clients[pick]);
                }
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(0, worst);
        Assert.Equal((0, 0), (limits.Connections, limits.Clients));
        Assert.Equal(MaxPerClient, Enumerable.Range(0, 10).Count(_ => IsAdmitted(0)));
        Assert.Equal(MaxTotal - MaxPerClient, Enumerable.Range(0, 100).Count(i => IsAdmitted(1 + (i % 7))));

        bool IsAdmitted(int client) => limits.TryEnter(clients[client], now: 1) == Admission.Admitted;
    }

    [Fact]
    public void Clients_that_come_and_go_cost_no_allocation()
    {
        var limits = new ClientLimits(new ClientLimitOptions { MaxConnectionsPerClient = 100, MaxConnectionRatePerClient = 1, MaxTlsNewSessionRatePerClient = 1 });
        SocketAddress[] clients = [.. Enumerable.Range(1, 200).Select(i => LimitsBench.Peer($"2001:db8::{i}"))];

        // Each comes once in 200 s: until then it has been forgotten, and its record serves another.
        long now = 0;
        Allocations.AssertNone(() => Visit(rounds: 50));

        void Visit(int rounds)
        {
            for (int i = 0; i < rounds * clients.Length; i++)
            {
                now += LimitsBench.Second;
                ref SocketAddress client = ref clients[i % clients.Length];
                limits.TryEnter(in client, now);
                limits.SessionEstablished(in client, resumed: false, now);
                limits.Leave(in client);
            }
        }
    }

    private static LimitsBench Bench(int total, int perClient = 0) => new(new ClientLimitOptions { MaxConnections = total, MaxConnectionsPerClient = perClient });
}
