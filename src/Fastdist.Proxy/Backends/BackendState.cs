namespace Fastdist.Proxy.Backends;

/// <summary>Whether a backend is used, and who said so.</summary>
public enum BackendState : byte
{
    /// <summary>Up by its health checks.</summary>
    Up,

    /// <summary>Down by its health checks.</summary>
    Down,

    /// <summary>Up because the operator says so.</summary>
    ForcedUp,

    /// <summary>Down because the operator says so.</summary>
    ForcedDown,
}
