using System;
using System.Linq;
using System.Threading;
using Fastdist.Ring;

namespace Fastdist.Proxy.Views;

/// <summary>
/// One backend as whoever looks from outside the shards sees it: its settings, its state, and the counters that each
/// shard keeps for it, added up when asked for.
/// </summary>
public sealed class BackendView
{
    private readonly BackendCounters[] _counters;
    private volatile bool _isUp;
    private volatile HealthCheckMode _mode;
    private volatile string _downReason = "";
    private volatile bool _refusesProtocol;
    private int _shardsLeft;
    private long _certificateEnd = long.MaxValue;

    /// <param name="slot">Its place in every shard's table, which another backend may take once it is gone.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="shards">Shards of the process.</param>
    internal BackendView(int slot, BackendOptions options, int shards)
    {
        Slot = slot;
        Options = options;
        Limit = new ConnectionCount(options.MaxConcurrentTcpConnections);
        _counters = [.. Enumerable.Range(0, shards).Select(_ => new BackendCounters())];
        _mode = options.HealthCheckMode;
        _isUp = options.HealthCheckMode != HealthCheckMode.Down;
    }

    /// <summary>Its settings, as it was added.</summary>
    public BackendOptions Options { get; }

    /// <summary>What tells it from every other one, also from one of the same address that is added later.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Its name; the address unless it was given another.</summary>
    public string Name => Options.Name;

    /// <summary>Where it listens, address and port.</summary>
    public string Address => NetworkInterfaces.Describe(Options.Address);

    /// <summary>Whether it is used, and who said so.</summary>
    public BackendState State => _mode switch
    {
        HealthCheckMode.Up => BackendState.ForcedUp,
        HealthCheckMode.Down => BackendState.ForcedDown,
        _ => _isUp ? BackendState.Up : BackendState.Down,
    };

    /// <summary>Why its health checks last took it down; empty when they have not.</summary>
    public string DownReason
    {
        get => _downReason;
        internal set => _downReason = value;
    }

    /// <summary>Whether it is used.</summary>
    public bool IsUsable => State is BackendState.Up or BackendState.ForcedUp;

    /// <summary>Most connections that were open at once.</summary>
    public int MaxConnections => Limit.Greatest;

    /// <summary>Its place in every shard's table.</summary>
    internal int Slot { get; }

    /// <summary>The process's count of connections to it.</summary>
    internal ConnectionCount Limit { get; }

    /// <summary>Who decides whether it is up.</summary>
    internal HealthCheckMode Mode
    {
        get => _mode;
        set
        {
            _mode = value;
            StateChanged();
        }
    }

    /// <summary>The verdict of its health checks.</summary>
    internal bool IsUp
    {
        get => _isUp;
        set
        {
            _isUp = value;
            StateChanged();
        }
    }

    /// <summary>Whether it refused a handshake for the ALPN protocol that it offered, on any shard.</summary>
    internal bool RefusesProtocol
    {
        get => _refusesProtocol;
        set => _refusesProtocol = value;
    }

    /// <summary>Called after each change of <see cref="State"/>, on whatever thread made it.</summary>
    internal Action StateChanged { get; set; } = static () => { };

    /// <summary>When the first certificate ends by which it was last verified, Unix seconds; <see cref="long.MaxValue"/> when it never was.</summary>
    internal long CertificateEnd
    {
        get => Volatile.Read(ref _certificateEnd);
        set => Volatile.Write(ref _certificateEnd, value);
    }

    /// <summary>The <see cref="CertificateEnd"/> that the log has told of; the control thread's.</summary>
    internal long ToldCertificateEnd { get; set; }

    /// <summary>Whether every shard has let go of it after it was removed.</summary>
    internal bool IsGone => Volatile.Read(ref _shardsLeft) == _counters.Length;

    /// <summary>A counter's value, of all shards together.</summary>
    public long Sum(Func<BackendCounters, long> read) => _counters.Sum(read);

    /// <summary>A sum over connections that have ended, divided by their number; 0 while none has.</summary>
    public double MeanOfEnded(Func<BackendCounters, long> sum) => Sum(c => c.EndedConnections) is > 0 and long ended ? (double)Sum(sum) / ended : 0;

    /// <summary>How long clients' queries took that it answered.</summary>
    public LatencyHistogram Latency() => LatencyHistogram.SumOf(_counters.Select(c => c.Latency));

    /// <summary>Health checks that failed for a reason.</summary>
    public long FailedChecks(HealthCheckFailure reason) => Sum(c => c.CheckFailures[(int)reason]);

    /// <summary>Milliseconds that the last health check took that succeeded; 0 before the first. Only the shard that checks it has any.</summary>
    public double LastCheckMilliseconds => Sum(c => c.LastCheckMicroseconds) / 1000.0;

    /// <summary>How long health checks took that succeeded.</summary>
    public LatencyHistogram CheckLatency() => LatencyHistogram.SumOf(_counters.Select(c => c.CheckLatency));

    /// <summary>What one shard counts, which that shard alone writes.</summary>
    internal BackendCounters CountersOf(int shard) => _counters[shard];

    /// <summary>A shard has no query or connection of it any more.</summary>
    internal void ShardLeft() => Interlocked.Increment(ref _shardsLeft);
}
