using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
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

    private TlsTrust(nint store) => Store = store;

    internal nint Store { get; private set; }

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

        return new TlsTrust(store);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        OpenSsl.X509_STORE_free(Store);
        Store = 0;
    }

    private static string FindSystemBundle() => SystemBundles.FirstOrDefault(File.Exists)
        ?? throw new TlsConfigurationException(
            $"no system CA bundle (looked for {string.Join(", ", SystemBundles)}); install ca-certificates or name a file with caStore=");
}
