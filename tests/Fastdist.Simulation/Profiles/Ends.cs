using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Settings;
using Fastdist.Simulation.Models;

namespace Fastdist.Simulation.Profiles;

/// <summary>Connections that end.</summary>
internal static class Ends
{
    /// <summary>A lone backend, or each of a few, closes after K answers. That costs time and never a SERVFAIL.</summary>
    public static void OrderlyEnds(World world)
    {
        NothingFails(world);
        world.Latency = Math.Min(world.Latency, 300);
        int answers = Pick(world, 1, 2, 5, 20, 100);
        int maxInFlight = Pick(world, 1, 100, 1000);
        int count = Pick(world, 1, 1, 2, 3);
        world.Begin(Options(world, 1), Several(count, n => new SimBackend(n, Closing(world, answers), o => Secured(world, o) with { MaxInFlight = maxInFlight, SpareConnections = world.Random.Next(2) })));
        RunClient(world, new TcpClientPlan { Queries = 200, Window = 1 });
        RunClient(world, new TcpClientPlan { Queries = 200, Window = 200 });
    }

    /// <summary>A few backends close all their connections together, with queries in flight.</summary>
    public static void CommonRestart(World world)
    {
        NothingFails(world);
        bool isHedged = world.Random.Next(3) == 0;
        var plan = new BackendPlan { Delay = (400_000, 900_000) };
        SimBackend[] backends = Several(2 + world.Random.Next(3), n => new SimBackend(n, plan, o => Secured(world, o) with { SilenceTimeout = isHedged ? 100 : 1000, HealthCheckMode = HealthCheckMode.Up }));
        world.Begin(Options(world, 1), backends);
        world.RunFor(100_000);

        // A query that is alone on two is the only one that either can be blamed on.
        new TcpClient(world, new TcpClientPlan { Queries = world.Random.Next(4) == 0 ? 1 : 12 + world.Random.Next(60), Window = 100 }).Begin();
        world.RunFor(200_000);
        int how = world.Random.Next(3);
        foreach (SimBackend backend in backends)
        {
            backend.Plan = new BackendPlan();
            long apart = world.Random.NextInt64(20_000);
            world.After(apart, () => Restart(world, backend, how));
        }

        world.RunFor(2_000_000);
    }

    /// <summary>The only backend is killed and back within a tenth of a second: what is in flight or comes meanwhile waits for it.</summary>
    public static void QuickRestart(World world)
    {
        NothingFails(world);
        var backend = new SimBackend(0, new BackendPlan(), o => Secured(world, o));
        world.Begin(Options(world, 1), backend);
        Load(world, queriesPerSecond: 200, seconds: 7);
        world.RunFor(1_000_000 + world.Random.NextInt64(500_000));

        // The second time is not held against what was the first.
        for (int time = 0; time < 2; time++)
        {
            backend.Kill();
            world.RunFor(100_000);
            backend.Revive();
            long revived = world.Now;
            world.RunFor(150_000);
            world.Require(world.Ledger.Queries.Any(q => q.Fate == Fate.Answered && q.EndedAt > revived), "nothing was served within 150 ms");
            world.RunFor(3_000_000);
        }
    }

    /// <summary>A backend that closes in order stays the one that the policy means.</summary>
    public static void PrimaryCloses(World world)
    {
        NothingFails(world);
        PolicyKind policy = Pick(world, PolicyKind.FirstAvailable, PolicyKind.ConsistentHash, PolicyKind.RoundRobin);
        SimBackend[] backends = [new SimBackend(0, Closing(world, Pick(world, 1, 5, 20, 100)), o => Secured(world, o)), new SimBackend(1, new BackendPlan())];
        world.Begin(Options(world, 1) with { Policy = policy }, backends);
        world.RunFor(500_000);
        Load(world, queriesPerSecond: 300, seconds: 3);
        world.RunFor(4_000_000);
        int all = world.Ledger.Queries.Count;

        // Where a reset destroyed the answers, the connection has given none, and at the second of those the other one is better.
        bool isOrderly = backends[0].Shared.Counters.Sum(static c => c.LostConnections) <= 1;
        switch (policy)
        {
            case PolicyKind.FirstAvailable:
                world.Require(backends[1].Queries == 0 || !isOrderly, $"the backup was asked {backends[1].Queries} of {all} queries");
                break;
            case PolicyKind.RoundRobin:
                // Those that an end brought back take turns, too, but for those that nobody had been asked yet.
                long again = backends.Sum(static b => b.Shared.Counters.Sum(static c => c.Retries));
                bool isFair = backends[1].Queries >= (all * 49 / 100) - 2 && backends[1].Queries <= ((all + again) * 51 / 100) + 2;
                world.Require(isFair, $"the second was asked {backends[1].Queries} of {all} queries, {again} of which were asked again");
                break;
            default:
                int strays = world.Ledger.Queries.Count(q => q.Asks.Exists(a => a.Backend.Slot != world.OwnerOf(q)));
                world.Require(strays == 0 || !isOrderly, $"{strays} of {all} queries were asked of another than their name's owner");
                break;
        }
    }

    /// <summary>
    /// One of a few backends that take turns closes on every query that it reads, answering nothing: the next is asked, whose turn it is.
    /// </summary>
    public static void OneCloses(World world)
    {
        NothingFails(world);
        var closing = new BackendPlan { ClosesOnQueries = true, Close = Pick(world, CloseStyle.AtOnce, CloseStyle.Politely) };
        int which = world.Random.Next(2);
        SimBackend[] backends = Several(2 + world.Random.Next(3), n => new SimBackend(n, n == which ? closing : new BackendPlan(), o => (n == which ? Secured(world, o) : o) with { HealthCheckMode = HealthCheckMode.Up }));
        world.Begin(Options(world, 1) with { Policy = PolicyKind.RoundRobin }, backends);

        // The first comes while they are being connected, and is asked again when they are ready.
        new UdpClient(world).Ask();
        world.RunFor(1_000_000);
        RunClient(world, new TcpClientPlan { Queries = 40, Window = 1, Pause = Pick(world, 0, 10_000, 100_000), IsTls = world.Random.Next(2) == 0 });
        world.Require(backends[which].Queries > 0, "the one that closes was never asked");
    }

    /// <summary>A name that kills every backend that reads it is given up; what others ask survives.</summary>
    public static void Poison(World world)
    {
        world.Ledger.Rule = static (query, _) => query.Kind == NameKind.Poison ? null : "which killed nobody";
        var plan = new BackendPlan { Delay = (200, 20_000), Recovery = 20_000 + world.Random.NextInt64(100_000) };
        SimBackend[] backends = Several(1 + world.Random.Next(3), n => new SimBackend(n, plan, o => Secured(world, o)));
        world.Begin(Options(world, 1), backends);
        world.RunFor(300_000);
        Load(world, queriesPerSecond: 300, seconds: 4);
        world.RunFor(1_000_000);
        SimQuery poison = new UdpClient(world).Ask(NameKind.Poison);
        world.RunFor(6_000_000);
        int killed = backends.Sum(static b => b.Poisonings);
        world.Require(killed <= 2, $"one query killed backends {killed} times: {poison}");
    }

    /// <summary>Backends are added and removed all the time, one at a time, also under an address that another one had; queries wait for nobody.</summary>
    public static void ComeAndGo(World world)
    {
        NothingFails(world);
        var plan = new BackendPlan { Delay = (1000, 60_000) };
        int first = 2 + world.Random.Next(3);
        List<SimBackend> there = [.. Several(first, n => new SimBackend(n, plan, o => Secured(world, o)))];
        world.Begin(Options(world, 1 + world.Random.Next(2)), [.. there]);
        Load(world, queriesPerSecond: 300, seconds: 5);
        for (int i = 0; i < 20; i++)
        {
            world.RunFor(100_000 + world.Random.NextInt64(200_000));
            SimBackend leaver = there[world.Random.Next(there.Count)];
            bool isFirst = world.Random.Next(2) == 0 && there.Count > 1;
            if (isFirst)
            {
                world.Remove(leaver);
            }

            var comer = new SimBackend(isFirst ? leaver.Number : first + i, plan, o => isFirst ? leaver.Options : Secured(world, o));
            world.Add(comer);
            there.Add(comer);
            world.RunFor(200_000);
            if (!isFirst)
            {
                world.Remove(leaver);
            }

            there.Remove(leaver);
        }

        world.RunFor(3_000_000);
    }

    /// <summary>The usual settings, with any policy. Pieces are small here, and nobody is to be banned for that.</summary>
    public static ProxyOptions Options(World world, int shards) => new()
    {
        Frontends = [],
        Backends = [],
        Shards = shards,
        Policy = (PolicyKind)world.Random.Next(Enum.GetValues<PolicyKind>().Length),
        Balancing = new BalancingOptions { WHashedPerturbation = (uint)world.Seed },
        ClientLimits = new ClientLimitOptions { MaxReadIosPerQuery = 0 },
    };

    /// <summary>So many backends.</summary>
    public static SimBackend[] Several(int count, Func<int, SimBackend> create) => [.. Enumerable.Range(0, count).Select(create)];

    /// <summary>Over TLS in half of the runs.</summary>
    public static BackendOptions Secured(World world, BackendOptions options) => options with
    {
        Tls = world.Random.Next(2) == 0 ? BackendTransport.OpenSsl : BackendTransport.None,
    };

    public static T Pick<T>(World world, params ReadOnlySpan<T> choices) => choices[world.Random.Next(choices.Length)];

    /// <summary>In this run no failure at all is in order.</summary>
    public static void NothingFails(World world) => world.Ledger.Rule = static (_, _) => "where nothing may fail";

    /// <summary>Queries over both transports, many clients.</summary>
    public static void Load(World world, int queriesPerSecond, int seconds, NameKind kind = NameKind.Plain)
    {
        const int Clients = 8;
        long pause = 1_000_000L * Clients / queriesPerSecond;
        for (int i = 0; i < Clients; i++)
        {
            int queries = queriesPerSecond * seconds / Clients;
            if (i % 2 == 0)
            {
                new UdpClient(world).AskOften(queries, pause, _ => kind);
            }
            else
            {
                new TcpClient(world, new TcpClientPlan { Queries = queries, Window = kind == NameKind.Plain ? 4 : 60, Pause = pause, Kind = _ => kind, IsTls = i % 4 == 1 }).Begin();
            }
        }
    }

    private static BackendPlan Closing(World world, int answers) => new()
    {
        AnswersPerConnection = answers,
        AnswersVary = world.Random.Next(3) == 0,
        Close = Pick(world, CloseStyle.AtOnce, CloseStyle.AtOnce, CloseStyle.Politely),
        IsSerial = world.Random.Next(2) == 0,
        Delay = (50, 300),
    };

    private static void RunClient(World world, TcpClientPlan plan)
    {
        TcpClient client = new TcpClient(world, plan).Begin();
        world.RunUntil(() => client.IsDone, 60_000_000);
    }

    private static void Restart(World world, SimBackend backend, int how)
    {
        switch (how)
        {
            case 0:
                backend.CloseAll(CloseStyle.Politely);
                break;
            case 1:
                backend.CloseAll(CloseStyle.Abruptly);
                break;
            default:
                backend.Kill();
                world.After(50_000 + world.Random.NextInt64(500_000), backend.Revive);
                break;
        }
    }
}
