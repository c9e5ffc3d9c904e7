using System;
using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Pools;

namespace Fastdist.Simulation;

/// <summary>How ready a backend is by a look at all that it follows from, which is what the backend has kept and its pool has heard.</summary>
internal static class Readinesses
{
    /// <summary>A backend has kept what it is.</summary>
    public static void Check(World world, Backend backend)
    {
        Readiness reachability = backend.Options.HasDatagrams ? OverDatagrams(backend) : ReachabilityOf(backend);
        reachability = backend.Outstanding < backend.Options.OutstandingOf(world.Options.Shards) ? reachability : Least(reachability, Readiness.Full);
        Readiness readiness = backend.IsLeaving ? Readiness.Unavailable
            : backend.IsUp ? reachability
            : backend.IsReturning ? Least(reachability, Readiness.Returning)
            : Readiness.Unavailable;
        world.Require(backend.Reachability == reachability, $"b{backend.Index}: its reachability is kept as {backend.Reachability} and is {reachability}");
        world.Require(backend.Readiness == readiness, $"b{backend.Index}: its readiness is kept as {backend.Readiness} and is {readiness}");
    }

    /// <summary>A pool has its members as they are, and finds the least loaded of those that are the readiest.</summary>
    public static void Check(World world, Pool pool)
    {
        Readiness best = pool.Lineup.Best();
        for (int member = 0; member < pool.Members.Length; member++)
        {
            Readiness taken = pool.Lineup.ReadinessOf(member);
            world.Require(taken == pool.Members[member].Readiness, $"b{pool.Members[member].Index} is {pool.Members[member].Readiness} and its pool takes it for {taken}");
        }

        world.Require(best == pool.Members.Select(static b => b.Readiness).DefaultIfEmpty().Max(), $"the readiest of a pool are taken to be {best}");
        if (pool.Members.Length > 0)
        {
            Backend chosen = pool.Members[pool.Lineup.Least(best)];
            Backend least = pool.Members.Where(b => b.Readiness == best).MinBy(static b => (b.Outstanding, b.Options.Order, b.Counters.LatencyMicroseconds))!;
            world.Require(chosen == least, $"the least loaded of a pool is b{least.Index}, which takes b{chosen.Index} for it");
        }
    }

    private static Readiness OverDatagrams(Backend backend) => backend.Datagrams!.Standing.Now switch
    {
        ConnectionStanding.Working => Readiness.Ready,
        ConnectionStanding.Silent => Readiness.Suspect,
        _ => Readiness.Unavailable,
    };

    private static Readiness ReachabilityOf(Backend backend)
    {
        Readiness best = !backend.IsReturning && !backend.IsReadyForAMoment ? Readiness.Unavailable
            : backend.IsQueueFull ? Readiness.Full
            : backend.IsReadyForAMoment ? Readiness.Ready
            : Readiness.Returning;
        foreach (BackendConnection connection in backend.Connections)
        {
            best = (Readiness)Math.Max((byte)best, (byte)ReadinessOf(backend, connection));
        }

        return best;
    }

    private static Readiness ReadinessOf(Backend backend, BackendConnection connection) => connection switch
    {
        { IsSpare: true } => Readiness.Unavailable,
        { IsStarting: true } => backend.IsQueueFull ? Readiness.Full : Readiness.Starting,
        { State: not ConnectionState.Ready } or { IsRetiring: true } => Readiness.Unavailable,
        _ when backend.IsQueueFull && !connection.HasRoom(ConnectionChoice.SmallestFrame) => Readiness.Full,
        { IsSuspect: true } => Readiness.Suspect,
        _ => Readiness.Ready,
    };

    private static Readiness Least(Readiness one, Readiness other) => (Readiness)Math.Min((byte)one, (byte)other);
}
