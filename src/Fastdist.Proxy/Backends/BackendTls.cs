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
    private readonly Dictionary<BackendView, TlsSessionStore> _sessions = [];

    private long _nextSweep;

    /// <summary>Contexts for the sessions of every shard to a backend; null for plain TCP.</summary>
    /// <exception cref="TlsConfigurationException">A file or setting cannot be used.</exception>
    public TlsContext?[] Load(BackendView backend)
    {
        try
        {
            Loaded loaded = Create(backend);
            Keep(loaded);
            return loaded.Contexts;
        }
        finally
        {
            ForgetFiles();
        }
    }

    /// <summary>The same for several backends, which share what they read: all of them, or none.</summary>
    /// <exception cref="TlsConfigurationException">A file or setting cannot be used; the message names the backend.</exception>
    public TlsContext?[][] Load(IReadOnlyList<BackendView> backends)
    {
        var loaded = new List<Loaded>();
        try
        {
            foreach (BackendView backend in backends)
            {
                loaded.Add(Create(backend));
            }
        }
        catch (TlsConfigurationException exception)
        {
            loaded.ForEach(one => Discard(one.Contexts));
            throw new TlsConfigurationException($"--server {backends[loaded.Count].Name}: {exception.Message}");
        }
        finally
        {
            ForgetFiles();
        }

        loaded.ForEach(Keep);
        return [.. loaded.Select(one => one.Contexts)];
    }

    /// <summary>Forgets the sessions of a backend that was removed, or that other files rule now.</summary>
    public void Forget(BackendView backend)
    {
        if (_sessions.Remove(backend, out TlsSessionStore? sessions))
        {
            sessions.Close();
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

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TlsSessionStore sessions in _sessions.Values)
        {
            sessions.Close();
        }
    }

    /// <summary>Lets go of trust stores and certificates; contexts hold what they need of them.</summary>
    private void ForgetFiles()
    {
        foreach (TlsTrust trust in _trusts.Values)
        {
            trust.Dispose();
        }

        _trusts.Clear();
        foreach (TlsCertificate certificate in _certificates.Values)
        {
            certificate.Dispose();
        }

        _certificates.Clear();
    }

    private Loaded Create(BackendView backend)
    {
        var contexts = new TlsContext?[options.Shards];

        // SslStream shows no session that could be kept, so each of its handshakes is a full one.
        TlsSessionStore? sessions = backend.Options.Tls == BackendTransport.OpenSsl
            ? new(static () => Environment.TickCount64 / 1000, options.OutgoingTlsSessionsMaxTickets, options.OutgoingTlsSessionsMaxTicketValidity)
            : null;
        try
        {
            for (int shard = 0; shard < contexts.Length && backend.Options.Tls != BackendTransport.None; shard++)
            {
                contexts[shard] = Create(backend.Options, sessions);
            }
        }
        catch
        {
            Discard(contexts);
            throw;
        }

        return new Loaded(backend, contexts, sessions);
    }

    /// <summary>What was to be resumed before can be no longer: other files may rule now.</summary>
    private void Keep(Loaded loaded)
    {
        Forget(loaded.Backend);
        if (loaded.Sessions is { } sessions)
        {
            _sessions.Add(loaded.Backend, sessions);
        }
    }

    private static void Discard(TlsContext?[] contexts) => Array.ForEach(contexts, context => context?.Dispose());

    private TlsContext Create(BackendOptions backend, TlsSessionStore? sessions) => TlsClientContext.Create(new TlsClientOptions
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
        ApplicationProtocol = backend.Alpn,
        AllowRenegotiation = backend.EnableRenegotiation,
        KeyLog = keyLogs.Open(backend.KeyLogFile),
        Sessions = sessions,
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

    private sealed record Loaded(BackendView Backend, TlsContext?[] Contexts, TlsSessionStore? Sessions);
}
