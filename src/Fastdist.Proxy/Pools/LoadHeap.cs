using System;

namespace Fastdist.Proxy.Pools;

/// <summary>A binary heap of members, the least loaded at the top: whatever changes costs a step for each doubling of their number.</summary>
/// <param name="places">Where each member is, by its number; several heaps share them, as a member is in one.</param>
internal sealed class LoadHeap(int[] places)
{
    private Load[] _loads = [];

    public int Count { get; private set; }

    /// <summary>Queries that its members have, all together.</summary>
    public long Outstanding { get; private set; }

    /// <summary>The load at a place: 0 is the top, and beneath each place P lie 2P + 1 and 2P + 2, none of them less.</summary>
    public ref readonly Load this[int place] => ref _loads[place];

    /// <summary>Takes in a member.</summary>
    public void Add(in Load load)
    {
        if (Count == _loads.Length)
        {
            Array.Resize(ref _loads, places.Length);
        }

        Outstanding += load.Outstanding;
        Settle(Count++, load);
    }

    /// <summary>Lets a member go.</summary>
    public void Remove(int member)
    {
        Outstanding -= _loads[places[member]].Outstanding;
        Load last = _loads[--Count];
        if (last.Member != member)
        {
            Settle(places[member], last);
        }
    }

    /// <summary>A member has another load.</summary>
    public void Update(in Load load)
    {
        Outstanding += load.Outstanding - _loads[places[load.Member]].Outstanding;
        Settle(places[load.Member], load);
    }

    /// <summary>Puts a load where it belongs, when whatever was at a place is no longer there.</summary>
    private void Settle(int place, Load load)
    {
        for (int above = (place - 1) / 2; place > 0 && load.IsLess(in _loads[above]); above = (place - 1) / 2)
        {
            Put(place, in _loads[above]);
            place = above;
        }

        for (int beneath = Lesser(place); beneath < Count && _loads[beneath].IsLess(in load); beneath = Lesser(place))
        {
            Put(place, in _loads[beneath]);
            place = beneath;
        }

        Put(place, in load);
    }

    /// <summary>The lesser of the two beneath a place.</summary>
    private int Lesser(int place)
    {
        int beneath = (2 * place) + 1;
        return beneath + 1 < Count && _loads[beneath + 1].IsLess(in _loads[beneath]) ? beneath + 1 : beneath;
    }

    private void Put(int place, in Load load)
    {
        _loads[place] = load;
        places[load.Member] = place;
    }
}
