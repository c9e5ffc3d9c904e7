using System;
using System.Diagnostics;
using System.Threading;

namespace Fastdist.Control.Configuration.Language;

/// <summary>
/// Who may use a script: the thread of scripts for as long as it takes, or a shard for a query, which waits for others only as long as a query may. Whoever has
/// it may take it again.
/// </summary>
internal sealed class WorldLock
{
    /// <summary>Longest that a query waits; when somebody has been in it for longer by then, it does not wait at all.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    private readonly Lock _lock = new();

    /// <summary>Since when somebody is in it, by <see cref="Stopwatch.GetTimestamp"/>; 0 while nobody is known to be.</summary>
    private long _since;

    /// <summary>Takes it, whoever has it and however long that takes.</summary>
    public void Enter()
    {
        _lock.Enter();
        Volatile.Write(ref _since, Stopwatch.GetTimestamp());
    }

    /// <summary>Takes it for a query.</summary>
    /// <returns>False when others are in it for too long.</returns>
    public bool TryEnter()
    {
        if (!_lock.TryEnter())
        {
            long since = Volatile.Read(ref _since);
            if ((since != 0 && Stopwatch.GetElapsedTime(since) > Patience) || !_lock.TryEnter(Patience))
            {
                return false;
            }
        }

        Volatile.Write(ref _since, Stopwatch.GetTimestamp());
        return true;
    }

    /// <summary>Lets others have it.</summary>
    public void Exit()
    {
        Volatile.Write(ref _since, 0);
        _lock.Exit();
    }
}
