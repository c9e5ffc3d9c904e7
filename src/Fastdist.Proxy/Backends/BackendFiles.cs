using System;
using System.Collections.Generic;
using Fastdist.Settings;
using Fastdist.Tls;
using Fastdist.Tls.Certificates;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// The trust stores and client certificates of one reading, parsed once for all backends that name them. Contexts hold what they
/// need of them, so that this is let go of when they are made.
/// </summary>
internal sealed class BackendFiles(ILogger log) : IDisposable
{
    private readonly Dictionary<string, TlsTrust> _trusts = [];
    private readonly Dictionary<TlsCertificateFile, TlsCertificate> _certificates = [];

    /// <summary>The authorities in a file; those of the system when it names none.</summary>
    /// <exception cref="TlsConfigurationException">They cannot be used.</exception>
    public TlsTrust TrustOf(string path)
    {
        if (!_trusts.TryGetValue(path, out TlsTrust? trust))
        {
            trust = TlsTrust.Load(path);
            _trusts.Add(path, trust);
        }

        return trust;
    }

    /// <summary>What a backend is shown that asks for a certificate.</summary>
    /// <exception cref="TlsConfigurationException">It cannot be used.</exception>
    public TlsCertificate CertificateOf(BackendOptions backend, TlsCertificateFile file)
    {
        if (!_certificates.TryGetValue(file, out TlsCertificate? certificate))
        {
            certificate = TlsCertificate.LoadForClient(file, DateTimeOffset.UtcNow);
            _certificates.Add(file, certificate);
        }

        foreach (string warning in certificate.Warnings)
        {
            log.ClientCertificateDoubtful(backend.Name, warning);
        }

        return certificate;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TlsTrust trust in _trusts.Values)
        {
            trust.Dispose();
        }

        foreach (TlsCertificate certificate in _certificates.Values)
        {
            certificate.Dispose();
        }
    }
}
