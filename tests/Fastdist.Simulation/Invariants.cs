using System;
using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using Fastdist.Settings;
using Fastdist.Simulation.Models;

namespace Fastdist.Simulation;

/// <summary>What holds after every turn, and what holds when all is over.</summary>
internal static class Invariants
{
    /// <summary>Clocks wait for the next tick, and for all that came while the process was stopped.</summary>
    private const long MostLateMicroseconds = 2_000_000;

    /// <summary>The process's bound on what is in flight, the connections of a backend, and its books.</summary>
    public static void CheckTurn(World world, SimShard shard)
    {
        ShardContext context = shard.Shard.Context;
        int legs = shard.Shard.Dispatcher.SuspectCount + shard.Shard.Dispatcher.FollowerCount;
        foreach (Backend backend in shard.Shard.Backends.All)
        {
            BackendCounters counters = backend.Shared.Counters[context.Id];
            int onConnections = Books.CountOnSockets(backend);
            int ready = 0;
            foreach (BackendConnection connection in backend.Connections)
            {
                onConnections += connection.State is ConnectionState.Idle or ConnectionState.Closing ? 0 : connection.Ids.InFlightCount;
                ready += connection.State == ConnectionState.Ready ? 1 : 0;
            }

            world.Require(counters.CurrentConnections == ready, $"b{backend.Index}: {counters.CurrentConnections} connections are counted and {ready} are ready");
            legs += backend.Outstanding;
            world.Require(onConnections + counters.Queued == backend.Outstanding, $"b{backend.Index}: {onConnections} on connections and {counters.Queued} queued are not {backend.Outstanding}");

            // Who has no connection any more gives those that wait to the others, however many wait there.
            world.Require(counters.Queued <= shard.Shard.Backends.All.Sum(MostQueued), $"b{backend.Index}: {counters.Queued} are queued");

            // As many as it has places for: its share, its spares, and one.
            int open = backend.IsLeaving ? 0 : shard.Ring.CountTo(SocketAddress.From(backend.Options.Address));
            world.Require(open <= backend.Connections.Length * CountAt(shard, backend), $"b{backend.Index}: {open} connections");
            int most = 2 * backend.Options.SocketsOf(world.Options.Shards) * CountAt(shard, backend);
            int sockets = backend.IsLeaving ? 0 : shard.Ring.CountPeersTo(SocketAddress.From(backend.Options.Address));
            world.Require(sockets <= most, $"b{backend.Index}: {sockets} datagram sockets");
            Readinesses.Check(world, backend);
            CheckSleep(world, shard, backend);
        }

        for (int pool = 0; pool < shard.Shard.Pools.Count; pool++)
        {
            Readinesses.Check(world, shard.Shard.Pools[pool]);
        }

        if (!shard.IsDone)
        {
            Books.Check(world, shard);
            world.Require(legs >= context.Table.Count, $"{context.Table.Count} queries are in flight, but only {legs} are anywhere");
            world.Require(context.Table.Decisions <= context.Table.Count, $"{context.Table.Decisions} decisions are kept about {context.Table.Count} queries");
            world.Require(context.Table.Count <= Math.Max(world.Options.MaxInFlight / world.Options.Shards, 1), $"{context.Table.Count} queries are in flight");
        }
    }

    /// <summary>Nothing is in flight any more, everything was given back; the process still runs.</summary>
    public static void CheckQuiet(World world)
    {
        foreach (SimQuery query in world.Ledger.Queries.Where(static q => q.Fate == Fate.Pending && !q.IsDatagram))
        {
            world.Violate($"never answered: {query}");
        }

        foreach (SimShard shard in world.Shards)
        {
            // Health checks come and go.
            ShardContext context = shard.Shard.Context;
            world.Require(context.Table.Count <= world.Backends.Count, $"{context.Table.Count} queries are still in flight");
            world.Require(context.Table.LongFrames == 0, $"{context.Table.LongFrames} buffers of long queries are still taken");
            world.Require(context.Connections == shard.Shard.Clients.Count, "a shard's count of clients is wrong");
            world.Require(context.Table.Decisions == 0, $"{context.Table.Decisions} decisions about queries are still kept");

            world.Require(shard.Shard.Dispatcher is { EqualCount: 0, FollowerCount: 0 }, $"{shard.Shard.Dispatcher.EqualCount} groups of equal queries are left");

            // Those of the last query that was judged are given back with the next.
            world.Require(context.Rules.Tags.Count <= Profiles.Ruled.MostTags, $"{context.Rules.Tags.Count} tags are still kept");

            // Who has mail has not heard the latest yet.
            foreach (Backend backend in shard.Shard.Backends.All.Where(b => shard.Shard.Patience() > 0 && b is { IsLeaving: false, Mode: HealthCheckMode.Auto }))
            {
                world.Require(backend.IsUp == backend.Shared.IsUp, $"b{backend.Index} is {(backend.Shared.IsUp ? "up" : "down")}, which shard {context.Id} has not heard");
            }
        }

        CheckDatagrams(world);
        CheckCounts(world);
        foreach (SharedFrontend frontend in world.RemovedFrontends)
        {
            world.Require(frontend.IsGone, $"frontend {frontend.Slot} was removed and is still there");
        }

        foreach (SimBackend backend in world.Backends.Where(static b => b.IsRemoved))
        {
            world.Require(backend.Shared.IsGone, $"b{backend.Number} was removed and is still there");
            bool isThereAgain = world.Backends.Any(b => !b.IsRemoved && b.Address == backend.Address);
            world.Require(isThereAgain || !world.DatagramSockets.Any(s => s.Remote == backend.Address), $"b{backend.Number} was removed and has a datagram socket");
        }

        world.Require(world.DatagramSockets.All(static s => s.Ring is not null), "a datagram socket was opened and never used");
    }

    /// <summary>The process has ended.</summary>
    public static void CheckEnd(World world)
    {
        world.Require(world.Limits.Connections == 0, $"{world.Limits.Connections} clients are still counted");
        world.Require(world.FrontendConnections == 0, $"{world.FrontendConnections} connections of frontends are still counted");
        foreach (SimShard shard in world.Shards)
        {
            world.Require(shard.Shard.Clients.Count > 0 || shard.Shard.Clients.Held == default, $"clients that are gone hold {shard.Shard.Clients.Held}");
            foreach (FrontendCounters counters in world.AllFrontends.Select(f => f.Tcp[shard.Shard.Context.Id]))
            {
                world.Require(counters.CurrentConnections == 0, $"{counters.CurrentConnections} connections of clients are still counted");
            }
        }
    }

    /// <summary>What the process was made of was freed, once.</summary>
    public static void CheckNothingIsLeft(World world)
    {
        world.Require(world.Tls.Live == 0, $"{world.Tls.Live} TLS sessions are left");
        world.Require(world.Tls.LiveContexts == 0, $"{world.Tls.LiveContexts} TLS contexts are left");
        world.Require(world.DatagramSockets.Count == 0, $"{world.DatagramSockets.Count} datagram sockets are left");
    }

    /// <summary>How many may wait for a backend: besides new ones those that come back, which were on connections before, and one health check.</summary>
    private static int MostQueued(Backend backend) =>
        Math.Max(backend.Options.MaxInFlight * 4, 64) + (backend.Options.MaxInFlight * backend.Connections.Length) + 1;

    /// <summary>Whoever ticks pass over has nothing to do, and they do not for longer than was agreed on.</summary>
    private static void CheckSleep(World world, SimShard shard, Backend backend)
    {
        Agenda agenda = shard.Shard.Backends.Agenda;
        if (!agenda.IsAwake(backend.Index))
        {
            world.Require(backend.DueAt >= agenda.WakesAt(backend.Index), $"b{backend.Index} sleeps in shard {shard.Shard.Context.Id} until {agenda.WakesAt(backend.Index)} and has something to do at {backend.DueAt}, {backend.Outstanding} outstanding");
            world.Require(shard.IsDone || agenda.WakesAt(backend.Index) > shard.Shard.Context.Clock.Now - MostLateMicroseconds, $"b{backend.Index} sleeps and should have been woken");
        }
    }

    /// <summary>Backends of one address, as when one was removed and added again.</summary>
    private static int CountAt(SimShard shard, Backend backend) => shard.Shard.Backends.All.Count(b => b.Options.Address.Equals(backend.Options.Address));

    /// <summary>Every query was answered, or its answer's end is counted; every connection that counts is there.</summary>
    private static void CheckCounts(World world)
    {
        foreach (SharedFrontend frontend in world.AllFrontends)
        {
            foreach (FrontendCounters udp in frontend.Udp)
            {
                long ended = udp.Responses + udp.RuleDrops + udp.DroppedOverload + udp.NoncompliantQueries + udp.TruncationFailures;
                world.Require(udp.Queries == ended, $"{udp.Queries} queries over UDP were counted and {ended} ends");
                world.Require(udp.InFlight == 0, $"{udp.InFlight} queries over UDP are still counted");
            }

            foreach (FrontendCounters tcp in frontend.Tcp)
            {
                long ended = tcp.Responses + tcp.RuleDrops + tcp.LostResponses + tcp.NoncompliantQueries;
                world.Require(tcp.Queries == ended, $"{tcp.Queries} queries over TCP were counted and {ended} ends");
                world.Require(tcp.InFlight == 0, $"{tcp.InFlight} queries over TCP are still counted");
            }
        }

        foreach (SimBackend backend in world.Backends)
        {
            int open = world.Shards.Sum(s => CountOpen(s, backend));
            world.Require(backend.Shared.Limit.Current == open, $"b{backend.Number}: {backend.Shared.Limit.Current} connections count against its limit and {open} are open");
        }
    }

    private static int CountOpen(SimShard shard, SimBackend backend)
    {
        int open = 0;
        foreach (Backend known in shard.Shard.Backends.All.Where(b => b.Shared == backend.Shared))
        {
            foreach (BackendConnection connection in known.Connections)
            {
                open += connection.State is ConnectionState.Idle or ConnectionState.Closing ? 0 : 1;
            }
        }

        return open;
    }

    /// <summary>A datagram without an answer is one that was dropped and counted, or that the network lost.</summary>
    private static void CheckDatagrams(World world)
    {
        long unanswered = world.Ledger.Queries.Count(static q => q.IsDatagram && q.Fate == Fate.Pending);
        long dropped = world.AllFrontends.Sum(static f => f.Udp.Sum(static c => c.DroppedOverload + c.RuleDrops));
        world.Require(unanswered == dropped, $"{unanswered} datagrams were not answered, {dropped} were counted as dropped; first: {world.Ledger.Queries.FirstOrDefault(static q => q.IsDatagram && q.Fate == Fate.Pending)}");
    }
}
