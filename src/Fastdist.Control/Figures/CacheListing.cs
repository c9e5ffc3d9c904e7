using System.Collections.Generic;
using Fastdist.Cache;

namespace Fastdist.Control.Figures;

/// <summary>What a packet cache has counted, as dnsdist's <c>printStats()</c> and <c>getStats()</c> have it. A stale hit is one of their hits.</summary>
internal static class CacheListing
{
    /// <summary>The lines of <c>printStats()</c>.</summary>
    public static string Print(in CacheFigures figures, long maxEntries) =>
        $"Entries: {figures.Entries}/{maxEntries}\n"
        + $"Hits: {figures.Hits + figures.StaleHits}\n"
        + $"Misses: {figures.Misses}\n"
        + $"Deferred inserts: {figures.DeferredInserts}\n"
        + $"Deferred lookups: {figures.DeferredLookups}\n"
        + $"Lookup Collisions: {figures.LookupCollisions}\n"
        + $"Insert Collisions: {figures.InsertCollisions}\n"
        + $"TTL Too Shorts: {figures.TtlTooShorts}\n"
        + $"Cleanup Count: {figures.CleanupCount}\n";

    /// <summary>The table of <c>getStats()</c>, with what dnsdist has no name for behind.</summary>
    public static IReadOnlyList<(string Key, double Value)> Figures(in CacheFigures figures, long maxEntries) =>
    [
        ("entries", figures.Entries),
        ("maxEntries", maxEntries),
        ("hits", figures.Hits + figures.StaleHits),
        ("misses", figures.Misses),
        ("deferredInserts", figures.DeferredInserts),
        ("deferredLookups", figures.DeferredLookups),
        ("lookupCollisions", figures.LookupCollisions),
        ("insertCollisions", figures.InsertCollisions),
        ("ttlTooShorts", figures.TtlTooShorts),
        ("cleanupCount", figures.CleanupCount),
        ("bytes", figures.Bytes),
        ("staleHits", figures.StaleHits),
        ("evictions", figures.Evictions),
        ("refusedInserts", figures.RefusedInserts),
        ("refreshes", figures.Refreshes),
        ("shared", figures.Shared),
    ];
}
