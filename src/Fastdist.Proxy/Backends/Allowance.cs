using System;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// How many queries the next connection to a backend may have at once. Some backends close after so many answers, and whatever else
/// they were given has to be asked again; so a connection gets what the one before it answered, and more as it outlives that.
/// </summary>
/// <param name="expected">Answers after which its end is expected.</param>
internal readonly struct Allowance(long expected)
{
    /// <summary>An age at which a connection's end is no longer what the one before it suggests, microseconds.</summary>
    public const long LimitedMicroseconds = 1_000_000;

    /// <summary>
    /// A backend that closes does so with its last answer or soon after: whoever is still there after this long may have twice as
    /// much, so that a single slow answer does not keep the others waiting. Microseconds.
    /// </summary>
    private const long DoublingMicroseconds = 100_000;

    /// <summary>
    /// What a connection is given after its last answer, when that is known, is lost and asked again; the end of one that closes with it
    /// is seen by then. Microseconds.
    /// </summary>
    public const long EndMicroseconds = 2_000;

    /// <summary>Nothing is known that limits it.</summary>
    public static Allowance Unlimited => new(long.MaxValue);

    /// <summary>Whether it limits a connection at all.</summary>
    public bool IsLimited => expected != long.MaxValue;

    /// <summary>Whether a connection that gave so many answers ended where the one before it did.</summary>
    public bool IsExpectedEnd(long answers) => answers > 0 && answers == expected;

    /// <summary>When <see cref="Most"/> is another number though nothing happens, at the latest looked at again; microseconds from now.</summary>
    public long NextChange(long answers, long age, long quiet)
    {
        long doubling = age < LimitedMicroseconds ? DoublingMicroseconds - (age % DoublingMicroseconds) : LimitedMicroseconds;
        return IsExpectedEnd(answers) && quiet < EndMicroseconds ? Math.Min(EndMicroseconds - quiet, doubling) : doubling;
    }

    /// <summary>Queries that may be on a connection.</summary>
    /// <param name="answers">Answers it gave.</param>
    /// <param name="age">Microseconds since it became ready.</param>
    /// <param name="quiet">Microseconds since the last answer.</param>
    public long Most(long answers, long age, long quiet)
    {
        if (IsExpectedEnd(answers) && quiet < EndMicroseconds)
        {
            return 0;
        }

        // Up to the expected end the rest; from there on one, and one more with each answer, which doubles them every round trip.
        long most = answers < expected ? expected - answers : answers - expected + 1;
        int doublings = (int)(Math.Min(age, LimitedMicroseconds) / DoublingMicroseconds);
        return most > long.MaxValue >> doublings ? long.MaxValue : most << doublings;
    }
}
