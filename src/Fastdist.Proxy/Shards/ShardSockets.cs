namespace Fastdist.Proxy.Shards;

/// <summary>The bound sockets of a shard, one of each kind a frontend, in the frontends' order.</summary>
/// <param name="Datagrams">UDP sockets.</param>
/// <param name="Listeners">Listening TCP sockets.</param>
internal sealed record ShardSockets(int[] Datagrams, int[] Listeners);
