namespace Fastdist.Proxy.Backends;

/// <summary>How a connection to a backend that had been established ended.</summary>
internal enum ConnectionEnd : byte
{
    /// <summary>We closed it, as it was needed no longer.</summary>
    Retired,

    /// <summary>The backend closed or reset it after it had answered, or when it was idle: servers do.</summary>
    Ordinary,

    /// <summary>The backend ended it with nothing answered, or by what is no TLS.</summary>
    Broken,

    /// <summary>We gave it up, as nothing came or nothing could be sent.</summary>
    GivenUp,
}
