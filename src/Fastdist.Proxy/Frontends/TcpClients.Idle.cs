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

    private bool TryEvict()
    {
        if (_idlest.Count == 0 && _shard.Clock.Now >= _nextWalk)
        {
            _nextWalk = _shard.Clock.Now + WalkMicroseconds;
            NoteIdlest();
        }

        while (_idlest.TryPop(out (int Index, uint Generation, long LastActive) noted))
        {
            ClientConnection client = _connections[noted.Index];
            if (client.Generation == noted.Generation && client.LastActive == noted.LastActive && client.IsIdle && client.IsCounted)
            {
                _counters[client.Frontend].EvictedIdle++;
                CountOut(client);
                Finish(noted.Index);
                return true;
            }
        }

        return false;
    }

    private void NoteIdlest()
    {
        for (int index = 0; index < _connections.Count; index++)
        {
            ClientConnection client = _connections[index];
            if (!client.IsIdle)
            {
                continue;
            }

            if (_noted.Count < IdleNoted)
            {
                _noted.Enqueue(index, -client.LastActive);
            }
            else
            {
                _noted.EnqueueDequeue(index, -client.LastActive);
            }
        }

        while (_noted.TryDequeue(out int index, out _))
        {
            _idlest.Push((index, _connections[index].Generation, _connections[index].LastActive));
        }
    }
}
