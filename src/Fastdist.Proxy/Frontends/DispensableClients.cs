using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Fastdist.Proxy.Frontends;

/// <summary>Finds whom to do without when connections run short: the longest idle go first.</summary>
/// <param name="connections">All there are.</param>
internal sealed class DispensableClients(IReadOnlyList<ClientConnection> connections)
{
    /// <summary>How many of the longest idle one walk over the table notes.</summary>
    private const int IdleNoted = 64;

    /// <summary>A walk costs time in proportion to the table, so under a flood they keep this distance.</summary>
    public const long WalkMicroseconds = 10_000;

    // The least idle of those noted is on top, so that it gives way to one idle for longer.
    private readonly PriorityQueue<ClientConnection, long> _noted = new(IdleNoted);
    private readonly Stack<(ClientConnection Client, uint Generation, long LastActive)> _idlest = new(IdleNoted);
    private long _nextWalk;

    /// <summary>Takes the longest idle of the clients that count.</summary>
    /// <returns>False when nobody is idle.</returns>
    public bool TryTakeIdlest(long now, [NotNullWhen(true)] out ClientConnection? idlest)
    {
        if (_idlest.Count == 0 && now >= _nextWalk)
        {
            _nextWalk = now + WalkMicroseconds;
            Note(IdleNoted, static client => client.IsIdle ? client.LastActive : null);
            while (_noted.TryDequeue(out ClientConnection? client, out _))
            {
                _idlest.Push((client, client.Generation, client.LastActive));
            }
        }

        while (_idlest.TryPop(out (ClientConnection Client, uint Generation, long LastActive) noted))
        {
            idlest = noted.Client;
            if (idlest.Generation == noted.Generation && idlest.LastActive == noted.LastActive && idlest.IsIdle && idlest.IsCounted)
            {
                return true;
            }
        }

        idlest = null;
        return false;
    }

    /// <summary>
    /// Notes whom to do without: of those idle at this moment the longest idle, whatever they were answered before, and when too few are,
    /// the oldest. <see cref="TryTake"/> gives them.
    /// </summary>
    /// <param name="most">How many.</param>
    public void Note(int most) => Note(most, Dispensability);

    /// <summary>Gives one of those noted.</summary>
    public bool TryTake([NotNullWhen(true)] out ClientConnection? client) => _noted.TryDequeue(out client, out _);

    /// <summary>Since when a connection could be done without: who only lingers goes first, who is busy last.</summary>
    private static long? Dispensability(ClientConnection client)
    {
        const long AnyTime = 1L << 60;
        return client.State switch
        {
            ClientState.Free or ClientState.Closing => null,
            ClientState.Lingering => client.LingeringSince - AnyTime,
            _ => client.IsIdle ? client.LastActive : client.OpenedAt + AnyTime,
        };
    }

    /// <summary>Notes the connections that could be done without for longest, the least of them on top.</summary>
    /// <param name="most">How many.</param>
    /// <param name="since">Since when; null for one that cannot be.</param>
    private void Note(int most, Func<ClientConnection, long?> since)
    {
        for (int index = 0; index < connections.Count; index++)
        {
            if (since(connections[index]) is not { } time)
            {
                continue;
            }

            if (_noted.Count < most)
            {
                _noted.Enqueue(connections[index], -time);
            }
            else
            {
                _noted.EnqueueDequeue(connections[index], -time);
            }
        }
    }
}
