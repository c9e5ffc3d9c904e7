using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Files;
using Fastdist.Tls.Interop;
using Fastdist.Tls.OpenSslSessions;

namespace Fastdist.Tls.Certificates;

/// <summary>
/// A certificate with its chain and private key, parsed once on the control thread and shared by every
/// context that presents it. Contexts hold references of their own, so it may be disposed once they are made.
/// </summary>
public sealed unsafe class TlsCertificate : IDisposable
{
    private const int LargestResponse = 1 << 20;

    private readonly List<string> _warnings = [];
    private readonly KeyMaterial _material;

    internal TlsCertificate(string source, KeyMaterial material)
    {
        Source = source;
        _material = material;
        using X509Certificate2 parsed = X509CertificateLoader.LoadCertificate(material.LeafBytes());
        NotBefore = parsed.NotBefore.ToUniversalTime();
        NotAfter = parsed.NotAfter.ToUniversalTime();
        KeyType = parsed.PublicKey.Oid.Value ?? "";
        X509SubjectAlternativeNameExtension[] names = [.. parsed.Extensions.OfType<X509SubjectAlternativeNameExtension>()];
        Names = names.Length > 0
            ? [.. names.SelectMany(n => n.EnumerateDnsNames()).Select(Canonical).Distinct()]
            : [.. new[] { Canonical(parsed.GetNameInfo(X509NameType.SimpleName, forIssuer: false)) }.Where(n => n.Length > 0)];
        Addresses = [.. names.SelectMany(n => n.EnumerateIPAddresses()).Select(a => a.ToString()).Distinct()];
        NoteDisorder();
    }

    /// <summary>The file it came from; empty for one from memory.</summary>
    public string Source { get; }

    /// <summary>DNS names it is for, lower case, wildcards as they stand; the CN when it has no alternative names at all.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>IP addresses it is for, as text.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>Kind of its public key, an object identifier.</summary>
    public string KeyType { get; }

    /// <summary>First moment it is valid.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>Last moment it is valid.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>What an operator should know of it although it can be used.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Until when the response stapled to it may be presented; in the past when there is none.</summary>
    public DateTimeOffset StapledUntil { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Whether a response is stapled to it, ended or not.</summary>
    public bool HasStapled => OcspResponse.Length > 0;

    /// <summary>The response stapled to it (RFC 6066 section 8), DER; empty for none.</summary>
    internal byte[] OcspResponse { get; private set; } = [];

    /// <summary>The X509, as OpenSSL will name it when it has chosen it.</summary>
    internal nint Pointer => _material.Leaf;

    /// <summary>Reads a certificate, its chain and its key.</summary>
    /// <param name="file">Where they are.</param>
    /// <param name="now">The time, by which the certificate must be valid.</param>
    /// <exception cref="TlsConfigurationException">They cannot be used; the message names the file and what to do.</exception>
    public static TlsCertificate Load(TlsCertificateFile file, DateTimeOffset now)
    {
        TlsCertificate certificate = Load(file);
        if (certificate.ProblemWithDates(now) is { } problem)
        {
            certificate.Dispose();
            throw new TlsConfigurationException(problem);
        }

        return certificate;
    }

    /// <summary>
    /// Reads what is shown to servers that ask for a certificate. One whose time is not now is a warning, as most ask for none.
    /// </summary>
    /// <param name="file">Where certificate, chain and key are.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="TlsConfigurationException">They cannot be used; the message names the file and what to do.</exception>
    public static TlsCertificate LoadForClient(TlsCertificateFile file, DateTimeOffset now)
    {
        TlsCertificate certificate = Load(file);
        if (certificate.ProblemWithDates(now) is { } problem)
        {
            certificate._warnings.Add(problem);
        }

        return certificate;
    }

    /// <summary>A certificate without a chain, and its key.</summary>
    /// <param name="certificate">X.509 certificate, DER.</param>
    /// <param name="privateKey">Its private key (RFC 5915, PKCS#1 or PKCS#8), DER.</param>
    /// <exception cref="TlsConfigurationException">One of them cannot be read, or they do not belong together.</exception>
    public static TlsCertificate FromDer(ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> privateKey)
    {
        TlsLibrary.EnsureInitialised();
        return new TlsCertificate("", KeyMaterial.FromDer(certificate, privateKey));
    }

    /// <summary>
    /// Staples an OCSP response. One that is not there or not good for this certificate now is a warning: it goes without then, or with
    /// the one that was stapled before, while that is good.
    /// </summary>
    /// <param name="path">The response, DER.</param>
    /// <param name="before">What this certificate takes the place of; null for nothing.</param>
    /// <param name="now">The time.</param>
    /// <returns>The warning; null when it is stapled.</returns>
    public string? Staple(string path, TlsCertificate? before, DateTimeOffset now)
    {
        string warning;
        try
        {
            byte[] response = OperatorFile.Read("ocspResponses", path, LargestResponse);
            if (OcspResponses.Judge(response, Pointer, now, out DateTimeOffset until) is not { } objection)
            {
                (OcspResponse, StapledUntil) = (response, until);
                return null;
            }

            warning = $"ocspResponses={path} is not stapled to {Source}: {objection}";
        }
        catch (TlsConfigurationException exception)
        {
            warning = $"nothing is stapled to {Source}: {exception.Message}";
        }

        bool isStillGood = before is { OcspResponse.Length: > 0 } && OcspResponses.Judge(before.OcspResponse, Pointer, now, out _) is null;
        (OcspResponse, StapledUntil) = isStillGood ? (before!.OcspResponse, before.StapledUntil) : ([], DateTimeOffset.MinValue);
        return warning;
    }

    /// <inheritdoc/>
    public void Dispose() => _material.Dispose();

    /// <summary>Whether both are for one of the same names or addresses.</summary>
    internal bool SharesNameWith(TlsCertificate other) => Names.Intersect(other.Names).Any() || Addresses.Intersect(other.Addresses).Any();

    /// <summary>Has a context present it.</summary>
    internal void UseIn(SslContext context) => _material.UseIn(context, Source);

    private static string Canonical(string name) => (name.EndsWith('.') ? name[..^1] : name).ToLowerInvariant();

    private static TlsCertificate Load(TlsCertificateFile file)
    {
        TlsLibrary.EnsureInitialised();
        KeyMaterial material = KeyMaterial.Load(file);
        try
        {
            return new TlsCertificate(file.CertificateFile, material);
        }
        catch (CryptographicException exception)
        {
            // OpenSSL read it already, but .NET finds fault with more, such as names that are not written as they should be.
            material.Dispose();
            throw new TlsConfigurationException($"cert={file.CertificateFile}: {exception.Message}");
        }
    }

    private string? ProblemWithDates(DateTimeOffset now) =>
        NotAfter < now ? $"cert={Source}: it expired at {Time(NotAfter)}; renew it"
        : NotBefore > now ? $"cert={Source}: it is not valid before {Time(NotBefore)}; it is {Time(now)} here"
        : null;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private void NoteDisorder()
    {
        nint issued = _material.Leaf;
        foreach (nint issuer in _material.Chain)
        {
            if (OpenSsl.X509_check_issued(issuer, issued) != 0)
            {
                _warnings.Add($"cert={Source}: the certificates in it are out of order or do not belong together: after each must come the one that issued it; clients may refuse the chain");
                return;
            }

            issued = issuer;
        }
    }
}
