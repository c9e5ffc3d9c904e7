using System;
using System.Linq;
using System.Threading;
using Fastdist.Proxy.Counters;
using Fastdist.Ring;
using Fastdist.Settings;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// The process's table of what clients have and did: connections in total, and connections, rates and bans
/// of each. Consulted when a connection is accepted, when its TLS session is established and when it closes,
/// so its striped locks are not on a query's way. Time comes from the caller, in microseconds of its shard's
/// clock, which all shards share.
/// </summary>
internal sealed class ClientLimits
{
    private const int Stripes = 64;

    private readonly ClientMask _mask;
    private readonly ClientStripe[] _stripes;
    private volatile ClientLimitOptions _options;
    private volatile bool _countsClients;
    private volatile bool _hasBanned;
    private int _total;

    /// <param name="options">The limits.</param>
    /// <param name="maxIdleClients">Clients without connections that are remembered at most, about.</param>
    public ClientLimits(ClientLimitOptions options, int maxIdleClients = 100_000)
    {
        _options = options;
        _mask = new ClientMask(options);
        _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new ClientStripe(options, Math.Max(maxIdleClients / Stripes, 1)))];
        _countsClients = Counts(options);
    }

    /// <summary>Connections counted in and not yet out, and those being judged at this moment.</summary>
    public int Connections => Volatile.Read(ref _total);

    /// <summary>Clients that something is known of.</summary>
    public int Clients => _stripes.Sum(stripe => stripe.Count);

    /// <summary>
    /// Has other limits hold from now on, of the same clients. Connections that are more stay. Once clients have been counted they always are, so that no
    /// count is wrong later; those that were there before the first limit are nobody's.
    /// </summary>
    public void Use(ClientLimitOptions options)
    {
        _options = options;
        Array.ForEach(_stripes, stripe => stripe.Use(options));
        _countsClients |= Counts(options);
    }

    /// <summary>
    /// Counts a new connection in, or nothing when it is refused. A client's own limits come before the
    /// process's: where the answer is <see cref="Admission.TooMany"/>, closing another connection and calling
    /// <see cref="Leave"/> for it makes room for this one.
    /// </summary>
    public Admission TryEnter(in SocketAddress peer, long now)
    {
        bool hasRoom = Interlocked.Increment(ref _total) <= _options.MaxConnections;
        Admission admission = Judge(in peer, hasRoom, now);
        if (admission != Admission.Admitted)
        {
            Interlocked.Decrement(ref _total);
        }

        return admission;
    }

    /// <summary>Counts a connection out that <see cref="TryEnter"/> let in.</summary>
    public void Leave(in SocketAddress peer)
    {
        Interlocked.Decrement(ref _total);
        if (_countsClients)
        {
            ClientKey client = _mask.Of(in peer);
            StripeOf(client).Leave(in client);
        }
    }

    /// <summary>Counts a TLS session whose handshake is over, a new one or a resumed one.</summary>
    /// <returns>
    /// False when the client makes them faster than it may: it was banned, so that its next connections cost
    /// no handshake, and this one is to be closed.
    /// </returns>
    public bool SessionEstablished(in SocketAddress peer, bool resumed, long now)
    {
        if ((resumed ? _options.MaxTlsResumedSessionRatePerClient : _options.MaxTlsNewSessionRatePerClient) == 0)
        {
            return true;
        }

        ClientKey client = _mask.Of(in peer);
        return StripeOf(client).SessionEstablished(in client, resumed, now);
    }

    /// <summary>Refuses a client's new connections for so many seconds; a ban that lasts longer stays.</summary>
    public void Ban(in SocketAddress peer, long now, int seconds)
    {
        if (seconds > 0)
        {
            _hasBanned = true;
            ClientKey client = _mask.Of(in peer);
            StripeOf(client).Ban(in client, now, seconds);
        }
    }

    private static bool Counts(ClientLimitOptions options) => options.MaxConnectionsPerClient > 0 || options.MaxConnectionRatePerClient > 0
        || options.MaxTlsNewSessionRatePerClient > 0 || options.MaxTlsResumedSessionRatePerClient > 0;

    /// <summary>Without limits per client nobody is looked up, at least until somebody is banned.</summary>
    private Admission Judge(in SocketAddress peer, bool hasRoom, long now)
    {
        if (_countsClients)
        {
            ClientKey client = _mask.Of(in peer);
            return StripeOf(client).TryEnter(in client, hasRoom, now);
        }

        if (_hasBanned)
        {
            ClientKey client = _mask.Of(in peer);
            if (StripeOf(client).IsBanned(in client, now))
            {
                return Admission.Banned;
            }
        }

        return hasRoom ? Admission.Admitted : Admission.TooMany;
    }

    private ClientStripe StripeOf(ClientKey client) => _stripes[(uint)client.GetHashCode() % Stripes];
}
