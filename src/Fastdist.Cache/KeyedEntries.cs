using System;
using Fastdist.Cache.Answers;
using Fastdist.Cache.Storage;
using Fastdist.Dns;

namespace Fastdist.Cache;

/// <summary>
/// The entries about one question at a time, for one shard. The key of its query is written once, then completed by a network as often as there are entries to look
/// for: what is read, kept and claimed is the entry of the network that was chosen last.
/// </summary>
/// <param name="cache">The cache.</param>
internal sealed class KeyedEntries(PacketCache cache)
{
    private readonly EntryStore _store = cache.Store;
    private readonly byte[] _key = new byte[CacheKey.MaxSize];
    private int _lengthOfQuery;
    private int _length;

    /// <summary>Hash of the whole key.</summary>
    public ulong Hash { get; private set; }

    /// <summary>Whether an entry was being changed, each time that it was to be read, since the question was asked.</summary>
    public bool WasBusy { get; private set; }

    private ReadOnlySpan<byte> Key => _key.AsSpan(0, _length);

    /// <summary>Writes the key of a query.</summary>
    /// <param name="query">The query, as a backend gets it.</param>
    /// <param name="isOptOurs">Whether its OPT was added to it here.</param>
    /// <returns>False when no cache may know of it.</returns>
    public bool TryAsk(in Query query, bool isOptOurs)
    {
        WasBusy = false;
        _lengthOfQuery = CacheKey.Write(in query, cache.Rules, _key);
        if (_lengthOfQuery > 0 && isOptOurs)
        {
            CacheKey.MarkOptAsOurs(_key);
        }

        return _lengthOfQuery > 0;
    }

    /// <summary>Chooses the entry for a kind of networks.</summary>
    public void Choose(NetworkKind kind) => Choose(kind, default, 0);

    /// <summary>Chooses the entry for a network.</summary>
    /// <param name="network">A network of the kind that has an address.</param>
    /// <param name="prefix">How many of its bits count.</param>
    public void Choose(in ClientNetwork network, int prefix) => Choose(NetworkKind.One, network.Address, prefix);

    /// <summary>Reads the entry.</summary>
    /// <param name="value">Receives its value: <see cref="PacketCache.MaxValueSize"/> bytes.</param>
    /// <param name="entry">The entry.</param>
    public bool TryRead(Span<byte> value, out ReadEntry entry)
    {
        entry = default;
        Finding finding = _store.Read(Hash, Key, value, out entry.Length, out entry.Head, out entry.WasUsed);
        WasBusy |= finding == Finding.Busy;
        return finding == Finding.Found;
    }

    /// <summary>Keeps the entry, in the place of the one that there may be.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="head">What is known of it.</param>
    /// <param name="now">The time, seconds of the cache's clock.</param>
    public Insertion Insert(ReadOnlySpan<byte> value, in EntryHead head, uint now) =>
        _store.Insert(Hash, Key, value, in head, now, mayWait: !cache.Options.DeferrableInsertLock);

    /// <summary>Claims to be the one that renews the entry.</summary>
    public bool TryClaim() => _store.TryClaim(Hash, Key);

    private void Choose(NetworkKind kind, ReadOnlySpan<byte> address, int prefix)
    {
        _length = CacheKey.AddNetwork(_key, _lengthOfQuery, kind, address, prefix);
        Hash = cache.HashOf(Key);
    }
}
