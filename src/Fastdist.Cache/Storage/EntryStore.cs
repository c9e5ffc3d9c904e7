using System;

namespace Fastdist.Cache.Storage;

/// <summary>How a look for an entry ended.</summary>
internal enum Finding : byte
{
    /// <summary>There is none.</summary>
    Missing,

    /// <summary>It was found and copied whole.</summary>
    Found,

    /// <summary>It was being written, twice.</summary>
    Busy,
}

/// <summary>How an insertion ended.</summary>
internal enum Insertion : byte
{
    /// <summary>It is in, in the place of one with the same key if there was one.</summary>
    Done,

    /// <summary>Another one was under way in the same part.</summary>
    Busy,

    /// <summary>There is no place for it: too many negative ones, or too large.</summary>
    NoRoom,
}

/// <summary>Entries in native memory that any thread reads without a lock.</summary>
internal sealed class EntryStore : IDisposable
{
    /// <summary>Makes it; memory is taken from the system as it fills.</summary>
    /// <param name="maxEntries">Most entries.</param>
    /// <param name="maxBytes">Most bytes of entries, index not included.</param>
    /// <param name="parts">Parts that are written to side by side.</param>
    /// <param name="maxNegative">Most entries that are negative.</param>
    public EntryStore(int maxEntries, long maxBytes, int parts, int maxNegative) => throw new NotImplementedException();

    /// <summary>Entries there are, those whose time is over included.</summary>
    public long Count => throw new NotImplementedException();

    /// <summary>Copies an entry's value. Marks it as used.</summary>
    /// <param name="hash">Hash of the key.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">Receives the value; room for the longest.</param>
    /// <param name="length">Bytes of the value.</param>
    /// <param name="found">What is known of it.</param>
    /// <param name="wasUsed">Whether it had been read since it was kept, or the last look for who is not used.</param>
    public Finding Read(ulong hash, ReadOnlySpan<byte> key, Span<byte> value, out int length, out EntryHead found, out bool wasUsed) => throw new NotImplementedException();

    /// <summary>Keeps an entry, in the place of one with the same key.</summary>
    /// <param name="hash">Hash of the key.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="head">What is known of it.</param>
    /// <param name="now">The time, seconds of the cache's clock: what has ended is the first to make room.</param>
    /// <param name="mayWait">Whether to wait for another insertion.</param>
    public Insertion Insert(ulong hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, in EntryHead head, uint now, bool mayWait) => throw new NotImplementedException();

    /// <summary>Claims to be the one that renews an entry; there is one until it is replaced.</summary>
    public bool TryClaim(ulong hash, ReadOnlySpan<byte> key) => throw new NotImplementedException();

    /// <summary>Removes an entry.</summary>
    public bool Remove(ulong hash, ReadOnlySpan<byte> key) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
