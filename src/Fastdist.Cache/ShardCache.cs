using System;
using Fastdist.Cache.Answers;
using Fastdist.Cache.Storage;
using Fastdist.Dns;
using Fastdist.Settings;

namespace Fastdist.Cache;

/// <summary>One shard's way into a cache. Nothing here takes a lock but <see cref="Keep"/>, and that only tries to.</summary>
public sealed class ShardCache
{
    private readonly PacketCache _cache;
    private readonly EntryStore _store;
    private readonly KeyRules _rules;
    private readonly CacheOptions _options;
    private readonly Random _random;
    private readonly RefreshBudget _refresh = new();
    private readonly byte[] _key = new byte[CacheKey.MaxSize];
    private readonly byte[] _value = new byte[ushort.MaxValue + KeptAnswer.MaxOverhead];
    private byte[] _other = [];
    private readonly byte[] _scopes = new byte[ScopeList.MaxSize];

    /// <summary>Makes it.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="shard">The shard's number.</param>
    /// <param name="random">The shard's.</param>
    public ShardCache(PacketCache cache, int shard, Random random)
    {
        (_cache, _store, _rules, _options, _random) = (cache, cache.Store, cache.Rules, cache.Options, random);
        Counters = cache.CountersOf(shard);
    }

    /// <summary>The cache of all shards.</summary>
    public PacketCache Cache => _cache;

    /// <summary>What the shard has counted of it.</summary>
    public CacheCounters Counters { get; }

    /// <summary>Writes what tells a question apart from others, for who compares queries under way.</summary>
    /// <param name="query">The query.</param>
    /// <param name="network">What backends are told of the client's network.</param>
    /// <param name="key">Receives it: <see cref="CacheKey.MaxSize"/> bytes.</param>
    /// <returns>Bytes written; 0 when no cache may know of it.</returns>
    public int WriteKey(in Query query, in ClientNetwork network, Span<byte> key)
    {
        int length = CacheKey.Write(in query, _rules, key);
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
        int length = CacheKey.Write(in query, _rules, _key);
        if (length == 0)
        {
            return Look.None;
        }

        if (terms.IsOptOurs)
        {
            CacheKey.MarkOptAsOurs(_key);
        }

        _refresh.Earn();
        if (!TryRead(in network, length, terms.Now, out Entry entry))
        {
            return Look.Missing;
        }

        if (entry.Head.Ends <= terms.Now)
        {
            return IsOfUse(in entry.Head, in terms) ? terms.TakesStale ? Write(in query, in network, in entry, in terms, answer, ref found) : Look.Stale : Look.Missing;
        }

        found.MustRefresh = !terms.TakesStale && _options.Refresh && entry.WasUsed && _refresh.IsDue(in entry.Head, entry.Hash, terms.Now) && _store.TryClaim(entry.Hash, _key.AsSpan(0, entry.KeyLength));
        if (found.MustRefresh)
        {
            _refresh.Spend();
            Counters.Refreshes++;
        }

        return Write(in query, in network, in entry, in terms, answer, ref found);
    }

    /// <summary>Keeps an answer.</summary>
    /// <param name="query">The query, as a backend got it.</param>
    /// <param name="network">What backends were told of the client's network.</param>
    /// <param name="answer">The whole answer.</param>
    /// <param name="terms">By which terms.</param>
    /// <returns>Whether it is kept.</returns>
    public bool Keep(in Query query, in ClientNetwork network, ReadOnlySpan<byte> answer, in KeepTerms terms)
    {
        int length = CacheKey.Write(in query, _rules, _key);
        if (length == 0 || answer.Length > _options.MaxEntrySize || Answer.Match(answer, query.Question) != AnswerMatch.Matches
            || !KeptAnswer.TryWrite(answer, _value, out int size, out AnswerFacts facts))
        {
            return false;
        }

        if (terms.IsOptOurs)
        {
            CacheKey.MarkOptAsOurs(_key);
        }

        Keeping keeping = Lifetime.Of(in facts, _options, terms.FailureTtl, out uint seconds);
        Counters.TtlTooShorts += keeping == Keeping.TooShort ? 1 : 0;
        if (keeping != Keeping.Kept)
        {
            return false;
        }

        var head = new EntryHead
        {
            Added = terms.Now,
            Ends = terms.Now + seconds,
            Rcode = (byte)facts.Rcode,
            Traits = facts.IsNegative ? EntryTraits.Negative : EntryTraits.None,
        };
        return TryPlace(in network, ref length, ref head, in terms) && !WouldReplaceBetter(length, in head, in terms) && Insert(length, _value.AsSpan(0, size), in head, terms.Now);
    }

    /// <summary>Nobody has answered who was sent for to renew an entry: none is sent for a while.</summary>
    public void RefreshFailed(uint now) => _refresh.Fail(now);

    private Look Write(in Query query, in ClientNetwork network, in Entry entry, in LookTerms terms, Span<byte> answer, ref FoundAnswer found)
    {
        found.IsStale = entry.Head.Ends <= terms.Now;
        var traits = new RestoreTraits
        {
            Age = _options.DontAge ? 0 : terms.Now - entry.Head.Added,
            FixedTtl = found.IsStale ? _options.StaleTtl : uint.MaxValue,
            PayloadSize = (ushort)terms.PayloadSize,
            Scope = entry.Head.Scope,
            HasNoNetwork = network.IsOurs,
            IsStale = found.IsStale,
            Shuffle = _options.Shuffle ? _random : null,
        };
        found.Length = KeptAnswer.Restore(_value.AsSpan(0, entry.Length), in query, in traits, answer);
        if (found.Length == 0)
        {
            return Look.Missing;
        }

        Counters.Hits++;
        Counters.StaleHits += found.IsStale ? 1 : 0;
        return Look.Found;
    }

    /// <summary>Whether an answer whose time is over may still be given.</summary>
    private bool IsOfUse(in EntryHead head, in LookTerms terms) =>
        terms.Now - head.Ends < terms.StaleFor
        && (Rcode)head.Rcode is Rcode.NoError or Rcode.NXDomain
        && (_options.StaleNegatives || (head.Traits & EntryTraits.Negative) == 0);

    private bool TryRead(in ClientNetwork network, int length, uint now, out Entry entry)
    {
        if (network.Kind == NetworkKind.Untold)
        {
            return TryRead(length, NetworkKind.Untold, default, 0, out entry);
        }

        if (TryRead(length, NetworkKind.Any, default, 0, out entry))
        {
            if ((entry.Head.Traits & EntryTraits.Scopes) == 0)
            {
                return true;
            }

            _value.AsSpan(0, entry.Length).CopyTo(_scopes);
            return network.Kind == NetworkKind.One ? TryReadScopes(in network, length, entry.Length, out entry) : TryRead(length, NetworkKind.Hidden, default, 0, out entry);
        }

        return network.Kind == NetworkKind.Hidden && TryRead(length, NetworkKind.Hidden, default, 0, out entry);
    }

    /// <summary>Looks for an answer for the client's network, from the narrowest to the widest that there are answers for.</summary>
    private bool TryReadScopes(in ClientNetwork network, int length, int listLength, out Entry entry)
    {
        Span<byte> prefixes = stackalloc byte[ScopeList.MaxLengths];
        int count = ScopeList.Read(_scopes.AsSpan(0, listLength), network.Address.Length, prefixes);
        foreach (byte prefix in prefixes[..count])
        {
            if (prefix <= network.Prefix && TryRead(length, NetworkKind.One, network.Address, prefix, out entry))
            {
                return true;
            }
        }

        entry = default;
        return false;
    }

    private bool TryRead(int length, NetworkKind kind, ReadOnlySpan<byte> address, int prefix, out Entry entry)
    {
        entry = default;
        entry.KeyLength = CacheKey.AddNetwork(_key, length, kind, address, prefix);
        ReadOnlySpan<byte> key = _key.AsSpan(0, entry.KeyLength);
        entry.Hash = _cache.HashOf(key);
        Finding finding = _store.Read(entry.Hash, key, _value, out entry.Length, out entry.Head, out entry.WasUsed);
        Counters.DeferredLookups += finding == Finding.Busy ? 1 : 0;
        return finding == Finding.Found;
    }

    /// <summary>Finds out whom an answer is for, and completes its key.</summary>
    /// <returns>False when there are answers for as many networks as are kept.</returns>
    private bool TryPlace(in ClientNetwork network, ref int length, ref EntryHead head, in KeepTerms terms)
    {
        if (terms.Scope == KeepTerms.Unsound)
        {
            return false;
        }

        if (network.Kind != NetworkKind.One)
        {
            length = CacheKey.AddNetwork(_key, length, network.Kind, default, 0);
            return true;
        }

        int scope = terms.Scope == KeepTerms.Unsaid ? network.Prefix : Math.Min(terms.Scope, network.Prefix);
        head.Scope = (byte)(terms.Scope == KeepTerms.Unsaid ? scope : terms.Scope);
        if (scope > 0 && !TryList(in network, length, scope, in head, terms.Now))
        {
            return false;
        }

        length = CacheKey.AddNetwork(_key, length, scope == 0 ? NetworkKind.Any : NetworkKind.One, scope == 0 ? default : network.Address, scope);
        return true;
    }

    /// <summary>Writes down that there is an answer for networks of so many bits.</summary>
    private bool TryList(in ClientNetwork network, int length, int scope, in EntryHead head, uint now)
    {
        ulong hashOfOne = _cache.HashOf(_key.AsSpan(0, CacheKey.AddNetwork(_key, length, NetworkKind.One, network.Address, scope)));
        ReadOnlySpan<byte> key = _key.AsSpan(0, CacheKey.AddNetwork(_key, length, NetworkKind.Any, default, 0));
        ulong hash = _cache.HashOf(key);
        var list = new EntryHead { Added = now, Ends = head.Ends, Traits = EntryTraits.Scopes };
        int size = 0;
        if (_store.Read(hash, key, _scopes, out int had, out EntryHead before, out _) == Finding.Found && (before.Traits & EntryTraits.Scopes) != 0 && before.Ends > now)
        {
            size = had;
        }

        bool isListed = ScopeList.TryAdd(_scopes, ref size, network.Address.Length, scope, hashOfOne, head.Ends, now);
        list.Ends = ScopeList.EndOf(_scopes.AsSpan(0, size));
        return isListed && _store.Insert(hash, key, _scopes.AsSpan(0, size), in list, now, mayWait: false) == Insertion.Done;
    }

    /// <summary>A failure is not kept in the place of an answer that may still be given while backends fail.</summary>
    private bool WouldReplaceBetter(int length, in EntryHead head, in KeepTerms terms)
    {
        if (terms.StaleFor == 0 || (Rcode)head.Rcode is Rcode.NoError or Rcode.NXDomain)
        {
            return false;
        }

        ReadOnlySpan<byte> key = _key.AsSpan(0, length);
        _other = _other.Length == 0 ? new byte[_value.Length] : _other;
        return _store.Read(_cache.HashOf(key), key, _other, out _, out EntryHead kept, out _) == Finding.Found && (Rcode)kept.Rcode is Rcode.NoError or Rcode.NXDomain
            && (kept.Ends > terms.Now || terms.Now - kept.Ends < terms.StaleFor);
    }

    private bool Insert(int length, ReadOnlySpan<byte> value, in EntryHead head, uint now)
    {
        ReadOnlySpan<byte> key = _key.AsSpan(0, length);
        Insertion insertion = _store.Insert(_cache.HashOf(key), key, value, in head, now, mayWait: !_options.DeferrableInsertLock);
        Counters.DeferredInserts += insertion == Insertion.Busy ? 1 : 0;
        return insertion == Insertion.Done;
    }

    private struct Entry
    {
        public EntryHead Head;
        public ulong Hash;
        public int KeyLength;
        public int Length;
        public bool WasUsed;
    }
}
