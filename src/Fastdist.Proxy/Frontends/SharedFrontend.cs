using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Fastdist.Proxy.Counters;
using Fastdist.Settings;

namespace Fastdist.Proxy.Frontends;

/// <summary>What the shards share of one frontend: its settings, the count of its connections, and what each counts for it.</summary>
internal sealed class SharedFrontend
{
    private volatile FrontendOptions _options;
    private int _shardsLeft;

    /// <param name="slot">Its place in every shard's table, which another frontend may take once it is gone.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="shards">Shards of the process.</param>
    public SharedFrontend(int slot, FrontendOptions options, int shards)
        : this(slot, options, CreateCounters(options.HasDatagrams ? shards : 0, isDoh: false), CreateCounters(shards, options.Doh is not null))
    {
    }

    /// <param name="slot">Its place in every shard's table.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="udp">What each shard counts of datagrams; nothing where there are none.</param>
    /// <param name="tcp">What each shard counts of connections.</param>
    public SharedFrontend(int slot, FrontendOptions options, IReadOnlyList<FrontendCounters> udp, IReadOnlyList<FrontendCounters> tcp)
    {
        Slot = slot;
        _options = options;
        Limit = new ConnectionCount(options.MaxConcurrentTcpConnections);
        Udp = udp;
        Tcp = tcp;
    }

    /// <summary>Its place in every shard's table.</summary>
    public int Slot { get; }

    /// <summary>Its settings. Each shard goes by its own until it has heard that they changed.</summary>
    public FrontendOptions Options
    {
        get => _options;
        set
        {
            _options = value;
            Limit.Most = value.MaxConcurrentTcpConnections;
        }
    }

    /// <summary>The process's count of its connections.</summary>
    public ConnectionCount Limit { get; }

    /// <summary>What each shard counts of datagrams, which that shard alone writes; nothing where there are none.</summary>
    public IReadOnlyList<FrontendCounters> Udp { get; }

    /// <summary>The same of connections.</summary>
    public IReadOnlyList<FrontendCounters> Tcp { get; }

    /// <summary>Whether every shard has let go of it after it was removed.</summary>
    public bool IsGone => Volatile.Read(ref _shardsLeft) == Tcp.Count;

    /// <summary>A shard has no socket or client of it any more.</summary>
    public void ShardLeft() => Interlocked.Increment(ref _shardsLeft);

    private static FrontendCounters[] CreateCounters(int shards, bool isDoh) =>
        [.. Enumerable.Range(0, shards).Select(_ => new FrontendCounters { Doh = isDoh ? new DohCounters() : null })];
}
