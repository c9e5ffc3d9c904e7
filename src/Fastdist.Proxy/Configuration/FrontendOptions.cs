using System.Net;

namespace Fastdist.Proxy;

/// <summary>One address that answers over UDP and TCP.</summary>
public sealed record FrontendOptions
{
    /// <summary>Where to listen.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>Queries one TCP connection may have in flight; more are left unread.</summary>
    public int MaxInFlight { get; init; } = 100;

    /// <summary>The listen(2) backlog, clamped by net.core.somaxconn.</summary>
    public int TcpListenQueueSize { get; init; } = 4096;
}
