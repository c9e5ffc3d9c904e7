using System;
using Fastdist.Proxy.Backends;

namespace Fastdist.Simulation;

/// <summary>How ready a backend is by a look at all that it follows from, which is what the backend has kept.</summary>
internal static class Readinesses
{
    public static void Check(World world, Backend backend)
    {
        Readiness reachability = ReachabilityOf(backend);
        Readiness readiness = backend.IsLeaving ? Readiness.Unavailable
            : backend.IsUp ? reachability
            : backend.IsReturning ? Least(reachability, Readiness.Returning)
            : Readiness.Unavailable;
        world.Require(backend.Reachability == reachability, $"b{backend.Index}: its reachability is kept as {backend.Reachability} and is {reachability}");
        world.Require(backend.Readiness == readiness, $"b{backend.Index}: its readiness is kept as {backend.Readiness} and is {readiness}");
    }

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
        _ when backend.IsQueueFull && !connection.HasRoom(Backend.SmallestFrame) => Readiness.Full,
        { IsSuspect: true } => Readiness.Suspect,
        _ => Readiness.Ready,
    };

    private static Readiness Least(Readiness one, Readiness other) => (Readiness)Math.Min((byte)one, (byte)other);
}
