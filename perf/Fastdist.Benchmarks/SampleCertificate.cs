using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fastdist.Benchmarks;

/// <summary>A self-signed P-256 certificate.</summary>
internal static class SampleCertificate
{
    public const string HostName = "responder.fastdist.test";

    public static X509Certificate2 Create(out byte[] certificateDer, out byte[] keyDer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={HostName}", key, HashAlgorithmName.SHA256);
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        certificateDer = certificate.RawData;
        keyDer = key.ExportECPrivateKey();
        return certificate;
    }
}
