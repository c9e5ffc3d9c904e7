using System.Linq;

namespace Fastdist.Settings.Tables;

/// <summary>The options of a packet cache, with dnsdist's names where it has them; the flags for the default pool's cache are made of them.</summary>
public static class CacheOptionTable
{
    /// <summary>All there are, but for how many entries it has.</summary>
    public static readonly OptionTable<CacheOptions> Table = new(
        new OptionEntry<CacheOptions>("maximumBytes", "SIZE", "0", "bytes", "that its entries may take, such as 512M; 0 is for as many as that many entries are likely to need", o => o.MaxBytes, (o, v) => o with { MaxBytes = Values.Size(v) }),
        new("maximumEntrySize", "N", "4096", "bytes", "of the longest answer that is kept", o => o.MaxEntrySize, (o, v) => o with { MaxEntrySize = Values.Integer(v, 12, 65535) }),
        new("maxTTL", "N", "86400", "s", "an answer is kept at most; the TTLs that are sent stay as they are", o => o.MaxTtl, (o, v) => o with { MaxTtl = Seconds(v) }),
        new("minTTL", "N", "0", "s", "below which the TTL of an answer has it not kept at all", o => o.MinTtl, (o, v) => o with { MinTtl = Seconds(v) }),
        new("maxNegativeTTL", "N", "3600", "s", "that NXDOMAIN, and answers without the type that was asked for, are kept at most", o => o.MaxNegativeTtl, (o, v) => o with { MaxNegativeTtl = Seconds(v) }),
        new("temporaryFailureTTL", "N", "60", "s", "that SERVFAIL and REFUSED are kept; 0 is for not at all", o => o.TemporaryFailureTtl, (o, v) => o with { TemporaryFailureTtl = Seconds(v) }),
        new("truncatedTTL", "N", "0", "s", "that an answer with TC is kept; 0 is for not at all", o => o.TruncatedTtl, (o, v) => o with { TruncatedTtl = Seconds(v) }),
        new("staleTTL", "N", "60", "s", "of TTL that an answer is sent with after its time; how long after is --cache-stale-for", o => o.StaleTtl, (o, v) => o with { StaleTtl = Seconds(v) }),
        new("staleNegatives", "true|false", "true", "", "whether negative answers, too, are given after their time", o => o.StaleNegatives, (o, v) => o with { StaleNegatives = Values.Boolean(v) }),
        new("keepStaleData", "true|false", "false", "", "whether nothing is removed for its age while no backend of its pools is up", o => o.KeepStaleData, (o, v) => o with { KeepStaleData = Values.Boolean(v) }),
        new("refresh", "true|false", "true", "", "whether answers that are asked for often are renewed before they end", o => o.Refresh, (o, v) => o with { Refresh = Values.Boolean(v) }),
        new("negativeShare", "N", "50", "percent", "of entries that may be negative answers: names at random do not wash out the rest", o => o.NegativeShare, (o, v) => o with { NegativeShare = Values.Integer(v, 1, 100) }),
        new("dontAge", "true|false", "false", "", "whether TTLs are sent as they came, and not less the time since", o => o.DontAge, (o, v) => o with { DontAge = Values.Boolean(v) }),
        new("shuffle", "true|false", "false", "", "whether the addresses of an answer are in another order each time", o => o.Shuffle, (o, v) => o with { Shuffle = Values.Boolean(v) }),
        new("cookieHashing", "true|false", "false", "", "whether queries with different cookies are answered from different entries", o => o.CookieHashing, (o, v) => o with { CookieHashing = Values.Boolean(v) }),
        new OptionEntry<CacheOptions>("skipOptions", "CODE", "", "", "EDNS option that tells no entries apart, besides those that never do: NSID, client subnet, cookie, keepalive and padding",
            o => o.SkipOptions.Select(static code => (object)(int)code), (o, v) => o with { SkipOptions = [.. o.SkipOptions, (ushort)Values.Integer(v, 0, 65535)] })
        { IsRepeatable = true },
        new("numberOfShards", "N", "20", "parts", "that are written to side by side; small caches have fewer", o => o.Shards, (o, v) => o with { Shards = Values.Integer(v, 1, 1024) }),
        new("deferrableInsertLock", "true|false", "true", "", "whether an answer is not kept while another one is being written to the same part; else it waits", o => o.DeferrableInsertLock, (o, v) => o with { DeferrableInsertLock = Values.Boolean(v) }));

    /// <summary>A TTL has 31 bits (RFC 2181 section 8).</summary>
    private static uint Seconds(string text) => (uint)Values.Integer(text, 0, int.MaxValue);
}
