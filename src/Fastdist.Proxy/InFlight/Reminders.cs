using System;

namespace Fastdist.Proxy.InFlight;

/// <summary>
/// Queries that were sent to one backend as datagrams, which may be lost, by how often they were sent. Those that were sent equally often
/// wait equally long until they are sent again, so that each list is in order of time.
/// </summary>
/// <param name="table">The shard's queries.</param>
/// <param name="backend">The backend's slot, 0 to 4,095.</param>
internal sealed class Reminders(InFlightTable table, int backend)
{
    /// <summary>Lists: those in the last were sent so often, or more often than that.</summary>
    public const int Count = 1 << CountBits;

    private const int CountBits = 3;

    /// <summary>What marks a place in such a list in <see cref="InFlightEntry.QueuedAt"/>: greater than any slot.</summary>
    private const int FirstMark = 1 << 12;

    private readonly EntryList<QueueLinks>[] _lists = Create(table);

    /// <summary>Whether a query is in such a list, of whatever backend.</summary>
    public static bool Hold(in InFlightEntry query) => query.QueuedAt >= FirstMark;

    /// <summary>The slot of the backend in whose list a query is.</summary>
    public static int BackendOf(in InFlightEntry query) => (query.QueuedAt - FirstMark) >> CountBits;

    /// <summary>In which list a query is that is in one, 0 when it was sent once.</summary>
    public static int ListOf(in InFlightEntry query) => query.QueuedAt & (Count - 1);

    /// <summary>Takes in a query that was just sent, and is in no list.</summary>
    /// <param name="index">The query.</param>
    /// <param name="list">In which list, from 0; beyond the last is the last.</param>
    public void Add(int index, int list)
    {
        list = Math.Min(list, Count - 1);
        table[index].QueuedAt = (short)(FirstMark + (backend << CountBits) + list);
        _lists[list].Append(index);
    }

    /// <summary>Takes a query out, which is here.</summary>
    public void Remove(int index)
    {
        ref InFlightEntry query = ref table[index];
        _lists[ListOf(in query)].Remove(index);
        query.QueuedAt = -1;
    }

    /// <summary>Who is first in a list.</summary>
    /// <returns>False when nobody is.</returns>
    public bool TryPeek(int list, out int index)
    {
        index = _lists[list].First;
        return index >= 0;
    }

    /// <summary>Goes through all that are here, those first that were sent the least often; whoever is met may be taken out or sent again meanwhile.</summary>
    public Enumerator GetEnumerator() => new(this, table);

    private static EntryList<QueueLinks>[] Create(InFlightTable table)
    {
        var lists = new EntryList<QueueLinks>[Count];
        Array.Fill(lists, new EntryList<QueueLinks>(table));
        return lists;
    }

    /// <summary>Who is next is known before whoever is met leaves its list.</summary>
    public struct Enumerator(Reminders reminders, InFlightTable table)
    {
        private int _list = -1;
        private int _next = EntryLinks.None;

        /// <summary>The query that was met.</summary>
        public int Current { get; private set; }

        /// <summary>Meets the next.</summary>
        /// <returns>False when there is none.</returns>
        public bool MoveNext()
        {
            while (_next == EntryLinks.None)
            {
                if (++_list == Count)
                {
                    return false;
                }

                _next = reminders._lists[_list].First;
            }

            Current = _next;
            _next = table[_next].Queue.Next;
            return true;
        }
    }
}
