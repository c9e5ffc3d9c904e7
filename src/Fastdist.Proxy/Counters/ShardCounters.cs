namespace Fastdist.Proxy.Counters;

/// <summary>What a shard counted about itself. Plain fields written by the shard alone.</summary>
public sealed class ShardCounters
{
    /// <summary>Turns of the loop; a shard that is alive keeps moving it.</summary>
    public long Turns;

    /// <summary>Completions handled.</summary>
    public long Completions;

    /// <summary>Bytes of managed memory the shard's thread has allocated since it started.</summary>
    public long AllocatedBytes;

    /// <summary>Queries in flight.</summary>
    public long InFlight;
}
