using System.Diagnostics;

namespace Fastdist.Proxy.Machines;

/// <summary>
/// The time as a shard sees it: read once a turn, the same for all that happens in it. It hardly moves while the shard does not
/// run (a stopped process, a paused machine), as nobody could keep a deadline then.
/// </summary>
/// <param name="machine">Whose time it is.</param>
internal sealed class ShardClock(Machine machine)
{
    /// <summary>The longest step, microseconds: a turn waits for a quarter of a second, and some time for its work.</summary>
    public const long MostMicroseconds = 300_000;

    private static readonly double s_microsecondsPerTick = 1e6 / Stopwatch.Frequency;

    private long _measured = machine.Time;
    private long _stoppedAt;
    private long _stoppedFor;

    /// <summary>Microseconds since some moment before the start, less the time in which the shard did not run; never goes back.</summary>
    public long Now { get; private set; } = machine.Time;

    /// <summary>Microseconds of the machine when this turn began, stops included: the same for all shards and threads, for what they share.</summary>
    public long Shared => _measured;

    /// <summary>The same as <see cref="Now"/> in milliseconds, modulo 2^32, for what has little room.</summary>
    public uint Milliseconds => (uint)(Now / 1000);

    /// <summary>Whether the shard did not run for a while before this turn.</summary>
    public bool HasStopped { get; private set; }

    public void Advance() => Advance(machine.Time);

    /// <summary>Goes on to a measured time.</summary>
    public void Advance(long measured)
    {
        long step = measured - _measured;
        _measured = measured;
        HasStopped = step > MostMicroseconds;
        if (HasStopped)
        {
            (_stoppedAt, _stoppedFor) = (Now, step - MostMicroseconds);
            step = MostMicroseconds;
        }

        Now += step;
    }

    /// <summary>Microseconds that have really passed since a moment of this clock, the last stop included.</summary>
    public long Since(long moment) => Now - moment + (moment <= _stoppedAt ? _stoppedFor : 0);

    /// <summary>The time amid a turn, for what has to know how long a step takes.</summary>
    public long Measure() => Now + (machine.Time - _measured);

    /// <summary>The time of the machine, which the shards' clocks are behind by the times in which they did not run.</summary>
    public static long Read() => (long)(Stopwatch.GetTimestamp() * s_microsecondsPerTick);
}
