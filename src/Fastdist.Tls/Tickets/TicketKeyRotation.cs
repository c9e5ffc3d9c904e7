using System;

namespace Fastdist.Tls.Tickets;

/// <summary>
/// When the control thread puts a new random key into a <see cref="TicketKeyStore"/>. It has no clock: times are
/// seconds of any clock that never steps back.
/// </summary>
public sealed class TicketKeyRotation
{
    /// <summary>Seconds between rotations unless told otherwise, dnsdist's number: 12 hours.</summary>
    public const int DefaultDelay = 43_200;

    private readonly int _delay;

    /// <param name="delay">Seconds from one key to the next; 0 for never.</param>
    /// <param name="now">The time now.</param>
    public TicketKeyRotation(int delay, long now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delay);
        _delay = delay;
        Postpone(now);
    }

    /// <summary>When the next rotation is due; null for never.</summary>
    public long? Next { get; private set; }

    /// <summary>Whether a rotation is due.</summary>
    public bool IsDue(long now) => now >= Next;

    /// <summary>
    /// Starts the delay anew: after a rotation, and after any load, else a key from a file would be replaced by a
    /// random one that no other node knows (dnsdist issue 8949).
    /// </summary>
    public void Postpone(long now) => Next = _delay == 0 ? null : now + _delay;
}
