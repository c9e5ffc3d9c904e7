using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Settings;
using Fastdist.Simulation.Models;
using Fastdist.Simulation.Tls;
using Fastdist.Tls;

namespace Fastdist.Simulation.Profiles;

/// <summary>Everything at once, by weights that each seed draws anew.</summary>
internal static class Chaos
{
    private const long Seconds = 1_000_000;

    public static void Play(World world) => Play(world, static options => options, static plan => plan);

    /// <summary>The same with backends that are asked otherwise, and do more that is wrong.</summary>
    /// <param name="world">Where.</param>
    /// <param name="settle">Makes other settings of a backend's.</param>
    /// <param name="spoil">Makes another nature of one's that may be unsound.</param>
    /// <param name="begun">Hears of it when the process has begun, before any client.</param>
    public static void Play(World world, Func<BackendOptions, BackendOptions> settle, Func<BackendPlan, BackendPlan> spoil, Action<World>? begun = null)
    {
        Random random = world.Random;
        world.DatagramLoss = random.Next(3) == 0 ? random.Next(30) : 0;
        ProxyOptions options = Ends.Options(world, 1 + random.Next(3)) with
        {
            MaxTurn = Ends.Pick(world, 1, 8, 256),
            MaxTcpQueriesPerConnection = random.Next(4) == 0 ? 1 + random.Next(60) : 0,
        };
        options = Scarce(world, options);

        bool isOneSound = random.Next(2) == 0;
        var backends = new List<SimBackend>();
        int count = 1 + random.Next(4);
        for (int number = 0; number < count; number++)
        {
            BackendPlan plan = number == 0 && isOneSound ? Sound(world) : spoil(Any(world));
            backends.Add(new SimBackend(number, plan, o => settle(Settings(world, o))));
        }

        world.Begin(options, [.. backends]);
        begun?.Invoke(world);
        Clients(world);
        if (random.Next(3) == 0)
        {
            world.After(random.NextInt64(8 * Seconds), () => world.Stop(random.NextInt64(8 * Seconds)));
        }

        foreach (SimBackend backend in backends.Skip(isOneSound ? 1 : 0))
        {
            Trouble(world, backend);
        }

        if (random.Next(4) == 0)
        {
            world.After(random.NextInt64(8 * Seconds), world.Reload);
        }

        if (random.Next(4) == 0)
        {
            ComeAndGo(world, backends, isOneSound);
        }

        world.RunFor(12 * Seconds);
    }

    /// <summary>What there is little of, in some of the runs.</summary>
    private static ProxyOptions Scarce(World world, ProxyOptions options)
    {
        switch (world.Random.Next(8))
        {
            case 0:
                world.MayBeFull = true;
                return options with { MaxInFlight = 3 + world.Random.Next(60) };
            case 1:
                world.MayCutOff = true;
                return options with { ClientLimits = options.ClientLimits with { MaxConnections = 1 + world.Random.Next(6) } };
            case 2:
                world.MayCutOff = true;
                world.After(world.Random.NextInt64(4 * Seconds), () => world.DescriptorShortage = world.Random.Next(1000));
                world.After(world.Random.NextInt64(8 * Seconds), () => world.DescriptorShortage = 0);
                return options;
            default:
                return options;
        }
    }

    private static BackendOptions Settings(World world, BackendOptions options) => Ends.Secured(world, options) with
    {
        Connections = world.Random.Next(3) == 0 ? world.Random.Next(3) * 3 : 0,
        SpareConnections = world.Random.Next(4) == 0 ? 1 + world.Random.Next(2) : 0,
        MaxInFlight = world.MayBeFull ? 1 + world.Random.Next(20) : Ends.Pick(world, 200, 1000),
        MaxConcurrentTcpConnections = world.Random.Next(6) == 0 ? 6 + world.Random.Next(3) : 0,
        HealthCheckMode = world.Random.Next(5) == 0 ? HealthCheckMode.Up : HealthCheckMode.Auto,
        Weight = 1 + world.Random.Next(3),
        PadQueries = world.Random.Next(4) == 0,
        UseClientSubnet = world.Random.Next(4) == 0,
    };

    /// <summary>A backend without a fault: it answers, and closes in order.</summary>
    private static BackendPlan Sound(World world) => world.Random.Next(3) == 0 && world.Latency < 500 ? Brief(world) : new BackendPlan
    {
        Delay = Ends.Pick(world, (50, 300), (200, 2000), (1000, 60_000)),
        AnswersPerConnection = world.Random.Next(4) == 0 ? 50 : 0,
        Close = (CloseStyle)world.Random.Next(2),
        IdleTimeout = world.Random.Next(3) == 0 ? 100_000 + world.Random.NextInt64(3 * Seconds) : 0,
    };

    /// <summary>One that gives a connection few answers, or one query at a time, and is quick enough for that.</summary>
    private static BackendPlan Brief(World world) => new()
    {
        Delay = (50, 300),
        AnswersPerConnection = Ends.Pick(world, 0, 1, 3, 10),
        Close = (CloseStyle)world.Random.Next(2),
        IsSerial = world.Random.Next(2) == 0,
    };

    private static BackendPlan Any(World world)
    {
        BackendPlan plan = Sound(world);
        Random random = world.Random;
        if (random.Next(3) == 0)
        {
            return plan;
        }

        var misdeeds = new List<(Misdeed, int)>();
        foreach (Misdeed misdeed in Enum.GetValues<Misdeed>())
        {
            if (misdeed != Misdeed.None && random.Next(4) == 0)
            {
                misdeeds.Add((misdeed, 1 + random.Next(random.Next(4) == 0 ? 1000 : 100)));
            }
        }

        return plan with
        {
            Close = (CloseStyle)random.Next(3),
            LosesNames = random.Next(3) == 0,
            RefusesOptions = random.Next(8) == 0,
            Misdeeds = [.. misdeeds],
            ClosesAtOnce = random.Next(4) == 0 ? random.Next(500) : 0,
            Tls = random.Next(4) == 0 ? RudeTls(world) : plan.Tls,
            SilentConnections = random.Next(4) == 0 ? random.Next(300) : 0,
        };
    }

    private static SimTlsOptions RudeTls(World world) => new()
    {
        Faults = [.. Enum.GetValues<HandshakeFault>().Select(fault => (fault, world.Random.Next(3) == 0 ? world.Random.Next(200) : 0))],
        RefusesProtocol = world.Random.Next(3) == 0,
        Tickets = world.Random.Next(3),
        Certificate = world.Random.Next(6) == 0 ? TlsFailure.CertificateRefused : TlsFailure.None,
    };

    private static void Clients(World world)
    {
        Random random = world.Random;
        int lost = random.Next(3) == 0 ? random.Next(20) : 0;
        int poison = random.Next(6) == 0 ? 1 : 0;
        NameKind Kind(int number) => world.HasRules && random.Next(8) == 0 ? Ends.Pick(world, NameKind.Refused, NameKind.Refused, NameKind.Dropped, NameKind.Unheard) : random.Next(300) < poison ? NameKind.Poison : random.Next(1000) < lost ? NameKind.Lost : random.Next(40) == 0 ? NameKind.Long : NameKind.Plain;

        for (int i = 2 + random.Next(4); i > 0; i--)
        {
            new UdpClient(world).AskOften(20 + random.Next(80), 10_000 + random.NextInt64(150_000), Kind);
        }

        for (int i = 2 + random.Next(6); i > 0; i--)
        {
            int window = Ends.Pick(world, 1, 3, 20, 150);
            var plan = new TcpClientPlan
            {
                Queries = 20 + random.Next(150),
                Window = window,
                Pause = random.Next(3) == 0 ? 0 : 1000 + random.NextInt64(200_000),
                QueriesPerConnection = random.Next(2) == 0 ? int.MaxValue : 1 + random.Next(40),
                Parting = (Parting)random.Next(4),
                ReadSize = random.Next(5) == 0 ? 20 + random.Next(1500) : 0,
                ReadPause = 1000 + random.NextInt64(20_000),
                Kind = Kind,
                IsTls = random.Next(2) == 0,
                IsRude = random.Next(8) == 0,
            };
            world.After(random.NextInt64(6 * Seconds), () => new TcpClient(world, plan).Begin());
        }
    }

    /// <summary>What happens to a backend's process and machine.</summary>
    private static void Trouble(World world, SimBackend backend)
    {
        Random random = world.Random;
        for (int i = random.Next(4); i > 0; i--)
        {
            long lasts = random.NextInt64(Ends.Pick(world, 100_000, 1 * Seconds, 6 * Seconds));
            int what = random.Next(6);
            world.After(random.NextInt64(10 * Seconds), () => Happen(world, backend, what, lasts));
        }
    }

    private static void Happen(World world, SimBackend backend, int what, long lasts)
    {
        if (backend.Health != BackendHealth.Up)
        {
            return;
        }

        switch (what)
        {
            case 0:
                backend.Kill();
                world.After(lasts, backend.Revive);
                break;
            case 1:
                backend.Disappear(BackendHealth.BlackHole);
                world.After(lasts, backend.Revive);
                break;
            case 2:
                backend.Disappear(BackendHealth.Frozen);
                world.After(lasts, backend.Revive);
                break;
            case 3:
                BackendPlan before = backend.Plan;
                backend.Plan = before with { Delay = (500_000, 3 * Seconds) };
                backend.BeginFault();
                world.After(lasts, () =>
                {
                    backend.Plan = before;
                    backend.EndFault();
                });
                break;
            case 4:
                backend.CloseAll((CloseStyle)world.Random.Next(3));
                backend.Blame();
                break;
            default:
                foreach (SimBackend other in world.Backends.Where(static b => b.Health == BackendHealth.Up && !b.Plan.IsSound))
                {
                    other.Kill();
                    world.After(lasts, other.Revive);
                }

                break;
        }
    }

    /// <summary>The operator adds, removes and overrules.</summary>
    private static void ComeAndGo(World world, List<SimBackend> backends, bool isFirstKept)
    {
        Random random = world.Random;
        world.After(random.NextInt64(6 * Seconds), () => world.Add(new SimBackend(backends.Count, Any(world))));
        foreach (SimBackend backend in backends.Skip(isFirstKept ? 1 : 0))
        {
            if (world.HasTwoPools && random.Next(2) == 0)
            {
                world.After(random.NextInt64(4 * Seconds), () => SetInBoth(world, backend, false));
                world.After((4 * Seconds) + random.NextInt64(4 * Seconds), () => SetInBoth(world, backend, true));
            }

            if (random.Next(2) == 0)
            {
                world.After(random.NextInt64(8 * Seconds), () => world.Remove(backend));
            }
            else if (random.Next(2) == 0)
            {
                world.After(random.NextInt64(4 * Seconds), () => Mode(world, backend, HealthCheckMode.Down));
                world.After((4 * Seconds) + random.NextInt64(4 * Seconds), () => Mode(world, backend, HealthCheckMode.Auto));
            }
        }
    }

    private static void SetInBoth(World world, SimBackend backend, bool isInBoth)
    {
        if (!backend.IsRemoved)
        {
            world.SetInBoth(backend, isInBoth);
            backend.Blame();
        }
    }

    private static void Mode(World world, SimBackend backend, HealthCheckMode mode)
    {
        if (!backend.IsRemoved)
        {
            world.SetMode(backend, mode);
            backend.Blame();
        }
    }
}
