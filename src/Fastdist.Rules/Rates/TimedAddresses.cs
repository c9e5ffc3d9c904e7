using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using Fastdist.Rules.Addresses;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Rates;

/// <summary>
/// Addresses for a time (<c>TimedIPSetRule</c>), ports aside. Scripts write, a hundred thousand at once if they like; shards ask without a lock and see each address as
/// soon as it is added.
/// </summary>
public sealed class TimedAddresses
{
    /// <summary>Addresses that there is room for; about 100 bytes each.</summary>
    public const int Most = 1_000_000;

    private const long MicrosecondsPerSecond = 1_000_000;
    private static readonly AddressMasks s_whole = new(32, 128);
    private static readonly HashedKeys s_hashed = new();

    private readonly Lock _writing = new();
    private readonly int _most;
    private ConcurrentDictionary<AddressKey, long> _until = new(s_hashed);
    private int _count;

    /// <summary>None yet.</summary>
    /// <param name="most">Addresses that there is room for.</param>
    public TimedAddresses(int most = Most) => _most = most;

    /// <summary>Addresses in it, those whose time is over too until they are cleaned up.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether an address is in it.</summary>
    /// <param name="address">The address.</param>
    /// <param name="now">Microseconds.</param>
    public bool Contains(in SocketAddress address, long now) => Volatile.Read(ref _until).TryGetValue(s_whole.KeyOf(address), out long until) && now < until;

    /// <summary>Adds an address, or keeps it for longer; never for less than it was to stay.</summary>
    /// <param name="address">The address.</param>
    /// <param name="seconds">How long from now on.</param>
    /// <param name="now">Microseconds.</param>
    /// <returns>False when there is no room for it.</returns>
    public bool Add(in SocketAddress address, uint seconds, long now)
    {
        AddressKey key = s_whole.KeyOf(address);
        long until = now + (seconds * MicrosecondsPerSecond);
        lock (_writing)
        {
            if (_until.TryGetValue(key, out long was))
            {
                _until[key] = long.Max(was, until);
                return true;
            }

            if (_count >= _most)
            {
                return false;
            }

            _until[key] = until;
            _count++;
            return true;
        }
    }

    /// <summary>Takes all out.</summary>
    public void Clear()
    {
        lock (_writing)
        {
            Volatile.Write(ref _until, new ConcurrentDictionary<AddressKey, long>(s_hashed));
            _count = 0;
        }
    }

    /// <summary>Takes those out whose time is over.</summary>
    /// <param name="now">Microseconds.</param>
    public void CleanUp(long now)
    {
        lock (_writing)
        {
            foreach ((AddressKey key, long until) in _until)
            {
                _count -= until <= now && _until.TryRemove(key, out _) ? 1 : 0;
            }
        }
    }

    private sealed class HashedKeys : IEqualityComparer<AddressKey>
    {
        public bool Equals(AddressKey x, AddressKey y) => x == y;

        public int GetHashCode(AddressKey key) => (int)KeyHash.Of(key);
    }
}
