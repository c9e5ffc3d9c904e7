using System;
using Fastdist.Proxy.Counters;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// The connections' clocks, and the end of all. A walk over the table costs nanoseconds a connection, so a few times a second is
/// cheaper than keeping lists up to date on every message; it goes a part at a time, so that no turn takes longer for
/// there being many.
/// </summary>
internal sealed partial class TcpClients
{
    private const long SweepMicroseconds = 250_000;

    /// <summary>Connections looked at in one turn, some 50 us where none is in the processor's cache.</summary>
    private const int LooksPerTurn = 1024;

    private ClientClocks _clocks;
    private int _sweepAt;
    private int _sweepEnd;
    private long _nextSweep;
    private bool _isFinishing;

    /// <summary>Whether work was left for the next turn, which then must not wait.</summary>
    public bool HasMore => _yielded.Count > 0 || _sweepAt < _sweepEnd || _hasPassedOver;

    /// <summary>Looks at the clocks of the next connections; when all have been looked at it rests.</summary>
    public void Sweep()
    {
        long now = _shard.Clock.Now;
        if (_sweepAt == _sweepEnd)
        {
            if (now < _nextSweep)
            {
                return;
            }

            (_sweepAt, _sweepEnd) = (0, _connections.Count);
            _nextSweep = now + SweepMicroseconds;
            _http.Sessions.SetDate(DateTimeOffset.UtcNow);
        }

        int last = Math.Min(_sweepAt + LooksPerTurn, _sweepEnd);
        for (int busy = 0; _sweepAt < last && busy < Ring.Ring.EndsPerTurn; _sweepAt++)
        {
            busy += Look(_connections[_sweepAt], now) ? 1 : 0;
        }
    }

    /// <summary>Lets every connection answer what it has in flight, then end; those that come meanwhile too, when it is called again.</summary>
    public void FinishAll()
    {
        _isFinishing = true;
        _nextSweep = _shard.Clock.Now;
    }

    /// <summary>Has the connections of frontends that are leaving be looked at in the next turn.</summary>
    public void FinishLeaving() => _nextSweep = _shard.Clock.Now;

    /// <summary>Looks at a connection's clocks.</summary>
    /// <returns>Whether that made work.</returns>
    private bool Look(ClientConnection client, long now)
    {
        if (client.State == ClientState.Free)
        {
            return false;
        }

        Frontend frontend = _frontends[client.Frontend];
        if ((_isFinishing || frontend.IsLeaving) && client.State is ClientState.Open or ClientState.Handshaking or ClientState.AwaitingProxyHeader)
        {
            Finish(client);
            return true;
        }

        FrontendCounters counters = frontend.Tcp;
        switch (_clocks.Judge(client, frontend.Protocol, now))
        {
            case Punctuality.InTime:
                return ClientClocks.MayRest(client, frontend.Options, now) && client.Stream.TryRest();
            case Punctuality.LateHandshake:
                counters.HandshakesTimedOut++;
                counters.ClientTimeouts++;
                Close(client);
                break;
            case Punctuality.Late:
                counters.ClientTimeouts++;
                Close(client);
                break;
            case Punctuality.Idle:
                counters.ClientTimeouts++;
                Finish(client);
                break;
            case Punctuality.Old:
                Finish(client);
                break;
            default:
                Close(client);
                break;
        }

        return true;
    }
}
