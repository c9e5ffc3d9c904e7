using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Fastdist.Proxy.Counters;
using Fastdist.Ring;
using Fastdist.Settings;

namespace Fastdist.Proxy.Backends;

/// <summary>What the shards share of one backend: its settings, what any of them found out about it, and what each counts for it.</summary>
internal sealed class SharedBackend
{
    private readonly BackendCounters[] _counters;
    private readonly ResultSamples[] _results;
    private volatile bool _isUp;
    private volatile HealthCheckMode _mode;
    private volatile BackendOptions _options;
    private volatile string _downReason = "";
    private volatile bool _refusesProtocol;
    private volatile int _period;
    private int _shardsLeft;
    private long _certificateEnd = long.MaxValue;

    /// <param name="slot">Its place in every shard's table, which another backend may take once it is gone.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="shards">Shards of the process.</param>
    public SharedBackend(int slot, BackendOptions options, int shards)
    {
        Slot = slot;
        _options = options;
        Limit = new ConnectionCount(options.MaxConcurrentTcpConnections, kept: options.ConnectionsKept(shards));
        _counters = [.. Enumerable.Range(0, shards).Select(_ => new BackendCounters())];
        _results = [.. Enumerable.Range(0, shards).Select(_ => new ResultSamples(Math.Max(options.LazyHealthCheck.SampleSize / shards, 1)))];
        _mode = options.HealthCheckMode;
        _isUp = options.HealthCheckMode != HealthCheckMode.Down;
    }

    /// <summary>Its place in every shard's table.</summary>
    public int Slot { get; }

    /// <summary>Its settings. Each shard goes by its own until it has heard that they changed.</summary>
    public BackendOptions Options
    {
        get => _options;
        set => _options = value;
    }

    /// <summary>Its name; the address unless it was given another.</summary>
    public string Name => Options.Name;

    /// <summary>Where it listens, address and port.</summary>
    public string Address => NetworkInterfaces.Describe(Options.Address);

    /// <summary>The process's count of connections to it.</summary>
    public ConnectionCount Limit { get; }

    /// <summary>What each shard counts, which that shard alone writes.</summary>
    public IReadOnlyList<BackendCounters> Counters => _counters;

    /// <summary>Whether it is used, and who said so.</summary>
    public BackendState State => _mode switch
    {
        HealthCheckMode.Up => BackendState.ForcedUp,
        HealthCheckMode.Down => BackendState.ForcedDown,
        _ => _isUp ? BackendState.Up : BackendState.Down,
    };

    /// <summary>Whether it is used.</summary>
    public bool IsUsable => State is BackendState.Up or BackendState.ForcedUp;

    /// <summary>Who decides whether it is up.</summary>
    public HealthCheckMode Mode
    {
        get => _mode;
        set
        {
            _mode = value;
            StateChanged();
        }
    }

    /// <summary>The verdict of its health checks.</summary>
    public bool IsUp
    {
        get => _isUp;
        set
        {
            _isUp = value;
            StateChanged();
        }
    }

    /// <summary>Why its health checks last took it down; empty when they have not.</summary>
    public string DownReason
    {
        get => _downReason;
        set => _downReason = value;
    }

    /// <summary>Whether it refused a handshake for the ALPN protocol that it offered, on any shard.</summary>
    public bool RefusesProtocol
    {
        get => _refusesProtocol;
        set => _refusesProtocol = value;
    }

    /// <summary>Called after each change of <see cref="State"/>, on whatever thread made it.</summary>
    public Action StateChanged { get; set; } = static () => { };

    /// <summary>When the first certificate ends by which it was last verified, Unix seconds; <see cref="long.MaxValue"/> when it never was.</summary>
    public long CertificateEnd
    {
        get => Volatile.Read(ref _certificateEnd);
        set => Volatile.Write(ref _certificateEnd, value);
    }

    /// <summary>The <see cref="CertificateEnd"/> that the log has told of; the control thread's.</summary>
    public long ToldCertificateEnd { get; set; }

    /// <summary>A shard remembers what became of a query, for lazy checks.</summary>
    public void AddResult(int shard, bool isFailure) => _results[shard].Add(isFailure, _period);

    /// <summary>How many results all shards remember, and how many of them are failures.</summary>
    public (int Count, int Failures) Results()
    {
        (int count, int failures) = (0, 0);
        foreach (ResultSamples results in _results)
        {
            (int Count, int Failures) part = results.Of(_period);
            (count, failures) = (count + part.Count, failures + part.Failures);
        }

        return (count, failures);
    }

    /// <summary>Has all shards forget their results; for the shard that checks the backend.</summary>
    public void ForgetResults() => _period++;

    /// <summary>Whether every shard has let go of it after it was removed.</summary>
    public bool IsGone => Volatile.Read(ref _shardsLeft) == _counters.Length;

    /// <summary>A shard has no query or connection of it any more.</summary>
    public void ShardLeft() => Interlocked.Increment(ref _shardsLeft);
}
