namespace Fastdist.Tls.Certificates;

/// <summary>Where a certificate and its key are.</summary>
public sealed record TlsCertificateFile
{
    /// <summary>PEM: the certificate, then those that issued it; or PKCS#12 with the key inside.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>PEM private key (PKCS#1, PKCS#8, SEC 1, encrypted or not); null when it is in the certificate's file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Password of the key or the PKCS#12 file; null for none.</summary>
    public string? Password { get; init; }
}
