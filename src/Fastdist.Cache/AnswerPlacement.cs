using System;
using Fastdist.Cache.Answers;
using Fastdist.Cache.Storage;
using Fastdist.Settings;

namespace Fastdist.Cache;

/// <summary>Finds out for which networks an answer is kept, and whether it may take the place of what is kept for them.</summary>
/// <param name="entries">The entries.</param>
/// <param name="options">The cache's settings.</param>
internal sealed class AnswerPlacement(KeyedEntries entries, CacheOptions options)
{
    private readonly byte[] _kept = new byte[PacketCache.MaxValueSize(options)];

    /// <summary>Chooses the entry that an answer is to become.</summary>
    /// <param name="network">What backends were told of the client's network.</param>
    /// <param name="head">What is known of it; receives its scope.</param>
    /// <param name="terms">By which terms it is kept.</param>
    /// <returns>How that ended: <see cref="Insertion.NoRoom"/> when it is not to be kept, or for one network more than there is room for.</returns>
    public Insertion Place(in ClientNetwork network, ref EntryHead head, in KeepTerms terms)
    {
        if (terms.Scope == KeepTerms.Unsound)
        {
            return Insertion.NoRoom;
        }

        if (network.Kind != NetworkKind.One)
        {
            entries.Choose(network.Kind);
            return HidesBetter(in head, in terms) ? Insertion.NoRoom : Insertion.Done;
        }

        // An answer whose scope is longer than what was told is for as much as was told (RFC 7871 section 7.3.1).
        int scope = terms.Scope == KeepTerms.Unsaid ? network.Prefix : Math.Min(terms.Scope, network.Prefix);
        head.Scope = (byte)(terms.Scope == KeepTerms.Unsaid ? scope : terms.Scope);
        if (scope > 0)
        {
            return PlaceFor(in network, scope, in head, in terms);
        }

        entries.Choose(NetworkKind.Any);
        return HidesBetter(in head, in terms) ? Insertion.NoRoom : Insertion.Done;
    }

    private Insertion PlaceFor(in ClientNetwork network, int scope, in EntryHead head, in KeepTerms terms)
    {
        entries.Choose(in network, scope);
        if (HidesBetter(in head, in terms))
        {
            return Insertion.NoRoom;
        }

        ulong hash = entries.Hash;
        entries.Choose(NetworkKind.Any);
        Insertion listed = List(in network, scope, hash, in head, in terms);
        entries.Choose(in network, scope);
        return listed;
    }

    /// <summary>Writes down that there is an answer for a network of so many bits.</summary>
    private Insertion List(in ClientNetwork network, int scope, ulong hash, in EntryHead head, in KeepTerms terms)
    {
        int size = 0;
        if (entries.TryRead(_kept, out ReadEntry kept))
        {
            if (!kept.IsList && EntryWorth.IsBetter(in kept.Head, in head, options, in terms))
            {
                return Insertion.NoRoom;
            }

            // Of which there are answers that may be given after their time, it still says so.
            size = kept.IsList && kept.Head.Ends > terms.Now - Math.Min(terms.StaleFor, terms.Now) ? kept.Length : 0;
        }

        if (!ScopeList.TryAdd(_kept, ref size, network.Address.Length, scope, hash, head.Ends, terms.Now))
        {
            return Insertion.NoRoom;
        }

        ReadOnlySpan<byte> list = _kept.AsSpan(0, size);
        return entries.Insert(list, new EntryHead { Added = terms.Now, Ends = ScopeList.EndOf(list), Traits = EntryTraits.Scopes }, terms.Now);
    }

    /// <summary>Whether the chosen entry is better than one that would take its place.</summary>
    private bool HidesBetter(in EntryHead head, in KeepTerms terms) =>
        !EntryWorth.IsWhole(in head) && entries.TryRead(_kept, out ReadEntry kept) && EntryWorth.IsBetter(in kept.Head, in head, options, in terms);
}
