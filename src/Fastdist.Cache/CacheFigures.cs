namespace Fastdist.Cache;

/// <summary>What a cache has counted since it was made.</summary>
/// <param name="Entries">Entries there are now, those whose time is over included.</param>
/// <param name="Bytes">Bytes of memory that they take, with what it takes to find them.</param>
/// <param name="Hits">Queries that were answered from it in time.</param>
/// <param name="StaleHits">Queries that were answered from it after the entry's time.</param>
/// <param name="Misses">Queries for which it had nothing.</param>
/// <param name="DeferredInserts">Answers that were not kept, as others were being kept just then.</param>
/// <param name="DeferredLookups">Queries that found their entry being changed, which are misses, too.</param>
/// <param name="LookupCollisions">Queries that found an entry of another question: none, as questions are compared whole.</param>
/// <param name="InsertCollisions">Answers that found an entry of another question: none.</param>
/// <param name="TtlTooShorts">Answers that were not kept for their TTL.</param>
/// <param name="CleanupCount">Looks for entries whose time is over.</param>
/// <param name="Evictions">Entries that made room for others before their time was over.</param>
/// <param name="RefusedInserts">Answers for which no room was made.</param>
/// <param name="Refreshes">Entries that somebody was sent for to renew them before their end.</param>
/// <param name="Shared">Queries that waited for the answer to an equal one, and were not sent.</param>
public readonly record struct CacheFigures(
    long Entries, long Bytes, long Hits, long StaleHits, long Misses, long DeferredInserts, long DeferredLookups, long LookupCollisions, long InsertCollisions, long TtlTooShorts,
    long CleanupCount, long Evictions, long RefusedInserts, long Refreshes, long Shared);
