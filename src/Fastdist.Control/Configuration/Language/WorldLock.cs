using System;
using System.Diagnostics;
using System.Threading;

namespace Fastdist.Control.Configuration.Language;

/// <summary>
/// Who may use a script: the thread of scripts for as long as it takes, or a shard for a query, which waits for others only as long as a query may. Most are in
/// it for less than a microsecond, so that who waits looks again and again, and lets others run meanwhile. It cannot be taken twice.
/// </summary>
internal sealed class WorldLock
{
    /// <summary>Longest that a query waits; where the thread of scripts has been in it for longer by then, it does not wait at all.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    private static readonly long s_patience = (long)(Patience.TotalSeconds * Stopwatch.Frequency);

    private int _isTaken;

    /// <summary>Since when the thread of scripts is in it, by <see cref="Stopwatch.GetTimestamp"/>; 0 while it is not, as others are out again soon.</summary>
    private long _since;

    /// <summary>Takes it, whoever has it and however long that takes.</summary>
    public void Enter()
    {
        var wait = new SpinWait();
        while (!TryTake())
        {
            wait.SpinOnce();
        }

        Volatile.Write(ref _since, Stopwatch.GetTimestamp());
    }

    /// <summary>Takes it for a query.</summary>
    /// <returns>False when others are in it for too long.</returns>
    public bool TryEnter() => TryTake() || TryWait();

    /// <summary>Lets others have it.</summary>
    public void Exit()
    {
        Volatile.Write(ref _since, 0);
        Volatile.Write(ref _isTaken, 0);
    }

    private bool TryTake() => Volatile.Read(ref _isTaken) == 0 && Interlocked.CompareExchange(ref _isTaken, 1, 0) == 0;

    private bool TryWait()
    {
        long now = Stopwatch.GetTimestamp();
        long end = now + s_patience;
        long since = Volatile.Read(ref _since);
        if (since != 0 && now - since > s_patience)
        {
            return false;
        }

        var wait = new SpinWait();
        while (!TryTake())
        {
            if (Stopwatch.GetTimestamp() > end)
            {
                return false;
            }

            wait.SpinOnce(sleep1Threshold: -1);
        }

        return true;
    }
}
