namespace Fastdist.Proxy.InFlight;

/// <summary>Queries waiting for room on a backend's connections, in order, at most <see cref="Bound"/> of them, and those that come back.</summary>
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

    /// <summary>Puts a query ahead of those that wait; it was admitted before, so the bound is not its concern.</summary>
    public void Prepend(int index)
    {
        ref InFlightEntry entry = ref table[index];
        entry.QueuedAt = backend;
        entry.QueueNext = _head;
        entry.QueuePrevious = -1;
        if (_head >= 0)
        {
            table[_head].QueuePrevious = index;
        }
        else
        {
            _tail = index;
        }

        _head = index;
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

    /// <summary>The query that came last, left where it is.</summary>
    public bool TryPeekLast(out int index)
    {
        index = _tail;
        return index >= 0;
    }
}
