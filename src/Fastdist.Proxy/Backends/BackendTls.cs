using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Fastdist.Tls;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// What sessions to the backends are made with, as the control thread loads it. Trust stores and client certificates
/// are parsed once and shared; so are the sessions of a backend that any shard may resume.
/// </summary>
internal sealed class BackendTls(ProxyOptions options, KeyLogFiles keyLogs) : IDisposable
{
    private readonly Dictionary<string, TlsTrust> _trusts = [];
    private readonly Dictionary<TlsCertificateFile, TlsCertificate> _certificates = [];
    private readonly TlsSessionStore[] _sessions = [.. options.Backends.Select(_ => new TlsSessionStore(
        static () => Environment.TickCount64 / 1000, options.OutgoingTlsSessionsMaxTickets, options.OutgoingTlsSessionsMaxTicketValidity))];

    private long _nextSweep;

    /// <summary>Contexts for every backend of one shard, null for plain TCP.</summary>
    /// <exception cref="TlsConfigurationException">A file or setting cannot be used; the message names the server.</exception>
    public TlsContext?[] Load() => [.. options.Backends.Select(Load)];

    /// <summary>Drops the sessions that are too old, when it is time for that.</summary>
    public void Maintain()
    {
        if (Environment.TickCount64 >= _nextSweep)
        {
            _nextSweep = Environment.TickCount64 + (options.OutgoingTlsSessionsCleanupDelay * 1000L);
            Array.ForEach(_sessions, sessions => sessions.Sweep());
        }
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

        Array.ForEach(_sessions, sessions => sessions.Clear());
    }

    private TlsContext? Load(BackendOptions backend, int index)
    {
        if (backend.Tls == BackendTransport.None)
        {
            return null;
        }

        try
        {
            return TlsClientContext.Create(new TlsClientOptions
            {
                Provider = backend.Tls == BackendTransport.SslStream ? TlsProvider.SslStream : TlsProvider.OpenSsl,
                SubjectName = backend.SubjectName,
                SubjectAddress = backend.SubjectAddr,
                Trust = IsValidated(backend) ? TrustOf(backend.CaStore) : null,
                Pins = backend.Pins,
                ClientCertificate = backend.ClientCertificate is { } file ? CertificateOf(file) : null,
                Ciphers = backend.Ciphers,
                CiphersTls13 = backend.CiphersTls13,
                Curves = backend.EcdheCurves,
                AllowRenegotiation = backend.EnableRenegotiation,
                KeyLog = keyLogs.Open(backend.KeyLogFile),

                // SslStream shows no session that could be kept, so each of its handshakes is a full one.
                Sessions = backend.Tls == BackendTransport.SslStream ? null : _sessions[index],
            });
        }
        catch (TlsConfigurationException exception)
        {
            throw new TlsConfigurationException($"--server {backend.Name}: {exception.Message}");
        }
    }

    /// <summary>Pins without a subject or authorities to check are all that is asked for (RFC 7858 section 4.2).</summary>
    private static bool IsValidated(BackendOptions backend) => backend.ValidateCertificates
        && (backend.Pins.Count == 0 || backend.SubjectName.Length > 0 || backend.SubjectAddr.Length > 0 || backend.CaStore.Length > 0);

    private TlsCertificate CertificateOf(TlsCertificateFile file)
    {
        if (!_certificates.TryGetValue(file, out TlsCertificate? certificate))
        {
            certificate = TlsCertificate.Load(file, DateTimeOffset.UtcNow);
            _certificates.Add(file, certificate);
        }

        return certificate;
    }

    private TlsTrust TrustOf(string path)
    {
        if (!_trusts.TryGetValue(path, out TlsTrust? trust))
        {
            if (path.Length > 0 && !File.Exists(path))
            {
                throw new TlsConfigurationException($"caStore={path}: no such file, or not readable by this user");
            }

            trust = TlsTrust.Load(path);
            _trusts.Add(path, trust);
        }

        return trust;
    }
}
