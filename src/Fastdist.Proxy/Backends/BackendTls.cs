using System;
using System.Collections.Generic;
using System.IO;
using Fastdist.Tls;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// What sessions to the backends are made with, as the control thread loads it. Trust stores and client certificates
/// are parsed once and shared; so are the sessions of a backend that any shard may resume.
/// </summary>
internal sealed class BackendTls(ProxyOptions options, KeyLogFiles keyLogs) : IDisposable
{
    private readonly Dictionary<(string Path, BackendTransport Provider), TlsTrust> _trusts = [];

    // SslStream's contexts look into their store at every session.
    private readonly List<TlsTrust> _inUse = [];
    private readonly Dictionary<TlsCertificateFile, TlsCertificate> _certificates = [];
    private readonly Dictionary<BackendView, TlsSessionStore> _sessions = [];

    private long _nextSweep;

    /// <summary>Contexts for the sessions of every shard to a backend; null for plain TCP.</summary>
    /// <exception cref="TlsConfigurationException">A file or setting cannot be used.</exception>
    public TlsContext?[] Load(BackendView backend)
    {
        var contexts = new TlsContext?[options.Shards];
        if (backend.Options.Tls == BackendTransport.None)
        {
            return contexts;
        }

        var sessions = new TlsSessionStore(
            static () => Environment.TickCount64 / 1000, options.OutgoingTlsSessionsMaxTickets, options.OutgoingTlsSessionsMaxTicketValidity);
        try
        {
            for (int shard = 0; shard < contexts.Length; shard++)
            {
                contexts[shard] = Create(backend.Options, sessions);
            }
        }
        catch (TlsConfigurationException)
        {
            Array.ForEach(contexts, context => context?.Dispose());
            throw;
        }

        _sessions.Add(backend, sessions);
        return contexts;
    }

    /// <summary>Forgets the sessions of a backend that was removed.</summary>
    public void Forget(BackendView backend)
    {
        if (_sessions.Remove(backend, out TlsSessionStore? sessions))
        {
            sessions.Clear();
        }
    }

    /// <summary>Drops the sessions that are too old, when it is time for that.</summary>
    public void Maintain()
    {
        if (Environment.TickCount64 >= _nextSweep)
        {
            _nextSweep = Environment.TickCount64 + (options.OutgoingTlsSessionsCleanupDelay * 1000L);
            foreach (TlsSessionStore sessions in _sessions.Values)
            {
                sessions.Sweep();
            }
        }
    }

    /// <summary>Has trust stores and certificates read anew for the next backend; contexts hold what they need of them.</summary>
    public void ForgetFiles()
    {
        foreach (((_, BackendTransport provider), TlsTrust trust) in _trusts)
        {
            if (provider == BackendTransport.SslStream)
            {
                _inUse.Add(trust);
            }
            else
            {
                trust.Dispose();
            }
        }

        _trusts.Clear();
        foreach (TlsCertificate certificate in _certificates.Values)
        {
            certificate.Dispose();
        }

        _certificates.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ForgetFiles();
        _inUse.ForEach(trust => trust.Dispose());

        foreach (TlsSessionStore sessions in _sessions.Values)
        {
            sessions.Clear();
        }
    }

    private TlsContext Create(BackendOptions backend, TlsSessionStore sessions) => TlsClientContext.Create(new TlsClientOptions
    {
        Provider = backend.Tls == BackendTransport.SslStream ? TlsProvider.SslStream : TlsProvider.OpenSsl,
        SubjectName = backend.SubjectName,
        SubjectAddress = backend.SubjectAddr,
        Trust = IsValidated(backend) ? TrustOf(backend.CaStore, backend.Tls) : null,
        Pins = backend.Pins,
        ClientCertificate = backend.ClientCertificate is { } file ? CertificateOf(file) : null,
        Ciphers = backend.Ciphers,
        CiphersTls13 = backend.CiphersTls13,
        Curves = backend.EcdheCurves,
        AllowRenegotiation = backend.EnableRenegotiation,
        KeyLog = keyLogs.Open(backend.KeyLogFile),

        // SslStream shows no session that could be kept, so each of its handshakes is a full one.
        Sessions = backend.Tls == BackendTransport.SslStream ? null : sessions,
    });

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

    private TlsTrust TrustOf(string path, BackendTransport provider)
    {
        if (!_trusts.TryGetValue((path, provider), out TlsTrust? trust))
        {
            if (path.Length > 0 && !File.Exists(path))
            {
                throw new TlsConfigurationException($"caStore={path}: no such file, or not readable by this user");
            }

            trust = TlsTrust.Load(path);
            _trusts.Add((path, provider), trust);
        }

        return trust;
    }
}
