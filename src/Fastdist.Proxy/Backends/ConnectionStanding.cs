namespace Fastdist.Proxy.Backends;

/// <summary>What a connection counts for when queries are given out.</summary>
internal enum ConnectionStanding : byte
{
    /// <summary>Nothing: there is none, or it takes no queries.</summary>
    None,

    /// <summary>It is being made.</summary>
    Starting,

    /// <summary>It takes queries.</summary>
    Working,

    /// <summary>It would take queries, but has fallen silent.</summary>
    Silent,
}
