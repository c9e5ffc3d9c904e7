using System;
using Fastdist.Http;
using Fastdist.Proxy.Counters;
using Fastdist.Ring;
using Fastdist.Tls;

namespace Fastdist.Proxy.Gates;

/// <summary>
/// Where a query comes from, as far as somebody may decide by it. Refers to memory of the caller's and dies with the call: what is
/// wanted later goes into the query's <see cref="InFlight.Decision"/>.
/// </summary>
/// <param name="protocol">How it came.</param>
/// <param name="frontend">Number of the frontend it came to.</param>
/// <param name="counters">Where that frontend counts.</param>
/// <param name="peer">The client.</param>
/// <param name="local">The address its socket is bound to.</param>
internal readonly ref struct Origin(ClientProtocol protocol, int frontend, FrontendCounters counters, ref readonly SocketAddress peer, ref readonly SocketAddress local)
{
    private readonly ref readonly SocketAddress _peer = ref peer;
    private readonly ref readonly SocketAddress _local = ref local;

    /// <summary>How it came.</summary>
    public ClientProtocol Protocol { get; } = protocol;

    /// <summary>Number of the frontend it came to.</summary>
    public int Frontend { get; } = frontend;

    /// <summary>Where that frontend counts.</summary>
    public FrontendCounters Counters { get; } = counters;

    /// <summary>Number of the pool that this frontend's queries go to.</summary>
    public int Pool { get; init; }

    /// <summary>The client; behind a load balancer whom that names.</summary>
    public ref readonly SocketAddress Peer => ref _peer;

    /// <summary>The address asked, where the socket takes several: 4 or 16 bytes, network order; empty where it is bound to one.</summary>
    public ReadOnlySpan<byte> Asked { get; init; }

    /// <summary>The address its socket is bound to.</summary>
    public ref readonly SocketAddress Bound => ref _local;

    /// <summary>The address and port that were asked.</summary>
    public SocketAddress Local => Asked.IsEmpty ? _local : SocketAddress.From(Asked, _local.Port);

    /// <summary>Whether its end was lost, as it was larger than what we say we receive.</summary>
    public bool IsCut { get; init; }

    /// <summary>The TLS session it came through; null in the clear.</summary>
    public TlsSession? Session { get; init; }

    /// <summary>The name that the client asked for in TLS (RFC 6066 section 3), as it sent it; empty without one.</summary>
    public ReadOnlySpan<byte> ServerName => Session is null ? default : Session.ServerName;

    /// <summary>The HTTP request it was in; means something for <see cref="ClientProtocol.Https"/> only.</summary>
    public HttpRequest Request { get; init; }

    /// <summary>Whether there is still such a request to look at.</summary>
    public bool HasRequest { get; init; }
}
