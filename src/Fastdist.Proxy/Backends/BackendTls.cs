using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Files;
using Fastdist.Settings;
using Fastdist.Tls;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Backends;

/// <summary>What the shards' sessions to one backend are made with.</summary>
/// <param name="OfShards">A context a shard; null for plain TCP.</param>
/// <param name="Sessions">What may be resumed, shared by them; null where nothing can be.</param>
internal sealed record BackendContexts(TlsContext?[] OfShards, TlsSessionStore? Sessions)
{
    /// <summary>Frees contexts that nobody came to use.</summary>
    public void Discard() => Array.ForEach(OfShards, context => context?.Dispose());
}

/// <summary>
/// What sessions to the backends are made with. To load reads files and changes nothing, so any thread may that nobody waits for;
/// what was loaded is kept by one thread at a time.
/// </summary>
internal sealed class BackendTls(ProxyOptions options, KeyLogFiles keyLogs, ILogger log) : IDisposable
{
    private readonly Dictionary<SharedBackend, TlsSessionStore> _sessions = [];
    private volatile ProxyOptions _options = options;

    private long _nextSweep;

    /// <summary>Goes by other settings of the process, also with the sessions that are kept already.</summary>
    public void Use(ProxyOptions next)
    {
        _options = next;
        foreach (TlsSessionStore sessions in _sessions.Values)
        {
            sessions.Limit(next.OutgoingTlsSessionsMaxTickets, next.OutgoingTlsSessionsMaxTicketValidity);
        }
    }

    /// <summary>Contexts for the sessions of every shard to a backend.</summary>
    /// <exception cref="TlsConfigurationException">A file or setting cannot be used.</exception>
    public BackendContexts Load(BackendOptions backend)
    {
        using var files = new BackendFiles(log);
        return Create(backend, files);
    }

    /// <summary>The same for several backends, which share what they read: all of them, or none.</summary>
    /// <exception cref="TlsConfigurationException">A file or setting cannot be used; the message names the backend.</exception>
    public List<BackendContexts> Load(IReadOnlyList<BackendOptions> backends)
    {
        using var files = new BackendFiles(log);
        var loaded = new List<BackendContexts>();
        try
        {
            foreach (BackendOptions backend in backends)
            {
                loaded.Add(Create(backend, files));
            }

            return loaded;
        }
        catch (TlsConfigurationException exception)
        {
            loaded.ForEach(one => one.Discard());
            throw new TlsConfigurationException($"{Name(backends[loaded.Count])}: {exception.Message}");
        }
    }

    /// <summary>The same for backends that have contexts already, each for itself.</summary>
    /// <returns>Null for those that could not be loaded, and are to keep what they have.</returns>
    public BackendContexts?[] Renew(IEnumerable<BackendOptions> backends, ReloadReport report)
    {
        using var files = new BackendFiles(log);
        return [.. backends.Select(backend => report.Try(Name(backend), () => Create(backend, files)))];
    }

    /// <summary>What was to be resumed before can be no longer: other files may rule now.</summary>
    public void Keep(SharedBackend backend, BackendContexts loaded)
    {
        Forget(backend);
        if (loaded.Sessions is { } sessions)
        {
            _sessions.Add(backend, sessions);
        }
    }

    /// <summary>Forgets the sessions of a backend that was removed, or that other files rule now.</summary>
    public void Forget(SharedBackend backend)
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
            _nextSweep = Environment.TickCount64 + (_options.OutgoingTlsSessionsCleanupDelay * 1000L);
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

    private static string Name(BackendOptions backend) => backend.Flag;

    private BackendContexts Create(BackendOptions backend, BackendFiles files)
    {
        // SslStream shows no session that could be kept, so each of its handshakes is a full one.
        var loaded = new BackendContexts(new TlsContext?[_options.Shards], backend.Tls == BackendTransport.OpenSsl
            ? new(static () => Environment.TickCount64 / 1000, _options.OutgoingTlsSessionsMaxTickets, _options.OutgoingTlsSessionsMaxTicketValidity)
            : null);
        if (!backend.IsTls)
        {
            return loaded;
        }

        TlsClientOptions settings = Settings(backend, files, loaded.Sessions);
        try
        {
            for (int shard = 0; shard < _options.Shards; shard++)
            {
                loaded.OfShards[shard] = TlsClientContext.Create(settings);
            }

            return loaded;
        }
        catch
        {
            loaded.Discard();
            throw;
        }
    }

    private TlsClientOptions Settings(BackendOptions backend, BackendFiles files, TlsSessionStore? sessions) => new()
    {
        Provider = backend.Tls == BackendTransport.SslStream ? TlsProvider.SslStream : TlsProvider.OpenSsl,
        SubjectName = backend.SubjectName,
        SubjectAddress = backend.SubjectAddr,
        Trust = backend.IsValidated ? files.TrustOf(backend.CaStore) : null,
        Pins = backend.Pins,
        ClientCertificate = backend.ClientCertificate is { } file ? files.CertificateOf(backend, file) : null,
        Ciphers = backend.Ciphers,
        CiphersTls13 = backend.CiphersTls13,
        Curves = backend.EcdheCurves,
        ApplicationProtocol = backend.Alpn,
        AllowRenegotiation = backend.EnableRenegotiation,
        KeyLog = keyLogs.Open(backend.KeyLogFile),
        Sessions = sessions,
    };
}
