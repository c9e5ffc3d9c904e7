using System;
using Fastdist.Proxy.Counters;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Backends;

/// <summary>Why a backend's connections failed last, until another one works. The log is told what is new, as the same failure every few seconds is not.</summary>
/// <param name="log">The log.</param>
/// <param name="known">The backend.</param>
internal sealed class LatestFailure(ILogger log, KnownBackend known)
{
    private static readonly BackendFailure s_noConnection = new(HealthCheckFailure.Network, "no connection");

    private string _told = "";

    /// <summary>Why the last connection failed; that there is none when nothing has failed.</summary>
    public BackendFailure Last { get; private set; } = s_noConnection;

    /// <summary>The same, when anything has failed.</summary>
    public BackendFailure? Known => Last == s_noConnection ? null : Last;

    /// <summary>A connection was not even tried, which its counter tells of.</summary>
    public void Note(BackendFailure failure) => Last = failure;

    /// <summary>A connection failed. Of one that is leaving nobody need know.</summary>
    public void Complain(BackendFailure failure)
    {
        Last = failure;
        if (!known.Status.IsLeaving && _told != failure.Reason && !failure.Reason.StartsWith("certificate refused", StringComparison.Ordinal))
        {
            _told = failure.Reason;
            log.ConnectionFailed(known.Options.Name, failure.Reason);
        }
    }

    /// <summary>The backend showed a certificate that may not be believed, of which the failure that follows says less.</summary>
    public void CertificateRefused(string reason, string subject, string issuer)
    {
        string complaint = $"certificate refused: {reason}";
        if (_told != complaint)
        {
            _told = complaint;
            log.CertificateRefused(known.Options.Name, reason, subject, issuer);
        }
    }

    /// <summary>A connection works.</summary>
    public void Forget() => (_told, Last) = ("", s_noConnection);
}
