using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Pools;

/// <summary>Looks for the least loaded member that has room: past those that have none, and not beneath those that have some.</summary>
internal ref struct RoomSearch
{
    private readonly Backend[] _members;
    private readonly LoadHeap _heap;
    private readonly ref readonly InFlightEntry _query;
    private readonly Backend _silent;
    private int _foundAt = -1;

    /// <param name="members">By their numbers.</param>
    /// <param name="heap">Those that are looked at.</param>
    /// <param name="query">For whom.</param>
    /// <param name="silent">Who is not looked for.</param>
    public RoomSearch(Backend[] members, LoadHeap heap, in InFlightEntry query, Backend silent)
    {
        (_members, _heap, _silent) = (members, heap, silent);
        _query = ref query;
    }

    /// <summary>Who has room; null when nobody has.</summary>
    public Backend? Found { get; private set; }

    /// <summary>Looks at a place of the heap and beneath it.</summary>
    public void LookFrom(int place)
    {
        if (place >= _heap.Count || (_foundAt >= 0 && !_heap[place].IsLess(in _heap[_foundAt])))
        {
            return;
        }

        Backend backend = _members[_heap[place].Member];
        if (backend != _silent && backend.HasRoomFor(in _query))
        {
            (Found, _foundAt) = (backend, place);
            return;
        }

        LookFrom((2 * place) + 1);
        LookFrom((2 * place) + 2);
    }
}
