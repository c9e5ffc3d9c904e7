namespace Fastdist.Proxy.Backends;

/// <summary>How ready a backend is for one more query of this shard.</summary>
internal enum Readiness : byte
{
    /// <summary>Down, or no connection can be had at present.</summary>
    Unavailable,

    /// <summary>Reachable, but its connections and its queue are full.</summary>
    Full,

    /// <summary>It has lost its connection a moment ago and may be back soon; the query would wait for that.</summary>
    Returning,

    /// <summary>Its connections have fallen silent: better than nothing.</summary>
    Suspect,

    /// <summary>A connection is being made; the query would wait for it.</summary>
    Starting,

    /// <summary>A connection has room, or a short queue has.</summary>
    Ready,
}
