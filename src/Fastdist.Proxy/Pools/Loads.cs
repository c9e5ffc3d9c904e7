using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Pools;

/// <summary>The members of each readiness by their load. Who wants the least loaded first has those looked at whose load changed.</summary>
internal sealed class Loads
{
    private readonly Backend[] _members;
    private readonly ChangeList _changed;
    private readonly LoadHeap[] _heaps;

    /// <summary>The heap that a member is in.</summary>
    private readonly LoadHeap[] _heapOf;

    /// <param name="members">By their numbers.</param>
    /// <param name="changed">Those whose load has changed.</param>
    /// <param name="levels">Kinds of readiness.</param>
    public Loads(Backend[] members, ChangeList changed, int levels)
    {
        _members = members;
        _changed = changed;
        int[] places = new int[members.Length];
        _heaps = [.. Enumerable.Range(0, levels).Select(_ => new LoadHeap(places))];
        _heapOf = new LoadHeap[members.Length];
    }

    /// <summary>How many are this ready.</summary>
    public int Count(Readiness level) => _heaps[(int)level].Count;

    /// <summary>Queries that those have together that are this ready.</summary>
    public long Outstanding(Readiness level)
    {
        Settle();
        return _heaps[(int)level].Outstanding;
    }

    public void Add(int member, Readiness level)
    {
        _heapOf[member] = _heaps[(int)level];
        _heapOf[member].Add(Load.Of(_members[member], member));
    }

    public void Remove(int member, Readiness level) => _heaps[(int)level].Remove(member);

    /// <summary>Of those that are this ready, of which there are some, the one with the fewest queries.</summary>
    public int Least(Readiness level)
    {
        Settle();
        return _heaps[(int)level][0].Member;
    }

    /// <summary>Another member than a silent one that has room for a query: of those that are this ready the one with the fewest.</summary>
    public Backend? FindRoom(Readiness level, in InFlightEntry query, Backend silent)
    {
        Settle();
        var search = new RoomSearch(_members, _heaps[(int)level], in query, silent);
        search.LookFrom(place: 0);
        return search.Found;
    }

    private void Settle()
    {
        while (_changed.TryTake(out int member))
        {
            _heapOf[member].Update(Load.Of(_members[member], member));
        }
    }
}
