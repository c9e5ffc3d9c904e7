using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Files;
using Fastdist.Settings;
using Fastdist.Tls;
using Fastdist.Tls.Certificates;
using Fastdist.Tls.Tickets;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Frontends;

/// <summary>What one frontend presents.</summary>
/// <param name="OfShards">A context a shard.</param>
/// <param name="Certificates">What they present, in the order of the configuration.</param>
internal sealed record FrontendContexts(TlsServerContext[] OfShards, TlsCertificate[] Certificates);

/// <summary>
/// What the frontends present. To load and renew it reads files and changes nothing, so any thread may that nobody waits for;
/// what was loaded is kept by one thread at a time.
/// </summary>
internal sealed class FrontendTls(ProxyOptions options, TicketKeys tickets, KeyLogFiles keyLogs, ILogger log) : IDisposable
{
    private readonly Dictionary<FrontendOptions, StoredSessions?> _stored = options.Frontends.Where(f => f.Tls is not null)
        .ToDictionary(f => f, f => f.Tls!.NumberOfStoredSessions > 0 ? new StoredSessions(f.Tls.NumberOfStoredSessions) : null);

    // By frontend, so that one of its certificates may be renewed when another cannot.
    private readonly TlsCertificate[][] _presented = [.. options.Frontends.Select(static _ => (TlsCertificate[])[])];
    private readonly HashSet<TlsCertificate> _saidToLackStaple = [];

    /// <summary>Contexts for every shard, in the order [frontend][shard]; null where a frontend speaks plain TCP.</summary>
    /// <exception cref="TlsConfigurationException">A file or setting cannot be used; the message names frontend and file.</exception>
    public TlsServerContext[]?[] Load()
    {
        var contexts = new TlsServerContext[]?[options.Frontends.Count];
        for (int frontend = 0; frontend < contexts.Length; frontend++)
        {
            if (options.Frontends[frontend] is { Tls: not null } tls)
            {
                FrontendContexts loaded = Load(tls);
                Keep(frontend, loaded);
                contexts[frontend] = loaded.OfShards;
            }
        }

        return contexts;
    }

    /// <summary>Loads what one frontend presents.</summary>
    /// <exception cref="TlsConfigurationException">A file or setting cannot be used; the message names frontend and file.</exception>
    public FrontendContexts Load(FrontendOptions frontend)
    {
        var loaded = new List<TlsCertificate>();
        try
        {
            foreach (TlsCertificateFile file in frontend.Tls!.Certificates)
            {
                loaded.Add(TlsCertificate.Load(file, DateTimeOffset.UtcNow));
            }

            return Create(frontend, [.. loaded], []);
        }
        catch (TlsConfigurationException exception)
        {
            loaded.ForEach(certificate => certificate.Dispose());
            throw new TlsConfigurationException($"{frontend.Flag}: {exception.Message}");
        }
    }

    /// <summary>Loads what one frontend presents again; of its certificates, each that cannot be used stays the one it was.</summary>
    /// <returns>Null when none can be used.</returns>
    public FrontendContexts? Renew(int frontend, ReloadReport report)
    {
        FrontendOptions settings = options.Frontends[frontend];
        TlsCertificate[] before = _presented[frontend];
        TlsCertificate?[] loaded = [.. settings.Tls!.Certificates.Select(file => report.Try(settings.Flag, () => TlsCertificate.Load(file, DateTimeOffset.UtcNow)))];
        TlsCertificate[] certificates = [.. loaded.Select((certificate, i) => certificate ?? before[i])];
        FrontendContexts? contexts = report.Try(settings.Flag, () => Create(settings, certificates, before));
        if (contexts is null)
        {
            Array.ForEach(loaded, certificate => certificate?.Dispose());
        }

        return contexts;
    }

    /// <summary>What was loaded is what a frontend presents from now on.</summary>
    public void Keep(int frontend, FrontendContexts loaded)
    {
        foreach (TlsCertificate replaced in _presented[frontend].Except(loaded.Certificates))
        {
            _saidToLackStaple.Remove(replaced);
            replaced.Dispose();
        }

        _presented[frontend] = loaded.Certificates;
    }

    /// <summary>Says when a stapled response has ended.</summary>
    public void Maintain(DateTimeOffset now)
    {
        for (int frontend = 0; frontend < _presented.Length; frontend++)
        {
            foreach (TlsCertificate certificate in _presented[frontend])
            {
                if (!certificate.HasStapled)
                {
                    continue;
                }

                if (certificate.StapledUntil > now)
                {
                    _saidToLackStaple.Remove(certificate);
                }
                else if (_saidToLackStaple.Add(certificate))
                {
                    log.StapleEnded(options.Frontends[frontend].Flag, certificate.Source);
                }
            }
        }
    }

    /// <summary>Frees contexts that nobody came to use.</summary>
    public static void Discard(TlsServerContext[] contexts) => Array.ForEach(contexts, context => context.Dispose());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TlsCertificate certificate in _presented.SelectMany(certificates => certificates))
        {
            certificate.Dispose();
        }
    }

    /// <param name="frontend">Whose they are.</param>
    /// <param name="certificates">To present.</param>
    /// <param name="before">What it presented before; nothing at first.</param>
    private FrontendContexts Create(FrontendOptions frontend, TlsCertificate[] certificates, TlsCertificate[] before)
    {
        Staple(frontend, certificates, before);
        foreach (string warning in certificates.SelectMany(certificate => certificate.Warnings))
        {
            log.CertificateDoubtful(frontend.Flag, warning);
        }

        var contexts = new List<TlsServerContext>();
        try
        {
            TlsServerOptions settings = Settings(frontend, certificates);
            for (int shard = 0; shard < options.Shards; shard++)
            {
                contexts.Add(new TlsServerContext(settings));
            }

            return new FrontendContexts([.. contexts], certificates);
        }
        catch
        {
            contexts.ForEach(context => context.Dispose());
            throw;
        }
    }

    private void Staple(FrontendOptions frontend, TlsCertificate[] certificates, TlsCertificate[] before)
    {
        IReadOnlyList<string> files = frontend.Tls!.OcspResponses;
        if (files.Count > certificates.Length)
        {
            throw new TlsConfigurationException($"ocspResponses: {files.Count} files for {certificates.Length} certificates; the n-th file is for the n-th certificate");
        }

        for (int i = 0; i < files.Count; i++)
        {
            if (certificates[i].Staple(files[i], before.ElementAtOrDefault(i), DateTimeOffset.UtcNow) is { } warning)
            {
                log.CertificateDoubtful(frontend.Flag, warning);
            }
        }
    }

    private TlsServerOptions Settings(FrontendOptions frontend, TlsCertificate[] certificates)
    {
        TlsFrontendOptions tls = frontend.Tls!;
        return new TlsServerOptions
        {
            Certificates = certificates,
            ApplicationProtocols = frontend.Doh is null ? ["dot"] : ["h2", "http/1.1"],
            Ciphers = tls.Ciphers,
            CiphersTls13 = tls.CiphersTls13,
            Curves = tls.EcdheCurves,
            MinVersion = tls.MinTlsVersion,
            PreferServerCiphers = tls.PreferServerCiphers,
            AllowRenegotiation = tls.EnableRenegotiation,
            SessionTickets = tls.SessionTickets,
            TicketKeys = tls.SessionTickets ? tickets.StoreOf(frontend) : null,
            SessionTimeout = tls.SessionTimeout,
            StoredSessions = _stored[frontend],
            KeyLog = keyLogs.Open(tls.KeyLogFile),
        };
    }
}
