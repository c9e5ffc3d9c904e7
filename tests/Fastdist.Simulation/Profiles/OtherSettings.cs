using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Shards;
using Fastdist.Settings;
using Fastdist.Simulation.Models;

namespace Fastdist.Simulation.Profiles;

/// <summary>The process is given other settings all the time.</summary>
internal static class OtherSettings
{
    /// <summary>Whatever changes under load, nothing fails, and of what was asked at a frontend that goes nothing is lost that was read.</summary>
    public static void Play(World world)
    {
        Ends.NothingFails(world);
        Random random = world.Random;
        var plan = new BackendPlan { Delay = Ends.Pick(world, (50, 300), (1000, 60_000)) };
        int number = 2 + random.Next(3);
        List<SimBackend> there = [.. Ends.Several(number, n => new SimBackend(n, plan, o => Ends.Secured(world, o)))];
        world.Begin(Ends.Options(world, 1 + random.Next(3)), [.. there]);
        world.RunFor(random.NextInt64(500_000));
        Ends.Load(world, queriesPerSecond: 300, seconds: 5);
        for (int i = 0; i < 30; i++)
        {
            world.RunFor(random.NextInt64(Ends.Pick(world, 2000, 50_000, 400_000)));
            var changes = new List<Func<World, Action<Shard>>>();
            if (random.Next(3) == 0 && there.Count > 1)
            {
                // One is always there that all have a connection to.
                int which = 1 + random.Next(there.Count - 1);
                var next = new SimBackend(number++, plan, o => Ends.Secured(world, o));
                changes.Add(World.Replace(there[which], next));
                there[which] = next;
            }

            changes.AddRange(Enumerable.Range(0, random.Next(4)).Select(_ => Any(world, there[random.Next(there.Count)])));
            world.ApplyOthers([.. changes]);
        }

        world.RunFor(3_000_000);
    }

    private static Func<World, Action<Shard>> Any(World world, SimBackend backend)
    {
        Random random = world.Random;
        int frontend = random.Next(2);
        (int one, int other) = (1 + random.Next(3), 1 + random.Next(3));
        switch (random.Next(6))
        {
            case 0:
                return World.Edit(backend, o => o with { Weight = one, Order = other, Qps = one == 1 ? 100 : 0, MaxOutstandingQueries = other == 1 ? 500 : 0 });
            case 1:
                return World.Edit(backend, o => o with { Name = $"{backend.Options.Name}.{one}", CheckInterval = one, CheckName = $"{other}.example.", Rise = other, CheckTimeout = 800 + (100 * one) });
            case 2:
                return World.EditFrontend(frontend, o => o with { MaxInFlight = Math.Max(o.MaxInFlight, 100 * one), Pool = frontend == World.TlsFrontend && world.HasTwoPools && other > 1 ? "other" : PoolOptions.Default });
            case 3:
                return World.ReplaceFrontend(frontend);
            case 4:
                return World.EditProcess(o => o with { Policy = (PolicyKind)((one * other) % 6), Balancing = o.Balancing with { WeightedFactor = one == 1 ? 1.5 : 0 } });
            default:
                NetmaskSet.TryParse(["10.0.0.0/8", $"192.0.2.{one}/32"], out NetmaskSet acl, out _);
                return World.EditProcess(o => o with { Acl = acl, TcpIdleTimeout = 20 * one, MaxTurn = 64 * other, ClientLimits = o.ClientLimits with { MaxConnectionsPerClient = one == 1 ? 1000 : 0 } });
        }
    }
}
