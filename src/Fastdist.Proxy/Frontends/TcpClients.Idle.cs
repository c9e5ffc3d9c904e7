using System;
using System.Collections.Generic;
using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>When connections run short the longest idle go first.</summary>
internal sealed partial class TcpClients
{
    /// <summary>How many of the longest idle one walk over the table notes.</summary>
    private const int IdleNoted = 64;

    /// <summary>A walk costs time in proportion to the table, so under a flood they keep this distance.</summary>
    private const long WalkMicroseconds = 10_000;

    // The least idle of those noted is on top, so that it gives way to one idle for longer.
    private readonly PriorityQueue<int, long> _noted = new(IdleNoted);
    private readonly Stack<(int Index, uint Generation, long LastActive)> _idlest = new(IdleNoted);
    private long _nextWalk;
    private long _nextRoom;
    private int _roomMade;

    /// <summary>Counts a new client in, at the cost of the longest idle one when the process is full.</summary>
    /// <returns>False when it is refused; the reason was counted.</returns>
    public bool TryCount(in SocketAddress peer, FrontendCounters counters)
    {
        Admission admission = _limits.TryEnter(in peer, _shard.Clock.Now);
        if (admission == Admission.TooMany && TryEvict())
        {
            admission = _limits.TryEnter(in peer, _shard.Clock.Now);
        }

        if (admission == Admission.Admitted)
        {
            return true;
        }

        counters.CountRefusal(admission);
        return false;
    }

    /// <summary>Counts a client out that was counted in and gets no connection after all.</summary>
    public void CountOut(in SocketAddress peer) => _limits.Leave(in peer);

    /// <summary>
    /// Ends connections because there is no descriptor left: of those idle at this moment the longest idle, whatever they were
    /// answered before, and when too few are, the oldest.
    /// </summary>
    /// <param name="wanted">How many at most.</param>
    /// <returns>How many were ended, now or a moment ago.</returns>
    public int MakeRoom(int wanted)
    {
        if (_shard.Clock.Now < _nextRoom)
        {
            return _roomMade;
        }

        _nextRoom = _shard.Clock.Now + WalkMicroseconds;
        Note(wanted, Dispensability);
        _roomMade = _noted.Count;
        while (_noted.TryDequeue(out int index, out _))
        {
            GiveUp(index);
        }

        return _roomMade;
    }

    private bool TryEvict()
    {
        if (_idlest.Count == 0 && _shard.Clock.Now >= _nextWalk)
        {
            _nextWalk = _shard.Clock.Now + WalkMicroseconds;
            Note(IdleNoted, static client => client.IsIdle ? client.LastActive : null);
            while (_noted.TryDequeue(out int index, out _))
            {
                _idlest.Push((index, _connections[index].Generation, _connections[index].LastActive));
            }
        }

        while (_idlest.TryPop(out (int Index, uint Generation, long LastActive) noted))
        {
            ClientConnection client = _connections[noted.Index];
            if (client.Generation == noted.Generation && client.LastActive == noted.LastActive && client.IsIdle && client.IsCounted)
            {
                CountOut(client);
                GiveUp(noted.Index);
                return true;
            }
        }

        return false;
    }

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

    /// <summary>Ends a connection for another's sake, so its descriptor is not kept a moment longer than its last bytes need.</summary>
    private void GiveUp(int index)
    {
        ClientConnection client = _connections[index];
        client.MakesRoom = true;
        if (client.IsIdle)
        {
            _counters[client.Frontend].EvictedIdle++;
            Finish(index);
            return;
        }

        _counters[client.Frontend].EvictedBusy += client.State == ClientState.Lingering ? 0 : 1;
        Close(index);
    }

    /// <summary>Notes the connections that could be done without for longest, the least of them on top.</summary>
    /// <param name="most">How many.</param>
    /// <param name="since">Since when; null for one that cannot be.</param>
    private void Note(int most, Func<ClientConnection, long?> since)
    {
        for (int index = 0; index < _connections.Count; index++)
        {
            if (since(_connections[index]) is not { } time)
            {
                continue;
            }

            if (_noted.Count < most)
            {
                _noted.Enqueue(index, -time);
            }
            else
            {
                _noted.EnqueueDequeue(index, -time);
            }
        }
    }
}
