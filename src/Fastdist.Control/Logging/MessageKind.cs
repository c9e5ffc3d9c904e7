using System;
using System.Threading;
using Microsoft.Extensions.Logging;

namespace Fastdist.Control.Logging;

/// <summary>
/// The rate limit of one kind of message: a burst, then one an interval (the generic cell rate algorithm, ITU-T
/// I.371). Any thread may ask; none waits for another and nothing is allocated.
/// </summary>
/// <param name="id">The kind's event.</param>
/// <param name="level">Its level.</param>
/// <param name="interval">Of the clock's units, in which one more message may pass.</param>
/// <param name="burst">Messages that may pass at once after a silence.</param>
internal sealed class MessageKind(EventId id, LogLevel level, long interval, int burst)
{
    /// <summary>When all of the burst may be used again.</summary>
    private long _restedAt;

    private long _pending;
    private long _suppressed;
    private long _suppressedBefore;

    public EventId Id => id;

    public LogLevel Level => level;

    /// <summary>Messages left out so far.</summary>
    public long Suppressed => Interlocked.Read(ref _suppressed);

    /// <summary>Whether a message may pass.</summary>
    /// <param name="now">The time, in the clock's units.</param>
    /// <param name="suppressed">When it may: how many were left out of which nobody was told yet.</param>
    public bool TryPass(long now, out long suppressed)
    {
        if (TryTake(now))
        {
            suppressed = TakePending();
            return true;
        }

        suppressed = 0;
        Interlocked.Increment(ref _pending);
        Interlocked.Increment(ref _suppressed);
        return false;
    }

    /// <summary>Whether to tell now of messages that were left out: none has been since the last call. One thread's.</summary>
    /// <param name="now">The time, in the clock's units.</param>
    /// <param name="suppressed">How many.</param>
    public bool TryReport(long now, out long suppressed)
    {
        long total = Suppressed;
        bool isQuiet = total == _suppressedBefore;
        _suppressedBefore = total;
        suppressed = isQuiet && Volatile.Read(ref _pending) > 0 && TryTake(now) ? TakePending() : 0;
        return suppressed > 0;
    }

    /// <summary>How many were left out of which nobody was told yet; from now on they are told of.</summary>
    public long TakePending() => Interlocked.Exchange(ref _pending, 0);

    private bool TryTake(long now)
    {
        long restedAt = Volatile.Read(ref _restedAt);
        while (true)
        {
            long next = Math.Max(restedAt, now) + interval;
            if (next - now > burst * interval)
            {
                return false;
            }

            long found = Interlocked.CompareExchange(ref _restedAt, next, restedAt);
            if (found == restedAt)
            {
                return true;
            }

            restedAt = found;
        }
    }
}
