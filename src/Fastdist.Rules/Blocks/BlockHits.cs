using System.Threading;

namespace Fastdist.Rules.Blocks;

/// <summary>How often a block was met; a block that is renewed counts on.</summary>
internal sealed class BlockHits
{
    private long _count;

    /// <summary>Queries that met it.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>How many there were when <see cref="BlockOffenders"/> looked last.</summary>
    public long Seen { get; set; }

    /// <summary>Counts one. From any thread.</summary>
    public void Add() => Interlocked.Increment(ref _count);
}
