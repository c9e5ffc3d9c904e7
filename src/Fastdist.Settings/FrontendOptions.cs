using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Ring;

namespace Fastdist.Settings;

/// <summary>One place that answers: over UDP and TCP, over TLS, or over HTTP.</summary>
public sealed record FrontendOptions
{
    /// <summary>Where to listen.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>Where it was written, if not on the command line.</summary>
    public WrittenAt Origin { get; init; }

    /// <summary>The flag it was given by, as errors name it, or file, line and function.</summary>
    public string Flag => $"{Origin.Or(Doh is not null ? "--doh-local" : Tls is null ? "--local" : "--tls-local")} {Address}{(Interface.Length > 0 ? $",interface={Interface}" : "")}";

    /// <summary>What tells it from the others: its address, with the interface it is kept to.</summary>
    public string Name => NetworkInterfaces.Describe(Address, Interface);

    /// <summary>Whether it is the same frontend as another, perhaps with other settings: addresses, interface and protocol are the same.</summary>
    public bool IsAtPlaceOf(FrontendOptions other) =>
        (Interface, Tls is null, Doh is null) == (other.Interface, other.Tls is null, other.Doh is null)
        && Address.Equals(other.Address) && AdditionalAddresses.SequenceEqual(other.AdditionalAddresses);

    /// <summary>Where it listens, additional addresses included.</summary>
    /// <param name="mayBeMissing">Whether the addresses need not be this host's yet.</param>
    public IEnumerable<LocalPlace> Places(bool mayBeMissing = false) =>
        AdditionalAddresses.Prepend(Address).Select(address => new LocalPlace(address, Interface, mayBeMissing));

    /// <summary>Where to listen as well, with the same settings and counters.</summary>
    public IReadOnlyList<IPEndPoint> AdditionalAddresses { get; init; } = [];

    /// <summary>What makes it answer over TLS (RFC 7858); null where everything is in the clear.</summary>
    public TlsFrontendOptions? Tls { get; init; }

    /// <summary>What makes it answer over HTTP/2 (RFC 8484), over TLS where there is <see cref="Tls"/>; null for plain DNS messages.</summary>
    public DohFrontendOptions? Doh { get; init; }

    /// <summary>Whether it answers over UDP, too.</summary>
    public bool HasDatagrams => Tls is null && Doh is null;

    /// <summary>Name of the pool that its queries go to; <see cref="PoolOptions.Default"/> for the default pool.</summary>
    public string Pool { get; init; } = PoolOptions.Default;

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
