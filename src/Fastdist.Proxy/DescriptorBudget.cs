using System;
using System.Linq;

namespace Fastdist.Proxy;

/// <summary>
/// How the process's descriptors are shared out: what serves everybody (listeners, rings, connections to backends, the ways in for
/// an operator, files of a reload) has its own, and clients get what is left.
/// </summary>
public static class DescriptorBudget
{
    /// <summary>Standard streams, the runtime's own, the files of a reload, backends to be added, sockets being replaced.</summary>
    private const int Process = 64;

    /// <summary>A ring, what wakes it, and a spare.</summary>
    private const int PerShard = 3;

    /// <summary>Descriptors that are not for clients' connections.</summary>
    /// <param name="options">The proxy's settings.</param>
    /// <param name="operators">Listeners and connections of the console and the web server.</param>
    public static int Reserve(ProxyOptions options, int operators)
    {
        int sockets = options.Frontends.Sum(f => (1 + f.AdditionalAddresses.Count) * (f.HasDatagrams ? 2 : 1));
        return Process + operators + (options.Shards * (PerShard + sockets)) + options.Backends.Sum(b => Connections(b, options.Shards));
    }

    /// <summary>Connections that clients may have: what was wanted, or what is left of the limit, of which a quarter is theirs in any case.</summary>
    /// <param name="wanted">What the settings say.</param>
    /// <param name="limit">Descriptors the process may have.</param>
    /// <param name="reserve">What <see cref="Reserve"/> gives.</param>
    public static int Fit(int wanted, int limit, int reserve) => Math.Min(wanted, Math.Max(Math.Max(limit - reserve, limit / 4), 1));

    /// <summary>One more a shard replaces a connection that is silent.</summary>
    private static int Connections(BackendOptions backend, int shards)
    {
        int most = Math.Max(backend.Connections, shards) + (shards * (1 + backend.SpareConnections));
        return backend.MaxConcurrentTcpConnections > 0 ? Math.Min(most, backend.MaxConcurrentTcpConnections) : most;
    }
}
