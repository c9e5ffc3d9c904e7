using System;
using System.Linq;
using Fastdist.Control.Consoles;
using Fastdist.Control.Web;
using Fastdist.Settings;
using Microsoft.Extensions.Logging;

namespace Fastdist;

/// <summary>
/// How the process's descriptors are shared out: what serves everybody (listeners, rings, connections to backends, the ways in for
/// an operator, files of a reload) has its own, and clients get what is left, whatever <c>--max-tcp-connections</c> says.
/// </summary>
/// <param name="Wanted">Connections of clients that the settings ask for.</param>
/// <param name="Fitting">As many of these as there is room for.</param>
/// <param name="Limit">Descriptors the process may have.</param>
/// <param name="Reserve">Those that are for others than clients.</param>
internal sealed record DescriptorBudget(int Wanted, int Fitting, int Limit, int Reserve)
{
    /// <summary>Standard streams, the runtime's own, the files of a reload, backends to be added, sockets being replaced.</summary>
    private const int Process = 64;

    /// <summary>A ring, what wakes it, and a spare.</summary>
    private const int PerShard = 3;

    /// <summary>Connections that an operator's tools have descriptors kept for; more make clients' connections give way.</summary>
    private const int OperatorConnections = 16;

    /// <summary>Works it out.</summary>
    /// <param name="proxy">The proxy's settings.</param>
    /// <param name="console">The console to be offered, or null.</param>
    /// <param name="web">The web server to be offered, or null.</param>
    /// <param name="limit">Descriptors the process may have.</param>
    public static DescriptorBudget Of(ProxyOptions proxy, ConsoleOptions? console, WebServerOptions? web, int limit)
    {
        int wanted = proxy.ClientLimits.MaxConnections;
        int reserve = ReserveOf(proxy) + ReserveOf(console) + (web is null ? 0 : OperatorConnections + 1);
        return new DescriptorBudget(wanted, Fit(wanted, limit, reserve), limit, reserve);
    }

    /// <summary>Connections that clients may have: what was wanted, or what is left of the limit, of which a quarter is theirs in any case.</summary>
    public static int Fit(int wanted, int limit, int reserve) => Math.Min(wanted, Math.Max(Math.Max(limit - reserve, limit / 4), 1));

    /// <summary>The settings with as many connections of clients as there is room for.</summary>
    public ProcessOptions Apply(ProcessOptions settings) => settings with
    {
        Proxy = settings.Proxy with { ClientLimits = settings.Proxy.ClientLimits with { MaxConnections = Fitting } },
    };

    /// <summary>Says when that is less than the settings ask for.</summary>
    public void Say(ILogger log)
    {
        if (Fitting < Wanted)
        {
            // Nobody asked for the default, so that it is no loss unless little is left.
            bool isLoss = Wanted != new ClientLimitOptions().MaxConnections || Reserve > Limit / 2;
            log.ConnectionsFitted(isLoss ? LogLevel.Warning : LogLevel.Information, Fitting, Wanted, Limit, Reserve);
        }
    }

    private static int ReserveOf(ProxyOptions proxy)
    {
        int sockets = proxy.Frontends.Sum(f => (1 + f.AdditionalAddresses.Count) * (f.HasDatagrams ? 2 : 1));
        return Process + (proxy.Shards * (PerShard + sockets)) + proxy.Backends.Sum(b => Connections(b, proxy.Shards) + Sockets(b, proxy.Shards));
    }

    /// <summary>One more a shard replaces a connection that is silent.</summary>
    private static int Connections(BackendOptions backend, int shards)
    {
        int most = Math.Max(backend.Connections, shards) + (shards * (1 + backend.SpareConnections));
        return backend.MaxConcurrentTcpConnections > 0 ? Math.Min(most, backend.MaxConcurrentTcpConnections) : most;
    }

    /// <summary>As many again are waited for while they are replaced.</summary>
    private static int Sockets(BackendOptions backend, int shards) => 2 * shards * backend.SocketsOf(shards);

    private static int ReserveOf(ConsoleOptions? console) => console switch
    {
        null => 0,
        { MaxConnections: 0 } => OperatorConnections + 1,
        _ => Math.Min(console.MaxConnections, OperatorConnections) + 1,
    };
}
