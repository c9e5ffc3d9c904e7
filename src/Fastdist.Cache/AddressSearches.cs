using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Cache.Answers;
using Fastdist.Cache.Storage;
using Fastdist.Dns;

namespace Fastdist.Cache;

/// <summary>Looks for names whose answers have an address.</summary>
/// <param name="address">The address.</param>
internal readonly struct NameSearch(IPAddress address) : IEntryVisitor
{
    private readonly byte[] _bytes = address.GetAddressBytes();

    /// <summary>The names, each once.</summary>
    public SortedSet<string> Found { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Verdict Visit(in EntryHead head, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if ((head.Traits & EntryTraits.Scopes) == 0)
        {
            foreach (byte[] found in AddressRecords.Of(KeptAnswer.MessageOf(value)))
            {
                if (found.AsSpan().SequenceEqual(_bytes))
                {
                    Found.Add(Names.ToText(CacheKey.NameOf(key)));
                    break;
                }
            }
        }

        return Verdict.Keep;
    }
}

/// <summary>Looks for addresses in answers about a name.</summary>
/// <param name="name">The name.</param>
internal readonly struct AddressSearch(DomainName name) : IEntryVisitor
{
    private readonly HashSet<IPAddress> _found = [];

    /// <summary>The addresses, each once, sorted by their text.</summary>
    public IEnumerable<IPAddress> Found => _found.OrderBy(static found => found.ToString(), StringComparer.Ordinal);

    /// <inheritdoc/>
    public Verdict Visit(in EntryHead head, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if ((head.Traits & EntryTraits.Scopes) == 0 && Names.EqualsIgnoreCase(CacheKey.NameOf(key), name.Wire))
        {
            _found.UnionWith(AddressRecords.Of(KeptAnswer.MessageOf(value)).Select(static bytes => new IPAddress(bytes)));
        }

        return Verdict.Keep;
    }
}
