using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Settings;

namespace Fastdist.Proxy.Views;

/// <summary>
/// One backend as whoever looks from outside the shards sees it: its settings, its state, and the counters that each
/// shard keeps for it, added up when asked for.
/// </summary>
public sealed class BackendView
{
    private volatile string[] _pools;

    /// <param name="shared">What the shards share of it.</param>
    internal BackendView(SharedBackend shared)
    {
        Shared = shared;
        Id = shared.Options.Id ?? Guid.NewGuid();
        _pools = [.. shared.Options.Pools.Order(StringComparer.Ordinal)];
    }

    /// <summary>Its settings.</summary>
    public BackendOptions Options => Shared.Options;

    /// <summary>What tells it from every other one, also from one of the same address that is added later.</summary>
    public Guid Id { get; }

    /// <summary>Its name; the address unless it was given another.</summary>
    public string Name => Shared.Name;

    /// <summary>Where it listens, address and port.</summary>
    public string Address => Shared.Address;

    /// <summary>Names of the pools it is in, sorted; that of the default pool is empty.</summary>
    public IReadOnlyList<string> Pools
    {
        get => _pools;
        internal set => _pools = [.. value];
    }

    /// <summary>Whether it is used, and who said so.</summary>
    public BackendState State => Shared.State;

    /// <summary>Why its health checks last took it down; empty when they have not.</summary>
    public string DownReason => Shared.DownReason;

    /// <summary>Whether it is used.</summary>
    public bool IsUsable => Shared.IsUsable;

    /// <summary>Who decides whether it is up.</summary>
    public HealthCheckMode Mode => Shared.Mode;

    /// <summary>Most connections that were open at once.</summary>
    public int MaxConnections => Shared.Limit.Greatest;

    /// <summary>What the shards share of it.</summary>
    internal SharedBackend Shared { get; }

    /// <summary>A counter's value, of all shards together.</summary>
    public long Sum(Func<BackendCounters, long> read) => Shared.Counters.Sum(read);

    /// <summary>A sum over connections that have ended, divided by their number; 0 while none has.</summary>
    public double MeanOfEnded(Func<BackendCounters, long> sum) => Sum(c => c.EndedConnections) is > 0 and long ended ? (double)Sum(sum) / ended : 0;

    /// <summary>How long clients' queries took that it answered.</summary>
    public LatencyHistogram Latency() => LatencyHistogram.SumOf(Shared.Counters.Select(c => c.Latency));

    /// <summary>Health checks that failed for a reason.</summary>
    public long FailedChecks(HealthCheckFailure reason) => Sum(c => c.CheckFailures[(int)reason]);

    /// <summary>Milliseconds that the last health check took that succeeded; 0 before the first. Only the shard that checks it has any.</summary>
    public double LastCheckMilliseconds => Sum(c => c.LastCheckMicroseconds) / 1000.0;

    /// <summary>How long health checks took that succeeded.</summary>
    public LatencyHistogram CheckLatency() => LatencyHistogram.SumOf(Shared.Counters.Select(c => c.CheckLatency));
}
