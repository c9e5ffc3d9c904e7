using System;

namespace Fastdist.Tls;

/// <summary>
/// The settings that sessions share. One is made per shard and peer, on the control thread, so that
/// shards share no lock; from then on it belongs to that shard's thread.
/// </summary>
public abstract class TlsContext : IDisposable
{
    /// <summary>
    /// Largest record payload sent, bytes: a receiver can work on the first record of a batch while
    /// the rest is on its way, where one of 16 kB makes it wait for all.
    /// </summary>
    public const int MaxRecordPayload = 4096;

    private int _sessions;
    private bool _isRetired;

    /// <summary>
    /// Whether outgoing sessions that are started from now on offer the ALPN protocol of their options: a server that refuses it
    /// (no_application_protocol, RFC 7301 section 3.2) may do without.
    /// </summary>
    public bool OffersProtocol { get; set; } = true;

    /// <summary>Starts a session; the first verb to call is <see cref="TlsSession.Handshake"/>.</summary>
    /// <exception cref="TlsConfigurationException">The library refused the subject to verify, or is out of memory.</exception>
    public abstract TlsSession CreateSession();

    /// <summary>Ends the context once its last session is disposed: a reload leaves established sessions as they are.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (!_isRetired)
        {
            _isRetired = true;
            FreeIfUnused();
        }
    }

    /// <summary>Counts a session in.</summary>
    internal void Enter() => _sessions++;

    /// <summary>Counts a session out.</summary>
    internal void Leave()
    {
        _sessions--;
        FreeIfUnused();
    }

    /// <summary>Frees what the context holds; no session uses it any more.</summary>
    protected abstract void Free();

    private void FreeIfUnused()
    {
        if (_isRetired && _sessions == 0)
        {
            Free();
        }
    }
}
