using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Threading;
using Fastdist.Tls.OpenSslSessions;

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
/// <param name="clock">Tells the date, by which certificates end; null for the system's.</param>
public sealed class TlsSessionStore(
    Func<long> now, int capacity = TlsSessionStore.DefaultCapacity, int validity = TlsSessionStore.DefaultValidity, TimeProvider? clock = null)
{
    /// <summary>Longest that what was derived from a full handshake is used, seconds (RFC 8446 section 4.6.1).</summary>
    public const long LongestLife = 604_800;

    /// <summary>dnsdist's setOutgoingTLSSessionsCacheMaxTicketsPerBackend.</summary>
    public const int DefaultCapacity = 20;

    /// <summary>dnsdist's setOutgoingTLSSessionsCacheMaxTicketValidity, seconds.</summary>
    public const int DefaultValidity = 600;

    private readonly Lock _lock = new();
    private int _capacity = capacity;
    private int _validity = validity;
    private readonly List<Entry> _oldestFirst = [];
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
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

    /// <summary>Seconds of the clock by which sessions age.</summary>
    internal long Now => now();

    /// <summary>Keeps at most so many from now on, for so long.</summary>
    /// <param name="most">Sessions, 0 for none.</param>
    /// <param name="seconds">Age at which an unused one is dropped.</param>
    public void Limit(int most, int seconds)
    {
        lock (_lock)
        {
            (_capacity, _validity) = (most, seconds);
            DropOldest(Math.Max(_oldestFirst.Count - most, 0));
            DropEnded();
        }
    }

    /// <summary>Drops what is too old; dnsdist does so once a minute.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            DropEnded();
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
    /// <param name="end">When what it derives from ends.</param>
    internal void Put(byte[] session, SessionEnd end)
    {
        Debug.Assert(session.Length > 0);
        var entry = new Entry(session, now(), end);
        lock (_lock)
        {
            DropEnded();
            if (_oldestFirst.Count >= _capacity)
            {
                DropOldest(_oldestFirst.Count - _capacity + 1);
            }

            if (_capacity > 0 && !_isClosed && !HasEnded(entry, entry.KeptAt, _clock.GetUtcNow().ToUnixTimeSeconds()))
            {
                _oldestFirst.Add(entry);
            }
            else
            {
                Wipe(session);
            }
        }
    }

    /// <summary>Takes the newest session out.</summary>
    /// <param name="end">When what it derives from ends.</param>
    /// <returns>Its DER, to be wiped by the caller; null when there is none.</returns>
    internal byte[]? Take(out SessionEnd end)
    {
        lock (_lock)
        {
            DropEnded();
            if (_oldestFirst.Count == 0)
            {
                end = default;
                return null;
            }

            (byte[] newest, _, end) = _oldestFirst[^1];
            _oldestFirst.RemoveAt(_oldestFirst.Count - 1);
            return newest;
        }
    }

    private bool HasEnded(in Entry entry, long seconds, long unixSeconds) =>
        entry.KeptAt + _validity <= seconds || entry.End.MadeAt + LongestLife <= seconds || entry.End.NotAfter <= unixSeconds;

    private void DropEnded()
    {
        long seconds = now();
        long unixSeconds = _clock.GetUtcNow().ToUnixTimeSeconds();
        _oldestFirst.RemoveAll(entry =>
        {
            bool hasEnded = HasEnded(entry, seconds, unixSeconds);
            Wipe(hasEnded ? entry.Session : []);
            return hasEnded;
        });
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

    private readonly record struct Entry(byte[] Session, long KeptAt, SessionEnd End);
}
