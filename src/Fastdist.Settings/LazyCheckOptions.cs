namespace Fastdist.Settings;

/// <summary>
/// When a backend that is checked lazily is suspected, by what becomes of its queries, and how often it is asked about itself then; with the names and
/// units an operator writes.
/// </summary>
public sealed record LazyCheckOptions
{
    /// <summary>The latest results of queries that are looked at, of the whole process, an equal part a shard.</summary>
    public int SampleSize { get; init; } = 100;

    /// <summary>Results below which nothing follows from them.</summary>
    public int MinSampleCount { get; init; } = 1;

    /// <summary>Per cent of failures among them from which it is suspected.</summary>
    public int Threshold { get; init; } = 20;

    /// <summary>Whether SERVFAIL is a failure, as no answer is.</summary>
    public bool CountsServFail { get; init; } = true;

    /// <summary>Seconds between two checks while it is down.</summary>
    public int FailedInterval { get; init; } = 30;

    /// <summary>Whether these become twice as many with each check that fails.</summary>
    public bool UseExponentialBackOff { get; init; }

    /// <summary>Seconds that they become at most.</summary>
    public int MaxBackOff { get; init; } = 3600;
}
