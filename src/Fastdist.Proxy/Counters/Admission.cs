namespace Fastdist.Proxy.Counters;

/// <summary>What the limits say to a new connection.</summary>
internal enum Admission : byte
{
    /// <summary>It may come in, and was counted.</summary>
    Admitted,

    /// <summary>The process has as many connections as it may; this one would do if another left.</summary>
    TooMany,

    /// <summary>The client has as many connections as one client may.</summary>
    TooManyOfClient,

    /// <summary>The client opens connections faster than one client may; from now on it is banned.</summary>
    TooFast,

    /// <summary>The client broke a limit a short while ago.</summary>
    Banned,
}
