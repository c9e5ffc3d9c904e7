using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using Fastdist.Rules.Chains;
using Fastdist.Settings;
using Fastdist.Settings.Rules;

namespace Fastdist.Proxy.Gates;

/// <summary>
/// Where every query passes once, whatever frontend it came to: is there room, is the client let in, what becomes of it. Frontends know
/// its few answers and nothing of what stands behind it.
/// </summary>
internal sealed class Gate
{
    private readonly ShardContext _shard;
    private readonly InFlightTable _table;
    private readonly IForwarder _forwarder;
    private IJudge[] _judges;

    /// <param name="shard">Its shard.</param>
    /// <param name="forwarder">Who takes the queries that pass.</param>
    /// <param name="judges">Who decides, in this order.</param>
    public Gate(ShardContext shard, IForwarder forwarder, IReadOnlyList<IJudge> judges)
    {
        _shard = shard;
        _table = shard.Table;
        _forwarder = forwarder;
        _judges = [.. judges];
        Judgement = new Judgement(shard.Options.UdpMaxSize, shard.Rules.Tags);
        Own = new OwnAnswers(shard, ChainKind.SelfAnsweredResponse);
        Hits = new OwnAnswers(shard, ChainKind.CacheHitResponse);
        Caches = new CacheKeeper(shard);
        _table.ReleaseTags = shard.Rules.Tags.Release;
    }

    /// <summary>Where answers pass that are made here.</summary>
    public OwnAnswers Own { get; }

    /// <summary>Where answers pass that a cache had.</summary>
    public OwnAnswers Hits { get; }

    /// <summary>What the caches have of queries that no backend answers.</summary>
    public CacheKeeper Caches { get; }

    /// <summary>What was decided last.</summary>
    public Judgement Judgement { get; }

    /// <summary>Whether there is no place for one more query: what comes is not even read.</summary>
    public bool IsFull => _table.IsFull;

    /// <summary>Whether a stream may be read on: there is a place for a query, and somebody of a pool has room for it.</summary>
    /// <param name="pool">The number of the pool that the query will be for, as far as that can be foreseen.</param>
    public bool HasRoom(int pool) => !_table.IsFull && !_forwarder.IsSaturated(pool);

    /// <summary>Those who decide as the settings say, in their order.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="rules">Their rules.</param>
    /// <param name="shard">The shard.</param>
    public static IReadOnlyList<IJudge> JudgesOf(ProxyOptions options, CompiledRules rules, ShardContext shard)
    {
        List<IJudge> judges = FrontendPools.Judges(options) ? [new FrontendPools()] : [];
        judges.Add(new BlockJudge(shard));
        if (rules.Limit is { } limit)
        {
            judges.Add(new ClientRateJudge(shard, limit));
        }

        if (rules[ChainKind.Query] is { } chain)
        {
            judges.Add(new QueryRules(shard, chain));
        }

        judges.AddRange([new OtherOpcodes(options.ForwardUpdates), new ZoneTransfers()]);
        if (!options.ForwardResolverArpa)
        {
            judges.Add(new OwnNames());
        }

        judges.Add(new CacheLookup(shard, rules));

        return judges;
    }

    /// <summary>Has others decide from now on, and says another size of what we receive.</summary>
    /// <param name="judges">Who decides, in this order.</param>
    /// <param name="payloadSize">UDP payload that we receive, bytes.</param>
    public void Use(IReadOnlyList<IJudge> judges, int payloadSize)
    {
        _judges = [.. judges];
        Judgement.PayloadSize = payloadSize;
    }

    /// <summary>Whether a client is served.</summary>
    public bool LetsIn(in SocketAddress client) => _shard.Acl.Contains(in client);

    /// <summary>Reads a message and decides about it.</summary>
    /// <param name="message">The message, without a stream's length prefix.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="query">The query, which <see cref="TryKeep"/> takes; of what is unreadable or broken at most what its EDNS record says.</param>
    public Fate Judge(ReadOnlySpan<byte> message, in Origin origin, out Query query)
    {
        Judgement.Reset();
        QueryVerdict verdict = Query.Parse(message, out query);
        if (!query.IsSound || origin.IsCut)
        {
            return Refuse(verdict, message, in origin);
        }

        if (_shard.Blocks.IsCounting)
        {
            _shard.Blocks.CountQuery(in origin.Peer, query.Type);
        }

        foreach (IJudge judge in _judges)
        {
            bool wasEdited = Judgement.IsEdited;
            Fate fate = judge.Judge(in query, in origin, Judgement);
            if (fate != Fate.Undecided)
            {
                return fate == Fate.Answer ? PassOwn(in query, in origin) : fate;
            }

            if (Judgement.IsEdited && !wasEdited)
            {
                // Whoever is asked next, and whatever is kept, is about the query that goes on.
                _ = Query.Parse(Judgement.Edited, out query);
            }
        }

        return Fate.Forward;
    }

    /// <summary>Has an answer made here pass what is decided about those.</summary>
    private Fate PassOwn(in Query query, in Origin origin)
    {
        if (Judgement.Http is not null)
        {
            return Fate.Answer;
        }

        AnswerNotes notes = AnswerNotes.Of(Judgement.HasDecision ? Judgement.Decision : new Decision());
        notes.Arrived = _shard.Clock.Now;
        int length = Judgement.Reply.Length;
        bool isSent = (Judgement.IsFromCache ? Hits : Own).Pass(Judgement.Room, ref length, in origin, ref notes);
        if (notes.Delay != Judgement.Delay || notes.Tags != Judgement.Tags)
        {
            // Tags are given back with the judgement, whatever became of the answer.
            (Judgement.Decision.Delay, Judgement.Decision.Tags) = (notes.Delay, notes.Tags);
        }

        if (!isSent)
        {
            return Fate.Drop;
        }

        if (_shard.Blocks.IsCounting)
        {
            _shard.Blocks.CountAnswer(in origin.Peer, query.Name, Judgement.Room[..length], Judgement.IsFromCache);
        }

        return Judgement.Answer(length);
    }

    /// <summary>Keeps a query that may go on; the asker adds whom to answer, then calls <see cref="Forward"/>.</summary>
    /// <param name="query">The query.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="asker">Who waits for its answer.</param>
    /// <param name="index">Its place in the table.</param>
    /// <returns>False when there is no room for it.</returns>
    public bool TryKeep(in Query query, in Origin origin, Asker asker, out int index)
    {
        if (!TryKeepUnasked(in query, in origin, asker, out index))
        {
            return false;
        }

        if (Judgement.HasStale)
        {
            _table[index].Notes |= QueryNotes.HasStale;
        }

        origin.Counters.InFlight++;
        origin.Counters.RecursionDesired += Header.RecursionDesired(query.Message) ? 1 : 0;
        return true;
    }

    /// <summary>Does that with a query that was answered already, for whose answer nobody waits.</summary>
    /// <inheritdoc cref="TryKeep"/>
    public bool TryKeepUnasked(in Query query, in Origin origin, Asker asker, out int index)
    {
        if (!_table.TryAdd(query.Message, out index))
        {
            return false;
        }

        ref InFlightEntry entry = ref _table[index];
        entry.Asker = asker.Number;
        entry.Frontend = (short)origin.Frontend;
        entry.Edns = Judgement.HasDecision && Judgement.Decision.Has(DecisionNotes.OptAdded) ? EdnsTraits.None : query.Edns;
        entry.OriginalId = query.Id;
        entry.QuestionEnd = (ushort)query.QuestionEnd;
        entry.Arrived = _shard.Clock.Now;
        if (Judgement.HasDecision)
        {
            _table.Decide(index, in Judgement.Decision);
            Judgement.HandOver();
        }

        if (query.HasHopByHopOptions)
        {
            // Keepalive and padding are for the next hop only (RFC 7828, RFC 7830), and that was us.
            Span<byte> message = _table.Message(index);
            _table.Shorten(index, HopByHop.Strip(message, message.Length));
        }

        return true;
    }

    /// <summary>Sends a kept query on its way. It is not judged again: a pool that is full has it wait, or ends it.</summary>
    public void Forward(int index) => _forwarder.Forward(index);

    /// <summary>Answers what cannot be judged by its content, if it can be answered at all.</summary>
    private Fate Refuse(QueryVerdict verdict, ReadOnlySpan<byte> message, in Origin origin)
    {
        if (verdict is QueryVerdict.TooShort or QueryVerdict.NotAQuery)
        {
            origin.Counters.NoncompliantQueries++;
            return Fate.Unreadable;
        }

        if (Header.QuestionCount(message) == 0)
        {
            origin.Counters.EmptyQueries++;
            if (_shard.Options.DropEmptyQueries)
            {
                return Fate.Drop;
            }
        }

        if (verdict == QueryVerdict.NotImplemented)
        {
            origin.Counters.NotImp++;
            return Judgement.Refuse(message, Rcode.NotImp);
        }

        origin.Counters.FormErr++;
        return Judgement.Refuse(message, Rcode.FormErr);
    }
}
