using System.Collections.Generic;

namespace Fastdist.Proxy.Machines;

/// <summary>The bound sockets of a shard, each with the number of its frontend.</summary>
internal sealed record ShardSockets
{
    /// <summary>UDP sockets.</summary>
    public List<(int Descriptor, int Frontend)> Datagrams { get; } = [];

    /// <summary>Listening TCP sockets.</summary>
    public List<(int Descriptor, int Frontend)> Listeners { get; } = [];
}
