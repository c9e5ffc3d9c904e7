using System.Net;
using Fastdist.Control.Secrets;
using Fastdist.Settings;

namespace Fastdist.Control.Consoles;

/// <summary>Where the console is, and who may use it.</summary>
public sealed record ConsoleOptions
{
    /// <summary>An <see cref="IPEndPoint"/>, or a <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/>.</summary>
    public required EndPoint Address { get; init; }

    /// <summary>Whether the address need not be this host's yet (IP_FREEBIND).</summary>
    public bool FreeBind { get; init; }

    /// <summary>The secret shared with clients; over TCP there must be one, over a Unix socket it is not used.</summary>
    public SharedKey? Key { get; init; }

    /// <summary>Clients that may connect over TCP; loopback unless told otherwise.</summary>
    public NetmaskSet Acl { get; init; } = ConsoleSettings.DefaultAcl;

    /// <summary>Connections at once; 0 is no limit.</summary>
    public int MaxConnections { get; init; } = ConsoleSettings.DefaultMaxConnections;

    /// <summary>Whether connections are logged as they come and go; else only where more is logged.</summary>
    public bool LogConnections { get; init; }

    /// <summary>Bytes of the longest reply, sealed; a longer one is cut.</summary>
    public int MaxReply { get; init; } = ConsoleSettings.DefaultMaxReply;
}
