using System.Collections.Generic;

namespace Fastdist.Proxy.Machines;

/// <summary>The bound sockets that a shard has of one frontend, in the order of its addresses.</summary>
internal sealed record ShardSockets
{
    /// <summary>UDP sockets.</summary>
    public List<int> Datagrams { get; } = [];

    /// <summary>Listening TCP sockets.</summary>
    public List<int> Listeners { get; } = [];
}
