using System;
using System.Threading;
using Fastdist.Dns;

namespace Fastdist.Rules.Blocks;

/// <summary>Somebody or some name that is blocked. Shards read it; how long it lasts, and how often it was met, change.</summary>
public sealed class Block
{
    private const long MicrosecondsPerSecond = 1_000_000;

    private long _until;

    internal Block(BlockedRange? range, DomainName? name, BlockTerms terms, long until, Block? renewed)
    {
        (Range, Name, Terms, _until) = (range, name, terms, until);
        Met = renewed?.Met ?? new BlockHits();
    }

    /// <summary>Whose queries are blocked; null when it is about names.</summary>
    public BlockedRange? Range { get; }

    /// <summary>The name that is blocked with all below it; null when it is about clients.</summary>
    public DomainName? Name { get; }

    /// <summary>What it was made with.</summary>
    public BlockTerms Terms { get; }

    /// <summary>When it ends, microseconds.</summary>
    public long Until => Volatile.Read(ref _until);

    /// <summary>Queries that met it.</summary>
    public long Hits => Met.Count;

    /// <summary>Who or what is blocked, as operators write it.</summary>
    public string What => Range?.ToString() ?? Name!.ToString();

    /// <summary>Seconds that it still lasts, begun ones too; 0 when it is over.</summary>
    /// <param name="now">Microseconds.</param>
    public long SecondsLeft(long now) => Math.Max((Until - now + MicrosecondsPerSecond - 1) / MicrosecondsPerSecond, 0);

    /// <summary>Counts a query that met it. From any thread.</summary>
    public void CountHit() => Met.Add();

    /// <summary>Counts for the block that this one was before, too.</summary>
    internal BlockHits Met { get; }

    /// <summary>Makes it last longer.</summary>
    internal void Extend(long until) => Volatile.Write(ref _until, until);

    /// <summary>When a block ends that is made now.</summary>
    internal static long EndOf(BlockTerms terms, long now) => now + (terms.Seconds * MicrosecondsPerSecond);
}
