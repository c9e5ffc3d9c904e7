using System;
using System.Buffers.Binary;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls;

/// <summary>Names for <see cref="TlsFailure"/>, and how it follows from what OpenSSL reports.</summary>
/// <remarks>
/// Two of dnsdist's eight reasons are of no peer's making with OpenSSL 3.0, which checks what they are about before:
/// <see cref="TlsFailure.UnknownCipherType"/> and <see cref="TlsFailure.UnknownKeyExchangeType"/>, raised for a cipher
/// suite that is in no table. <see cref="TlsFailure.UnsupportedEllipticCurve"/> is a third: without a common curve
/// TLS 1.2 ends in <see cref="TlsFailure.NoSharedCipher"/> and TLS 1.3 in <see cref="TlsFailure.NoSharedGroup"/>.
/// <see cref="TlsFailure.DhKeyTooSmall"/> is met by outgoing sessions only, as incoming ones have no parameters
/// for finite-field Diffie-Hellman. They are mapped all the same, for other versions of the library.
/// </remarks>
public static class TlsFailures
{
    private const int FirstAlert = 1000, LastAlert = 1255;

    /// <summary>The name to count by, in lower case with hyphens, for instance <c>dh-key-too-small</c>.</summary>
    public static string NameOf(TlsFailure failure) => failure switch
    {
        TlsFailure.None => "none",
        TlsFailure.CertificateRefused => "certificate-refused",
        TlsFailure.CertificateExpired => "certificate-expired",
        TlsFailure.CertificateNotYetValid => "certificate-not-yet-valid",
        TlsFailure.CertificateUntrusted => "certificate-untrusted",
        TlsFailure.CertificateNameMismatch => "certificate-name-mismatch",
        TlsFailure.CertificatePinMismatch => "certificate-pin-mismatch",
        TlsFailure.DhKeyTooSmall => "dh-key-too-small",
        TlsFailure.InappropriateFallback => "inappropriate-fallback",
        TlsFailure.NoSharedCipher => "no-shared-cipher",
        TlsFailure.UnknownCipherType => "unknown-cipher-type",
        TlsFailure.UnknownKeyExchangeType => "unknown-key-exchange-type",
        TlsFailure.UnknownProtocol => "unknown-protocol",
        TlsFailure.UnsupportedEllipticCurve => "unsupported-ec",
        TlsFailure.UnsupportedProtocol => "unsupported-protocol",
        TlsFailure.PlainDns => "plain-dns",
        TlsFailure.Http => "http",
        TlsFailure.ProxyHeader => "proxy-header",
        TlsFailure.NoSharedGroup => "no-shared-group",
        TlsFailure.NoSharedSignatureAlgorithm => "no-shared-signature-algorithm",
        TlsFailure.BadRecord => "bad-record",
        TlsFailure.RenegotiationRefused => "renegotiation-refused",
        TlsFailure.Cancelled => "cancelled",
        TlsFailure.AlertUnknownCa => "alert-unknown-ca",
        TlsFailure.AlertBadCertificate => "alert-bad-certificate",
        TlsFailure.AlertUnsupportedCertificate => "alert-unsupported-certificate",
        TlsFailure.AlertCertificateRevoked => "alert-certificate-revoked",
        TlsFailure.AlertCertificateExpired => "alert-certificate-expired",
        TlsFailure.AlertCertificateUnknown => "alert-certificate-unknown",
        TlsFailure.AlertAccessDenied => "alert-access-denied",
        TlsFailure.AlertHandshakeFailure => "alert-handshake-failure",
        TlsFailure.AlertProtocolVersion => "alert-protocol-version",
        TlsFailure.AlertDecryptError => "alert-decrypt-error",
        TlsFailure.AlertNoApplicationProtocol => "alert-no-application-protocol",
        TlsFailure.AlertOther => "alert-other",
        _ => "other",
    };

    /// <summary>Whether the peer's certificate was refused, for whatever reason.</summary>
    public static bool IsAboutCertificate(TlsFailure failure) => failure is >= TlsFailure.CertificateRefused and <= TlsFailure.CertificatePinMismatch;

    /// <summary>Tells why a session failed.</summary>
    /// <param name="reason">SSL_R_* of libssl's error; 0 when it is another library's, or none.</param>
    /// <param name="firstBytes">The first bytes the peer ever sent, eight if there were as many.</param>
    internal static TlsFailure Classify(int reason, ReadOnlySpan<byte> firstBytes) => reason switch
    {
        >= FirstAlert and <= LastAlert => OfAlert(reason - FirstAlert),
        SslReason.HttpRequest or SslReason.HttpsProxyRequest => TlsFailure.Http,
        _ when OfOtherProtocol(firstBytes) is { } protocol => protocol,
        SslReason.DhKeyTooSmall => TlsFailure.DhKeyTooSmall,
        SslReason.InappropriateFallback => TlsFailure.InappropriateFallback,
        SslReason.NoSharedCipher => TlsFailure.NoSharedCipher,
        SslReason.UnknownCipherType => TlsFailure.UnknownCipherType,
        SslReason.UnknownKeyExchangeType => TlsFailure.UnknownKeyExchangeType,
        SslReason.UnknownProtocol => TlsFailure.UnknownProtocol,
        SslReason.UnsupportedEllipticCurve => TlsFailure.UnsupportedEllipticCurve,
        SslReason.UnsupportedProtocol or SslReason.VersionTooLow or SslReason.VersionTooHigh => TlsFailure.UnsupportedProtocol,
        SslReason.NoRenegotiation or SslReason.UnsafeLegacyRenegotiationDisabled => TlsFailure.RenegotiationRefused,
        _ when SslReason.IsAboutGroups(reason) => TlsFailure.NoSharedGroup,
        _ when SslReason.IsAboutSignatures(reason) => TlsFailure.NoSharedSignatureAlgorithm,
        _ when SslReason.IsAboutRecords(reason) => TlsFailure.BadRecord,
        _ => TlsFailure.Other,
    };

    /// <summary>Tells why a certificate was refused.</summary>
    /// <param name="error">X509_V_ERR_* of its verification.</param>
    internal static TlsFailure OfVerification(int error) => error switch
    {
        VerifyError.HasExpired => TlsFailure.CertificateExpired,
        VerifyError.NotYetValid => TlsFailure.CertificateNotYetValid,
        VerifyError.HostnameMismatch or VerifyError.IpAddressMismatch => TlsFailure.CertificateNameMismatch,
        VerifyError.NoIssuer or VerifyError.NoLocalIssuer or VerifyError.SelfSigned or VerifyError.SelfSignedInChain
            or VerifyError.NoLeafSignature or VerifyError.Untrusted => TlsFailure.CertificateUntrusted,
        _ => TlsFailure.CertificateRefused,
    };

    private static TlsFailure OfAlert(int alert) => alert switch
    {
        0 or 90 => TlsFailure.Cancelled,
        40 => TlsFailure.AlertHandshakeFailure,
        42 => TlsFailure.AlertBadCertificate,
        43 => TlsFailure.AlertUnsupportedCertificate,
        44 => TlsFailure.AlertCertificateRevoked,
        45 => TlsFailure.AlertCertificateExpired,
        46 => TlsFailure.AlertCertificateUnknown,
        48 => TlsFailure.AlertUnknownCa,
        49 => TlsFailure.AlertAccessDenied,
        51 => TlsFailure.AlertDecryptError,
        70 => TlsFailure.AlertProtocolVersion,
        100 => TlsFailure.RenegotiationRefused,
        120 => TlsFailure.AlertNoApplicationProtocol,
        _ => TlsFailure.AlertOther,
    };

    private static TlsFailure? OfOtherProtocol(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\r\n\r\n\0\r\nQ"u8) || bytes.StartsWith("PROXY "u8))
        {
            return TlsFailure.ProxyHeader;
        }

        if (IsHttp(bytes))
        {
            return TlsFailure.Http;
        }

        return IsDns(bytes) ? TlsFailure.PlainDns : null;
    }

    private static bool IsHttp(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("GET "u8) || bytes.StartsWith("POST "u8) || bytes.StartsWith("HEAD "u8) || bytes.StartsWith("PUT "u8)
        || bytes.StartsWith("OPTIONS "u8) || bytes.StartsWith("CONNECT "u8) || bytes.StartsWith("PRI * HT"u8) || bytes.StartsWith("HTTP/"u8);

    // Length prefix, ID, flags, number of questions: a query of opcode QUERY with one question, or an answer.
    private static bool IsDns(ReadOnlySpan<byte> bytes)
    {
        const int HeaderSize = 12, Handshake = 22, Ssl3 = 3, Response = 0x8000, OpcodeAndReserved = 0x7840, Rcode = 0x000F;
        if (bytes.Length < 8 || (bytes[0] == Handshake && bytes[1] == Ssl3))
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        int flags = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        int questions = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        bool isSound = (flags & Response) == 0 ? (flags & Rcode) == 0 && questions == 1 : questions <= 1;
        return length >= HeaderSize && (flags & OpcodeAndReserved) == 0 && isSound;
    }
}
