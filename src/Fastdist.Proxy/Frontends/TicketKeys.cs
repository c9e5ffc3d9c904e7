using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Files;
using Fastdist.Settings;
using Fastdist.Tls;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// The ticket key stores of the process: one for all frontends, unless some have other key settings.
/// Changed by one thread at a time; shards only read the stores.
/// </summary>
/// <param name="clock">The date, and a clock that only goes forward.</param>
/// <param name="log">Where warnings go.</param>
internal sealed class TicketKeys(TimeProvider clock, ILogger log)
{
    private volatile Dictionary<TicketKeyOptions, TicketKeySource> _sources = [];

    /// <summary>Where the ticket keys of some frontends come from: the sources that are in use for the settings they know, and new ones for the others.</summary>
    /// <exception cref="TlsConfigurationException">A key or secret file cannot be used.</exception>
    public IReadOnlyDictionary<TicketKeyOptions, TicketKeySource> Prepare(IEnumerable<FrontendOptions> frontends)
    {
        var sources = new Dictionary<TicketKeyOptions, TicketKeySource>();
        foreach (FrontendOptions frontend in frontends.Where(static f => f.Tls is { SessionTickets: true }))
        {
            TicketKeyOptions wanted = frontend.Tls!.TicketKeys;
            if (!sources.ContainsKey(wanted))
            {
                sources.Add(wanted, _sources.GetValueOrDefault(wanted) ?? Create(wanted, frontend.Flag));
            }
        }

        return sources;
    }

    /// <summary>Has these sources and no others.</summary>
    public void Keep(IReadOnlyDictionary<TicketKeyOptions, TicketKeySource> sources) => _sources = new(sources);

    /// <summary>Where a frontend's ticket keys come from; null when it gives no tickets.</summary>
    public TicketKeySource? SourceOf(FrontendOptions frontend) => frontend.Tls is { SessionTickets: true } tls ? _sources.GetValueOrDefault(tls.TicketKeys) : null;

    /// <summary>Rotates what is due.</summary>
    public void Maintain()
    {
        foreach (TicketKeySource source in _sources.Values)
        {
            if (source.Maintain())
            {
                log.TicketKeysRotated();
            }
        }
    }

    /// <summary>Reads every file again, each for itself.</summary>
    /// <returns>What puts the keys to use of those that could be read.</returns>
    public Action PrepareReload(ReloadReport report)
    {
        TicketKeySource[] sources = [.. _sources.Values];
        Action?[] loads = [.. sources.Select(source => report.Try("", source.PrepareReload))];
        Array.ForEach(sources, Warn);
        return () => Array.ForEach(loads, load => load?.Invoke());
    }

    private TicketKeySource Create(TicketKeyOptions options, string where)
    {
        var source = new TicketKeySource(options, where, clock);
        Warn(source);
        return source;
    }

    private void Warn(TicketKeySource source)
    {
        foreach (string warning in source.Warnings)
        {
            log.TicketKeysDoubtful(warning);
        }
    }
}
