using System;
using System.Collections.Generic;
using System.Threading;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Limits;
using Fastdist.Settings;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// Some of the clients, under a lock of their own. A client is remembered while it has a connection, and
/// without one until its ban is over and its rates are as if it had never come. Those without one stand in
/// a row, the longest unchanged first: it goes when its time is over, or when the row is longer than
/// <paramref name="maxIdle"/>. So strangers displace strangers, and never keep anyone out.
/// </summary>
internal sealed class ClientStripe(ClientLimitOptions options, int maxIdle)
{
    /// <summary>
    /// Clients whose time is over that are looked for at each call. A call adds one to the row at most, so
    /// with two the row gets shorter.
    /// </summary>
    private const int ForgottenPerCall = 2;

    private readonly Lock _lock = new();
    private readonly Dictionary<ClientKey, ClientRecord> _clients = [];
    private readonly LinkedList<ClientRecord> _idle = [];
    private readonly Stack<ClientRecord> _unused = new();
    private ClientLimitOptions _options = options;
    private long _now;

    /// <summary>Clients remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _clients.Count;
            }
        }
    }

    private Rate Opened => new(_options.MaxConnectionRatePerClient, _options.RateBurstSeconds);

    private Rate NewSessions => new(_options.MaxTlsNewSessionRatePerClient, _options.RateBurstSeconds);

    private Rate ResumedSessions => new(_options.MaxTlsResumedSessionRatePerClient, _options.RateBurstSeconds);

    private int MaxConnections => _options.MaxConnectionsPerClient > 0 ? _options.MaxConnectionsPerClient : int.MaxValue;

    /// <summary>Has other limits hold from now on; who has used more than they allow waits until it does not.</summary>
    public void Use(ClientLimitOptions next)
    {
        lock (_lock)
        {
            _options = next;
        }
    }

    /// <summary>Counts a connection in, unless the client has to stay out or <paramref name="hasRoom"/> is false.</summary>
    public Admission TryEnter(in ClientKey key, bool hasRoom, long now)
    {
        lock (_lock)
        {
            Advance(now);
            _clients.TryGetValue(key, out ClientRecord? client);
            Admission admission = Judge(client, hasRoom);
            if (admission == Admission.Admitted)
            {
                client ??= Add(in key);
                client.Connections++;
                client.Opened.Take(Opened, _now);
                Settle(client);
            }
            else if (admission == Admission.TooFast)
            {
                Ban(client!, _options.BanSecondsForRate);
            }

            return admission;
        }
    }

    /// <summary>Counts out a connection that was counted in.</summary>
    public void Leave(in ClientKey key)
    {
        lock (_lock)
        {
            // Whoever came before clients were counted is none of their connections.
            if (_clients.TryGetValue(key, out ClientRecord? client) && client.Connections > 0)
            {
                client.Connections--;
                Settle(client);
            }
        }
    }

    /// <summary>Counts a TLS session; over its rate, the client is banned instead.</summary>
    /// <returns>False when it was over.</returns>
    public bool SessionEstablished(in ClientKey key, bool resumed, long now)
    {
        lock (_lock)
        {
            Advance(now);
            ClientRecord client = FindOrAdd(in key);
            ref TokenBucket bucket = ref resumed ? ref client.ResumedSessions : ref client.NewSessions;
            Rate rate = resumed ? ResumedSessions : NewSessions;
            if (!bucket.HasToken(rate, _now))
            {
                Ban(client, _options.BanSecondsForRate);
                return false;
            }

            bucket.Take(rate, _now);
            Settle(client);
            return true;
        }
    }

    /// <summary>Refuses the client's connections for so many seconds from now, or longer if it already was to be.</summary>
    public void Ban(in ClientKey key, long now, int seconds)
    {
        lock (_lock)
        {
            Advance(now);
            Ban(FindOrAdd(in key), seconds);
        }
    }

    /// <summary>Tells whether the client's connections are refused now.</summary>
    public bool IsBanned(in ClientKey key, long now)
    {
        lock (_lock)
        {
            Advance(now);
            return _clients.TryGetValue(key, out ClientRecord? client) && _now < client.BannedUntil;
        }
    }

    /// <summary>
    /// The clocks of two shards differ by the length of a turn; here time does not go back. Forgets who has
    /// stood at the head of the row for long enough.
    /// </summary>
    private void Advance(long now)
    {
        _now = Math.Max(_now, now);
        for (int i = 0; i < ForgottenPerCall && _idle.First is { } oldest && oldest.Value.ForgetAt <= _now; i++)
        {
            Forget(oldest.Value);
        }
    }

    /// <summary>Of somebody unknown there is nothing to hold against: the least that each limit allows is one.</summary>
    private Admission Judge(ClientRecord? client, bool hasRoom) =>
        _now < client?.BannedUntil ? Admission.Banned
        : client?.Connections >= MaxConnections ? Admission.TooManyOfClient
        : client?.Opened.HasToken(Opened, _now) == false ? Admission.TooFast
        : hasRoom ? Admission.Admitted
        : Admission.TooMany;

    private ClientRecord FindOrAdd(in ClientKey key) => _clients.TryGetValue(key, out ClientRecord? client) ? client : Add(in key);

    private ClientRecord Add(in ClientKey key)
    {
        ClientRecord client = _unused.TryPop(out ClientRecord? unused) ? unused : new ClientRecord();
        client.Reset(in key);
        _clients.Add(key, client);
        return client;
    }

    private void Ban(ClientRecord client, int seconds)
    {
        client.BannedUntil = Math.Max(client.BannedUntil, _now + (seconds * 1_000_000L));
        Settle(client);
    }

    /// <summary>Puts a client that changed where it belongs: out of the row, at its end, or out of memory.</summary>
    private void Settle(ClientRecord client)
    {
        if (client.Idle.List is not null)
        {
            _idle.Remove(client.Idle);
        }

        if (client.Connections > 0)
        {
            return;
        }

        client.ForgetAt = Math.Max(
            Math.Max(client.BannedUntil, client.Opened.FullAt(Opened)),
            Math.Max(client.NewSessions.FullAt(NewSessions), client.ResumedSessions.FullAt(ResumedSessions)));
        _idle.AddLast(client.Idle);
        if (client.ForgetAt <= _now)
        {
            Forget(client);
        }
        else if (_idle.Count > maxIdle)
        {
            Forget(_idle.First!.Value);
        }
    }

    private void Forget(ClientRecord client)
    {
        _idle.Remove(client.Idle);
        _clients.Remove(client.Key);
        _unused.Push(client);
    }
}
