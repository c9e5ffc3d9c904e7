using System.Collections.Generic;
using System.Net;

namespace Fastdist.Settings;

/// <summary>What was set of the console, as server and as client.</summary>
public sealed record ConsoleSettings
{
    /// <summary>Port of the console over TCP, dnsdist's.</summary>
    public const int DefaultPort = 5199;

    /// <summary>Connections at once unless told otherwise.</summary>
    public const int DefaultMaxConnections = 100;

    /// <summary>Bytes of the longest reply unless told otherwise, as in dnsdist.</summary>
    public const int DefaultMaxReply = 10_000_000;

    /// <summary>Loopback, which is served where no list is set.</summary>
    public static NetmaskSet DefaultAcl { get; } = NetmaskSet.Of("127.0.0.0/8", "::1/128");

    /// <summary>Where it is offered: an <see cref="IPEndPoint"/>, or a <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/>; null for nowhere.</summary>
    public EndPoint? ControlSocket { get; init; }

    /// <summary>Its key, in base64; empty for none.</summary>
    public string Key { get; init; } = "";

    /// <summary>The file that holds its key; empty for none.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>Networks of the clients that may use it over TCP; none is the default list.</summary>
    public IReadOnlyList<string> Acl { get; init; } = [];

    /// <summary>Connections at once; 0 is no limit.</summary>
    public int MaxConnections { get; init; } = DefaultMaxConnections;

    /// <summary>Whether connections are logged as they come and go; else only where more is logged.</summary>
    public bool LogConnections { get; init; }

    /// <summary>Bytes of the longest reply, sealed: longer ones are cut where we are the server, and not read where we are the client.</summary>
    public int MaxReply { get; init; } = DefaultMaxReply;

    /// <summary>We are to be the client of a console.</summary>
    public bool IsClient { get; init; }

    /// <summary>The console to be a client of; null for the default address.</summary>
    public EndPoint? Peer { get; init; }

    /// <summary>What that one is to execute; null to ask a user line by line.</summary>
    public string? Command { get; init; }
}
