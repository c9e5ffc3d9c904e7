using System.Collections.Generic;
using System.Net;

namespace Fastdist.Proxy;

/// <summary>One place that answers: over UDP and TCP, or over TLS.</summary>
public sealed record FrontendOptions
{
    /// <summary>Where to listen.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>The flag it was given by, as errors name it.</summary>
    public string Flag => $"{(Tls is null ? "--local" : "--tls-local")} {Address}";

    /// <summary>Where to listen as well, with the same settings and counters.</summary>
    public IReadOnlyList<IPEndPoint> AdditionalAddresses { get; init; } = [];

    /// <summary>What makes it answer over TLS (RFC 7858); null for UDP and TCP.</summary>
    public TlsFrontendOptions? Tls { get; init; }

    /// <summary>Queries one connection may have in flight; more are left unread.</summary>
    public int MaxInFlight { get; init; } = 100;

    /// <summary>Connections at once; 0 is no limit.</summary>
    public int MaxConcurrentTcpConnections { get; init; }

    /// <summary>The listen(2) backlog, clamped by net.core.somaxconn.</summary>
    public int TcpListenQueueSize { get; init; } = 4096;

    /// <summary>Connections that may carry data in their SYN and wait (RFC 7413); 0 turns that off.</summary>
    public int TcpFastOpenQueueSize { get; init; }

    /// <summary>Network interface to listen on only; empty for any.</summary>
    public string Interface { get; init; } = "";

    /// <summary>Load balancers, which must begin with a PROXY header; null for none.</summary>
    public NetmaskSet? ProxyProtocolAcl { get; init; }

    /// <summary>Whether that header comes in the clear before TLS instead of inside it.</summary>
    public bool ProxyProtocolOutsideTls { get; init; }
}
