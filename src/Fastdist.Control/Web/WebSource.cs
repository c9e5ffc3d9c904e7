using System;
using System.Collections.Generic;
using System.Diagnostics;
using Fastdist.Control.Figures;
using Fastdist.Proxy;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Views;
using Fastdist.Settings.Rules;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Web;

/// <summary>What the web server shows. Looking costs the shards nothing: their plain fields are read, and added up here.</summary>
public sealed class WebSource
{
    private readonly long _started = Stopwatch.GetTimestamp();

    private readonly ProxyServer _server;

    /// <param name="server">The proxy.</param>
    /// <param name="rates">How fast its backends' counters move; somebody ticks it.</param>
    /// <param name="version">Of this program.</param>
    public WebSource(ProxyServer server, Rates rates, string version) => (_server, Rates, Version) = (server, rates, version);

    /// <summary>Of this program.</summary>
    public string Version { get; }

    /// <summary>Which backend a query goes to in pools that have no way of their own, as dnsdist calls it.</summary>
    public string Policy => PolicyNames.Of(_server.Policy);

    /// <summary>How fast counters of backends move.</summary>
    public Rates Rates { get; }

    /// <summary>The networks that are served.</summary>
    public string Acl => string.Join(", ", _server.Acl.Networks);

    /// <summary>What the ways in for an operator count.</summary>
    public IReadOnlyList<OperatorCounters> Operators { get; init; } = [];

    /// <summary>Tells this run of the program from others.</summary>
    public Guid Run { get; } = Guid.NewGuid();

    /// <summary>Since the start, milliseconds.</summary>
    public long UptimeMilliseconds => (long)Stopwatch.GetElapsedTime(_started).TotalMilliseconds;

    /// <summary>Frontends, once for each protocol.</summary>
    public IReadOnlyList<FrontendView> Frontends => _server.Frontends;

    /// <summary>The same, and what frontends counted that are gone.</summary>
    public IReadOnlyList<FrontendView> CountedFrontends => _server.CountedFrontends;

    /// <summary>Backends of the moment.</summary>
    public IReadOnlyList<BackendView> Backends => _server.Backends;

    /// <summary>Pools of the moment, the default one first.</summary>
    public IReadOnlyList<PoolView> Pools => _server.Pools;

    /// <summary>What is done with which queries and answers.</summary>
    public RuleChains Rules => _server.Rules;

    /// <summary>Who is blocked for a time.</summary>
    public DynamicBlocks Blocks => _server.Blocks;

    /// <summary>Shards.</summary>
    public IReadOnlyList<ShardView> Shards => _server.Shards;

    /// <summary>What the control thread counts.</summary>
    public ControlCounters Control => _server.Counters;

    /// <summary>The process's figures by dnsdist's names, without the one that dnsdist too finds too expensive to give to everybody.</summary>
    public IReadOnlyList<Statistic> Statistics() => _server.GlobalStatistics(isThorough: false);
}
