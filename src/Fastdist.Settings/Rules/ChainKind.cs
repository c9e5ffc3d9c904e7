namespace Fastdist.Settings.Rules;

/// <summary>The chains of rules that there are.</summary>
public enum ChainKind : byte
{
    /// <summary>Queries as they come.</summary>
    Query,

    /// <summary>Queries that the cache cannot answer.</summary>
    CacheMiss,

    /// <summary>Answers of backends.</summary>
    Response,

    /// <summary>Answers out of the cache.</summary>
    CacheHitResponse,

    /// <summary>Answers that were put into the cache.</summary>
    CacheInsertedResponse,

    /// <summary>Answers made here.</summary>
    SelfAnsweredResponse,

    /// <summary>Answers to zone transfers.</summary>
    XfrResponse,
}
