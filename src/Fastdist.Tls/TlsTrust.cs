using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Certificates;
using Fastdist.Tls.Files;
using Fastdist.Tls.Interop;
using Fastdist.Tls.OpenSslSessions;

namespace Fastdist.Tls;

/// <summary>
/// A set of trusted authorities, parsed once and shared by every context that uses it.
/// </summary>
public sealed unsafe class TlsTrust : IDisposable
{
    /// <summary>
    /// Where distributions keep their bundle. A static OpenSSL looks under its build machine's
    /// OPENSSLDIR, which the host may not have.
    /// </summary>
    public static readonly IReadOnlyList<string> SystemBundles =
    [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ];

    /// <summary>Bytes a file may have; the web's authorities take a quarter of a million.</summary>
    private const int MostBytes = 16 << 20;

    private readonly string _where;
    private readonly List<byte[]> _certificates;
    private X509Certificate2Collection? _authorities;

    private TlsTrust(nint store, string where, List<byte[]> certificates, bool isChosen) =>
        (Store, _where, _certificates, IsChosen) = (store, where, certificates, isChosen);

    /// <summary>
    /// Whether an operator chose each certificate in it, so that a chain may end at any of them: an intermediate authority, or
    /// the server's own. Of the host's bundle only roots count, as whoever maintains it means no others.
    /// </summary>
    internal bool IsChosen { get; }

    internal nint Store { get; private set; }

    /// <summary>
    /// The same authorities as .NET has them, read when first asked for, on the control thread. Who holds them may do so for longer
    /// than this lives: they are the garbage collector's to free.
    /// </summary>
    /// <exception cref="TlsConfigurationException">.NET cannot read one of them.</exception>
    internal X509Certificate2Collection Authorities => _authorities ??= ReadAuthorities();

    /// <summary>Reads a PEM file of certificates.</summary>
    /// <param name="path">The file; null or empty for the host's own bundle.</param>
    /// <exception cref="TlsConfigurationException">No bundle is there, or it holds no certificate.</exception>
    public static TlsTrust Load(string? path)
    {
        TlsLibrary.EnsureInitialised();
        string file = FileOf(path);
        string where = OperatorFile.Name("caStore", file);
        List<nint> authorities = PemCertificates.Parse(PemFile.Read(OperatorFile.Read("caStore", file, MostBytes), where), where);
        if (authorities.Count == 0)
        {
            throw new TlsConfigurationException($"{where}: there is no certificate in it (-----BEGIN CERTIFICATE-----)");
        }

        // OpenSSL would read the file itself, from wherever that is, and pass over what it cannot read.
        nint store = OpenSsl.X509_STORE_new();
        authorities.ForEach(authority => OpenSsl.X509_STORE_add_cert(store, authority));
        List<byte[]> encoded = authorities.ConvertAll(authority => Der.Encode(authority, OpenSsl.i2d_X509));
        authorities.ForEach(OpenSsl.X509_free);
        bool isChosen = !string.IsNullOrEmpty(path);
        if (isChosen)
        {
            OpenSsl.X509_STORE_set_flags(store, OpenSsl.VerifyPartialChain);
        }

        return new TlsTrust(store, where, encoded, isChosen);
    }

    /// <summary>The file that the authorities are in.</summary>
    /// <param name="path">As configured; null or empty for the host's own bundle.</param>
    /// <exception cref="TlsConfigurationException">No bundle is there.</exception>
    public static string FileOf(string? path) => !string.IsNullOrEmpty(path) ? path : SystemBundles.FirstOrDefault(File.Exists)
        ?? throw new TlsConfigurationException(
            $"no system CA bundle (looked for {string.Join(", ", SystemBundles)}); install ca-certificates or name a file with caStore=");

    /// <inheritdoc/>
    public void Dispose()
    {
        OpenSsl.X509_STORE_free(Store);
        Store = 0;
    }

    private X509Certificate2Collection ReadAuthorities()
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            _certificates.ForEach(certificate => authorities.Add(X509CertificateLoader.LoadCertificate(certificate)));
        }
        catch (CryptographicException exception)
        {
            throw new TlsConfigurationException($"{_where}: {exception.Message}");
        }

        return authorities;
    }
}
