using System;
using Fastdist.Cache.Answers;
using Fastdist.Cache.Storage;
using Fastdist.Dns;

namespace Fastdist.Cache;

/// <summary>Removes what is kept about a name.</summary>
/// <param name="name">The name.</param>
/// <param name="type">Of which type; null for all.</param>
/// <param name="isSuffix">Whether names below it are meant, too.</param>
internal readonly struct RemovalByName(DomainName name, RecordType? type, bool isSuffix) : IEntryVisitor
{
    /// <inheritdoc/>
    public Verdict Visit(in EntryHead head, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> own = CacheKey.NameOf(key);
        bool isMeant = isSuffix ? Names.IsPartOf(own, name.Wire) : Names.EqualsIgnoreCase(own, name.Wire);
        return isMeant && (type is null || type == CacheKey.TypeOf(key)) ? Verdict.Remove : Verdict.Keep;
    }
}
