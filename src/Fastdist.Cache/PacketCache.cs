using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Threading;
using Fastdist.Cache.Answers;
using Fastdist.Cache.Storage;
using Fastdist.Dns;
using Fastdist.Settings;

namespace Fastdist.Cache;

/// <summary>
/// Answers that are given again, one cache for all shards and for as many pools as an operator wishes. Shards read and write through a <see cref="ShardCache"/>
/// each; what is here is for other threads, and takes the locks of those who write, a part at a time and briefly.
/// </summary>
public sealed class PacketCache : IDisposable
{
    /// <summary>Bytes of the key of a cache's hashes.</summary>
    internal const int HashKeySize = 2 * sizeof(ulong);

    private readonly ulong _key0;
    private readonly ulong _key1;
    private readonly CacheCounters[] _counters;
    private readonly Door _door;
    private long _cleanups;

    /// <summary>Makes an empty one.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="shards">Shards that will use it.</param>
    public PacketCache(CacheOptions options, int shards)
        : this(options, shards, RandomNumberGenerator.GetBytes(HashKeySize))
    {
    }

    /// <summary>Makes an empty one, whose entries lie where a known key has them.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="shards">Shards that will use it.</param>
    /// <param name="key">The key of its hashes: <see cref="HashKeySize"/> bytes.</param>
    internal PacketCache(CacheOptions options, int shards, ReadOnlySpan<byte> key)
    {
        Options = options;
        Rules = new KeyRules(options.CookieHashing, [.. options.SkipOptions]);
        (_key0, _key1) = (BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[sizeof(ulong)..]));
        _counters = [.. Enumerable.Range(0, shards).Select(static _ => new CacheCounters())];
        Store = new EntryStore(options.MaxEntries, CacheMemory.BytesOf(options), options.Shards, Math.Max((int)((long)options.MaxEntries * options.NegativeShare / 100), 1));
        _door = new Door(Store);
    }

    /// <summary>Its settings.</summary>
    public CacheOptions Options { get; }

    /// <summary>What it has counted.</summary>
    public CacheFigures Figures => new(
        Store.Count, Store.Bytes, Sum(static c => c.Hits), Sum(static c => c.StaleHits), Sum(static c => c.Misses), Sum(static c => c.DeferredInserts),
        Sum(static c => c.DeferredLookups), LookupCollisions: 0, InsertCollisions: 0, Sum(static c => c.TtlTooShorts), Volatile.Read(ref _cleanups), Store.Evictions, Store.RefusedInserts,
        Sum(static c => c.Refreshes), Sum(static c => c.Shared));

    /// <summary>Its memory.</summary>
    internal EntryStore Store { get; }

    /// <summary>What of a query's options is in no key.</summary>
    internal KeyRules Rules { get; }

    /// <summary>Why there cannot be such a cache on this machine; empty when there can: more entries than there is memory.</summary>
    public static string ProblemWith(CacheOptions options) => CacheMemory.ProblemWith(options);

    /// <summary>Removes entries whose time is over until no more than some are left.</summary>
    /// <param name="most">Entries that may be left.</param>
    /// <param name="now">The time, seconds of the cache's clock.</param>
    /// <returns>Entries removed.</returns>
    public long PurgeExpired(long most, uint now)
    {
        Interlocked.Increment(ref _cleanups);
        return RemoveEnded(now, most);
    }

    /// <summary>Removes entries, whatever their time, until no more than some are left.</summary>
    /// <param name="most">Entries that may be left.</param>
    /// <returns>Entries removed.</returns>
    public long Expunge(long most) => RemoveEnded(uint.MaxValue, most);

    /// <summary>Removes the entries about a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">Their type; null for all.</param>
    /// <param name="isSuffix">Whether those about names below it are meant, too.</param>
    /// <returns>Entries removed.</returns>
    public long ExpungeByName(DomainName name, RecordType? type, bool isSuffix)
    {
        var removal = new RemovalByName(name, type, isSuffix);
        return Walk(ref removal);
    }

    /// <summary>Writes a line for each entry, as <c>dump</c> of dnsdist does.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isRaw">Whether the answers themselves are written, too, in base64.</param>
    /// <param name="now">The time, seconds of the cache's clock.</param>
    /// <returns>Entries written.</returns>
    public long Dump(TextWriter writer, bool isRaw, uint now)
    {
        var dump = new CacheDump(writer, isRaw, now, HashOf);
        Walk(ref dump);
        return dump.Written;
    }

    /// <summary>Names of entries in whose answer section an address is.</summary>
    /// <param name="address">The address.</param>
    public IReadOnlyList<string> FindNames(IPAddress address)
    {
        var search = new NameSearch(address);
        Walk(ref search);
        return [.. search.Found];
    }

    /// <summary>Addresses in the answer sections of entries about a name.</summary>
    /// <param name="name">The name.</param>
    public IReadOnlyList<IPAddress> FindAddresses(DomainName name)
    {
        var search = new AddressSearch(name);
        Walk(ref search);
        return [.. search.Found];
    }

    /// <summary>What a shard counts.</summary>
    internal CacheCounters CountersOf(int shard) => _counters[shard];

    /// <summary>Hash of a key, which nobody outside can foretell.</summary>
    internal ulong HashOf(ReadOnlySpan<byte> key) => SipHash.Hash(key, _key0, _key1);

    /// <summary>Bytes that the longest value of an entry takes: that of an answer, or a list of networks.</summary>
    internal static int MaxValueSize(CacheOptions options) => Math.Max(options.MaxEntrySize + KeptAnswer.MaxOverhead, ScopeList.MaxSize);

    /// <summary>Frees its memory, which no shard looks at any more, once no other thread does. What is asked for afterwards finds it empty.</summary>
    public void Dispose() => _door.Dispose();

    private long RemoveEnded(uint now, long most)
    {
        if (!_door.TryEnter())
        {
            return 0;
        }

        try
        {
            return Store.RemoveEnded(now, Math.Max(Store.Count - most, 0));
        }
        finally
        {
            _door.Exit();
        }
    }

    private long Walk<TVisitor>(ref TVisitor visitor)
        where TVisitor : IEntryVisitor
    {
        if (!_door.TryEnter())
        {
            return 0;
        }

        try
        {
            return Store.Walk(ref visitor);
        }
        finally
        {
            _door.Exit();
        }
    }

    private long Sum(Func<CacheCounters, long> figure) => _counters.Sum(figure);
}
