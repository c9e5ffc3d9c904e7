using System;
using System.Linq;
using Fastdist.Settings;
using Fastdist.Simulation.Models;
using Fastdist.Simulation.Network;

namespace Fastdist.Simulation.Profiles;

/// <summary>Backends that are asked over UDP.</summary>
internal static class Datagrams
{
    /// <summary>Two backends behind a line that loses 5 % each way, doubles and reorders.</summary>
    public static void LossyPair(World world) => Lose(world, 2);

    /// <summary>One backend behind such a line.</summary>
    public static void LossyLone(World world) => Lose(world, 1);

    /// <summary>For each query 50 forged answers, of which some have all but one thing right.</summary>
    public static void Forged(World world)
    {
        Ends.NothingFails(world);
        world.Line = new Line { Forgeries = 50 };
        world.Begin(Options(world), Ends.Several(1 + world.Random.Next(2), n => new SimBackend(n, new BackendPlan(), o => OverUdp(world, o))));
        Ends.Load(world, queriesPerSecond: 80, seconds: 4);
        world.RunFor(6_000_000);
        long refused = world.Backends.Sum(static b => b.Shared.Counters.Sum(static c => c.UnknownIdResponses + c.MismatchedResponses + c.NoncompliantResponses));
        world.Require(refused >= world.ForgeriesLetIn, $"{refused} answers were refused, where {world.ForgeriesLetIn} were forged");
    }

    /// <summary>Answers that do not fit are asked for again over TCP, for whoever can take them whole.</summary>
    public static void Truncated(World world)
    {
        Ends.NothingFails(world);
        var plan = new BackendPlan { Truncates = Ends.Pick(world, 0, 100, 1000), IgnoresRoom = world.Random.Next(3) == 0, Close = (CloseStyle)world.Random.Next(2), AnswersPerConnection = Ends.Pick(world, 0, 0, 20) };
        world.Begin(Options(world), Ends.Several(1 + world.Random.Next(2), n => new SimBackend(n, plan, o => OverUdp(world, o))));
        Ends.Load(world, queriesPerSecond: 80, seconds: 4);
        Ends.Load(world, queriesPerSecond: 80, seconds: 4, NameKind.Long);
        world.RunFor(8_000_000);
        world.Require(world.Backends.Any(static b => b.Accepted > 0), "nobody was asked over TCP");
    }

    /// <summary>One backend at a time is killed under load, whose machine says so, and comes back soon.</summary>
    public static void Restart(World world)
    {
        Ends.NothingFails(world);
        SimBackend[] backends = Ends.Several(1 + world.Random.Next(3), n => new SimBackend(n, new BackendPlan(), o => OverUdp(world, o)));
        world.Begin(Options(world), backends);
        Ends.Load(world, queriesPerSecond: 200, seconds: 10);
        for (int time = 0; time < 3; time++)
        {
            world.RunFor(1_000_000 + world.Random.NextInt64(1_000_000));
            SimBackend backend = backends[world.Random.Next(backends.Length)];
            backend.Kill();
            world.RunFor(Ends.Pick(world, 20_000, 100_000, 400_000));
            backend.Revive();
            long revived = world.Now;
            world.RunFor(600_000);
            world.Require(world.Ledger.Queries.Any(q => q.Fate == Fate.Answered && q.EndedAt > revived), "nothing was served within 600 ms");
        }

        world.RunFor(8_000_000);
    }

    /// <summary>One of two backends answers late, twice, wrongly, from elsewhere, or not at all.</summary>
    public static void Misdeeds(World world)
    {
        Ends.NothingFails(world);
        Misdeed misdeed = Ends.Pick(world, Misdeed.Lose, Misdeed.AnswerLate, Misdeed.AnswerTwice, Misdeed.WrongId, Misdeed.WrongQuestion, Misdeed.CutHeader, Misdeed.Garbage);
        var rude = new BackendPlan { Misdeeds = [(misdeed, Ends.Pick(world, 100, 1000))], StrayAnswers = Ends.Pick(world, 0, 20) };
        world.Begin(Options(world), Ends.Several(2, n => new SimBackend(n, n == 0 ? rude : new BackendPlan(), o => OverUdp(world, o))));
        Ends.Load(world, queriesPerSecond: 200, seconds: 6);
        world.RunFor(10_000_000);
    }

    /// <summary>Everything at once, most of it over UDP.</summary>
    public static void Chaotic(World world)
    {
        Random random = world.Random;
        world.Line = new Line
        {
            Loss = random.Next(2) * random.Next(50),
            Doubles = random.Next(3) * random.Next(20),
            Delays = random.Next(3) * random.Next(50),
            LongestDelay = 1000 + random.NextInt64(300_000),
            Forgeries = random.Next(4) == 0 ? random.Next(5) : 0,
        };
        Chaos.Play(world, options => random.Next(4) == 0 ? options : OverUdp(world, options), plan => plan with
        {
            Truncates = random.Next(3) == 0 ? random.Next(1000) : 0,
            IgnoresRoom = random.Next(4) == 0,
            StrayAnswers = random.Next(4) == 0 ? random.Next(300) : 0,
        });
    }

    private static void Lose(World world, int count)
    {
        world.Line = new Line { Loss = 50, Doubles = world.Random.Next(20), Delays = world.Random.Next(100), LongestDelay = 1000 + world.Random.NextInt64(30_000) };
        world.Ledger.Rule = (query, _) => Excuse(world, query);
        world.Begin(Options(world), Ends.Several(count, n => new SimBackend(n, new BackendPlan { Delay = Ends.Pick(world, (50, 300), (200, 2000), (1000, 40_000)) }, o => OverUdp(world, o))));
        Ends.Load(world, queriesPerSecond: 400, seconds: 5);
        world.RunFor(9_000_000);
    }

    /// <summary>What is lost each time that it is sent fails; it was sent often enough, and none of its answers came.</summary>
    private static string? Excuse(World world, SimQuery query) => world.Ledger.IsBeforeDeadline(query) ? "before its deadline"
        : query.Asks.Exists(a => a.ArrivedAt > 0 && a.ArrivedAt < query.EndedAt - (4 * world.Latency) - 1000) ? "though an answer had come"
        : query.Asks.Count < 3 ? "though it was seldom sent"
        : null;

    private static ProxyOptions Options(World world) => Ends.Options(world, 1 + world.Random.Next(2)) with { UdpMaxSize = Ends.Pick(world, 512, 1232, 1400) };

    public static BackendOptions OverUdp(World world, BackendOptions options) => options with
    {
        Tls = BackendTransport.Udp,
        Sockets = world.Random.Next(3) == 0 ? 1 + world.Random.Next(8) : 0,
        CheckTcp = world.Random.Next(5) == 0,
        ReconnectOnUp = world.Random.Next(3) == 0,
    };
}
