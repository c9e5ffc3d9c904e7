using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls;

/// <summary>
/// A set of trusted authorities, parsed once and shared by every context that uses it.
/// </summary>
public sealed class TlsTrust : IDisposable
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

    private readonly string _file;
    private X509Certificate2Collection? _authorities;

    private TlsTrust(nint store, string file, bool isChosen) => (Store, _file, IsChosen) = (store, file, isChosen);

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
    /// <exception cref="TlsConfigurationException">.NET cannot read the file.</exception>
    internal X509Certificate2Collection Authorities => _authorities ??= ReadAuthorities();

    /// <summary>Reads a PEM file of certificates.</summary>
    /// <param name="path">The file; null or empty for the host's own bundle.</param>
    /// <exception cref="TlsConfigurationException">No bundle is there, or it holds no certificate.</exception>
    public static TlsTrust Load(string? path)
    {
        TlsLibrary.EnsureInitialised();
        string file = string.IsNullOrEmpty(path) ? FindSystemBundle() : path;
        nint store = OpenSsl.X509_STORE_new();
        if (OpenSsl.X509_STORE_load_file(store, file) != 1)
        {
            string reason = TlsErrors.TakeQueue();
            OpenSsl.X509_STORE_free(store);
            throw new TlsConfigurationException($"'{file}' holds no usable PEM certificate: {reason}");
        }

        bool isChosen = !string.IsNullOrEmpty(path);
        if (isChosen)
        {
            OpenSsl.X509_STORE_set_flags(store, OpenSsl.VerifyPartialChain);
        }

        return new TlsTrust(store, file, isChosen);
    }

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
            authorities.ImportFromPemFile(_file);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new TlsConfigurationException($"'{_file}': {exception.Message}");
        }

        return authorities;
    }

    private static string FindSystemBundle() => SystemBundles.FirstOrDefault(File.Exists)
        ?? throw new TlsConfigurationException(
            $"no system CA bundle (looked for {string.Join(", ", SystemBundles)}); install ca-certificates or name a file with caStore=");
}
