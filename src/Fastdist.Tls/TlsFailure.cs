namespace Fastdist.Tls;

/// <summary>Why a session failed, as far as it can be counted by name.</summary>
public enum TlsFailure : byte
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>None of the reasons below; the text of the error says more.</summary>
    Other,

    /// <summary>The peer's certificate was refused.</summary>
    CertificateRefused,
}
