namespace Fastdist.Proxy.Counters;

/// <summary>What the log left out. Whoever writes the log knows; the counters show it.</summary>
public interface ILogCounters
{
    /// <summary>Lines dropped because too many waited to be written, or the writing failed.</summary>
    long Dropped { get; }

    /// <summary>Messages left out because there were too many of their kind.</summary>
    long Suppressed { get; }
}
