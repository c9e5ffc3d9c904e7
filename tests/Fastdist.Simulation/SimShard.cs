using Fastdist.Proxy.Shards;
using Fastdist.Simulation.Network;

namespace Fastdist.Simulation;

/// <summary>A shard, its ring, and when it runs next.</summary>
internal sealed class SimShard(Shard shard, SimRing ring)
{
    public Shard Shard => shard;

    public SimRing Ring => ring;

    /// <summary>When its last turn is over.</summary>
    public long BusyUntil { get; set; }

    /// <summary>When it has waited long enough for completions.</summary>
    public long WaitsUntil { get; set; }

    /// <summary>Turns it had.</summary>
    public int Turns { get; set; }

    /// <summary>Whether it has ended.</summary>
    public bool IsDone { get; set; }
}
