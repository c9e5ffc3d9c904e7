namespace Fastdist.Proxy.InFlight;

/// <summary>Queries waiting for room on a backend's connections, in order, at most <see cref="Bound"/> of them.</summary>
internal sealed class WaitingQueue(InFlightTable table, short backend, int bound)
{
    private int _head = -1;
    private int _tail = -1;

    public int Count { get; private set; }

    public int Bound => bound;

    public bool IsFull => Count >= bound;

    public void Append(int index)
    {
        ref InFlightEntry entry = ref table[index];
        entry.QueuedAt = backend;
        entry.QueuePrevious = _tail;
        entry.QueueNext = -1;
        if (_tail >= 0)
        {
            table[_tail].QueueNext = index;
        }
        else
        {
            _head = index;
        }

        _tail = index;
        Count++;
    }

    public void Remove(int index)
    {
        ref InFlightEntry entry = ref table[index];
        entry.QueuedAt = -1;
        if (entry.QueuePrevious >= 0)
        {
            table[entry.QueuePrevious].QueueNext = entry.QueueNext;
        }
        else
        {
            _head = entry.QueueNext;
        }

        if (entry.QueueNext >= 0)
        {
            table[entry.QueueNext].QueuePrevious = entry.QueuePrevious;
        }
        else
        {
            _tail = entry.QueuePrevious;
        }

        Count--;
    }

    /// <summary>The query that has waited longest, left where it is.</summary>
    public bool TryPeek(out int index)
    {
        index = _head;
        return index >= 0;
    }

    public bool TryTake(out int index)
    {
        index = _head;
        if (index < 0)
        {
            return false;
        }

        Remove(index);
        return true;
    }
}
