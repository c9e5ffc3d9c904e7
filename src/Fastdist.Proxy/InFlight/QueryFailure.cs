using System;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;

namespace Fastdist.Proxy.InFlight;

/// <summary>Why a query gets no answer.</summary>
internal enum FailureKind : byte
{
    /// <summary>No backend answered in time.</summary>
    TimedOut,

    /// <summary>No backend is up.</summary>
    NoBackend,

    /// <summary>All backends are at their limits.</summary>
    Full,

    /// <summary>Too many connections ended without an answer while it was on them.</summary>
    RetriesUsedUp,

    /// <summary>Backends end their connections when they read it.</summary>
    EndsConnections,

    /// <summary>The one backend that it was for failed.</summary>
    BackendFailed,

    /// <summary>It could not be sent, which says nothing of the backend.</summary>
    NotSent,
}

/// <summary>Why a query gets no answer, for whoever asked.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Cause">What had failed at the backend.</param>
internal readonly record struct QueryFailure(FailureKind Kind, BackendFailure Cause)
{
    /// <summary>What a client's extended error says (RFC 8914).</summary>
    public ExtendedError Reason => Kind switch
    {
        FailureKind.Full or FailureKind.NotSent => ExtendedError.NotReady,
        FailureKind.RetriesUsedUp or FailureKind.EndsConnections => ExtendedError.NetworkError,
        _ => ExtendedError.NoReachableAuthority,
    };

    /// <summary>The words beside it.</summary>
    public ReadOnlySpan<byte> Text => Kind switch
    {
        FailureKind.TimedOut => "no backend answered in time"u8,
        FailureKind.Full or FailureKind.NotSent => "all backends are at their limits"u8,
        FailureKind.RetriesUsedUp => "retries used up"u8,
        FailureKind.EndsConnections => "connections to the backend broke on this query twice"u8,
        _ => "no backend is up"u8,
    };
}
