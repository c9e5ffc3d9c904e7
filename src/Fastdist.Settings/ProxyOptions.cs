using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Ring;
using Fastdist.Settings.Rules;
using Fastdist.Tls;

namespace Fastdist.Settings;

/// <summary>Which backend a query goes to.</summary>
public enum PolicyKind : byte
{
    /// <summary>The one with the fewest queries in flight; ties by order, then latency.</summary>
    LeastOutstanding,

    /// <summary>The first by order that is up and under its qps.</summary>
    FirstAvailable,

    /// <summary>Each in turn.</summary>
    RoundRobin,

    /// <summary>At random, by weight.</summary>
    WeightedRandom,

    /// <summary>By consistent hash of the query name, by weight.</summary>
    ConsistentHash,

    /// <summary>By hash of the query name, by weight.</summary>
    WeightedHash,
}

/// <summary>Everything the proxy is told at start-up.</summary>
public sealed record ProxyOptions
{
    /// <summary>Backends there may be, those included that were removed and still wait for answers: a bound on what is kept for them.</summary>
    public const int MostBackends = 1024;

    /// <summary>Pools there may be: a bound on what is kept for them.</summary>
    public const int MostPools = 1024;

    /// <summary>Addresses to answer on.</summary>
    public required IReadOnlyList<FrontendOptions> Frontends { get; init; }

    /// <summary>Backends to ask.</summary>
    public required IReadOnlyList<BackendOptions> Backends { get; init; }

    /// <summary>Seconds beyond its end that an entry of a cache may be given when no backend answers; 0 for never.</summary>
    public uint StaleCacheEntriesTtl { get; init; }

    /// <summary>Milliseconds after which an answer whose time is over is given while backends are still waited for (RFC 8767 section 5); 0 for only when they do not answer.</summary>
    public int StaleAnswerClientTimeout { get; init; }

    /// <summary>Seconds between two looks for entries of caches whose time is over.</summary>
    public int CacheCleaningDelay { get; init; } = 60;

    /// <summary>How empty such a look may leave a cache, percent: no more is removed than until that much is free.</summary>
    public int CacheCleaningPercentage { get; init; } = 100;

    /// <summary>Pools that are set up, the default pool if it has a way of its own; there are others, too, which only a backend or frontend names.</summary>
    public IReadOnlyList<PoolOptions> Pools { get; init; } = [];

    /// <summary>Every pool that there is from the start. The default pool is the first; the place of each is its number.</summary>
    public IReadOnlyList<PoolOptions> AllPools =>
        [.. Pools.Concat(Frontends.Select(f => f.Pool).Concat(Backends.SelectMany(b => b.Pools)).Select(name => new PoolOptions { Name = name }))
            .Append(new PoolOptions { Name = PoolOptions.Default }).DistinctBy(pool => pool.Name).OrderBy(pool => pool.Name != PoolOptions.Default)];

    /// <summary>Clients that are served.</summary>
    public NetmaskSet Acl { get; init; } = NetmaskSet.Default;

    /// <summary>Shards; each is a thread with its own sockets, ring and sessions.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Whether addresses to answer on need not be this host's yet (IP_FREEBIND).</summary>
    public bool FreeBind { get; init; }

    /// <summary>Which ring.</summary>
    public RingMode Io { get; init; } = RingMode.Auto;

    /// <summary>How backends are chosen, in pools that have no way of their own.</summary>
    public PolicyKind Policy { get; init; } = PolicyKind.LeastOutstanding;

    /// <summary>What policies go by besides weights.</summary>
    public BalancingOptions Balancing { get; init; } = new();

    /// <summary>
    /// Whether a query is answered SERVFAIL whose pool has no server, or none that is up; else it gets no answer: silence over UDP, status 403
    /// over HTTP, the end of the connection otherwise.
    /// </summary>
    public bool ServFailWhenNoServer { get; init; } = true;

    /// <summary>Largest UDP answer, bytes, whatever the client's EDNS allows.</summary>
    public int UdpMaxSize { get; init; } = 1232;

    /// <summary>Whether queries for resolver.arpa and below are forwarded like any other, not answered here (RFC 9462 section 6.1).</summary>
    public bool ForwardResolverArpa { get; init; }

    /// <summary>Whether NOTIFY (RFC 1996) and UPDATE (RFC 2136) are forwarded, not answered NOTIMP.</summary>
    public bool ForwardUpdates { get; init; }

    /// <summary>What is done with which queries and answers.</summary>
    public RuleChains Rules { get; init; } = RuleChains.None;

    /// <summary>Queries a second that each client may ask; null for as many as it likes. Judged before any rule.</summary>
    public ClientRateLimit? ClientRate { get; init; }

    /// <summary>What is done with the queries of who is blocked for a time, where the block does not say it.</summary>
    public BlockAction BlockAction { get; init; } = BlockAction.Drop;

    /// <summary>Seconds between two searches for blocks that are over.</summary>
    public int BlockPurgeInterval { get; init; } = 60;

    /// <summary>Whether answers that rules make have an OPT where the query has one.</summary>
    public bool AddEdnsToSelfAnswers { get; init; } = true;

    /// <summary>UDP payload that answers made by rules say we receive, bytes.</summary>
    public int SelfAnswerPayloadSize { get; init; } = 1232;

    /// <summary>Completions handled before what they caused is sent.</summary>
    public int MaxTurn { get; init; } = 256;

    /// <summary>Kernel receive buffer wanted for each UDP socket, bytes.</summary>
    public int UdpReceiveBuffer { get; init; } = 4 << 20;

    /// <summary>Kernel send buffer wanted for each UDP socket, bytes.</summary>
    public int UdpSendBuffer { get; init; } = 4 << 20;

    /// <summary>Both.</summary>
    public SocketBuffers UdpBuffers => new(UdpReceiveBuffer, UdpSendBuffer);

    /// <summary>Key of the cookies that frontends with TCP Fast Open give; null for the kernel's own, which no other host knows.</summary>
    public FastOpenKey? TcpFastOpenKey { get; init; }

    /// <summary>Whether queries without a question get no answer, not NOTIMP or FORMERR.</summary>
    public bool DropEmptyQueries { get; init; }

    /// <summary>Whether an answer without a question that says NOERROR or NXDOMAIN is believed: only its ID and socket tell that it is one.</summary>
    public bool AllowEmptyResponse { get; init; }

    /// <summary>Whether each health check that fails is logged, not only where more is.</summary>
    public bool VerboseHealthChecks { get; init; }

    /// <summary>Queries in flight, whole process.</summary>
    public int MaxInFlight { get; init; } = 262144;

    /// <summary>Connections, rates and reads that clients may have.</summary>
    public ClientLimitOptions ClientLimits { get; init; } = new();

    /// <summary>Queries after which a client connection is closed; 0 is no limit.</summary>
    public int MaxTcpQueriesPerConnection { get; init; }

    /// <summary>Seconds after which a client connection is closed; 0 is no limit.</summary>
    public int MaxTcpConnectionDuration { get; init; }

    /// <summary>Seconds a client connection may be idle.</summary>
    public int TcpIdleTimeout { get; init; } = 30;

    /// <summary>Seconds a client's TLS session may be idle: longer, as a new one costs a handshake.</summary>
    public int TlsIdleTimeout { get; init; } = 60;

    /// <summary>Seconds from a connection's begin to the end of its TLS handshake.</summary>
    public int TlsHandshakeTimeout { get; init; } = 5;

    /// <summary>Microseconds of a turn within which handshakes may begin; one that began is finished.</summary>
    public int MaxHandshakeTime { get; init; } = 1000;

    /// <summary>Seconds from a message's first byte to its last.</summary>
    public int TcpReceiveTimeout { get; init; } = 2;

    /// <summary>Seconds a send to a client may make no progress.</summary>
    public int TcpSendTimeout { get; init; } = 2;

    /// <summary>Bits of a client's IPv4 address that backends are told.</summary>
    public int EcsSourcePrefixV4 { get; init; } = 24;

    /// <summary>Bits of a client's IPv6 address that backends are told.</summary>
    public int EcsSourcePrefixV6 { get; init; } = 56;

    /// <summary>Whether the network we know replaces the one that a client names itself.</summary>
    public bool EcsOverride { get; init; }

    /// <summary>TLS sessions kept for resumption, a backend.</summary>
    public int OutgoingTlsSessionsMaxTickets { get; init; } = TlsSessionStore.DefaultCapacity;

    /// <summary>Seconds a TLS session is kept for resumption.</summary>
    public int OutgoingTlsSessionsMaxTicketValidity { get; init; } = TlsSessionStore.DefaultValidity;

    /// <summary>Seconds between two searches for TLS sessions that are too old.</summary>
    public int OutgoingTlsSessionsCleanupDelay { get; init; } = 60;

    /// <summary>Milliseconds that a shutdown waits for answers still in flight.</summary>
    public int ShutdownTimeout { get; init; } = 5000;

    /// <summary>The number of the pool that each frontend's queries go to.</summary>
    public int[] PoolsOfFrontends()
    {
        string[] names = [.. AllPools.Select(pool => pool.Name)];
        return [.. Frontends.Select(frontend => Array.IndexOf(names, frontend.Pool))];
    }
}
