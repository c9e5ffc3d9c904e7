using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Tls;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// What the frontends present, as the control thread loads it: at the start and, aside and checked
/// before anything is swapped, at every reload.
/// </summary>
internal sealed class FrontendTls(ProxyOptions options, TicketKeys tickets, KeyLogFiles keyLogs, ILogger log)
{
    private readonly Dictionary<FrontendOptions, StoredSessions?> _stored = options.Frontends.Where(f => f.Tls is not null)
        .ToDictionary(f => f, f => f.Tls!.NumberOfStoredSessions > 0 ? new StoredSessions(f.Tls.NumberOfStoredSessions) : null);

    /// <summary>Contexts for every shard, in the order [frontend][shard]; null where a frontend speaks plain TCP.</summary>
    /// <exception cref="TlsConfigurationException">A file or setting cannot be used; the message names frontend and file.</exception>
    public TlsServerContext[]?[] Load()
    {
        var loaded = new TlsServerContext[]?[options.Frontends.Count];
        try
        {
            for (int frontend = 0; frontend < loaded.Length; frontend++)
            {
                loaded[frontend] = options.Frontends[frontend] is { Tls: not null } tls ? Load(tls) : null;
            }

            return loaded;
        }
        catch
        {
            Discard(loaded);
            throw;
        }
    }

    /// <summary>Frees contexts that nobody came to use.</summary>
    public static void Discard(TlsServerContext[]?[] loaded)
    {
        foreach (TlsServerContext context in loaded.SelectMany(contexts => contexts ?? []))
        {
            context.Dispose();
        }
    }

    /// <summary>The contexts of one frontend, one a shard, sharing the parsed certificates.</summary>
    /// <exception cref="TlsConfigurationException">A file or setting cannot be used.</exception>
    public TlsServerContext[] Load(FrontendOptions frontend)
    {
        string where = frontend.Flag;
        TlsFrontendOptions tls = frontend.Tls!;
        var certificates = new List<TlsCertificate>();
        var contexts = new List<TlsServerContext>();
        try
        {
            foreach (TlsCertificateFile file in tls.Certificates)
            {
                certificates.Add(TlsCertificate.Load(file, DateTimeOffset.UtcNow));
            }

            Staple(tls, certificates);
            foreach (string warning in certificates.SelectMany(c => c.Warnings))
            {
                log.CertificateDoubtful(where, warning);
            }

            TlsServerOptions settings = Settings(frontend, certificates);
            for (int shard = 0; shard < options.Shards; shard++)
            {
                contexts.Add(new TlsServerContext(settings));
            }

            return [.. contexts];
        }
        catch (TlsConfigurationException exception)
        {
            contexts.ForEach(context => context.Dispose());
            throw new TlsConfigurationException($"{where}: {exception.Message}");
        }
        finally
        {
            // Each context holds its own references to what it presents.
            certificates.ForEach(certificate => certificate.Dispose());
        }
    }

    private static void Staple(TlsFrontendOptions tls, List<TlsCertificate> certificates)
    {
        if (tls.OcspResponses.Count > certificates.Count)
        {
            throw new TlsConfigurationException($"ocspResponses: {tls.OcspResponses.Count} files for {certificates.Count} certificates; the n-th file is for the n-th certificate");
        }

        for (int i = 0; i < tls.OcspResponses.Count; i++)
        {
            certificates[i].Staple(tls.OcspResponses[i]);
        }
    }

    private TlsServerOptions Settings(FrontendOptions frontend, List<TlsCertificate> certificates)
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
            TicketKeys = tls.SessionTickets ? tickets.RingOf(frontend) : null,
            SessionTimeout = tls.SessionTimeout,
            StoredSessions = _stored[frontend],
            KeyLog = keyLogs.Open(tls.KeyLogFile),
        };
    }
}
