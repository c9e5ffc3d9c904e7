using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fastdist.LoadComparison.Backends;

namespace Fastdist.LoadComparison;

/// <summary>A self-signed certificate for the proxies' DoT and for a backend that brings none; it is its own authority.</summary>
internal sealed record ServerCertificate(string KeyKind, string File, string KeyFile)
{
    public static ServerCertificate P256(Settings settings)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Write(settings, "ECDSA P-256", new CertificateRequest(Subject, key, HashAlgorithmName.SHA256), key);
    }

    public static ServerCertificate Rsa(Settings settings, int bits)
    {
        using var key = RSA.Create(bits);
        return Write(settings, string.Create(CultureInfo.InvariantCulture, $"RSA-{bits}"),
            new CertificateRequest(Subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), key);
    }

    private static string Subject => $"CN={Backend.HostName}";

    private static ServerCertificate Write(Settings settings, string keyKind, CertificateRequest request, AsymmetricAlgorithm key)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Backend.HostName);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        var name = keyKind.Replace(' ', '-').ToLowerInvariant();
        // The scratch folder is its owner's alone, so the key is too.
        return new ServerCertificate(keyKind, settings.Write($"{name}.pem", certificate.ExportCertificatePem()),
            settings.Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }
}

/// <summary>Each certificate is made once, when first wanted, and is the same for every proxy.</summary>
internal sealed class Certificates(Settings settings)
{
    public ServerCertificate P256 => field ??= ServerCertificate.P256(settings);

    public ServerCertificate Rsa2048 => field ??= ServerCertificate.Rsa(settings, 2048);

    public ServerCertificate Rsa4096 => field ??= ServerCertificate.Rsa(settings, 4096);
}
