using System;

namespace Fastdist.Tls.OpenSslSessions;

/// <summary>
/// When what was derived from a full handshake ends, however often it is resumed: with the first certificate by which the server was
/// verified, or that we showed, and after a week (RFC 8446 section 4.6.1).
/// </summary>
/// <param name="MadeAt">When the full handshake was, seconds of the clock of <see cref="TlsSessionStore"/>; 0 is not known.</param>
/// <param name="NotAfter">When the first certificate ends, Unix seconds; <see cref="NoDate"/> when none was looked at.</param>
internal readonly record struct SessionEnd(long MadeAt, long NotAfter)
{
    /// <summary>No certificate's date mattered.</summary>
    public const long NoDate = long.MaxValue;

    /// <summary>That of an outgoing session whose handshake was a full one.</summary>
    /// <param name="session">The SSL.</param>
    /// <param name="options">What it was made with.</param>
    /// <param name="now">Seconds of the store's clock.</param>
    public static SessionEnd Of(nint session, TlsClientOptions options, long now)
    {
        long shown = options.ClientCertificate?.NotAfter.ToUnixTimeSeconds() ?? NoDate;
        long verified = options.Trust is null ? NoDate : PeerVerification.EndOf(session)?.ToUnixTimeSeconds() ?? NoDate;
        return new SessionEnd(now, Math.Min(shown, verified));
    }
}
