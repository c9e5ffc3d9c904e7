using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Tls.Tickets;

/// <summary>
/// The ticket keys of one moment; immutable, so any shard may read it while the next is being made.
/// Invariant: the first key is the active one.
/// </summary>
internal sealed class TicketKeySet
{
    private readonly TicketKey[] _keys;

    /// <param name="keys">Keys to open tickets with, the active one first.</param>
    /// <param name="isDerived">Whether they derive from a secret that outlives them.</param>
    public TicketKeySet(IEnumerable<TicketKey> keys, bool isDerived) => (_keys, IsDerived) = (keys.ToArray(), isDerived);

    /// <summary>Whether they derive from a secret that outlives them.</summary>
    public bool IsDerived { get; }

    /// <summary>Keys to open tickets with, the active one first.</summary>
    public ReadOnlySpan<TicketKey> Keys => _keys;

    /// <summary>The key that seals; null when there is none.</summary>
    public TicketKey? Active => _keys.Length == 0 ? null : _keys[0];

    /// <summary>The key of that name; null when it is not known.</summary>
    public TicketKey? Find(ReadOnlySpan<byte> name)
    {
        foreach (TicketKey key in _keys)
        {
            if (key.Name.SequenceEqual(name))
            {
                return key;
            }
        }

        return null;
    }
}
