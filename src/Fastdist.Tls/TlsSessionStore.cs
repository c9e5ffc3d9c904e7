using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Threading;

namespace Fastdist.Tls;

/// <summary>
/// The sessions of one backend that a later handshake may resume (RFC 8446 section 2.2, RFC 5077), shared by that
/// backend's contexts on all shards: so each is kept as bytes (DER), and the lock is taken when a connection starts
/// or a ticket comes, never on a query's way. Invariant: what it holds comes from handshakes that passed the
/// verification which every context with this store demands, and is given out once, newest first (RFC 8446 appendix C.4).
/// </summary>
/// <param name="now">Seconds of a clock that does not step back; asked on any shard's thread.</param>
/// <param name="capacity">Most sessions kept, 0 for none; beyond it the oldest goes.</param>
/// <param name="validity">Age in seconds at which an unused session is dropped.</param>
public sealed class TlsSessionStore(Func<long> now, int capacity = TlsSessionStore.DefaultCapacity, int validity = TlsSessionStore.DefaultValidity)
{
    /// <summary>dnsdist's setOutgoingTLSSessionsCacheMaxTicketsPerBackend.</summary>
    public const int DefaultCapacity = 20;

    /// <summary>dnsdist's setOutgoingTLSSessionsCacheMaxTicketValidity, seconds.</summary>
    public const int DefaultValidity = 600;

    private readonly Lock _lock = new();
    private readonly List<Entry> _oldestFirst = [];
    private bool _isClosed;

    /// <summary>Sessions held, expired ones that nobody touched yet included.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _oldestFirst.Count;
            }
        }
    }

    /// <summary>Drops what is too old; dnsdist does so once a minute.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            DropExpired();
        }
    }

    /// <summary>Drops everything and keeps nothing from now on: the backend is no more, or is to be verified by other means.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            DropOldest(_oldestFirst.Count);
        }
    }

    /// <summary>Overwrites a session that was taken or never kept.</summary>
    internal static void Wipe(byte[] session) => CryptographicOperations.ZeroMemory(session);

    /// <summary>Keeps a session.</summary>
    /// <param name="session">Its DER, from <see cref="Der.Encode"/>; the store's from now on.</param>
    internal void Put(byte[] session)
    {
        Debug.Assert(session.Length > 0);
        lock (_lock)
        {
            DropExpired();
            if (_oldestFirst.Count >= capacity)
            {
                DropOldest(_oldestFirst.Count - capacity + 1);
            }

            if (capacity > 0 && !_isClosed)
            {
                _oldestFirst.Add(new Entry(session, now()));
            }
            else
            {
                Wipe(session);
            }
        }
    }

    /// <summary>Takes the newest session out.</summary>
    /// <returns>Its DER, to be wiped by the caller; null when there is none.</returns>
    internal byte[]? Take()
    {
        lock (_lock)
        {
            DropExpired();
            if (_oldestFirst.Count == 0)
            {
                return null;
            }

            byte[] newest = _oldestFirst[^1].Session;
            _oldestFirst.RemoveAt(_oldestFirst.Count - 1);
            return newest;
        }
    }

    private void DropExpired()
    {
        long oldest = now() - validity;
        int count = 0;
        while (count < _oldestFirst.Count && _oldestFirst[count].KeptAt <= oldest)
        {
            count++;
        }

        DropOldest(count);
    }

    private void DropOldest(int count)
    {
        count = Math.Min(count, _oldestFirst.Count);
        for (int i = 0; i < count; i++)
        {
            Wipe(_oldestFirst[i].Session);
        }

        _oldestFirst.RemoveRange(0, count);
    }

    private readonly record struct Entry(byte[] Session, long KeptAt);
}
