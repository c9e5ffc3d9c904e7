using System;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A certificate with its key, in the forms that daemons and <c>SslStream</c> want.</summary>
internal sealed record ServerCertificate(X509Certificate2 Certificate, string CertificatePem, string KeyPem);

/// <summary>A certificate authority of the test's own: whom it signs for, fastdist trusts when told to.</summary>
internal sealed class CertificateAuthority
{
    private readonly X509Certificate2 _certificate;

    public CertificateAuthority(string name = "fastdist test authority")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
    }

    public string Pem => _certificate.ExportCertificatePem();

    public ServerCertificate Issue(string dnsName, IPAddress? address = null) =>
        Issue(dnsName, address, DateTimeOffset.UtcNow.AddDays(1));

    /// <summary>Was valid until yesterday.</summary>
    public ServerCertificate IssueExpired(string dnsName) => Issue(dnsName, null, DateTimeOffset.UtcNow.AddDays(-1));

    public static ServerCertificate SelfSigned(string dnsName)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = RequestFor(dnsName, null, key)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return Bundle(certificate, key);
    }

    private ServerCertificate Issue(string dnsName, IPAddress? address, DateTimeOffset notAfter)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        serial[0] &= 0x7f;
        using X509Certificate2 bare = RequestFor(dnsName, address, key)
            .Create(_certificate, DateTimeOffset.UtcNow.AddDays(-10), notAfter, serial);
        using X509Certificate2 certificate = bare.CopyWithPrivateKey(key);
        return Bundle(certificate, key);
    }

    private static CertificateRequest RequestFor(string dnsName, IPAddress? address, ECDsa key)
    {
        var request = new CertificateRequest($"CN={dnsName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        if (address is not null)
        {
            names.AddIpAddress(address);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        return request;
    }

    private static ServerCertificate Bundle(X509Certificate2 certificate, ECDsa key) =>
        new(
            // SslStream wants the key in the store's own form, which only the round trip gives.
            X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null),
            certificate.ExportCertificatePem(),
            key.ExportPkcs8PrivateKeyPem());
}
