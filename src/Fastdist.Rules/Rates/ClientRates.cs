using System;
using Fastdist.Rules.Addresses;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Rates;

/// <summary>
/// A rate for each client (<c>MaxQPSIPRule</c>), which counts over all shards: all of them ask one object, without a lock. Nothing is allocated after the beginning but
/// by <see cref="Clean"/>, once: a million clients take 36 MB (68 when more than 64 bits of IPv6 count), up to 65,000 take 3 MB (5).
/// </summary>
public sealed class ClientRates
{
    /// <summary>Clients that there is room for unless it is said otherwise; those beyond share buckets.</summary>
    public const int DefaultMostClients = 1_000_000;

    private readonly AddressMasks _masks;
    private readonly TokenRate _rate;
    private readonly RateClients _clients;
    private readonly bool _isCleaned;

    /// <summary>A rate; every client's bucket is full.</summary>
    /// <param name="settings">What the rule says.</param>
    /// <param name="mostClients">Clients that there is room for, up to 50 millions.</param>
    public ClientRates(ClientRateSettings settings, int mostClients = DefaultMostClients)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostClients, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mostClients, 50_000_000);
        Settings = settings;
        _masks = new AddressMasks(settings.V4Mask, settings.V6Mask);
        _rate = new TokenRate(settings.PerSecond, settings.Burst);
        _isCleaned = settings.CleanupDelay != 0;

        // Who is not cleaned away keeps his place for ever. The result must stay a positive time after the subtraction from any other.
        long expiration = _isCleaned ? settings.Expiration * TokenRate.NanosecondsPerSecond : long.MaxValue / 4;
        int share = (int)Math.Clamp((ulong)settings.CleanupDelay * settings.ScanFraction, 1, int.MaxValue);
        _clients = _masks.IsNarrow ? new RateClients<NarrowSlot>(mostClients, expiration, share) : new RateClients<WideSlot>(mostClients, expiration, share);
    }

    /// <summary>What the rule says.</summary>
    public ClientRateSettings Settings { get; }

    /// <summary>Clients that have a bucket of their own.</summary>
    public int Count => _clients.Count;

    /// <summary>Whether a client is over its limit. If it is not, a token is taken.</summary>
    /// <param name="client">Its address.</param>
    /// <param name="now">Microseconds; a shard's may be a little behind another's.</param>
    public bool IsOver(in SocketAddress client, long now)
    {
        if (Settings.Burst == 0)
        {
            return true;
        }

        long nanoseconds = now * TokenRate.Nanoseconds;
        return !_rate.TryTake(ref _clients.WordOf(_masks.KeyOf(client), nanoseconds), nanoseconds);
    }

    /// <summary>
    /// Forgets clients that were not seen for long, a few milliseconds' worth of them, and makes room for more. To be called once a second, by one thread that is no
    /// shard's. A client whose bucket is not full is not forgotten: nobody's debt is let off for being silent.
    /// </summary>
    /// <param name="now">Microseconds.</param>
    public void Clean(long now)
    {
        if (Settings.Burst > 0)
        {
            _clients.Clean(now * TokenRate.Nanoseconds);
        }
    }
}
