using Fastdist.Proxy.Backends;

namespace Fastdist.Proxy.Pools;

/// <summary>Looks for the least loaded member that has room: past those that have none, and not beneath those that have some.</summary>
internal ref struct RoomSearch(Backend[] members, LoadHeap heap, int frameLength, BackendConnection silent)
{
    private int _foundAt = -1;

    /// <summary>The connection; null when nobody has room.</summary>
    public BackendConnection? Found { get; private set; }

    /// <summary>Looks at a place of the heap and beneath it.</summary>
    public void LookFrom(int place)
    {
        if (place >= heap.Count || (_foundAt >= 0 && !heap[place].IsLess(in heap[_foundAt])))
        {
            return;
        }

        Backend backend = members[heap[place].Member];
        if (backend.Index != silent.Slot && backend.PickOther(frameLength, silent) is { } connection)
        {
            (Found, _foundAt) = (connection, place);
            return;
        }

        LookFrom((2 * place) + 1);
        LookFrom((2 * place) + 2);
    }
}
