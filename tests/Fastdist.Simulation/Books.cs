using System.Collections.Generic;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;

namespace Fastdist.Simulation;

/// <summary>
/// What a shard's parts know of each other: every query in flight stands in one list of deadlines, is on connections that know it by its
/// ID, or waits, and is counted by its client; and no connection knows of any other.
/// </summary>
internal static class Books
{
    /// <summary>Turns from one look to the next, which takes longer than a turn.</summary>
    private const int Turns = 16;

    /// <summary>Looks at a shard's books, now and then.</summary>
    public static void Check(World world, SimShard shard)
    {
        if (shard.Turns++ % Turns != 0)
        {
            return;
        }

        ShardContext context = shard.Shard.Context;
        var ofClients = new Dictionary<int, int>();
        int listed = 0;
        int legs = 0;
        int known = 0;
        foreach (Backend backend in shard.Shard.Backends.All)
        {
            foreach (DeadlineList list in (DeadlineList[])[backend.QueryDeadlines, backend.CheckDeadlines])
            {
                for (int index = list.First; index >= 0 && listed <= context.Table.Count; index = context.Table[index].Deadline.Next)
                {
                    listed++;
                    legs += CheckEntry(world, shard, index);
                    CountIn(shard, index, ofClients);
                }
            }

            foreach (BackendConnection connection in backend.Connections)
            {
                known += connection.State is ConnectionState.Idle or ConnectionState.Closing ? 0 : connection.Ids.InFlightCount;
            }

            known += CountOnSockets(backend);
        }

        world.Require(listed == context.Table.Count, $"{context.Table.Count} queries are in flight and {listed} have a deadline");
        world.Require(legs == known, $"queries in flight are on connections {legs} times, and these know of {known}");
        CheckClients(world, shard, ofClients);
    }

    /// <summary>Queries that a backend's datagram sockets know.</summary>
    public static int CountOnSockets(Backend backend)
    {
        int count = 0;
        foreach (DatagramSocket socket in backend.Datagrams is { } datagrams ? datagrams.Sockets : [])
        {
            count += socket.Ids.Count;
        }

        return count;
    }

    /// <summary>Whether a query's connections and sockets know it, and whether it is anywhere.</summary>
    /// <returns>On how many it is.</returns>
    private static int CheckEntry(World world, SimShard shard, int index)
    {
        ref InFlightEntry entry = ref shard.Shard.Context.Table[index];
        bool isReminded = Reminders.Hold(in entry);
        world.Require(entry.First.IsUsed != (entry.QueuedAt != -1 && !isReminded), "a query is nowhere, or waits although it is on a connection");
        world.Require(isReminded == (entry.First.IsDatagram || entry.Second.IsDatagram), "a query is not sent again though it was sent over UDP, or the other way round");
        int legs = 0;
        foreach (Leg leg in (Leg[])[entry.First, entry.Second])
        {
            if (leg.IsUsed)
            {
                legs++;
                world.Require(IsKnown(shard.Shard.Backends, leg, index), "a query is on a connection that does not know it");
            }
        }

        return legs;
    }

    private static bool IsKnown(BackendSet backends, Leg leg, int index) => leg.IsDatagram
        ? backends.Sockets[leg.Socket].Ids.TryFind(leg.Id, out int asked) && asked == index
        : backends.Connections[leg.Connection].Ids.Find(leg.Id, out int found) == IdState.InFlight && found == index;

    private static void CountIn(SimShard shard, int index, Dictionary<int, int> ofClients)
    {
        ref InFlightEntry entry = ref shard.Shard.Context.Table[index];
        if (shard.Shard.Context.Table.AskerOf(in entry) is TcpClients && shard.Shard.Clients.Connections[entry.Client].Generation == entry.ClientGeneration)
        {
            ofClients[entry.Client] = ofClients.GetValueOrDefault(entry.Client) + 1;
        }
    }

    private static void CheckClients(World world, SimShard shard, Dictionary<int, int> ofClients)
    {
        for (int index = 0; index < shard.Shard.Clients.Connections.Count; index++)
        {
            ClientConnection client = shard.Shard.Clients.Connections[index];
            if (client.State is ClientState.Open or ClientState.Finishing)
            {
                int inFlight = ofClients.GetValueOrDefault(index);
                world.Require(client.InFlight == inFlight, $"a client counts {client.InFlight} queries in flight and has {inFlight}");
                world.Require(inFlight <= shard.Shard.Frontends[client.Frontend].Options.MaxInFlight, $"a client has {inFlight} queries in flight");
            }
        }
    }
}
