namespace Fastdist.Proxy.InFlight;

/// <summary>Queries waiting for room on a backend's connections, in order, at most <see cref="Bound"/> of them, and those that come back.</summary>
internal sealed class WaitingQueue(InFlightTable table, short backend, int bound)
{
    private EntryList<QueueLinks> _queries = new(table);

    public int Count { get; private set; }

    public int Bound => bound;

    public bool IsFull => Count >= bound;

    public void Append(int index)
    {
        table[index].QueuedAt = backend;
        _queries.Append(index);
        Count++;
    }

    /// <summary>Puts a query ahead of those that wait; it was admitted before, so the bound is not its concern.</summary>
    public void Prepend(int index)
    {
        table[index].QueuedAt = backend;
        _queries.Prepend(index);
        Count++;
    }

    public void Remove(int index)
    {
        table[index].QueuedAt = -1;
        _queries.Remove(index);
        Count--;
    }

    /// <summary>The query that has waited longest, left where it is.</summary>
    public bool TryPeek(out int index)
    {
        index = _queries.First;
        return index >= 0;
    }

    /// <summary>The query that came last, left where it is.</summary>
    public bool TryPeekLast(out int index)
    {
        index = _queries.Last;
        return index >= 0;
    }
}
