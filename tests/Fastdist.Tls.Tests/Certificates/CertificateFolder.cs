using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Certificates;

namespace Fastdist.Tls.Tests.Certificates;

/// <summary>Certificates and keys as files, right or wrong in one way each; gone with the test.</summary>
internal sealed class CertificateFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fastdist-certificates-");

    public static DateTimeOffset Now => DateTimeOffset.UtcNow;

    /// <summary>Writes a file.</summary>
    public string Write(string name, string text) => Write(name, System.Text.Encoding.ASCII.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>A self-signed certificate with its key in files of their own, loaded.</summary>
    public TlsCertificate Load(string subject, AsymmetricAlgorithm key, params string[] dnsNames) => TlsCertificate.Load(Files(subject, key, dnsNames), Now);

    /// <summary>A self-signed certificate with its key in files of their own.</summary>
    public TlsCertificateFile Files(string subject, AsymmetricAlgorithm key, params string[] dnsNames)
    {
        using X509Certificate2 certificate = Sign(subject, key, 30, dnsNames);
        return new TlsCertificateFile
        {
            CertificateFile = Write($"{subject}.pem", certificate.ExportCertificatePem()),
            KeyFile = Write($"{subject}.key", key.ExportPkcs8PrivateKeyPem()),
        };
    }

    /// <summary>A self-signed certificate, valid from sixty days ago.</summary>
    public static X509Certificate2 Sign(string subject, AsymmetricAlgorithm key, int validDays, params string[] dnsNames)
    {
        CertificateRequest request = key is RSA rsa
            ? new CertificateRequest($"CN={subject}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={subject}", (ECDsa)key, HashAlgorithmName.SHA256);
        if (dnsNames.Length > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            Array.ForEach(dnsNames, names.AddDnsName);
            request.CertificateExtensions.Add(names.Build());
        }

        return request.CreateSelfSigned(Now.AddDays(-60), Now.AddDays(validDays));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
