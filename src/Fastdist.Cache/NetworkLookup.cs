using System;
using Fastdist.Cache.Answers;

namespace Fastdist.Cache;

/// <summary>
/// Finds the entry that serves a client's network (RFC 7871 section 7.3.1): the one for all networks, or of those for some the one for the smallest that the client
/// is in. One whose time is over is found when there is no other.
/// </summary>
/// <param name="entries">The entries.</param>
internal readonly struct NetworkLookup(KeyedEntries entries)
{
    /// <summary>Finds it; it is the chosen one then.</summary>
    /// <param name="network">What backends would be told of the client's network.</param>
    /// <param name="now">The time, seconds of the cache's clock.</param>
    /// <param name="value">Receives its value.</param>
    /// <param name="entry">The entry.</param>
    public bool TryFind(in ClientNetwork network, uint now, Span<byte> value, out ReadEntry entry)
    {
        if (network.Kind == NetworkKind.Untold)
        {
            return TryRead(NetworkKind.Untold, value, out entry);
        }

        bool isForAll = TryRead(NetworkKind.Any, value, out entry);
        if (network.Kind == NetworkKind.Hidden)
        {
            bool isAnswer = isForAll && !entry.IsList;
            return (isAnswer && entry.Head.Ends > now) || TryFindHidden(isAnswer, now, value, out entry);
        }

        return isForAll && (!entry.IsList || TryFindListed(in network, now, entry.Length, value, out entry));
    }

    private bool TryFindHidden(bool hasOther, uint now, Span<byte> value, out ReadEntry entry)
    {
        bool isFound = TryRead(NetworkKind.Hidden, value, out entry);
        return (isFound && (!hasOther || entry.Head.Ends > now)) || (hasOther && TryRead(NetworkKind.Any, value, out entry));
    }

    private bool TryFindListed(in ClientNetwork network, uint now, int listLength, Span<byte> value, out ReadEntry entry)
    {
        Span<byte> prefixes = stackalloc byte[ScopeList.MaxLengths];
        int count = ScopeList.Read(value[..listLength], network.Address.Length, prefixes);
        int ended = 0;
        foreach (byte prefix in prefixes[..count])
        {
            if (!TryRead(in network, prefix, value, out entry))
            {
                continue;
            }

            if (entry.Head.Ends > now)
            {
                return true;
            }

            // What a backend said of a smaller network at another time hides nothing that it says of a larger one now.
            ended = ended == 0 ? prefix : ended;
        }

        entry = default;
        return ended != 0 && TryRead(in network, ended, value, out entry);
    }

    private bool TryRead(NetworkKind kind, Span<byte> value, out ReadEntry entry)
    {
        entries.Choose(kind);
        return entries.TryRead(value, out entry);
    }

    /// <summary>
    /// Reads the entry for so much of a network. One that was told too little for the answer to be the best one for all of it
    /// serves no client of which more is told (RFC 7871 section 7.2.1).
    /// </summary>
    private bool TryRead(in ClientNetwork network, int prefix, Span<byte> value, out ReadEntry entry)
    {
        entry = default;
        if (prefix > network.Prefix)
        {
            return false;
        }

        entries.Choose(in network, prefix);
        return entries.TryRead(value, out entry) && (entry.Head.Scope <= prefix || prefix == network.Prefix);
    }
}
