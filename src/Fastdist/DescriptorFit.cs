using System;
using Fastdist.Control.Consoles;
using Fastdist.Control.Web;
using Fastdist.Options;
using Fastdist.Proxy;
using Microsoft.Extensions.Logging;

namespace Fastdist;

/// <summary>Fits <c>--max-tcp-connections</c> to the descriptors there may be, and says so.</summary>
internal static class DescriptorFit
{
    /// <summary>Connections that an operator's tools have descriptors kept for; more make clients' connections give way.</summary>
    private const int OperatorConnections = 16;

    /// <summary>The settings with as many connections of clients as there is room for.</summary>
    /// <param name="settings">What the command line said.</param>
    /// <param name="console">The console to be offered, or null.</param>
    /// <param name="web">The web server to be offered, or null.</param>
    /// <param name="limit">Descriptors the process may have.</param>
    /// <param name="log">Told when it had to be less than the settings say.</param>
    public static Settings Apply(Settings settings, ConsoleOptions? console, WebServerOptions? web, int limit, ILogger log)
    {
        ClientLimitOptions clients = settings.Proxy.ClientLimits;
        int reserve = DescriptorBudget.Reserve(settings.Proxy, ReserveOf(console) + (web is null ? 0 : OperatorConnections + 1));
        int fitting = DescriptorBudget.Fit(clients.MaxConnections, limit, reserve);
        if (fitting == clients.MaxConnections)
        {
            return settings;
        }

        // Nobody asked for the default, so that it is no loss unless little is left.
        bool isLoss = clients.MaxConnections != new ClientLimitOptions().MaxConnections || reserve > limit / 2;
        log.ConnectionsFitted(isLoss ? LogLevel.Warning : LogLevel.Information, fitting, clients.MaxConnections, limit, reserve);
        return settings with { Proxy = settings.Proxy with { ClientLimits = clients with { MaxConnections = fitting } } };
    }

    private static int ReserveOf(ConsoleOptions? console) => console switch
    {
        null => 0,
        { MaxConnections: 0 } => OperatorConnections + 1,
        _ => Math.Min(console.MaxConnections, OperatorConnections) + 1,
    };
}
