using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Fastdist.Proxy.InFlight;

/// <summary>Where an entry stands in one list: who is next to it, <see cref="None"/> at the list's end.</summary>
internal struct EntryLinks
{
    public const int None = -1;

    public int Next;
    public int Previous;

    /// <summary>The links of an entry in no list, and of an empty list.</summary>
    public static EntryLinks Alone => new() { Next = None, Previous = None };
}

/// <summary>Names the links of an entry that lists of one kind run through. Implemented by structs, so that each kind is code of its own without a call.</summary>
internal interface IEntryLinks
{
    static abstract ref EntryLinks Of(ref InFlightEntry entry);
}

/// <summary>
/// Queries in flight, in order, linked through their entries, so that any of them leaves at once and none takes memory. The list itself
/// stands between its last and its first, which is what -1 means in a link.
/// </summary>
/// <typeparam name="TLinks">Which links of an entry it runs through; an entry is in one such list at most.</typeparam>
/// <param name="table">Where the entries are.</param>
internal struct EntryList<TLinks>(InFlightTable table)
    where TLinks : struct, IEntryLinks
{
    private EntryLinks _ends = EntryLinks.Alone;

    /// <summary>The first; -1 when there is none.</summary>
    public readonly int First => _ends.Next;

    /// <summary>The last; -1 when there is none.</summary>
    public readonly int Last => _ends.Previous;

    /// <summary>Puts an entry behind all others.</summary>
    public void Append(int index) => Insert(index, new EntryLinks { Next = EntryLinks.None, Previous = Last });

    /// <summary>Puts an entry ahead of all others.</summary>
    public void Prepend(int index) => Insert(index, new EntryLinks { Next = First, Previous = EntryLinks.None });

    /// <summary>Takes an entry out, wherever it stands.</summary>
    public void Remove(int index)
    {
        EntryLinks links = LinksOf(index);
        LinksOf(links.Previous).Next = links.Next;
        LinksOf(links.Next).Previous = links.Previous;
    }

    private void Insert(int index, EntryLinks links)
    {
        LinksOf(index) = links;
        LinksOf(links.Previous).Next = index;
        LinksOf(links.Next).Previous = index;
    }

    [UnscopedRef]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref EntryLinks LinksOf(int index)
    {
        if (index == EntryLinks.None)
        {
            return ref _ends;
        }

        return ref TLinks.Of(ref table[index]);
    }
}
