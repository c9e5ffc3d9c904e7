using System;
using System.Diagnostics;

namespace Fastdist.Proxy.InFlight;

/// <summary>
/// Numbers by keyed hashes of 64 bits, one number a hash, by open addressing, as such a hash is as good as chance. It grows to what there was at once and
/// stays there.
/// </summary>
internal sealed class GroupsByHash
{
    private const int SizeAtFirst = 128;

    private Place[] _places = Create(SizeAtFirst);

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The number of a hash; <see cref="EqualQueries.None"/> when there is none.</summary>
    public int Find(ulong hash) => _places[FindPlace(hash)].Group;

    /// <summary>Has a hash stand for a number, whatever it stood for.</summary>
    public void Set(ulong hash, int group)
    {
        if (Count * 2 >= _places.Length)
        {
            Grow();
        }

        ref Place place = ref _places[FindPlace(hash)];
        Count += place.Group == EqualQueries.None ? 1 : 0;
        place = new Place(hash, group);
    }

    /// <summary>Has a hash stand for a number no longer; nothing happens where it stands for another.</summary>
    public void Remove(ulong hash, int group)
    {
        int hole = FindPlace(hash);
        if (_places[hole].Group != group)
        {
            return;
        }

        Count--;

        // Whoever was put further on because this place was taken moves up, so that a look ends at the first free place.
        int mask = _places.Length - 1;
        for (int place = (hole + 1) & mask; _places[place].Group != EqualQueries.None; place = (place + 1) & mask)
        {
            int distance = (place - (int)_places[place].Hash) & mask;
            if (distance >= ((place - hole) & mask))
            {
                _places[hole] = _places[place];
                hole = place;
            }
        }

        _places[hole] = new Place(0, EqualQueries.None);
    }

    private static Place[] Create(int size)
    {
        var places = new Place[size];
        Array.Fill(places, new Place(0, EqualQueries.None));
        return places;
    }

    /// <summary>Where a hash is, or would be put.</summary>
    private int FindPlace(ulong hash)
    {
        Debug.Assert(Count < _places.Length);
        int mask = _places.Length - 1;
        int place = (int)hash & mask;
        while (_places[place].Group != EqualQueries.None && _places[place].Hash != hash)
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
            if (place.Group != EqualQueries.None)
            {
                _places[FindPlace(place.Hash)] = place;
            }
        }
    }

    private readonly record struct Place(ulong Hash, int Group);
}
