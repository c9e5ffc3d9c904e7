namespace Fastdist.Proxy.InFlight;

/// <summary>
/// The queries of one timeout class, oldest first. All wait equally long, so arrival order is
/// deadline order and no heap is needed.
/// </summary>
internal sealed class DeadlineList(InFlightTable table, short number, long timeoutMicroseconds)
{
    private long _timeoutMicroseconds = timeoutMicroseconds;
    private EntryList<DeadlineLinks> _queries = new(table);

    /// <summary>Whether no query is in it.</summary>
    public bool IsEmpty => First < 0;

    /// <summary>The oldest, by which the others are found; -1 when there is none.</summary>
    public int First => _queries.First;

    /// <summary>Has all of them wait for another time, those that do already among them.</summary>
    public void Retime(long timeout) => _timeoutMicroseconds = timeout;

    public void Append(int index)
    {
        table[index].DeadlineClass = number;
        _queries.Append(index);
    }

    public void Remove(int index) => _queries.Remove(index);

    /// <summary>The oldest query, when its time is up.</summary>
    public bool TryGetExpired(long now, out int index)
    {
        index = First;
        return index >= 0 && now - table[index].Arrived >= _timeoutMicroseconds;
    }

    private readonly struct DeadlineLinks : IEntryLinks
    {
        public static ref EntryLinks Of(ref InFlightEntry entry) => ref entry.Deadline;
    }
}
