namespace Fastdist.Tls;

/// <summary>Why a session failed, as far as it can be counted by name; <see cref="TlsFailures.NameOf"/> has the names.</summary>
public enum TlsFailure : byte
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>None of the reasons below; the text of the error says more.</summary>
    Other,

    /// <summary>The peer's certificate was refused, for none of the reasons below.</summary>
    CertificateRefused,

    /// <summary>The peer's certificate, or one of its chain, has expired.</summary>
    CertificateExpired,

    /// <summary>The peer's certificate, or one of its chain, is not valid yet.</summary>
    CertificateNotYetValid,

    /// <summary>The peer's certificate does not lead to an authority we trust.</summary>
    CertificateUntrusted,

    /// <summary>The peer's certificate is for another name or address.</summary>
    CertificateNameMismatch,

    /// <summary>The peer's key is none of those pinned (RFC 7858 section 4.2).</summary>
    CertificatePinMismatch,

    /// <summary>Finite-field Diffie-Hellman with a key shorter than the security level allows.</summary>
    DhKeyTooSmall,

    /// <summary>The client fell back to a version below what both speak (TLS_FALLBACK_SCSV, RFC 7507).</summary>
    InappropriateFallback,

    /// <summary>No cipher suite that both sides and the certificate's key allow; in TLS 1.2 also no group in common.</summary>
    NoSharedCipher,

    /// <summary>A TLS 1.2 key exchange message of a cipher suite without one.</summary>
    UnknownCipherType,

    /// <summary>A TLS 1.2 cipher suite whose key exchange is not known.</summary>
    UnknownKeyExchangeType,

    /// <summary>A ClientHello in the form of SSL 2.</summary>
    UnknownProtocol,

    /// <summary>An elliptic curve that is not supported.</summary>
    UnsupportedEllipticCurve,

    /// <summary>A protocol version below or above those spoken.</summary>
    UnsupportedProtocol,

    /// <summary>DNS without TLS (RFC 1035 section 4.2.2) on the TLS port.</summary>
    PlainDns,

    /// <summary>HTTP without TLS on the TLS port.</summary>
    Http,

    /// <summary>A PROXY protocol header where none is expected.</summary>
    ProxyHeader,

    /// <summary>No group for the key exchange in common (RFC 8446 section 4.2.7).</summary>
    NoSharedGroup,

    /// <summary>No signature algorithm in common for the certificates at hand (RFC 8446 section 4.2.3).</summary>
    NoSharedSignatureAlgorithm,

    /// <summary>A record or message that is too large, too short, out of place, not decodable or not authentic.</summary>
    BadRecord,

    /// <summary>A renegotiation that one side wanted and the other refused (RFC 5746).</summary>
    RenegotiationRefused,

    /// <summary>The peer gave up before the handshake was complete: close_notify or user_canceled (RFC 8446 section 6.1).</summary>
    Cancelled,

    /// <summary>The peer's alert unknown_ca: it does not trust who signed our certificate.</summary>
    AlertUnknownCa,

    /// <summary>The peer's alert bad_certificate.</summary>
    AlertBadCertificate,

    /// <summary>The peer's alert unsupported_certificate.</summary>
    AlertUnsupportedCertificate,

    /// <summary>The peer's alert certificate_revoked.</summary>
    AlertCertificateRevoked,

    /// <summary>The peer's alert certificate_expired.</summary>
    AlertCertificateExpired,

    /// <summary>The peer's alert certificate_unknown.</summary>
    AlertCertificateUnknown,

    /// <summary>The peer's alert access_denied.</summary>
    AlertAccessDenied,

    /// <summary>The peer's alert handshake_failure.</summary>
    AlertHandshakeFailure,

    /// <summary>The peer's alert protocol_version.</summary>
    AlertProtocolVersion,

    /// <summary>The peer's alert decrypt_error.</summary>
    AlertDecryptError,

    /// <summary>The peer's alert no_application_protocol (RFC 7301).</summary>
    AlertNoApplicationProtocol,

    /// <summary>Another alert of the peer.</summary>
    AlertOther,
}
