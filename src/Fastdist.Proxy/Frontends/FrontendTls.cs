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
/// <param name="Stored">Sessions of clients without tickets; null for none.</param>
internal sealed record FrontendContexts(TlsServerContext[] OfShards, TlsCertificate[] Certificates, StoredSessions? Stored)
{
    /// <summary>Frees contexts that nobody came to use, but not the certificates, which somebody may present already.</summary>
    public void DiscardContexts() => Array.ForEach(OfShards, static context => context.Dispose());

    /// <summary>Frees both.</summary>
    public void Discard()
    {
        DiscardContexts();
        Array.ForEach(Certificates, static certificate => certificate.Dispose());
    }
}

/// <summary>
/// What the frontends present. To load and renew it reads files and changes nothing, so any thread may that nobody waits for;
/// what was loaded is kept by one thread at a time.
/// </summary>
internal sealed class FrontendTls(int shards, KeyLogFiles keyLogs, ILogger log) : IDisposable
{
    // By frontend, so that one of its certificates may be renewed when another cannot.
    private readonly Dictionary<SharedFrontend, FrontendContexts> _presented = [];
    private readonly HashSet<TlsCertificate> _saidToLackStaple = [];

    /// <summary>Loads what one frontend presents.</summary>
    /// <param name="frontend">Its settings.</param>
    /// <param name="tickets">Where its ticket keys come from; null when it gives no tickets.</param>
    /// <param name="stored">Its stored sessions so far; null for none.</param>
    /// <exception cref="TlsConfigurationException">A file or setting cannot be used; the message names frontend and file.</exception>
    public FrontendContexts Load(FrontendOptions frontend, TicketKeySource? tickets, StoredSessions? stored)
    {
        var loaded = new List<TlsCertificate>();
        try
        {
            foreach (TlsCertificateFile file in frontend.Tls!.Certificates)
            {
                loaded.Add(TlsCertificate.Load(file, DateTimeOffset.UtcNow));
            }

            return Create(frontend, [.. loaded], [], tickets, stored);
        }
        catch (TlsConfigurationException exception)
        {
            loaded.ForEach(certificate => certificate.Dispose());
            throw new TlsConfigurationException($"{frontend.Flag}: {exception.Message}");
        }
    }

    /// <summary>Sessions of a frontend's clients without tickets, as far as they may be kept with other settings; null for none.</summary>
    public StoredSessions? StoredOf(SharedFrontend frontend, FrontendOptions next) =>
        frontend.Options.Tls?.NumberOfStoredSessions == next.Tls?.NumberOfStoredSessions ? _presented.GetValueOrDefault(frontend)?.Stored : null;

    /// <summary>Loads what one frontend presents again; of its certificates, each that cannot be used stays the one it was.</summary>
    /// <returns>Null when none can be used.</returns>
    public FrontendContexts? Renew(SharedFrontend frontend, TicketKeySource? tickets, ReloadReport report)
    {
        FrontendOptions settings = frontend.Options;
        FrontendContexts presented = _presented[frontend];
        TlsCertificate[] before = presented.Certificates;
        TlsCertificate?[] loaded = [.. settings.Tls!.Certificates.Select(file => report.Try(settings.Flag, () => TlsCertificate.Load(file, DateTimeOffset.UtcNow)))];
        TlsCertificate[] certificates = [.. loaded.Select((certificate, i) => certificate ?? before[i])];
        FrontendContexts? contexts = report.Try(settings.Flag, () => Create(settings, certificates, before, tickets, presented.Stored));
        if (contexts is null)
        {
            Array.ForEach(loaded, certificate => certificate?.Dispose());
        }

        return contexts;
    }

    /// <summary>What was loaded is what a frontend presents from now on.</summary>
    public void Keep(SharedFrontend frontend, FrontendContexts loaded)
    {
        Drop(_presented.GetValueOrDefault(frontend)?.Certificates.Except(loaded.Certificates) ?? []);
        _presented[frontend] = loaded;
    }

    /// <summary>A frontend was removed, and presents nothing any more.</summary>
    public void Forget(SharedFrontend frontend)
    {
        if (_presented.Remove(frontend, out FrontendContexts? presented))
        {
            Drop(presented.Certificates);
        }
    }

    /// <summary>Says when a stapled response has ended.</summary>
    public void Maintain(DateTimeOffset now)
    {
        foreach ((SharedFrontend frontend, FrontendContexts presented) in _presented)
        {
            foreach (TlsCertificate certificate in presented.Certificates)
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
                    log.StapleEnded(frontend.Options.Flag, certificate.Source);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TlsCertificate certificate in _presented.Values.SelectMany(static presented => presented.Certificates))
        {
            certificate.Dispose();
        }
    }

    private void Drop(IEnumerable<TlsCertificate> certificates)
    {
        foreach (TlsCertificate certificate in certificates)
        {
            _saidToLackStaple.Remove(certificate);
            certificate.Dispose();
        }
    }

    /// <param name="frontend">Whose they are.</param>
    /// <param name="certificates">To present.</param>
    /// <param name="before">What it presented before; nothing at first.</param>
    /// <param name="tickets">Where its ticket keys come from; null when it gives no tickets.</param>
    /// <param name="stored">Its stored sessions so far; null for none.</param>
    private FrontendContexts Create(FrontendOptions frontend, TlsCertificate[] certificates, TlsCertificate[] before, TicketKeySource? tickets, StoredSessions? stored)
    {
        Staple(frontend, certificates, before);
        foreach (string warning in certificates.SelectMany(certificate => certificate.Warnings))
        {
            log.CertificateDoubtful(frontend.Flag, warning);
        }

        var contexts = new List<TlsServerContext>();
        try
        {
            stored ??= frontend.Tls!.NumberOfStoredSessions is > 0 and int most ? new StoredSessions(most) : null;
            TlsServerOptions settings = Settings(frontend, certificates, tickets, stored);
            for (int shard = 0; shard < shards; shard++)
            {
                contexts.Add(new TlsServerContext(settings));
            }

            return new FrontendContexts([.. contexts], certificates, stored);
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

    private TlsServerOptions Settings(FrontendOptions frontend, TlsCertificate[] certificates, TicketKeySource? tickets, StoredSessions? stored)
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
            TicketKeys = tickets?.Store,
            SessionTimeout = tls.SessionTimeout,
            StoredSessions = stored,
            KeyLog = keyLogs.Open(tls.KeyLogFile),
        };
    }
}
