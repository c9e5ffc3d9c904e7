using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Settings;
using Fastdist.Simulation.Models;

namespace Fastdist.Simulation.Caching;

/// <summary>The caches of a run, and what clients ask for so that they are of use.</summary>
internal sealed class CachingPlan
{
    private readonly World _world;
    private readonly Dictionary<NameKind, Topic[]> _topics = [];

    /// <summary>Makes the plan of a run.</summary>
    /// <param name="world">The run.</param>
    /// <param name="cache">The caches' settings.</param>
    /// <param name="topics">Plain names that are asked for.</param>
    /// <param name="settle">Makes topics other than the lot has them; null for as it has.</param>
    public CachingPlan(World world, CacheOptions cache, int topics, Func<Topic, Topic>? settle = null)
    {
        (_world, Cache) = (world, cache);
        Answers = new GivenAnswers(world);
        Judge = new AnswerJudge(world, this);
        foreach (NameKind kind in Enum.GetValues<NameKind>())
        {
            int count = kind == NameKind.Plain ? topics : 2;
            _topics[kind] = [.. Enumerable.Range(0, count).Select(number => Draw(number, kind)).Select(settle ?? (static topic => topic))];
        }
    }

    /// <summary>The caches' settings.</summary>
    public CacheOptions Cache { get; }

    /// <summary>Whether pools have one cache between them, where there are two.</summary>
    public bool IsShared { get; init; }

    /// <summary>Seconds beyond its end that an answer may be given; 0 for none.</summary>
    public uint StaleFor { get; init; }

    /// <summary>Milliseconds after which it is given while a backend is waited for; 0 for never.</summary>
    public int StaleTimeout { get; init; }

    /// <summary>Whether the network that is told takes the place of the client's own.</summary>
    public bool OverridesNetworks { get; init; }

    /// <summary>Whether clients name networks.</summary>
    public bool HasNetworks { get; init; }

    /// <summary>How many of the ways in which queries differ clients make use of, of 100.</summary>
    public int Variety { get; init; }

    /// <summary>Whether caches are looked through for what has ended, emptied, and replaced.</summary>
    public bool IsTended { get; init; }

    /// <summary>What backends have answered.</summary>
    public GivenAnswers Answers { get; }

    /// <summary>Looks at what clients get.</summary>
    public AnswerJudge Judge { get; }

    /// <summary>A plan by lot.</summary>
    public static CachingPlan Draw(World world)
    {
        Random random = world.Random;
        bool isStale = random.Next(2) == 0;
        var cache = new CacheOptions
        {
            MaxEntries = Pick(random, 1, 4, 20, 100, 5000),
            MaxBytes = random.Next(4) == 0 ? 20_000 : 0,
            MaxTtl = random.Next(4) == 0 ? 3u : 86_400,
            MinTtl = random.Next(4) == 0 ? 2u : 0,
            MaxNegativeTtl = random.Next(3) == 0 ? 1u : 3600,
            TemporaryFailureTtl = (uint)random.Next(4),
            StaleTtl = 77,
            TruncatedTtl = random.Next(4) == 0 ? 2u : 0,
            DontAge = random.Next(6) == 0,
            Shuffle = random.Next(3) == 0,
            CookieHashing = random.Next(4) == 0,
            MaxEntrySize = random.Next(3) == 0 ? 65_535 : 4096,
            SkipOptions = random.Next(4) == 0 ? [EdnsOptions.Local] : [],
            NegativeShare = Pick(random, 1, 20, 100),
            Refresh = random.Next(4) != 0,
            StaleNegatives = random.Next(3) != 0,
        };
        return new CachingPlan(world, cache, 1 + random.Next(30))
        {
            IsShared = random.Next(2) == 0,
            StaleFor = isStale ? (uint)Pick(random, 2, 10, 3600) : 0,
            StaleTimeout = isStale && random.Next(2) == 0 ? Pick(random, 50, 400, 1800) : 0,
            OverridesNetworks = random.Next(4) == 0,
            HasNetworks = random.Next(2) == 0,
            Variety = Pick(random, 0, 15, 50),
            IsTended = random.Next(2) == 0,
        };
    }

    /// <summary>Makes the process's settings those of the plan.</summary>
    public ProxyOptions Settle(ProxyOptions options) =>
        options with { StaleCacheEntriesTtl = StaleFor, StaleAnswerClientTimeout = StaleTimeout, EcsOverride = OverridesNetworks };

    /// <summary>What a client asks next.</summary>
    /// <param name="kind">What the name is to do.</param>
    /// <param name="hasEdns">Whether the query has an OPT record.</param>
    public Wish Next(NameKind kind, bool hasEdns)
    {
        Random random = _world.Random;
        Topic[] topics = _topics[kind];
        bool Varies() => random.Next(100) < Variety;
        return new Wish(topics[Math.Min(random.Next(topics.Length), random.Next(topics.Length))], Varies() ? RecordType.AAAA : RecordType.A)
        {
            Flags = (ushort)((Varies() ? 0 : 0x0100) | (Varies() ? 0x0010 : 0) | (Varies() ? 0x0020 : 0)),
            DnssecOk = hasEdns && Varies(),
            Cookie = hasEdns && random.Next(2) == 0 ? (Cache.CookieHashing ? (ulong)random.Next(3) : (ulong)random.NextInt64()) : null,
            WantsNsid = hasEdns && random.Next(4) == 0,
            Network = hasEdns && HasNetworks && random.Next(3) == 0 ? AnyNetwork(random) : null,
        };
    }

    private static ToldNetwork AnyNetwork(Random random) =>
        new(0x0A000000 | ((uint)random.Next(3) << 16) | ((uint)random.Next(3) << 12), Pick(random, 0, 8, 16, 20, 24, 32));

    private Topic Draw(int number, NameKind kind)
    {
        Random random = _world.Random;
        bool isPlain = kind == NameKind.Plain;
        Rcode rcode = !isPlain || random.Next(3) > 0 ? Rcode.NoError : Pick(random, Rcode.NXDomain, Rcode.NXDomain, Rcode.ServFail, Rcode.Refused);
        uint ttl = Ttl(random);
        bool hasData = rcode == Rcode.NoError && (!isPlain || random.Next(8) > 0);
        return new Topic(number, kind)
        {
            Rcode = rcode,
            Ttls = !hasData ? [] : [ttl + (uint)random.Next(3), .. Enumerable.Repeat(ttl, random.Next(3))],
            SoaTtl = Ttl(random),
            Failures = random.Next(4) == 0 ? random.Next(500) : 0,
            Scope = Pick(random, -1, 0, 0, 16, 24, 28),
            IsAuthoritative = random.Next(2) == 0,
            IsSigned = random.Next(2) == 0,
            IsExplained = random.Next(3) == 0,
        };
    }

    private static uint Ttl(Random random) => random.Next(4) switch
    {
        0 => (uint)random.Next(3),
        1 => 1 + (uint)random.Next(5),
        2 => 1 + (uint)random.Next(30),
        _ => 3600,
    };

    private static T Pick<T>(Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
}
