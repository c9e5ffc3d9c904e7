using System;
using System.Numerics;
using System.Threading;
using Fastdist.Rules.Addresses;

namespace Fastdist.Rules.Rates;

/// <summary>The clients of a rate, however many bits it takes to tell them apart.</summary>
internal abstract class RateClients
{
    /// <summary>Clients that have a bucket of their own.</summary>
    public abstract int Count { get; }

    /// <summary>A client's bucket. From any thread.</summary>
    /// <param name="key">The client.</param>
    /// <param name="now">Nanoseconds.</param>
    public abstract ref long WordOf(AddressKey key, long now);

    /// <summary>Does a piece of what is to be done about clients that have gone, and about room for more. By one thread.</summary>
    /// <param name="now">Nanoseconds.</param>
    public abstract void Clean(long now);
}

/// <summary>
/// A table that begins small and is followed by one of full size as soon as half of it is used: a piece of its clients is moved each second, whoever asks in between is moved at once.
/// </summary>
internal sealed class RateClients<TSlot> : RateClients
    where TSlot : unmanaged, IRateSlot
{
    /// <summary>Slots of the table that a rate begins with: 2 MB, or 4 where clients are told apart by 128 bits.</summary>
    private const int FewSlots = 1 << 17;

    // What is looked at in one call: about a millisecond when it is read only, a few when clients are moved.
    private const int MostScanned = 1 << 18;
    private const int MostMoved = 1 << 13;

    private readonly int _mostSlots;
    private readonly long _expiration;
    private readonly int _scannedShare;
    private RateTable<TSlot> _table;
    private int _scanned;
    private int _moved;

    /// <summary>Nobody yet.</summary>
    /// <param name="mostClients">Clients that there is room for: twice as many slots, so that they find a place.</param>
    /// <param name="expiration">Nanoseconds after which a bucket that is full is forgotten.</param>
    /// <param name="scannedShare">In so many calls all clients are looked at, unless there are many.</param>
    public RateClients(int mostClients, long expiration, int scannedShare)
    {
        _mostSlots = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(mostClients * 2L, 64));
        _expiration = expiration;
        _scannedShare = scannedShare;
        _table = new RateTable<TSlot>(Math.Min(_mostSlots, FewSlots));
    }

    /// <inheritdoc/>
    public override int Count => _table.Count;

    /// <inheritdoc/>
    public override ref long WordOf(AddressKey key, long now) => ref Volatile.Read(ref _table).WordOf(key, now - _expiration);

    /// <inheritdoc/>
    public override void Clean(long now)
    {
        RateTable<TSlot> table = _table;
        if (table.Previous is { } previous)
        {
            Move(previous, table, now - _expiration);
        }
        else if (table.Slots < _mostSlots && table.Count > table.Slots / 2)
        {
            _moved = _scanned = 0;
            Volatile.Write(ref _table, new RateTable<TSlot>(_mostSlots) { Previous = table });
        }
        else
        {
            Scan(table, now - _expiration);
        }
    }

    private void Move(RateTable<TSlot> from, RateTable<TSlot> to, long forgottenBefore)
    {
        int end = Math.Min(_moved + MostMoved, from.Slots);
        for (; _moved < end; _moved++)
        {
            to.Adopt(ref from.At(_moved), forgottenBefore);
        }

        to.Previous = _moved == from.Slots ? null : from;
    }

    private void Scan(RateTable<TSlot> table, long forgottenBefore)
    {
        // Where places get rare nobody keeps one for longer than he must.
        int piece = Math.Clamp(table.Count > table.Slots / 2 ? table.Slots / 8 : table.Slots / _scannedShare, 1, MostScanned);
        for (int i = 0; i < piece; i++)
        {
            table.Forget(_scanned, forgottenBefore);
            _scanned = (_scanned + 1) & (table.Slots - 1);
        }
    }
}
