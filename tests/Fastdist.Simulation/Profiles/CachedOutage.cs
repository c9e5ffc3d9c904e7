using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Settings;
using Fastdist.Simulation.Caching;
using Fastdist.Simulation.Models;

namespace Fastdist.Simulation.Profiles;

/// <summary>
/// A few names are asked for again and again, and a cache has room for all. While all is well backends are asked for each once in its time, and again before that is
/// over when it is long enough; while all backends are gone, or slow, nothing that was answered before fails, if it may be given after its time.
/// </summary>
internal static class CachedOutage
{
    private const int Names = 5;
    private const long Seconds = 1_000_000;

    /// <summary>Ways in which each is asked for: with no OPT record, with an empty one, with an option.</summary>
    private const int Ways = 3;

    /// <summary>What a client waits for at most besides the time that is set, microseconds.</summary>
    private const long Slack = 100_000;

    public static void Play(World world)
    {
        uint ttl = Ends.Pick(world, 2u, 12u, 3600u);
        uint staleFor = Ends.Pick(world, 0u, 3u, 3600u, 3600u);
        bool isStale = staleFor == 3600;
        int timeout = isStale ? Ends.Pick(world, 0, 100, 400) : 0;
        world.Caching = new CachingPlan(world, new CacheOptions { MaxEntries = 5000, StaleTtl = 77, StaleNegatives = world.Random.Next(2) == 0 }, Names, topic => Settle(topic, ttl))
        {
            StaleFor = staleFor,
            StaleTimeout = timeout,
            IsShared = world.Random.Next(2) == 0,
        };
        world.Ledger.Rule = (query, _) => IsKnown(world, query, ttl, isStale) ? "though it was answered before" : null;
        bool isOverUdp = world.Random.Next(2) == 0;
        SimBackend[] backends = Ends.Several(2, n => new SimBackend(n, new BackendPlan(), options => isOverUdp ? Datagrams.OverUdp(world, options) : Ends.Secured(world, options)));
        world.Begin(Ends.Options(world, 1 + world.Random.Next(3)), backends);
        world.UseCaches();
        world.RunFor(500_000);
        const int Load = 26;
        Ends.Load(world, queriesPerSecond: 200, Load);
        if (world.Random.Next(3) == 0)
        {
            world.After(world.Random.NextInt64(4 * Seconds), () => world.Stop(4 * Seconds));
        }

        world.RunFor(14 * Seconds);
        CheckEase(world, ttl, backends);
        long began = world.Now;
        Trouble(world, backends);
        world.RunFor(8 * Seconds);
        if (timeout > 0)
        {
            CheckPatience(world, began, ttl, timeout);
        }

        foreach (SimBackend backend in backends)
        {
            backend.Recover();
        }

        world.RunFor(8 * Seconds);
    }

    /// <summary>One name is none, the others have an address.</summary>
    private static Topic Settle(Topic topic, uint ttl) => topic with
    {
        Rcode = IsNone(topic) ? Rcode.NXDomain : Rcode.NoError,
        Ttls = IsNone(topic) ? [] : [ttl],
        SoaTtl = ttl,
        Failures = 0,
        Scope = 0,
    };

    private static bool IsNone(Topic topic) => topic.Number == 0;

    private static void Trouble(World world, SimBackend[] backends)
    {
        int how = world.Random.Next(4);
        foreach (SimBackend backend in backends)
        {
            switch (how)
            {
                case 0:
                    backend.Kill();
                    break;
                case 1:
                    backend.Disappear(BackendHealth.BlackHole);
                    break;
                case 2:
                    backend.Disappear(BackendHealth.Frozen);
                    break;
                default:
                    backend.Plan = backend.Plan with { Delay = (1 * Seconds, 6 * Seconds) };
                    backend.BeginFault();
                    world.After(8 * Seconds, backend.EndFault);
                    break;
            }
        }
    }

    /// <summary>Each name is asked for once in its time by each shard, or a little more often, however many clients ask.</summary>
    private static void CheckEase(World world, uint ttl, SimBackend[] backends)
    {
        const int Elapsed = 14;

        // Pools that share a cache do not wait for each other's answers.
        int pools = world.HasTwoPools ? 2 : 1;
        long most = Names * Ways * pools * world.Shards.Count * (1 + (Elapsed / ttl) + (ttl < 3600 ? 2 : 0));
        int asked = world.Ledger.Queries.Count(static query => query.Asks.Count > 0);
        world.Require(asked <= most && backends.Sum(static b => b.Queries) < 2 * most, $"backends were asked {asked} of {world.Ledger.Queries.Count} queries, where {most} would do");
        if (ttl == 12)
        {
            world.Require(world.Caches.Sum(static cache => cache.Figures.Refreshes) > 0, "nothing was renewed before its end");
        }
    }

    /// <summary>Whoever asks for what was answered before waits no longer than for what may be given after its time.</summary>
    private static void CheckPatience(World world, long began, uint ttl, int timeout)
    {
        List<SimQuery> late = [.. world.Ledger.Queries.Where(query => query.SentAt > began && query.EndedAt - query.ArrivedAt > (timeout * 1000) + Slack && IsKnown(world, query, ttl, isStale: true))];
        world.Require(late.Count == 0, $"{late.Count} queries waited for longer than {timeout} ms, as {late.FirstOrDefault()}");
    }

    /// <summary>Whether an equal query was answered before, so long ago at most that its answer may be given again.</summary>
    private static bool IsKnown(World world, SimQuery query, uint ttl, bool isStale) => world.Ledger.Queries.Any(q => q.Fate == Fate.Answered && q.Wish!.Topic == query.Wish!.Topic
        && q.OptionLength == query.OptionLength && q.Pool == query.Pool && q.EndedAt < query.SentAt && ((isStale && (world.Caching!.Cache.StaleNegatives || !IsNone(query.Wish.Topic))) || (q.Asks.Count > 0 && query.EndedAt - q.EndedAt < (ttl - 2L) * Seconds)));
}
