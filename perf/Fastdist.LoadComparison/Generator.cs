namespace Fastdist.LoadComparison;

/// <summary>What one run of a generator saw; lost are the queries without a good answer.</summary>
internal sealed record LoadResult(long Completed, long Lost, double RunSeconds, double? P50Milliseconds, double? P99Milliseconds);

/// <summary>A program that plays many clients.</summary>
internal abstract class Generator
{
    /// <summary>Each name once: sessions are up and buffers grown before anything is counted.</summary>
    public abstract LoadResult WarmUp(QueryPath path, int port);

    /// <summary>As many queries as the outstanding limit lets through.</summary>
    /// <param name="path">How they go.</param>
    /// <param name="port">Where to.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="everyQuery">Whether each is timed, which costs the generator some speed.</param>
    public abstract LoadResult Saturate(QueryPath path, int port, int seconds, bool everyQuery);

    /// <summary>Queries at the settings' rate, each timed.</summary>
    public abstract LoadResult Pace(QueryPath path, int port, int seconds);
}
