using System;
using Fastdist.Tls;

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
            _http.SetDate(DateTimeOffset.UtcNow);
        }

        int last = Math.Min(_sweepAt + LooksPerTurn, _sweepEnd);
        for (int busy = 0; _sweepAt < last && busy < Ring.Ring.EndsPerTurn; _sweepAt++)
        {
            busy += Look(_sweepAt, now) ? 1 : 0;
        }
    }

    /// <summary>Lets every connection answer what it has in flight, then end; those that come meanwhile too, when it is called again.</summary>
    public void FinishAll()
    {
        _isFinishing = true;
        _nextSweep = _shard.Clock.Now;
    }

    /// <summary>A timeout in microseconds; one of 0 is never over, as with dnsdist.</summary>
    private static long Seconds(int seconds) => seconds == 0 ? long.MaxValue : seconds * 1_000_000L;

    /// <summary>Looks at a connection's clocks.</summary>
    /// <returns>Whether that made work.</returns>
    private bool Look(int index, long now)
    {
        ClientConnection client = _connections[index];
        ProxyOptions options = _shard.Options;
        switch (client.State)
        {
            case ClientState.Open or ClientState.Handshaking or ClientState.AwaitingProxyHeader when _isFinishing:
                Finish(index);
                return true;
            case ClientState.Open or ClientState.Finishing when client.Http is not null && IsHttpLate(client, now):
                TimeOut(index);
                return true;
            case ClientState.Open or ClientState.Finishing or ClientState.Handshaking when client.Stream.IsSending
                && now - client.Stream.SendingSince > Seconds(options.TcpSendTimeout):
                TimeOut(index);
                return true;
            case ClientState.Handshaking when now - client.OpenedAt > Seconds(options.TlsHandshakeTimeout):
                _counters[client.Frontend].HandshakesTimedOut++;
                TimeOut(index);
                return true;
            case ClientState.AwaitingProxyHeader when now - client.PartialSince > Seconds(options.TcpReceiveTimeout):
                TimeOut(index);
                return true;
            case ClientState.Open when client.Stream.Kept > 0 && !client.Stream.IsPaused
                && now - client.PartialSince > Seconds(options.TcpReceiveTimeout):
                TimeOut(index);
                return true;
            case ClientState.Open when client.InFlight == 0 && !client.Stream.IsSending && !client.Stream.IsPaused && client.Http is not { OpenStreams: > 0 }
                && now - client.LastActive > IdleTimeout(client):
                _counters[client.Frontend].ClientTimeouts++;
                Finish(index);
                return true;
            case ClientState.Open when options.MaxTcpConnectionDuration > 0
                && now - client.OpenedAt > Seconds(options.MaxTcpConnectionDuration):
                Finish(index);
                return true;
            case ClientState.Finishing when client.Http is { OpenStreams: 0 } && client.InFlight == 0 && !client.Stream.IsSending
                && now - client.FinishingSince > Seconds(options.TcpSendTimeout):
                Close(index);
                return true;
            case ClientState.Lingering when now - client.LingeringSince > LingerMicroseconds:
                Close(index);
                return true;
            default:
                return Rest(client, now);
        }
    }

    private long IdleTimeout(ClientConnection client) => Seconds(
        _doh[client.Frontend] is { } doh ? doh.Options.IdleTimeout
        : client.TlsVersion == TlsVersion.Unknown ? _shard.Options.TcpIdleTimeout
        : _shard.Options.TlsIdleTimeout);

    private void TimeOut(int index)
    {
        _counters[_connections[index].Frontend].ClientTimeouts++;
        Close(index);
    }
}
