using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Fastdist.Proxy;

namespace Fastdist.Control.Web;

/// <summary>What the web server shows. Looking costs the shards nothing: their plain fields are read, and added up here.</summary>
public sealed class WebSource
{
    private readonly long _started = Stopwatch.GetTimestamp();

    private readonly Func<IReadOnlyList<FrontendView>> _frontends;
    private readonly Func<IReadOnlyList<BackendView>> _backends;
    private readonly Func<IReadOnlyList<ShardView>> _shards;
    private readonly Func<IReadOnlyList<Statistic>> _statistics;

    /// <param name="server">The proxy.</param>
    /// <param name="version">Of this program.</param>
    public WebSource(ProxyServer server, string version)
        : this(() => server.Frontends, () => server.Backends, () => server.Shards, server.GlobalStatistics, server.Counters, version)
    {
    }

    internal WebSource(
        Func<IReadOnlyList<FrontendView>> frontends,
        Func<IReadOnlyList<BackendView>> backends,
        Func<IReadOnlyList<ShardView>> shards,
        Func<IReadOnlyList<Statistic>> statistics,
        ControlCounters control,
        string version) =>
        (_frontends, _backends, _shards, _statistics, Control, Version) = (frontends, backends, shards, statistics, control, version);

    /// <summary>Of this program.</summary>
    public string Version { get; }

    /// <summary>Tells this run of the program from others.</summary>
    public Guid Run { get; } = Guid.NewGuid();

    /// <summary>Since the start, milliseconds.</summary>
    public long UptimeMilliseconds => (long)Stopwatch.GetElapsedTime(_started).TotalMilliseconds;

    /// <summary>Frontends, once for each protocol.</summary>
    public IReadOnlyList<FrontendView> Frontends => _frontends();

    /// <summary>Backends of the moment.</summary>
    public IReadOnlyList<BackendView> Backends => _backends();

    /// <summary>Shards.</summary>
    public IReadOnlyList<ShardView> Shards => _shards();

    /// <summary>What the control thread counts.</summary>
    public ControlCounters Control { get; }

    /// <summary>The process's figures by dnsdist's names, without the one that dnsdist too finds too expensive to give to everybody.</summary>
    public IEnumerable<Statistic> Statistics() => _statistics().Where(s => s.Name != "special-memory-usage");
}
