using System;
using System.Collections.Generic;
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
        if ((head.Traits & EntryTraits.Scopes) == 0 && HasAddress(KeptAnswer.MessageOf(value)))
        {
            Found.Add(Names.ToText(CacheKey.NameOf(key)));
        }

        return Verdict.Keep;
    }

    private bool HasAddress(ReadOnlySpan<byte> message)
    {
        var walk = new AddressWalk(message);
        while (walk.Next())
        {
            if (walk.Address.SequenceEqual(_bytes))
            {
                return true;
            }
        }

        return false;
    }
}
