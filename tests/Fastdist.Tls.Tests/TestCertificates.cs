using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Certificates;

namespace Fastdist.Tls.Tests;

/// <summary>An authority, and certificates that are right or wrong in one way each.</summary>
internal sealed class TestCertificates : IDisposable
{
    public const string ServerName = "dot.example.net";

    private readonly X509Certificate2 _authority;
    private readonly string _file = Path.GetTempFileName();

    public TestCertificates(
        string authorityName = "Test CA", TestCertificates? above = null, bool isAuthority = true, int validDays = 365, TestCertificates? sameKeyAs = null)
    {
        ECDsa key = sameKeyAs?._authority.GetECDsaPrivateKey() ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={authorityName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        DateTimeOffset from = DateTimeOffset.UtcNow.AddYears(-1), until = DateTimeOffset.UtcNow.AddDays(validDays);
        _authority = above is null
            ? request.CreateSelfSigned(from, until)
            : request.Create(above._authority.SubjectName, X509SignatureGenerator.CreateForECDsa(above._authority.GetECDsaPrivateKey()!), from, until, RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(key);
        File.WriteAllText(_file, _authority.ExportCertificatePem());
        Trust = TlsTrust.Load(_file);
    }

    public TlsTrust Trust { get; }

    /// <summary>The authority's certificate as a PEM file.</summary>
    public string AuthorityFile => _file;

    public X509Certificate2 Authority => _authority;

    /// <summary>A server certificate of this authority with its key.</summary>
    public X509Certificate2 Issue(string name = ServerName, string? address = null, int validDays = 30, bool selfSigned = false, int validFromDays = -60)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (address is not null)
        {
            names.AddIpAddress(IPAddress.Parse(address));
        }

        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset from = DateTimeOffset.UtcNow.AddDays(validFromDays);
        DateTimeOffset until = DateTimeOffset.UtcNow.AddDays(validDays);
        if (selfSigned)
        {
            return request.CreateSelfSigned(from, until);
        }

        using X509Certificate2 issued = request.Create(
            _authority.SubjectName, X509SignatureGenerator.CreateForECDsa(_authority.GetECDsaPrivateKey()!), from, until, RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>The SHA-256 of a certificate's SubjectPublicKeyInfo.</summary>
    public static TlsPin Pin(X509Certificate2 certificate) =>
        TlsPin.Parse(Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())));

    public static TlsContext Server(X509Certificate2 certificate, TlsVersion most = TlsVersion.Unknown, bool allowRenegotiation = false, IReadOnlyList<string>? protocols = null) =>
        new TlsServerContext(new TlsServerOptions
        {
            Certificates = [TlsCertificate.FromDer(certificate.RawData, certificate.GetECDsaPrivateKey()!.ExportECPrivateKey())],
            MaxVersion = most,
            AllowRenegotiation = allowRenegotiation,
            ApplicationProtocols = protocols ?? ["dot"],
        });

    public void Dispose()
    {
        Trust.Dispose();
        File.Delete(_file);
    }
}
