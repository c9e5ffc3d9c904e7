using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Cache.Answers;
using Fastdist.Cache.Storage;
using Fastdist.Dns;

namespace Fastdist.Cache;

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
            var walk = new AddressWalk(KeptAnswer.MessageOf(value));
            while (walk.Next())
            {
                _found.Add(new IPAddress(walk.Address));
            }
        }

        return Verdict.Keep;
    }
}
