using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Certificates;

namespace Fastdist.Proxy.Tests.Allocation;

/// <summary>A folder of certificates that their own keys signed.</summary>
internal sealed class CertificateFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fastdist");

    /// <summary>A new one for a name, in files of its own.</summary>
    public TlsCertificateFile Make(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = new TlsCertificateFile { CertificateFile = Path.Combine(_folder.FullName, $"{name}.pem"), KeyFile = Path.Combine(_folder.FullName, $"{name}.key") };
        File.WriteAllText(file.CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(file.KeyFile, key.ExportPkcs8PrivateKeyPem());
        return file;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
