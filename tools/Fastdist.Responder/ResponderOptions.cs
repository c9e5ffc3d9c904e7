using System.Collections.Generic;
using System.IO;
using System.Net;
using Fastdist.Ring;

namespace Fastdist.Responder;

/// <summary>What the command line asks for.</summary>
internal sealed record ResponderOptions
{
    /// <summary>Addresses that answer DNS over TLS.</summary>
    public required IReadOnlyList<IPEndPoint> Dot { get; init; }

    /// <summary>Addresses that answer datagrams.</summary>
    public required IReadOnlyList<IPEndPoint> Udp { get; init; }

    /// <summary>Addresses that answer DNS over TCP.</summary>
    public required IReadOnlyList<IPEndPoint> Tcp { get; init; }

    /// <summary>Where the authority's certificate goes; null for nowhere.</summary>
    public FileInfo? AuthorityFile { get; init; }

    /// <summary>Loops, each with sockets of its own.</summary>
    public required int Threads { get; init; }

    /// <summary>The ring asked for.</summary>
    public required RingMode Mode { get; init; }
}
