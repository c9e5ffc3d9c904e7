using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fastdist.LoadComparison.Backends;

/// <summary>A self-signed P-256 certificate for a backend that brings none; it is its own authority.</summary>
internal static class ServerCertificate
{
    public static (string Certificate, string Key) Write(Settings settings)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Backend.HostName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Backend.HostName);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        // The scratch folder is its owner's alone, so the key is too.
        return (settings.Write("server.pem", certificate.ExportCertificatePem()), settings.Write("server.key", key.ExportPkcs8PrivateKeyPem()));
    }
}
