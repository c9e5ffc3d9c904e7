using System;
using Fastdist.Cache;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Settings;

namespace Fastdist.Proxy.Gates;

/// <summary>Has the cache of a pool take in what its backends answered, and gives what it has when they do not.</summary>
/// <param name="shard">The shard.</param>
internal sealed class CacheKeeper(ShardContext shard)
{
    private readonly InFlightTable _table = shard.Table;

    /// <summary>Reads for which networks an answer is, where that is of interest.</summary>
    /// <param name="entry">The query.</param>
    /// <param name="message">Its message.</param>
    /// <param name="answer">The answer as it came.</param>
    /// <param name="backend">Who gave it.</param>
    /// <returns>As <see cref="KeepTerms.Scope"/> has it.</returns>
    public int ScopeOf(in InFlightEntry entry, ReadOnlySpan<byte> message, ReadOnlySpan<byte> answer, BackendOptions? backend)
    {
        int pool = _table.PoolOf(in entry);
        bool tells = shard.Caches.TellsNetworks(pool);
        bool wasTold = backend is { UseClientSubnet: true };
        if (shard.Caches[pool] is null || ((entry.Edns & EdnsTraits.ClientSubnet) == 0 && !tells && !wasTold))
        {
            return 0;
        }

        if (wasTold && !tells)
        {
            // It has left the pool since it was asked, where nobody says any more for which network an answer is looked for.
            return KeepTerms.Unsound;
        }

        Decision decision = _table.DecisionOrNone(in entry);
        if (backend is { UseClientSubnet: false } && tells)
        {
            // It was told other things than the others of its pool are, so what it says is for who asked; not even that where they are told another network than
            // the query names.
            return (entry.Edns & EdnsTraits.ClientSubnet) != 0 && ToldSubnet.IsTold(entry.Edns, in decision, shard.Options) ? KeepTerms.Unsound : KeepTerms.Unsaid;
        }

        Span<byte> room = stackalloc byte[ClientNetworks.AddressSize];
        return TryRead(in entry, in decision, message, room, out _, out ClientNetwork network) ? ShardCache.ScopeOf(answer, in network) : KeepTerms.Unsound;
    }

    /// <summary>Keeps an answer.</summary>
    /// <param name="entry">The query.</param>
    /// <param name="message">Its message.</param>
    /// <param name="answer">The whole answer, as rules left it.</param>
    /// <param name="scope">As of <see cref="ScopeOf"/>.</param>
    /// <returns>Whether it is kept.</returns>
    public bool Keep(in InFlightEntry entry, ReadOnlySpan<byte> message, ReadOnlySpan<byte> answer, int scope)
    {
        if (shard.Caches[_table.PoolOf(in entry)] is not { } cache)
        {
            return false;
        }

        Span<byte> room = stackalloc byte[ClientNetworks.AddressSize];
        Decision decision = _table.DecisionOrNone(in entry);
        if (!TryRead(in entry, in decision, message, room, out Query query, out ClientNetwork network))
        {
            return false;
        }

        var terms = new KeepTerms
        {
            Now = shard.CacheNow,
            Scope = scope,
            FailureTtl = decision.FailureTtl,
            StaleFor = shard.Options.StaleCacheEntriesTtl,
            IsOptOurs = decision.Has(DecisionNotes.OptAdded),
        };
        return cache.Keep(in query, in network, answer, in terms);
    }

    /// <summary>Finds an answer for a query that no backend answers, be its time over or not.</summary>
    /// <param name="entry">The query.</param>
    /// <param name="message">Its message.</param>
    /// <param name="answer">Receives the answer: room for the longest message.</param>
    /// <returns>Bytes written; 0 when there is none.</returns>
    public int FindStale(in InFlightEntry entry, ReadOnlySpan<byte> message, Span<byte> answer)
    {
        if (shard.Options.StaleCacheEntriesTtl == 0 || shard.Caches[_table.PoolOf(in entry)] is not { } cache)
        {
            return 0;
        }

        Span<byte> room = stackalloc byte[ClientNetworks.AddressSize];
        Decision decision = _table.DecisionOrNone(in entry);
        if (decision.Has(DecisionNotes.SkipsCache) || !TryRead(in entry, in decision, message, room, out Query query, out ClientNetwork network))
        {
            return 0;
        }

        var terms = new LookTerms
        {
            Now = shard.CacheNow,
            PayloadSize = shard.Options.UdpMaxSize,
            StaleFor = shard.Options.StaleCacheEntriesTtl,
            TakesStale = true,
            WantsWhole = entry.AnswerLimit == ushort.MaxValue,
            IsOptOurs = decision.Has(DecisionNotes.OptAdded),
        };
        if (cache.Find(in query, in network, in terms, answer, out FoundAnswer found) != Look.Found)
        {
            return 0;
        }

        DecisionUndo.Undo(in decision, answer, ref found.Length);
        return found.Length;
    }

    /// <summary>Writes what tells a query apart from others under way.</summary>
    /// <param name="entry">The query.</param>
    /// <param name="message">Its message.</param>
    /// <param name="tells">Whether backends are told clients' networks; null for as those of its pool are now.</param>
    /// <param name="key">Receives it: <see cref="Cache.Answers.CacheKey.MaxSize"/> bytes.</param>
    /// <returns>Bytes written; 0 when it has no cache, or is none that others may share.</returns>
    public int WriteKey(in InFlightEntry entry, ReadOnlySpan<byte> message, bool? tells, Span<byte> key)
    {
        if (shard.Caches[_table.PoolOf(in entry)] is not { } cache)
        {
            return 0;
        }

        Span<byte> room = stackalloc byte[ClientNetworks.AddressSize];
        Decision decision = _table.DecisionOrNone(in entry);
        return !decision.Has(DecisionNotes.SkipsCache) && TryRead(in entry, in decision, message, room, tells, out Query query, out ClientNetwork network)
            ? cache.WriteKey(in query, in network, key)
            : 0;
    }

    private bool TryRead(in InFlightEntry entry, in Decision decision, ReadOnlySpan<byte> message, Span<byte> room, out Query query, out ClientNetwork network) =>
        TryRead(in entry, in decision, message, room, tells: null, out query, out network);

    private bool TryRead(in InFlightEntry entry, in Decision decision, ReadOnlySpan<byte> message, Span<byte> room, bool? tells, out Query query, out ClientNetwork network)
    {
        network = default;
        return Query.Parse(message, out query) == QueryVerdict.Forward
            && ClientNetworks.TryFind(in query, in decision, in entry.Route.Peer, tells ?? shard.Caches.TellsNetworks(decision.Pool), shard.Options, room, out network);
    }
}
