using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Files;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Views;

namespace Fastdist.Proxy;

/// <summary>
/// Reading files again. What is read comes from wherever an operator keeps it, and may be waited for without end, so it is read aside:
/// neither maintenance nor any other change waits for it, and no thread may call these that others wait for.
/// </summary>
public sealed partial class ProxyServer
{
    private readonly Lock _reading = new();

    /// <summary>
    /// Reads certificates, keys, OCSP responses, ticket keys and trust stores again, of frontends and backends, opens key logs anew, and has
    /// new connections use all that. Each thing stands alone: what cannot be used stays as it was, and is logged and counted.
    /// </summary>
    /// <returns>False when something could not be used.</returns>
    public bool Reload() => TryReload(out _);

    /// <summary>Does what <see cref="Reload"/> does.</summary>
    /// <param name="error">What could not be used, and why.</param>
    public bool TryReload(out string error)
    {
        lock (_reading)
        {
            if (HasEnded(out error))
            {
                return false;
            }

            AwaitDescriptors();
            var report = new ReloadReport();
            Action useTicketKeys = _tickets.PrepareReload(report);
            SharedFrontend[] frontends = Array.FindAll(_frontends.Present, static frontend => frontend.Options.Tls is not null);
            FrontendContexts?[] incoming = [.. frontends.Select(frontend => _frontendTls.Renew(frontend, _tickets.SourceOf(frontend.Options), report))];
            BackendView[] backends = _backends.Present;
            BackendContexts?[] outgoing = _backendTls.Renew(backends.Select(backend => backend.Options), report);
            _keyLogs.Reopen(report);
            _ruleLogs.Reopen(report);
            lock (_control)
            {
                useTicketKeys();
                foreach ((SharedFrontend frontend, FrontendContexts? contexts) in frontends.Zip(incoming))
                {
                    Use(frontend, contexts);
                }

                foreach ((BackendView backend, BackendContexts? contexts) in backends.Zip(outgoing))
                {
                    Use(backend, contexts);
                }
            }

            return Conclude(report, out error);
        }
    }

    /// <summary>Reads the certificates, keys and OCSP responses of one frontend again; what cannot be used stays as it was.</summary>
    /// <returns>False, with the reason, when something could not be used.</returns>
    public bool TryReload(FrontendView frontend, out string error)
    {
        if (!frontend.IsTls)
        {
            error = $"{frontend.Address} speaks no TLS";
            return false;
        }

        lock (_reading)
        {
            if (HasEnded(out error))
            {
                return false;
            }

            if (!_frontends.Present.Contains(frontend.Shared))
            {
                error = $"{frontend.Address} was removed before";
                return false;
            }

            AwaitDescriptors();
            var report = new ReloadReport();
            FrontendContexts? contexts = _frontendTls.Renew(frontend.Shared, _tickets.SourceOf(frontend.Options), report);
            lock (_control)
            {
                Use(frontend.Shared, contexts);
            }

            return Conclude(report, out error);
        }
    }

    /// <summary>Whether what is presented is gone, so that there is nothing left to renew.</summary>
    private bool HasEnded(out string error)
    {
        lock (_control)
        {
            error = _isDisposed ? "the process is stopping" : "";
            return _isDisposed;
        }
    }

    private void Use(SharedFrontend frontend, FrontendContexts? contexts)
    {
        if (contexts is null)
        {
            return;
        }

        if (_isDisposed)
        {
            contexts.DiscardContexts();
            return;
        }

        Present(frontend, contexts);
    }

    private void Use(BackendView backend, BackendContexts? contexts)
    {
        // It may have been removed while files were read.
        if (_isDisposed || !_backends.Contains(backend))
        {
            contexts?.Discard();
        }
        else if (contexts is not null)
        {
            _backendTls.Keep(backend.Shared, contexts);
            Renew(backend, contexts.OfShards);
        }
    }

    private bool Conclude(ReloadReport report, out string error)
    {
        error = string.Join("; ", report.Problems);
        foreach (string problem in report.Problems)
        {
            _log.ReloadFailed(problem);
        }

        if (report.Problems.Count > 0)
        {
            _counters.ReloadFailures++;
            _log.ReloadedInPart(report.Problems.Count);
            return false;
        }

        _counters.Reloads++;
        _log.Reloaded();
        return true;
    }

    /// <summary>Says of each backend once when a certificate of its chain has ended; whoever connects by it from then on is refused.</summary>
    private void TellEndedCertificates(DateTimeOffset now)
    {
        foreach (SharedBackend backend in Backends.Select(view => view.Shared))
        {
            long end = backend.CertificateEnd;
            if (end <= now.ToUnixTimeSeconds() && end != backend.ToldCertificateEnd)
            {
                backend.ToldCertificateEnd = end;
                _log.CertificateEnded(backend.Name, DateTimeOffset.FromUnixTimeSeconds(end).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
            }
        }
    }
}
