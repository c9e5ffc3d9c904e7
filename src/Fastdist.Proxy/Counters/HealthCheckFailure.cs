using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Proxy.Counters;

/// <summary>Why a health check failed, in dnsdist's five classes.</summary>
public enum HealthCheckFailure : byte
{
    /// <summary>What came is shorter than a header.</summary>
    Parsing,

    /// <summary>Nothing came in time, or the connection that was to carry it was not made in time or fell silent.</summary>
    Timeout,

    /// <summary>There was no connection, or it broke: refused, reset, or failed in TLS.</summary>
    Network,

    /// <summary>What came answers another question.</summary>
    Mismatch,

    /// <summary>What came is no answer (QR not set), or one that says the backend is not well.</summary>
    Invalid,
}

/// <summary>Why something failed at a backend: the class, and in words.</summary>
/// <param name="Kind">What a health check that fails of it counts as.</param>
/// <param name="Reason">For the log.</param>
internal readonly record struct BackendFailure(HealthCheckFailure Kind, string Reason);

/// <summary>Health checks that failed, by class.</summary>
internal static class HealthCheckFailureTable
{
    /// <summary>A counter for each class, indexed by <see cref="HealthCheckFailure"/>.</summary>
    public static long[] Create() => new long[Enum.GetValues<HealthCheckFailure>().Length];

    /// <summary>Names as they are printed, with how each is read.</summary>
    public static IEnumerable<(string Name, Func<BackendCounters, long> Read)> Rows() =>
        from kind in Enum.GetValues<HealthCheckFailure>()
        select ($"health-check-failed-{kind.ToString().ToLowerInvariant()}", new Func<BackendCounters, long>(c => c.CheckFailures[(int)kind]));
}
