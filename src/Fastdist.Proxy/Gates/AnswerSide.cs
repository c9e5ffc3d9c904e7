using System;
using Fastdist.Cache;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Chains;
using Fastdist.Settings;
using Fastdist.Settings.Rules;

namespace Fastdist.Proxy.Gates;

/// <summary>
/// Where every answer of a backend passes once, whoever asked. It does so whole, in memory where it can grow, as in the receive buffer the next frame
/// lies behind it; whoever asked cuts it to what a client takes, last of all.
/// </summary>
/// <param name="shard">The shard.</param>
internal sealed class AnswerSide(ShardContext shard)
{
    private const int MostMessage = ushort.MaxValue;

    private readonly InFlightTable _table = shard.Table;
    private readonly byte[] _scratch = new byte[MostMessage];
    private AnswerRules? _rules;
    private AnswerRules? _rulesOfKept;
    private int _scope;

    /// <summary>What the caches of pools take in of what passes here.</summary>
    public CacheKeeper Caches { get; } = new(shard);

    /// <summary>UDP payload that we receive, bytes.</summary>
    public int PayloadSize { get; set; } = shard.Options.UdpMaxSize;

    /// <summary>Whether what was taken in may be for others of the client's network, too: the network that it is for is the one that backends are told.</summary>
    public bool IsForOthers => _scope != KeepTerms.Unsound;

    /// <summary>Has other rules decide from now on.</summary>
    public void Use(CompiledRules rules)
    {
        _rules = RulesOf(rules, ChainKind.Response);
        _rulesOfKept = RulesOf(rules, ChainKind.CacheInsertedResponse);
    }

    /// <summary>Where an answer is taken in: room for the longest message.</summary>
    public Span<byte> Room => _scratch;

    /// <summary>Takes in what a backend answered, where it may be edited and grow.</summary>
    /// <param name="index">The query.</param>
    /// <param name="received">The answer.</param>
    /// <param name="backend">Who gave it.</param>
    /// <returns>Room for the longest message, with the answer at its beginning.</returns>
    public Span<byte> TakeIn(int index, ReadOnlySpan<byte> received, BackendOptions? backend = null)
    {
        _scope = shard.Caches.IsAny ? Caches.ScopeOf(in _table[index], _table.Message(index), received, backend) : 0;
        received.CopyTo(_scratch);
        return _scratch;
    }

    /// <summary>Gives the answer that was taken in to whoever asked; the query ends after it.</summary>
    /// <param name="index">The query.</param>
    /// <param name="length">Bytes of the answer, without what came of our own edits.</param>
    /// <param name="backend">Who gave it.</param>
    /// <param name="isKept">Whether a cache has taken it in for another query already.</param>
    public void Pass(int index, int length, BackendOptions? backend = null, bool isKept = false)
    {
        ref InFlightEntry entry = ref _table[index];
        Span<byte> answer = _scratch;
        Header.SetId(answer, entry.OriginalId);
        length = HopByHop.Restate(answer, length, PayloadSize);
        if (entry.HasDecision)
        {
            DecisionUndo.Undo(in _table.DecisionOf(in entry), answer, ref length);
        }

        Asker asker = _table.AskerOf(in entry);
        if ((entry.HasDecision || _rules is not null || shard.Caches.IsAny) && asker is IClients clients && !TryDecide(index, clients, backend, isKept, ref length))
        {
            asker.Dropped(in entry);
            return;
        }

        if (shard.Blocks.IsCounting && asker is IClients { AreWaiting: true } && HasQuestion(length, out int questionEnd))
        {
            shard.Blocks.CountAnswer(in entry.Route.Peer, Query.NameOf(answer, questionEnd), answer[..length]);
        }

        asker.Answered(in entry, answer[..length]);
    }

    /// <summary>Has rules decide about an answer, and an answer be what was decided when its query came.</summary>
    /// <returns>False when it is not to be sent.</returns>
    private bool TryDecide(int index, IClients clients, BackendOptions? backend, bool isKept, ref int length)
    {
        ref InFlightEntry entry = ref _table[index];
        AnswerNotes notes = AnswerNotes.Of(_table.DecisionOrNone(in entry));
        (notes.Backend, notes.Arrived) = (backend, entry.Arrived);
        if (!TryPass(_rules, index, clients, ref length, ref notes))
        {
            return false;
        }

        // What rules change of an answer that a cache has taken in is this client's alone.
        if (!isKept && !notes.SkipsCache && shard.Caches.IsAny && Caches.Keep(in entry, _table.Message(index), _scratch.AsSpan(0, length), _scope)
            && !TryPass(_rulesOfKept, index, clients, ref length, ref notes))
        {
            return false;
        }

        AnswerEnd.Apply(_scratch, ref length, in notes);
        return true;
    }

    /// <summary>Has rules decide about an answer, where there are some and it has a question that they can look at.</summary>
    /// <returns>False when it is not to be sent.</returns>
    private bool TryPass(AnswerRules? rules, int index, IClients clients, ref int length, ref AnswerNotes notes)
    {
        if (rules is null || !HasQuestion(length, out int questionEnd))
        {
            return true;
        }

        bool isPassed = rules.Pass(_scratch, ref length, questionEnd, clients.OriginOf(in _table[index]), ref notes);
        Keep(index, in notes);
        return isPassed;
    }

    /// <summary>Keeps what is wanted of notes beyond this call: how long to wait, and tags, which are given back with the query.</summary>
    private void Keep(int index, in AnswerNotes notes)
    {
        ref InFlightEntry entry = ref _table[index];
        if (entry.HasDecision)
        {
            ref Decision decision = ref _table.DecisionOf(in entry);
            (decision.Delay, decision.Tags) = (notes.Delay, notes.Tags);
        }
        else if (notes.Delay != 0 || notes.Tags != 0)
        {
            _table.Decide(index, new Decision { Delay = notes.Delay, Tags = notes.Tags });
        }
    }

    private AnswerRules? RulesOf(CompiledRules rules, ChainKind kind) => rules[kind] is { } chain ? new AnswerRules(shard, chain) : null;

    /// <summary>Rules look at the question; an answer may come without one where that is allowed.</summary>
    private bool HasQuestion(int length, out int questionEnd) => Query.TryFindQuestion(_scratch.AsSpan(0, length), out questionEnd);
}
