using Fastdist.Proxy.Counters;
using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>How many connections there may be, and who makes room for others.</summary>
internal sealed partial class TcpClients
{
    private readonly DispensableClients _dispensable;
    private long _nextRoom;
    private int _roomMade;

    /// <summary>Counts a new client in, at the cost of the longest idle one when the process is full.</summary>
    /// <returns>False when it is refused; the reason was counted.</returns>
    public bool TryCount(in SocketAddress peer, FrontendCounters counters)
    {
        Admission admission = _limits.TryEnter(in peer, _shard.Clock.Now);
        if (admission == Admission.TooMany && _dispensable.TryTakeIdlest(_shard.Clock.Now, out ClientConnection? idlest))
        {
            CountOut(idlest);
            Evict(idlest);
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

    /// <summary>Ends connections because there is no descriptor left.</summary>
    /// <param name="wanted">How many at most.</param>
    /// <returns>How many were ended, now or a moment ago.</returns>
    public int MakeRoom(int wanted)
    {
        if (_shard.Clock.Now < _nextRoom)
        {
            return _roomMade;
        }

        _nextRoom = _shard.Clock.Now + DispensableClients.WalkMicroseconds;
        _dispensable.Note(wanted);
        for (_roomMade = 0; _dispensable.TryTake(out ClientConnection? client); _roomMade++)
        {
            Evict(client);
        }

        return _roomMade;
    }

    /// <summary>Ends a connection for another's sake, so its descriptor is not kept a moment longer than its last bytes need.</summary>
    private void Evict(ClientConnection client)
    {
        client.MakesRoom = true;
        if (client.IsIdle)
        {
            CountersOf(client).EvictedIdle++;
            Finish(client);
            return;
        }

        CountersOf(client).EvictedBusy += client.State == ClientState.Lingering ? 0 : 1;
        Close(client);
    }

    /// <summary>It counts no longer against the limits on connections.</summary>
    private void GiveUpPlace(ClientConnection client)
    {
        if (client.HasPlace)
        {
            client.HasPlace = false;
            _frontends[client.Frontend].Shared.Limit.Leave();
        }

        CountOut(client);
    }

    private void CountOut(ClientConnection client)
    {
        if (client.IsCounted)
        {
            client.IsCounted = false;
            _limits.Leave(in client.Peer);
        }
    }
}
