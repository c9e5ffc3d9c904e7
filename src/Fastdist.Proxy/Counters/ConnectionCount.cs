using System.Threading;

namespace Fastdist.Proxy.Counters;

/// <summary>
/// The process's count of connections at one frontend or to one backend, and how many there may be.
/// Touched when a connection starts and ends only.
/// </summary>
/// <param name="most">Connections at once; 0 is no limit.</param>
/// <param name="kept">Of these, those that no spare connection may take: a shard's spares are not to leave another without any.</param>
internal sealed class ConnectionCount(int most, int kept = 0)
{
    private volatile int _most = most;
    private int _current;
    private int _spares;
    private int _greatest;

    /// <summary>Connections at once; 0 is no limit. Those that are more stay.</summary>
    public int Most
    {
        get => _most;
        set => _most = value;
    }

    /// <summary>Connections at the moment.</summary>
    public int Current => Volatile.Read(ref _current);

    /// <summary>Most connections that were open at once.</summary>
    public int Greatest => Volatile.Read(ref _greatest);

    /// <summary>Whether the limit forbids a further connection at the moment.</summary>
    public bool IsFull => Most is > 0 and int limit && Volatile.Read(ref _current) >= limit;

    /// <summary>Counts a connection in.</summary>
    /// <returns>False, counting nothing, when the limit forbids it.</returns>
    public bool TryEnter()
    {
        int now = Interlocked.Increment(ref _current);
        if (Most is > 0 and int limit && now > limit)
        {
            Interlocked.Decrement(ref _current);
            return false;
        }

        int seen = Volatile.Read(ref _greatest);
        while (now > seen && Interlocked.CompareExchange(ref _greatest, now, seen) is var found && found != seen)
        {
            seen = found;
        }

        return true;
    }

    /// <summary>Counts a spare connection in.</summary>
    /// <returns>False, counting nothing, when the limit forbids it, or what is kept for others.</returns>
    public bool TryEnterSpare()
    {
        int limit = Most;
        if ((Interlocked.Increment(ref _spares) <= limit - kept || limit == 0) && TryEnter())
        {
            return true;
        }

        Interlocked.Decrement(ref _spares);
        return false;
    }

    /// <summary>A spare connection is one no longer.</summary>
    public void UseSpare() => Interlocked.Decrement(ref _spares);

    /// <summary>Counts a connection out.</summary>
    public void Leave() => Interlocked.Decrement(ref _current);

    /// <summary>Counts a spare connection out.</summary>
    public void LeaveSpare()
    {
        UseSpare();
        Leave();
    }
}
