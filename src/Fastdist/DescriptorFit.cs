using System;
using Fastdist.Control.Consoles;
using Fastdist.Control.Web;
using Fastdist.Options;
using Fastdist.Proxy;
using Fastdist.Settings;
using Microsoft.Extensions.Logging;

namespace Fastdist;

/// <summary>How <c>--max-tcp-connections</c> fits the descriptors there may be.</summary>
/// <param name="Wanted">Connections of clients that the settings ask for.</param>
/// <param name="Fitting">As many of these as there is room for.</param>
/// <param name="Limit">Descriptors the process may have.</param>
/// <param name="Reserve">Those that are for others than clients.</param>
internal sealed record DescriptorFit(int Wanted, int Fitting, int Limit, int Reserve)
{
    /// <summary>Connections that an operator's tools have descriptors kept for; more make clients' connections give way.</summary>
    private const int OperatorConnections = 16;

    /// <summary>Works it out.</summary>
    /// <param name="settings">What the command line said.</param>
    /// <param name="console">The console to be offered, or null.</param>
    /// <param name="web">The web server to be offered, or null.</param>
    /// <param name="limit">Descriptors the process may have.</param>
    public static DescriptorFit Of(ProgramOptions settings, ConsoleOptions? console, WebServerOptions? web, int limit)
    {
        int wanted = settings.Proxy.ClientLimits.MaxConnections;
        int reserve = DescriptorBudget.Reserve(settings.Proxy, ReserveOf(console) + (web is null ? 0 : OperatorConnections + 1));
        return new DescriptorFit(wanted, DescriptorBudget.Fit(wanted, limit, reserve), limit, reserve);
    }

    /// <summary>The settings with as many connections of clients as there is room for.</summary>
    public ProgramOptions Apply(ProgramOptions settings) => settings with
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

    private static int ReserveOf(ConsoleOptions? console) => console switch
    {
        null => 0,
        { MaxConnections: 0 } => OperatorConnections + 1,
        _ => Math.Min(console.MaxConnections, OperatorConnections) + 1,
    };
}
