using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Fastdist.Tls.Tickets;

/// <summary>
/// The keys that session tickets are sealed and opened with, one store for all shards and frontends. The newest key
/// seals, all of them open. One thread at a time changes it; shards read a snapshot, so a change is seen
/// by the next handshake of each and stops none.
/// </summary>
public sealed class TicketKeyStore
{
    /// <summary>Keys kept unless told otherwise, dnsdist's number.</summary>
    public const int DefaultCapacity = 5;

    private DerivedTicketKeys? _derivation;
    private TicketKeySet _current;
    private long _period;

    /// <summary>A store with one random key.</summary>
    /// <param name="capacity">Keys kept, 0 or more; with 0 there are no tickets.</param>
    public TicketKeyStore(int capacity = DefaultCapacity)
        : this(capacity, [TicketKey.CreateRandom()])
    {
    }

    /// <summary>A store with given keys.</summary>
    /// <param name="capacity">Keys kept, 0 or more; with 0 there are no tickets.</param>
    /// <param name="keys">At least one; the last is active. The first ones are left out when there are more than the store keeps.</param>
    public TicketKeyStore(int capacity, IReadOnlyList<TicketKey> keys)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfZero(keys.Count);
        Capacity = capacity;
        _current = new TicketKeySet(Newest(keys, []), isDerived: false);
    }

    /// <summary>A store whose keys every node with the same secret derives for itself.</summary>
    /// <param name="derivation">What they derive from.</param>
    /// <param name="unixSeconds">The time now.</param>
    public TicketKeyStore(DerivedTicketKeys derivation, long unixSeconds)
    {
        Capacity = DerivedTicketKeys.Accepted;
        _derivation = derivation;
        _period = derivation.PeriodAt(unixSeconds);
        _current = derivation.KeysOf(_period);
    }

    /// <summary>Keys kept.</summary>
    public int Capacity { get; }

    /// <summary>Keys in the store.</summary>
    public int Count => Current.Keys.Length;

    /// <summary>
    /// Whether the keys derive from a secret that outlives them. No ticket of TLS 1.2 is made or accepted then: it
    /// would let whoever finds the secret open the recorded traffic of years, where TLS 1.3 exchanges fresh keys in
    /// every resumption.
    /// </summary>
    public bool IsDerived => _derivation is not null;

    /// <summary>The keys of this moment; one volatile read, by any thread.</summary>
    internal TicketKeySet Current => Volatile.Read(ref _current);

    /// <summary>Puts a new random key on top; the oldest drops out when the store is full.</summary>
    /// <exception cref="InvalidOperationException">The keys are derived.</exception>
    public void Rotate() => Load([TicketKey.CreateRandom()]);

    /// <summary>
    /// Puts keys on top in their order, the last becoming the active one; the oldest drop out when the store is full.
    /// A key that is in the store already moves up instead of taking a second place, so a file loaded again keeps
    /// the tickets of before valid.
    /// </summary>
    /// <exception cref="InvalidOperationException">The keys are derived.</exception>
    public void Load(IReadOnlyList<TicketKey> keys)
    {
        if (IsDerived)
        {
            throw new InvalidOperationException("the ticket keys derive from a secret and the time: none can be added");
        }

        Volatile.Write(ref _current, new TicketKeySet(Newest(keys, Current.Keys), isDerived: false));
    }

    /// <summary>Takes the derived keys of the time's period; does nothing while the period lasts.</summary>
    /// <param name="unixSeconds">The time now.</param>
    /// <returns>Whether the keys changed.</returns>
    /// <exception cref="InvalidOperationException">The keys are not derived.</exception>
    public bool Derive(long unixSeconds)
    {
        DerivedTicketKeys derivation = _derivation ?? throw new InvalidOperationException("the ticket keys derive from no secret");
        if (derivation.PeriodAt(unixSeconds) == _period)
        {
            return false;
        }

        Derive(derivation, unixSeconds);
        return true;
    }

    /// <summary>Takes the keys that derive from another secret; tickets of the one before are not accepted any more.</summary>
    /// <param name="derivation">What they derive from.</param>
    /// <param name="unixSeconds">The time now.</param>
    /// <exception cref="InvalidOperationException">The keys are not derived.</exception>
    public void Derive(DerivedTicketKeys derivation, long unixSeconds)
    {
        if (!IsDerived)
        {
            throw new InvalidOperationException("the ticket keys derive from no secret");
        }

        _derivation = derivation;
        _period = derivation.PeriodAt(unixSeconds);
        Volatile.Write(ref _current, derivation.KeysOf(_period));
    }

    private List<TicketKey> Newest(IReadOnlyList<TicketKey> added, ReadOnlySpan<TicketKey> earlier)
    {
        var newest = new List<TicketKey>();
        foreach (TicketKey key in (IEnumerable<TicketKey>)[.. added.Reverse(), .. earlier])
        {
            if (newest.Count < Capacity && !newest.Exists(key.IsSameAs))
            {
                newest.Add(key);
            }
        }

        return newest;
    }
}
