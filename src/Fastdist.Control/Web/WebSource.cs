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

    /// <param name="server">The proxy.</param>
    /// <param name="version">Of this program.</param>
    public WebSource(ProxyServer server, string version)
        : this(() => server.Frontends, () => server.Backends, () => server.Shards, server.Counters, version)
    {
    }

    internal WebSource(
        Func<IReadOnlyList<FrontendView>> frontends, Func<IReadOnlyList<BackendView>> backends, Func<IReadOnlyList<ShardView>> shards, ControlCounters control, string version) =>
        (_frontends, _backends, _shards, Control, Version) = (frontends, backends, shards, control, version);

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

    /// <summary>The process's numbers by the reference's names, in their order.</summary>
    public IEnumerable<(string Name, double Value)> Statistics()
    {
        IReadOnlyList<FrontendView> frontends = Frontends;
        IReadOnlyList<BackendView> backends = Backends;
        yield return ("acl-drops", frontends.Sum(f => f.Sum(c => c.AclDrops)));
        yield return ("noncompliant-queries", frontends.Sum(f => f.Sum(c => c.NoncompliantQueries)));
        yield return ("noncompliant-responses", backends.Sum(b => b.Sum(c => c.NoncompliantResponses)));
        yield return ("queries", frontends.Sum(f => f.Sum(c => c.Queries)));
        yield return ("real-memory-usage", Environment.WorkingSet);
        yield return ("responses", frontends.Sum(f => f.Sum(c => c.Responses)));
        yield return ("uptime", UptimeMilliseconds / 1000);
    }
}
