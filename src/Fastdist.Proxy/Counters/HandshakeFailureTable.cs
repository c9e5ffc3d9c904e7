using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Tls;

namespace Fastdist.Proxy.Counters;

/// <summary>Handshakes that failed, by reason: what frontends and backends count alike.</summary>
internal static class HandshakeFailureTable
{
    /// <summary>A counter for each reason, indexed by <see cref="TlsFailure"/>.</summary>
    public static long[] Create() => new long[Enum.GetValues<TlsFailure>().Length];

    /// <summary>Names as they are printed, with how each is read.</summary>
    /// <param name="prefix">Goes before the reason.</param>
    /// <param name="asksForCertificate">Whether the peer shows a certificate, so that it can be refused.</param>
    /// <param name="failures">The counters of one frontend or backend.</param>
    public static IEnumerable<(string Name, Func<T, long> Read)> Rows<T>(string prefix, bool asksForCertificate, Func<T, long[]> failures) =>
        from failure in Enum.GetValues<TlsFailure>()
        where failure != TlsFailure.None && (asksForCertificate || !TlsFailures.IsAboutCertificate(failure))
        select ($"{prefix}{TlsFailures.NameOf(failure)}", new Func<T, long>(counters => failures(counters)[(int)failure]));
}
