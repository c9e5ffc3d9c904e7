using System;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fastdist.Responder;

/// <summary>
/// A certificate authority of a few days with one server certificate. Made anew at every start, so
/// that no key is ever kept or shipped.
/// </summary>
internal sealed class DemoAuthority
{
    /// <summary>The name in the server's certificate, beside 127.0.0.1 and ::1.</summary>
    public const string ServerName = "responder.fastdist.test";

    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(30);

    private DemoAuthority(string authorityPem, byte[] certificate, byte[] privateKey)
    {
        AuthorityPem = authorityPem;
        Certificate = certificate;
        PrivateKey = privateKey;
    }

    /// <summary>The authority's certificate, which clients trust.</summary>
    public string AuthorityPem { get; }

    /// <summary>The server's certificate, DER.</summary>
    public byte[] Certificate { get; }

    /// <summary>The server's P-256 key (RFC 5915), DER.</summary>
    public byte[] PrivateKey { get; }

    public static DemoAuthority Create()
    {
        DateTimeOffset from = DateTimeOffset.UtcNow.AddHours(-1);
        DateTimeOffset until = from + s_lifetime;
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=fastdist responder CA", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, false));
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(from, until);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var serverRequest = new CertificateRequest($"CN={ServerName}", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(ServerName);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        serverRequest.CertificateExtensions.Add(names.Build());
        serverRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        serverRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        using X509Certificate2 server = serverRequest.Create(authority, from, until, RandomNumberGenerator.GetBytes(16));
        return new DemoAuthority(authority.ExportCertificatePem(), server.RawData, serverKey.ExportECPrivateKey());
    }
}
