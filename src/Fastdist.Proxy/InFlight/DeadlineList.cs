namespace Fastdist.Proxy.InFlight;

/// <summary>
/// The queries of one timeout class, oldest first. All wait equally long, so arrival order is
/// deadline order and no heap is needed.
/// </summary>
internal sealed class DeadlineList(InFlightTable table, short number, long timeoutMicroseconds)
{
    private int _head = -1;
    private int _tail = -1;

    /// <summary>Whether no query is in it.</summary>
    public bool IsEmpty => _head < 0;

    /// <summary>The oldest, by which the others are found; -1 when there is none.</summary>
    public int First => _head;

    public void Append(int index)
    {
        ref InFlightEntry entry = ref table[index];
        entry.DeadlineClass = number;
        entry.DeadlinePrevious = _tail;
        entry.DeadlineNext = -1;
        if (_tail >= 0)
        {
            table[_tail].DeadlineNext = index;
        }
        else
        {
            _head = index;
        }

        _tail = index;
    }

    public void Remove(int index)
    {
        ref InFlightEntry entry = ref table[index];
        if (entry.DeadlinePrevious >= 0)
        {
            table[entry.DeadlinePrevious].DeadlineNext = entry.DeadlineNext;
        }
        else
        {
            _head = entry.DeadlineNext;
        }

        if (entry.DeadlineNext >= 0)
        {
            table[entry.DeadlineNext].DeadlinePrevious = entry.DeadlinePrevious;
        }
        else
        {
            _tail = entry.DeadlinePrevious;
        }
    }

    /// <summary>The oldest query, when its time is up.</summary>
    public bool TryGetExpired(long now, out int index)
    {
        index = _head;
        return index >= 0 && now - table[index].Arrived >= timeoutMicroseconds;
    }
}
