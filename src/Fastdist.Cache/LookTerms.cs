namespace Fastdist.Cache;

/// <summary>By which terms an answer is looked for.</summary>
public struct LookTerms
{
    /// <summary>The time, seconds of the cache's clock.</summary>
    public uint Now;

    /// <summary>UDP payload that we receive, bytes.</summary>
    public int PayloadSize;

    /// <summary>Seconds beyond its end that an answer may be given; 0 for none.</summary>
    public uint StaleFor;

    /// <summary>Whether the query's OPT was added to it here, so that the client gets none.</summary>
    public bool IsOptOurs;

    /// <summary>Whether one whose time is over is taken, as backends do not answer.</summary>
    public bool TakesStale;

    /// <summary>Whether an answer with TC is none, as whoever asks does so over a stream and could ask nowhere else for the rest.</summary>
    public bool WantsWhole;
}
