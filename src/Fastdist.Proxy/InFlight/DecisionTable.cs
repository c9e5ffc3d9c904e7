using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Fastdist.Proxy.InFlight;

/// <summary>The decisions that queries in flight have, those few that have one. It grows to what was needed at once and stays there.</summary>
internal sealed class DecisionTable
{
    private readonly List<Decision> _decisions = [];
    private readonly Stack<int> _free = new();

    /// <summary>Decisions that are kept.</summary>
    public int Count => _decisions.Count - _free.Count;

    /// <summary>A decision that is kept.</summary>
    public ref Decision this[int place] => ref CollectionsMarshal.AsSpan(_decisions)[place];

    /// <summary>Keeps a decision.</summary>
    /// <returns>Its place.</returns>
    public int Add(in Decision decision)
    {
        if (!_free.TryPop(out int place))
        {
            place = _decisions.Count;
            _decisions.Add(decision);
        }

        CollectionsMarshal.AsSpan(_decisions)[place] = decision;
        return place;
    }

    /// <summary>Gives a place back.</summary>
    public void Remove(int place)
    {
        CollectionsMarshal.AsSpan(_decisions)[place] = default;
        _free.Push(place);
    }
}
