using System;
using Fastdist.Proxy.InFlight;
using Fastdist.Settings;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Queries that wait until a connection of their backend has room: clients' in order, as many as may and those that come back, and one
/// health check ahead of them.
/// </summary>
/// <param name="table">The shard's queries.</param>
/// <param name="queue">The clients' ones.</param>
/// <param name="slot">The backend's.</param>
internal sealed class WaitingQueries(InFlightTable table, WaitingQueue queue, short slot)
{
    /// <summary>Clients' queries that may wait, as a multiple of what one connection carries, and at least.</summary>
    private const int QueueFactor = 4;
    private const int LeastBound = 64;

    private WaitingPlace _check = new(table, slot);

    /// <summary>Whether nobody waits.</summary>
    public bool IsEmpty => queue.Count == 0 && !_check.IsTaken;

    /// <summary>Clients' queries that wait.</summary>
    public int Count => queue.Count;

    /// <summary>Whether as many of them wait as may.</summary>
    public bool IsFull => queue.IsFull;

    /// <summary>Whether a health check waits.</summary>
    public bool HasCheck => _check.IsTaken;

    /// <summary>How many clients' queries may wait for a backend.</summary>
    public static int BoundOf(BackendOptions options) => Math.Max(options.MaxInFlight * QueueFactor, LeastBound);

    /// <summary>Has a client's query wait.</summary>
    /// <param name="query">The query.</param>
    /// <param name="isResent">Whether it was on its way before: it goes ahead of what waits.</param>
    public void Add(int query, bool isResent)
    {
        if (isResent)
        {
            queue.Prepend(query);
        }
        else
        {
            queue.Append(query);
        }
    }

    /// <summary>Has a health check wait; no other does.</summary>
    public void AddCheck(int query) => _check.Take(query);

    /// <summary>One of them waits no longer.</summary>
    public void Remove(int query)
    {
        if (!_check.TryLeave(query))
        {
            queue.Remove(query);
        }
    }

    /// <summary>Whoever is next.</summary>
    public bool TryPeek(out int query) => TryPeekCheck(out query) || queue.TryPeek(out query);

    /// <summary>The client's query that is last.</summary>
    public bool TryPeekLast(out int query) => queue.TryPeekLast(out query);

    /// <summary>The health check.</summary>
    public bool TryPeekCheck(out int query) => _check.TryPeek(out query);
}
