namespace Fastdist.Cache;

/// <summary>What one shard has counted of a cache, plain fields that others add up.</summary>
public sealed class CacheCounters
{
    /// <inheritdoc cref="CacheFigures.Hits"/>
    public long Hits;

    /// <inheritdoc cref="CacheFigures.StaleHits"/>
    public long StaleHits;

    /// <inheritdoc cref="CacheFigures.Misses"/>
    public long Misses;

    /// <inheritdoc cref="CacheFigures.DeferredInserts"/>
    public long DeferredInserts;

    /// <inheritdoc cref="CacheFigures.DeferredLookups"/>
    public long DeferredLookups;

    /// <inheritdoc cref="CacheFigures.TtlTooShorts"/>
    public long TtlTooShorts;

    /// <inheritdoc cref="CacheFigures.Refreshes"/>
    public long Refreshes;

    /// <inheritdoc cref="CacheFigures.Shared"/>
    public long Shared;
}
