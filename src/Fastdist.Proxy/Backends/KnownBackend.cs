using System;
using System.Collections.Generic;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using Fastdist.Settings;
using Fastdist.Tls;

namespace Fastdist.Proxy.Backends;

/// <summary>What a shard knows of a backend apart from how it is reached; the backend and its connections share it.</summary>
/// <param name="shard">The shard.</param>
/// <param name="shared">What all shards share of it.</param>
/// <param name="tls">Context for its sessions, which it comes to own; null for plain TCP.</param>
/// <param name="board">Where its connections note how they stand.</param>
internal sealed class KnownBackend(ShardContext shard, SharedBackend shared, TlsContext? tls, StandingBoard board) : IDisposable
{
    /// <summary>What happens before it is heard.</summary>
    private const int ReportsAtOnce = 8;

    /// <summary>What all shards share of it.</summary>
    public SharedBackend Shared => shared;

    /// <summary>Its slot in the shard's <see cref="BackendSet"/>.</summary>
    public int Slot => shared.Slot;

    /// <summary>Its settings, as far as this shard has heard of them.</summary>
    public BackendOptions Options { get; set; } = shared.Options;

    /// <summary>How what is sent to it leaves this host.</summary>
    public Departure Departure { get; } = shared.Options.Departure;

    /// <summary>Where this shard counts.</summary>
    public BackendCounters Counters { get; } = shared.Counters[shard.Id];

    /// <summary>Where its connections note how they stand.</summary>
    public StandingBoard Board => board;

    /// <summary>Whether it is to be used.</summary>
    public BackendStatus Status { get; } = new(shared, board);

    /// <summary>What happened to its connections, in order; to be heard after whatever is done to one.</summary>
    public Queue<ConnectionReport> Reports { get; } = new(ReportsAtOnce);

    /// <summary>What its next sessions are made with; null for plain TCP.</summary>
    public TlsContext? Tls { get; private set; } = tls;

    /// <summary>Whether a connection is to be there: one over UDP has them only while something waits that cannot go that way.</summary>
    public bool IsConnectionWanted { get; set; } = !shared.Options.HasDatagrams;

    /// <summary>What its queries get on their way and its answers lose again.</summary>
    public QueryEdits Edits { get; } = new(shared.Options, shard.Options, shard.Table);

    /// <summary>Whether it bears that.</summary>
    public EditRefusals Refusals { get; } = new();

    /// <summary>What the first connection found out; a silent connection puts it in doubt again.</summary>
    public RecordBatching Batching { get; set; }

    /// <summary>What the next connection may carry at once.</summary>
    public Allowance NextAllowance { get; set; } = Allowance.Unlimited;

    /// <summary>Makes further sessions with another context; those that are there keep theirs.</summary>
    public void Renew(TlsContext context)
    {
        Tls?.Dispose();
        Tls = context;
    }

    /// <summary>Lets go of the context.</summary>
    public void Dispose() => Tls?.Dispose();
}
