using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Files;
using Fastdist.Settings;
using Fastdist.Tls;
using Fastdist.Tls.Tickets;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// The ticket key stores of the process: one for all frontends, unless some have other key settings.
/// Changed by one thread at a time; shards only read the stores.
/// </summary>
internal sealed class TicketKeys
{
    private readonly Dictionary<TicketKeyOptions, TicketKeySource> _sources = [];
    private readonly ILogger _log;

    /// <param name="options">The proxy's settings.</param>
    /// <param name="clock">The date, and a clock that only goes forward.</param>
    /// <param name="log">Where warnings go.</param>
    /// <exception cref="TlsConfigurationException">A key or secret file cannot be used.</exception>
    public TicketKeys(ProxyOptions options, TimeProvider clock, ILogger log)
    {
        _log = log;
        foreach (FrontendOptions frontend in options.Frontends.Where(f => f.Tls is { SessionTickets: true }).DistinctBy(f => f.Tls!.TicketKeys))
        {
            TicketKeyOptions wanted = frontend.Tls!.TicketKeys;
            _sources.Add(wanted, new TicketKeySource(wanted, frontend.Flag, clock));
        }

        Warn();
    }

    /// <summary>The store a frontend's tickets are made with.</summary>
    public TicketKeyStore StoreOf(FrontendOptions frontend) => _sources[frontend.Tls!.TicketKeys].Store;

    /// <summary>Where a frontend's ticket keys come from; null when it gives no tickets.</summary>
    public TicketKeySource? SourceOf(FrontendOptions frontend) => frontend.Tls is { SessionTickets: true } tls ? _sources[tls.TicketKeys] : null;

    /// <summary>Rotates what is due.</summary>
    public void Maintain()
    {
        foreach (TicketKeySource source in _sources.Values)
        {
            if (source.Maintain())
            {
                _log.TicketKeysRotated();
            }
        }
    }

    /// <summary>Reads every file again, each for itself.</summary>
    /// <returns>What puts the keys to use of those that could be read.</returns>
    public Action PrepareReload(ReloadReport report)
    {
        Action?[] loads = [.. _sources.Values.Select(source => report.Try("", source.PrepareReload))];
        Warn();
        return () => Array.ForEach(loads, load => load?.Invoke());
    }

    private void Warn()
    {
        foreach (string warning in _sources.Values.SelectMany(s => s.Warnings))
        {
            _log.TicketKeysDoubtful(warning);
        }
    }
}
