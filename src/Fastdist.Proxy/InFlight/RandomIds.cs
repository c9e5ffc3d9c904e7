using System;
using System.Diagnostics;
using System.Numerics;

namespace Fastdist.Proxy.InFlight;

/// <summary>
/// The message IDs of one datagram socket that stand for queries. Each is drawn from all 65,536 so that nobody can guess it (RFC 5452
/// section 9.2), and stands for one query at a time. Kept by open addressing, as an ID is a good hash of itself: it grows to what is in flight
/// at once and stays there.
/// </summary>
internal sealed class RandomIds
{
    /// <summary>IDs in use at most: a quarter, so that a draw seldom meets one of them.</summary>
    public const int Most = 16384;

    /// <summary>Room for 64 queries in 1.5 kB, so that it seldom grows under a load of some hundred queries at once, which are on four sockets.</summary>
    private const int SizeAtFirst = 128;
    private const int Free = -1;

    private Place[] _places = Create(SizeAtFirst);

    /// <summary>IDs in use.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no more can be had.</summary>
    public bool IsFull => Count == Most;

    /// <summary>Draws an ID for a query; there are some left.</summary>
    /// <param name="entry">The query.</param>
    /// <param name="lots">Where it is drawn from.</param>
    /// <param name="now">Milliseconds.</param>
    public ushort Take(int entry, Lots lots, uint now)
    {
        Debug.Assert(!IsFull);
        if (Count * 2 >= _places.Length)
        {
            Grow();
        }

        ushort id = lots.Next();
        while (IsTaken(id))
        {
            id = lots.Next();
        }

        Count++;
        _places[FindPlace(id)] = new Place(entry, id, now);
        return id;
    }

    /// <summary>Whose an ID is.</summary>
    /// <returns>False when it stands for nobody.</returns>
    public bool TryFind(ushort id, out int entry)
    {
        entry = _places[FindPlace(id)].Entry;
        return entry != Free;
    }

    /// <summary>When the query of an ID was sent last, milliseconds.</summary>
    public uint SentAt(ushort id) => _places[FindPlace(id)].SentAt;

    /// <summary>The query of an ID was sent again.</summary>
    public void Sent(ushort id, uint now)
    {
        ref Place place = ref _places[FindPlace(id)];
        place = place with { SentAt = now };
    }

    /// <summary>Gives an ID back.</summary>
    public void Release(ushort id)
    {
        int hole = FindPlace(id);
        Debug.Assert(_places[hole].Entry != Free);
        Count--;

        // Whoever was put further on because this place was taken moves up, so that a look ends at the first free place.
        int mask = _places.Length - 1;
        for (int place = (hole + 1) & mask; _places[place].Entry != Free; place = (place + 1) & mask)
        {
            int distance = (place - _places[place].Id) & mask;
            if (distance >= ((place - hole) & mask))
            {
                _places[hole] = _places[place];
                hole = place;
            }
        }

        _places[hole] = new Place(Free, 0, 0);
    }

    private static Place[] Create(int size)
    {
        Debug.Assert(BitOperations.IsPow2(size));
        var places = new Place[size];
        Array.Fill(places, new Place(Free, 0, 0));
        return places;
    }

    private bool IsTaken(ushort id) => _places[FindPlace(id)].Entry != Free;

    /// <summary>Where an ID is, or would be put.</summary>
    private int FindPlace(ushort id)
    {
        int mask = _places.Length - 1;
        int place = id & mask;
        while (_places[place].Entry != Free && _places[place].Id != id)
        {
            place = (place + 1) & mask;
        }

        return place;
    }

    private void Grow()
    {
        Place[] before = _places;
        _places = Create(before.Length * 2);
        foreach (Place place in before)
        {
            if (place.Entry != Free)
            {
                _places[FindPlace(place.Id)] = place;
            }
        }
    }

    private readonly record struct Place(int Entry, ushort Id, uint SentAt);
}
