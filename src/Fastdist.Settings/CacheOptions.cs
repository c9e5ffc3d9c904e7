using System.Collections.Generic;

namespace Fastdist.Settings;

/// <summary>A packet cache, with the names an operator writes.</summary>
public sealed record CacheOptions
{
    /// <summary>Most entries that an operator may ask for.</summary>
    public const int MostEntries = 1 << 30;

    /// <summary>What tells it from others with the same settings: 0 for that of the flags, then in the order in which a configuration makes them. A reload keeps the cache whose number and settings are the same.</summary>
    public int Number { get; init; }

    /// <summary>Most entries, 1 to <see cref="MostEntries"/>.</summary>
    public required int MaxEntries { get; init; }

    /// <summary>Most bytes of its entries; 0 for as many as the entries are likely to need.</summary>
    public long MaxBytes { get; init; }

    /// <summary>Longest time that an entry is kept, seconds. It limits no TTL that is sent.</summary>
    public uint MaxTtl { get; init; } = 86_400;

    /// <summary>What ends earlier is not kept, seconds. It raises no TTL.</summary>
    public uint MinTtl { get; init; }

    /// <summary>Longest time that NXDOMAIN and NODATA are kept, seconds.</summary>
    public uint MaxNegativeTtl { get; init; } = 3_600;

    /// <summary>How long SERVFAIL and REFUSED are kept, seconds; 0 for not at all.</summary>
    public uint TemporaryFailureTtl { get; init; } = 60;

    /// <summary>TTL in an answer that is given though its time is over, seconds.</summary>
    public uint StaleTtl { get; init; } = 60;

    /// <summary>How long an answer with TC is kept, seconds; 0 for not at all.</summary>
    public uint TruncatedTtl { get; init; }

    /// <summary>Whether TTLs stay as they came.</summary>
    public bool DontAge { get; init; }

    /// <summary>Whether the first set of addresses in an answer is shuffled each time.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Whether clients with different cookies (RFC 7873) are answered from different entries.</summary>
    public bool CookieHashing { get; init; }

    /// <summary>Whether nothing is removed for its age while no backend of its pools is up.</summary>
    public bool KeepStaleData { get; init; }

    /// <summary>Whether an insertion that finds another one under way is left out; else it waits.</summary>
    public bool DeferrableInsertLock { get; init; } = true;

    /// <summary>Parts that are written to side by side, 1 to 1,024; small caches have fewer.</summary>
    public int Shards { get; init; } = 20;

    /// <summary>Longest answer that is kept, bytes, 12 to 65,535.</summary>
    public int MaxEntrySize { get; init; } = 4_096;

    /// <summary>Codes of EDNS options that tell no entries apart, besides those that never do.</summary>
    public IReadOnlyList<ushort> SkipOptions { get; init; } = [];

    /// <summary>Largest share of entries that are negative answers, percent, 1 to 100: names at random must not wash out the rest.</summary>
    public int NegativeShare { get; init; } = 50;

    /// <summary>Whether entries that are asked for often are renewed before they end.</summary>
    public bool Refresh { get; init; } = true;

    /// <summary>Whether negative answers, too, are given after their time.</summary>
    public bool StaleNegatives { get; init; } = true;
}
