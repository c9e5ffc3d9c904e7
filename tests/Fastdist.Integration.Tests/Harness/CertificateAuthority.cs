using System;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A certificate with its key, in the forms that daemons and <c>SslStream</c> want.</summary>
internal sealed record ServerCertificate(X509Certificate2 Certificate, string CertificatePem, string KeyPem)
{
    /// <summary>The pin of RFC 7858 section 4.2: SHA-256 of the public key, in base64.</summary>
    public string Pin => Convert.ToBase64String(SHA256.HashData(Certificate.PublicKey.ExportSubjectPublicKeyInfo()));
}

/// <summary>A certificate authority of the test's own: whom it signs for, fastdist trusts when told to.</summary>
internal sealed class CertificateAuthority
{
    private readonly X509Certificate2 _certificate;

    public CertificateAuthority(string name = "fastdist test authority")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        KeyPem = key.ExportPkcs8PrivateKeyPem();
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
    }

    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>What it signs with.</summary>
    public string KeyPem { get; }

    public ServerCertificate Issue(string dnsName, IPAddress? address = null) =>
        Issue(dnsName, address, SoonEnough, UntilTomorrow);

    /// <summary>Good for that long from now.</summary>
    public ServerCertificate Issue(string dnsName, TimeSpan life) => Issue(dnsName, null, SoonEnough, DateTimeOffset.UtcNow + life);

    /// <summary>With an RSA key of 2,048 bits.</summary>
    public ServerCertificate IssueRsa(string dnsName)
    {
        using RSA key = RSA.Create(2_048);
        using X509Certificate2 bare = RequestFor(dnsName, null, new CertificateRequest(
            $"CN={dnsName}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            .Create(_certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_certificate.GetECDsaPrivateKey()!), SoonEnough, UntilTomorrow, Serial());
        using X509Certificate2 certificate = bare.CopyWithPrivateKey(key);
        return Bundle(certificate, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Was valid until yesterday.</summary>
    public ServerCertificate IssueExpired(string dnsName) => Issue(dnsName, null, SoonEnough, DateTimeOffset.UtcNow.AddDays(-1));

    /// <summary>Will be valid from tomorrow on.</summary>
    public ServerCertificate IssueNotYetValid(string dnsName) => Issue(dnsName, null, UntilTomorrow, UntilTomorrow.AddDays(1));

    public static ServerCertificate SelfSigned(string dnsName)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = RequestFor(dnsName, null, EcdsaRequest(dnsName, key))
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return Bundle(certificate, key.ExportPkcs8PrivateKeyPem());
    }

    private static DateTimeOffset SoonEnough => DateTimeOffset.UtcNow.AddDays(-10);

    private static DateTimeOffset UntilTomorrow => DateTimeOffset.UtcNow.AddDays(1);

    private ServerCertificate Issue(string dnsName, IPAddress? address, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 bare = RequestFor(dnsName, address, EcdsaRequest(dnsName, key))
            .Create(_certificate, notBefore, notAfter, Serial());
        using X509Certificate2 certificate = bare.CopyWithPrivateKey(key);
        return Bundle(certificate, key.ExportPkcs8PrivateKeyPem());
    }

    private static byte[] Serial()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        // Positive, and of full length.
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }

    private static CertificateRequest EcdsaRequest(string dnsName, ECDsa key) => new($"CN={dnsName}", key, HashAlgorithmName.SHA256);

    private static CertificateRequest RequestFor(string dnsName, IPAddress? address, CertificateRequest request)
    {
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

    private static ServerCertificate Bundle(X509Certificate2 certificate, string keyPem) =>
        new(
            // SslStream wants the key in the store's own form, which only the round trip gives.
            X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null),
            certificate.ExportCertificatePem(),
            keyPem);
}
