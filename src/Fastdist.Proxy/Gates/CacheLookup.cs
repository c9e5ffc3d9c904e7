using System;
using Fastdist.Cache;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Chains;
using Fastdist.Settings.Rules;

namespace Fastdist.Proxy.Gates;

/// <summary>Answers from the cache of the pool that would be asked, and has the rules for what is not there decide; the last of the judges.</summary>
/// <param name="shard">The shard.</param>
/// <param name="rules">All rules.</param>
internal sealed class CacheLookup(ShardContext shard, CompiledRules rules) : IJudge
{
    private readonly QueryRules? _misses = rules[ChainKind.CacheMiss] is { } chain ? new QueryRules(shard, chain) : null;

    /// <inheritdoc/>
    public Fate Judge(in Query query, in Origin origin, Judgement judgement)
    {
        if (shard.Caches[judgement.Pool] is not { } cache || judgement.SkipsCache)
        {
            return Fate.Undecided;
        }

        Look look = Find(cache, in query, in origin, judgement, out FoundAnswer found);
        switch (look)
        {
            case Look.None:
                return Fate.Undecided;
            case Look.Found:
                return Hit(in origin, judgement, in found);
            default:
                cache.Counters.Misses++;
                origin.Counters.CacheMisses++;
                judgement.HasStale = look == Look.Stale;
                return _misses is null ? Fate.Undecided : _misses.Judge(in query, in origin, judgement);
        }
    }

    private Look Find(ShardCache cache, in Query query, in Origin origin, Judgement judgement, out FoundAnswer found)
    {
        found = default;
        Span<byte> room = stackalloc byte[ClientNetworks.AddressSize];
        Decision decision = judgement.HasDecision ? judgement.Decision : new Decision();
        if (!ClientNetworks.TryFind(in query, in decision, in origin.Peer, shard.Caches.TellsNetworks(judgement.Pool), shard.Options, room, out ClientNetwork network))
        {
            return Look.None;
        }

        var terms = new LookTerms
        {
            Now = shard.CacheNow,
            PayloadSize = judgement.PayloadSize,
            StaleFor = shard.Options.StaleCacheEntriesTtl,
            IsOptOurs = decision.Has(DecisionNotes.OptAdded),
            WantsWhole = origin.Protocol != ClientProtocol.Udp,
        };
        Look look = cache.Find(in query, in network, in terms, judgement.Room, out found);
        if (look == Look.Found && judgement.HasDecision)
        {
            DecisionUndo.Undo(in decision, judgement.Room, ref found.Length);
        }

        return look;
    }

    private static Fate Hit(in Origin origin, Judgement judgement, in FoundAnswer found)
    {
        origin.Counters.CacheHits++;
        origin.Counters.CountAnswer(Header.Rcode(judgement.Room));
        origin.Counters.Latency.Record(0);
        judgement.MustRefresh = found.MustRefresh;
        return judgement.AnswerFromCache(found.Length);
    }
}
