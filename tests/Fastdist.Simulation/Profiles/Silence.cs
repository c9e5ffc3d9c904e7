using System;
using System.Linq;
using Fastdist.Settings;
using Fastdist.Simulation.Models;

namespace Fastdist.Simulation.Profiles;

/// <summary>Answers that do not come, or come late.</summary>
internal static class Silence
{
    /// <summary>The time after which another is asked, and what is granted beside: a tick, a round trip, an answer.</summary>
    private const long SecondAsk = 1_000_000 + 150_000;

    /// <summary>One query is lost on a busy connection: another backend answers it, if it was not asked at once.</summary>
    public static void OneLost(World world)
    {
        Ends.NothingFails(world);
        SimBackend[] backends = Ends.Several(2 + world.Random.Next(2), n => new SimBackend(n, new BackendPlan { LosesNames = n == 0 }, o => Ends.Secured(world, o)));
        PolicyKind policy = Ends.Pick(world, PolicyKind.FirstAvailable, PolicyKind.FirstAvailable, PolicyKind.RoundRobin, PolicyKind.WeightedRandom, PolicyKind.ConsistentHash, PolicyKind.LeastOutstanding);
        world.Begin(Ends.Options(world, 1) with { Policy = policy }, backends);
        Ends.Load(world, queriesPerSecond: 200, seconds: 5);
        world.RunFor(1_000_000);
        SimQuery lost = new UdpClient(world).Ask(NameKind.Lost);
        world.RunFor(6_000_000);
        long took = lost.EndedAt - lost.SentAt;
        world.Require(lost.Fate == Fate.Answered && took < SecondAsk, $"a lost query took {took / 1000} ms: {lost}");
    }

    /// <summary>A lone backend loses many queries; the others are none the worse for it.</summary>
    public static void ManyLost(World world)
    {
        world.Ledger.Rule = static (query, _) => query.Kind == NameKind.Lost ? null : "which was not lost";
        int maxInFlight = Ends.Pick(world, 300, 1000);
        var backend = new SimBackend(0, new BackendPlan { LosesNames = true }, o => Ends.Secured(world, o) with { MaxInFlight = maxInFlight });
        world.Begin(Ends.Options(world, 1), backend);
        int seconds = maxInFlight == 1000 ? 30 : 15;
        Ends.Load(world, queriesPerSecond: 200, seconds);
        Ends.Load(world, queriesPerSecond: 24, seconds, NameKind.Lost);
        world.RunFor((seconds + 6) * 1_000_000L);

        // Half of a connection's IDs may be lost before it is replaced.
        int lost = world.Ledger.Queries.Count(static q => q.Kind == NameKind.Lost);
        int most = 4 + (lost * 4 / maxInFlight);
        world.Require(backend.Accepted <= most, $"{backend.Accepted} connections, where {most} would do");
    }

    /// <summary>Connections to one of a few backends fall silent again and again.</summary>
    public static void SilentConnections(World world)
    {
        Ends.NothingFails(world);
        var rude = new BackendPlan { Misdeeds = [(Misdeed.FallSilent, 30)], SilentConnections = world.Random.Next(300) };
        SimBackend[] backends = Ends.Several(2 + world.Random.Next(2), n => new SimBackend(n, n == 0 ? rude : new BackendPlan(), o => Ends.Secured(world, o)));
        world.Begin(Ends.Options(world, 1), backends);
        Ends.Load(world, queriesPerSecond: 100, seconds: 10);
        world.RunFor(12_000_000);
    }

    /// <summary>A backend turns slow: it is not asked twice for everything.</summary>
    public static void TurnsSlow(World world)
    {
        Ends.NothingFails(world);
        SimBackend[] backends = Ends.Several(1 + world.Random.Next(2), n => new SimBackend(n, new BackendPlan(), o => Ends.Secured(world, o) with { CheckTimeout = 4000 }));
        world.Begin(Ends.Options(world, 1), backends);
        const int Seconds = 8;
        Ends.Load(world, queriesPerSecond: 200, Seconds);
        world.RunFor(2_000_000);
        backends[0].Plan = new BackendPlan { Delay = (1_200_000, 2_500_000) };
        world.RunFor(Seconds * 1_000_000L);
        int asks = backends.Sum(static b => b.Queries);
        int queries = world.Ledger.Queries.Count;
        int most = (queries / 20) + (5 * Seconds);
        world.Require(asks - queries <= most, $"{asks} asks for {queries} queries, {most} more are allowed");
    }

    /// <summary>A slow backend that the operator wants used.</summary>
    public static void SlowUp(World world)
    {
        Ends.NothingFails(world);
        world.Begin(Ends.Options(world, 1), new SimBackend(0, new BackendPlan { Delay = (1_400_000, 1_600_000) }, static o => o with { HealthCheckMode = HealthCheckMode.Up }));
        Ends.Load(world, queriesPerSecond: 40, seconds: 4);
        world.RunFor(8_000_000);
    }

    /// <summary>All backends stand still until as many queries wait as may, and the time of many is up; then they go on.</summary>
    public static void AllFull(World world)
    {
        world.MayBeFull = true;
        int queryTimeout = 1000 + world.Random.Next(2000);
        SimBackend[] backends = Ends.Several(1 + world.Random.Next(3), n => new SimBackend(n, new BackendPlan { Delay = (500, 3000) }, o => Ends.Secured(world, o) with
        {
            MaxInFlight = 4 + world.Random.Next(20),
            QueryTimeout = queryTimeout,
            HealthCheckMode = HealthCheckMode.Up,
        }));
        world.Begin(Ends.Options(world, 1), backends);
        Ends.Load(world, queriesPerSecond: 300, seconds: 12);
        for (int time = 0; time < 2; time++)
        {
            world.RunFor(500_000 + world.Random.NextInt64(500_000));
            Array.ForEach(backends, static backend => backend.Disappear(BackendHealth.Frozen));
            world.RunFor(500_000 + world.Random.NextInt64(3_000_000));
            Array.ForEach(backends, static backend => backend.Revive());
            long revived = world.Now;
            world.RunFor(1_000_000);
            world.Require(world.Ledger.Queries.Any(q => q.Fate == Fate.Answered && q.SentAt > revived), "nothing was served within a second");
        }
    }

    /// <summary>The process stands still with queries in flight; nobody is late for its sake.</summary>
    public static void StoppedProcess(World world)
    {
        Ends.NothingFails(world);
        int shards = 1 + world.Random.Next(2);
        world.Begin(Ends.Options(world, shards), Ends.Several(1 + world.Random.Next(3), n => new SimBackend(n, new BackendPlan { Delay = (500_000, 900_000) }, o => Ends.Secured(world, o) with { CheckTimeout = 4000 })));
        world.RunFor(1_500_000);
        TcpClient client = new TcpClient(world, new TcpClientPlan { Queries = 90, Window = 90 }).Begin();
        Ends.Load(world, queriesPerSecond: 40, seconds: 4);
        world.RunFor(world.Random.NextInt64(1_000_000));
        world.Stop(8_000_000);
        world.RunFor(14_000_000);
        world.Require(client.IsDone, "not all answers came");
    }
}
