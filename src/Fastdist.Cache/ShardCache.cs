using System;
using Fastdist.Cache.Answers;
using Fastdist.Cache.Storage;
using Fastdist.Dns;
using Fastdist.Settings;

namespace Fastdist.Cache;

/// <summary>One shard's way into a cache. Nothing here takes a lock but <see cref="Keep"/> and who is to renew an entry, and these only try to.</summary>
public sealed class ShardCache
{
    private readonly CacheOptions _options;
    private readonly Random _random;
    private readonly KeyedEntries _entries;
    private readonly NetworkLookup _lookup;
    private readonly AnswerPlacement _placement;
    private readonly RefreshBudget _refresh = new();
    private readonly byte[] _value;

    /// <summary>Makes it.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="shard">The shard's number.</param>
    /// <param name="random">The shard's.</param>
    public ShardCache(PacketCache cache, int shard, Random random)
    {
        (Cache, Counters, _options, _random) = (cache, cache.CountersOf(shard), cache.Options, random);
        _entries = new KeyedEntries(cache);
        _lookup = new NetworkLookup(_entries);
        _placement = new AnswerPlacement(_entries, _options);
        _value = new byte[PacketCache.MaxValueSize(_options)];
    }

    /// <summary>The cache of all shards.</summary>
    public PacketCache Cache { get; }

    /// <summary>What the shard has counted of it.</summary>
    public CacheCounters Counters { get; }

    /// <summary>Writes what tells a question apart from others, for who compares queries under way.</summary>
    /// <param name="query">The query.</param>
    /// <param name="network">What backends are told of the client's network.</param>
    /// <param name="key">Receives it: <see cref="CacheKey.MaxSize"/> bytes.</param>
    /// <returns>Bytes written; 0 when no cache may know of it.</returns>
    public int WriteKey(in Query query, in ClientNetwork network, Span<byte> key)
    {
        int length = CacheKey.Write(in query, Cache.Rules, key);
        return length == 0 ? 0 : CacheKey.AddNetwork(key, length, network.Kind, network.Address, network.Prefix);
    }

    /// <summary>Reads for which networks an answer is (RFC 7871 section 7.3).</summary>
    /// <param name="answer">The answer as the backend sent it.</param>
    /// <param name="network">What it was told of the client's.</param>
    /// <returns>SCOPE PREFIX-LENGTH, bits, or what <see cref="KeepTerms.Scope"/> says.</returns>
    public static int ScopeOf(ReadOnlySpan<byte> answer, in ClientNetwork network) =>
        network.Kind == NetworkKind.Untold ? 0 : SubnetOption.TryReadScope(answer, network.Address, network.Prefix, out int scope) ? scope : KeepTerms.Unsound;

    /// <summary>Looks for an answer, and writes it for a client.</summary>
    /// <param name="query">The query, as a backend would get it.</param>
    /// <param name="network">What backends would be told of the client's network.</param>
    /// <param name="terms">By which terms.</param>
    /// <param name="answer">Receives the answer: room for the longest message.</param>
    /// <param name="found">What was found, where something was.</param>
    public Look Find(in Query query, in ClientNetwork network, in LookTerms terms, Span<byte> answer, out FoundAnswer found)
    {
        found = default;
        if (!_entries.TryAsk(in query, terms.IsOptOurs))
        {
            return Look.None;
        }

        _refresh.Earn();
        if (!_lookup.TryFind(in network, terms.Now, _value, out ReadEntry entry))
        {
            Counters.DeferredLookups += _entries.WasBusy ? 1 : 0;
            return Look.Missing;
        }

        if (terms.WantsWhole && (entry.Head.Traits & EntryTraits.Truncated) != 0)
        {
            return Look.Missing;
        }

        if (entry.Head.Ends > terms.Now)
        {
            return Give(in query, in network, in entry, in terms, answer, ref found);
        }

        if (!EntryWorth.IsStale(in entry.Head, _options, terms.Now, terms.StaleFor))
        {
            return Look.Missing;
        }

        return terms.TakesStale ? GiveStale(in query, in network, in entry, in terms, answer, ref found) : Look.Stale;
    }

    /// <summary>Keeps an answer.</summary>
    /// <param name="query">The query, as a backend got it.</param>
    /// <param name="network">What backends were told of the client's network.</param>
    /// <param name="answer">The whole answer.</param>
    /// <param name="terms">By which terms.</param>
    /// <returns>Whether it is kept.</returns>
    public bool Keep(in Query query, in ClientNetwork network, ReadOnlySpan<byte> answer, in KeepTerms terms)
    {
        if (answer.Length > _options.MaxEntrySize || !_entries.TryAsk(in query, terms.IsOptOurs) || Answer.Match(answer, query.Question) != AnswerMatch.Matches
            || !KeptAnswer.TryWrite(answer, _value, out int size, out AnswerFacts facts))
        {
            return false;
        }

        Keeping keeping = Lifetime.Of(in facts, _options, terms.FailureTtl, out uint seconds);
        Counters.TtlTooShorts += keeping == Keeping.TooShort ? 1 : 0;
        if (keeping != Keeping.Kept)
        {
            return false;
        }

        EntryHead head = HeadOf(in facts, terms.Now, seconds);
        Insertion insertion = _placement.Place(in network, ref head, in terms);
        if (insertion == Insertion.Done)
        {
            insertion = _entries.Insert(_value.AsSpan(0, size), in head, terms.Now);
        }

        Counters.DeferredInserts += insertion == Insertion.Busy ? 1 : 0;
        return insertion == Insertion.Done;
    }

    /// <summary>Nobody has answered who was sent for to renew an entry: none is sent for a while.</summary>
    /// <param name="now">The time, seconds of the cache's clock.</param>
    public void RefreshFailed(uint now) => _refresh.Fail(now);

    private static EntryHead HeadOf(in AnswerFacts facts, uint now, uint seconds) => new()
    {
        Added = now,
        Ends = EntryWorth.EndAfter(now, seconds),
        Rcode = (byte)facts.Rcode,
        Traits = (facts.IsNegative ? EntryTraits.Negative : EntryTraits.None) | (facts.IsTruncated ? EntryTraits.Truncated : EntryTraits.None),
    };

    private Look Give(in Query query, in ClientNetwork network, in ReadEntry entry, in LookTerms terms, Span<byte> answer, ref FoundAnswer found)
    {
        var traits = new RestoreTraits
        {
            Age = _options.DontAge ? 0 : EntryWorth.AgeOf(in entry.Head, terms.Now),
            FixedTtl = uint.MaxValue,
        };
        if (!TryWrite(in query, in network, in entry, in terms, ref traits, answer, ref found))
        {
            return Look.Missing;
        }

        Counters.Hits++;
        found.MustRefresh = !terms.TakesStale && _options.Refresh && entry.WasUsed && EntryWorth.IsWhole(in entry.Head)
            && _refresh.IsDue(in entry.Head, _entries.Hash, terms.Now) && _entries.TryClaim();
        if (found.MustRefresh)
        {
            _refresh.Spend();
            Counters.Refreshes++;
        }

        return Look.Found;
    }

    private Look GiveStale(in Query query, in ClientNetwork network, in ReadEntry entry, in LookTerms terms, Span<byte> answer, ref FoundAnswer found)
    {
        found.IsStale = true;
        var traits = new RestoreTraits { IsStale = true, FixedTtl = _options.StaleTtl };
        if (!TryWrite(in query, in network, in entry, in terms, ref traits, answer, ref found))
        {
            return Look.Missing;
        }

        Counters.StaleHits++;
        return Look.Found;
    }

    private bool TryWrite(
        in Query query, in ClientNetwork network, in ReadEntry entry, in LookTerms terms, ref RestoreTraits traits, Span<byte> answer, ref FoundAnswer found)
    {
        traits.PayloadSize = (ushort)terms.PayloadSize;
        traits.Scope = entry.Head.Scope;
        traits.HasNoNetwork = network.IsOurs;
        traits.Shuffle = _options.Shuffle ? _random : null;
        found.Length = KeptAnswer.Restore(_value.AsSpan(0, entry.Length), in query, in traits, answer);
        return found.Length > 0;
    }
}
