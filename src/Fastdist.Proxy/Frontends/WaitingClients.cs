using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Fastdist.Proxy.Gates;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// Connections that are left unread until there is room: in order, by the pool that has to have it, so that nobody waits for a pool that
/// his queries do not go to. Looking for room costs as much as there are pools that somebody waits for, and pools take turns.
/// </summary>
/// <param name="gate">Knows where there is room.</param>
internal sealed class WaitingClients(Gate gate)
{
    /// <summary>Pools that are looked at in one go.</summary>
    private const int MostLooks = 64;

    /// <summary>Who waits for each pool, by its number.</summary>
    private readonly List<Queue<ClientConnection>> _ofPool = [];

    /// <summary>Pools that somebody waits for, each once; the first is looked at next.</summary>
    private readonly Queue<int> _pools = new();

    /// <summary>How many wait, those counted that ended meanwhile.</summary>
    public int Count { get; private set; }

    /// <summary>Has a connection wait for room in its pool.</summary>
    public void Add(ClientConnection client)
    {
        while (_ofPool.Count <= client.Pool)
        {
            _ofPool.Add(new Queue<ClientConnection>());
        }

        Queue<ClientConnection> queue = _ofPool[client.Pool];
        if (queue.Count == 0)
        {
            _pools.Enqueue(client.Pool);
        }

        queue.Enqueue(client);
        Count++;
    }

    /// <summary>Takes the first of those who wait for a pool that has room.</summary>
    /// <returns>False when none is found.</returns>
    public bool TryTake([NotNullWhen(true)] out ClientConnection? client)
    {
        for (int looks = Math.Min(_pools.Count, MostLooks); looks > 0; looks--)
        {
            int pool = _pools.Dequeue();
            bool hasRoom = gate.HasRoom(pool);
            Queue<ClientConnection> queue = _ofPool[pool];
            if (!hasRoom || queue.Count > 1)
            {
                _pools.Enqueue(pool);
            }

            if (hasRoom)
            {
                Count--;
                client = queue.Dequeue();
                return true;
            }
        }

        client = null;
        return false;
    }
}
