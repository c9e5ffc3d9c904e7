using System;
using Fastdist.Dns;
using Fastdist.Http;
using Fastdist.Proxy.InFlight;
using Fastdist.Rules.Chains;

namespace Fastdist.Proxy.Gates;

/// <summary>What is decided about one query after the other, and the memory that answers are written into. One a shard.</summary>
/// <param name="payloadSize">UDP payload that we receive, bytes, for clients that speak EDNS.</param>
/// <param name="tags">The tags on the shard's queries.</param>
internal sealed class Judgement(int payloadSize, TagStore tags)
{
    private readonly byte[] _reply = new byte[ushort.MaxValue];
    private byte[] _query = [];
    private int _queryLength;
    private Decision _decision;
    private int _length;

    /// <summary>UDP payload that we receive, bytes.</summary>
    public int PayloadSize { get; set; } = payloadSize;

    /// <summary>The answer where it is a DNS message. Good until the next query.</summary>
    public ReadOnlySpan<byte> Reply => _reply.AsSpan(0, _length);

    /// <summary>The HTTP response that is the answer; null when that is a DNS message.</summary>
    public FixedResponse? Http { get; private set; }

    /// <summary>Whether something is to be kept about the query.</summary>
    public bool HasDecision { get; private set; }

    /// <summary>What is to be kept about the query; asking for it has it kept.</summary>
    public ref Decision Decision
    {
        get
        {
            if (!HasDecision)
            {
                HasDecision = true;
                _decision = new Decision();
            }

            return ref _decision;
        }
    }

    /// <summary>The number of the pool that is asked.</summary>
    public int Pool => HasDecision ? _decision.Pool : 0;

    /// <summary>Milliseconds that an answer made here waits, over UDP.</summary>
    public int Delay => HasDecision ? _decision.Delay : 0;

    /// <summary>The tags that were put on the query.</summary>
    public int Tags => HasDecision ? _decision.Tags : 0;

    /// <summary>Where an answer is written that <see cref="Answer(int)"/> then gives: room for the longest message.</summary>
    public Span<byte> Room => _reply;

    /// <summary>Whether the query that goes on is another than came.</summary>
    public bool IsEdited { get; private set; }

    /// <summary>The query that goes on in place of the one that came.</summary>
    public ReadOnlySpan<byte> Edited => _query.AsSpan(0, _queryLength);

    /// <summary>Whether the answer comes from a cache.</summary>
    public bool IsFromCache { get; private set; }

    /// <summary>Whether the answer ends soon, and the query is to be asked of a backend all the same.</summary>
    public bool MustRefresh { get; set; }

    /// <summary>Whether a cache has an answer to the query that goes on, whose time is over.</summary>
    public bool HasStale { get; set; }

    /// <summary>Whether no cache is asked or filled.</summary>
    public bool SkipsCache => HasDecision && _decision.Has(DecisionNotes.SkipsCache);

    /// <summary>Whether the query goes on without being looked at by rules, as somebody before them decided.</summary>
    public bool IsPastRules { get; set; }

    /// <summary>Begins with the next query.</summary>
    public void Reset()
    {
        // What was kept has its tags now; what was not has no more use for them.
        if (HasDecision && _decision.Tags != 0)
        {
            tags.Release(_decision.Tags);
        }

        Http = null;
        HasDecision = IsEdited = IsPastRules = IsFromCache = MustRefresh = HasStale = false;
        _length = 0;
    }

    /// <summary>The query was kept, with all that was decided about it.</summary>
    public void HandOver() => _decision.Tags = 0;

    /// <summary>Begins to write another query than the one that came.</summary>
    /// <param name="message">The query as it is.</param>
    /// <returns>Room for the longest message, with the query at its beginning.</returns>
    public Span<byte> Edit(ReadOnlySpan<byte> message)
    {
        if (!IsEdited)
        {
            _query = _query.Length == 0 ? new byte[ushort.MaxValue] : _query;
            message.CopyTo(_query);
            _queryLength = message.Length;
            IsEdited = true;
        }

        return _query;
    }

    /// <summary>Another query than the one that came goes on.</summary>
    /// <param name="length">Its length, bytes.</param>
    public void EndEdit(int length) => _queryLength = length;

    /// <summary>Answers with the message in <see cref="Room"/>.</summary>
    /// <param name="length">Its length, bytes.</param>
    public Fate Answer(int length)
    {
        // What was to be answered before, and rules went on, is not.
        Http = null;
        _length = length;
        return Fate.Answer;
    }

    /// <summary>Answers with the message in <see cref="Room"/>, which a cache had.</summary>
    /// <param name="length">Its length, bytes.</param>
    public Fate AnswerFromCache(int length)
    {
        IsFromCache = true;
        return Answer(length);
    }

    /// <summary>Answers with the message in <see cref="Room"/>, which was made of the query that goes on: what rules changed of that is not in it.</summary>
    /// <param name="length">Its length, bytes.</param>
    public Fate AnswerWithoutOurs(int length)
    {
        if (IsEdited && length > 0)
        {
            DecisionUndo.Undo(in _decision, _reply, ref length);
        }

        return Answer(length);
    }

    /// <summary>Answers with an error.</summary>
    /// <param name="message">What it answers: at least a header.</param>
    /// <param name="rcode">The error.</param>
    /// <param name="reason">What the extended error says.</param>
    /// <param name="text">The words beside it.</param>
    public Fate Refuse(ReadOnlySpan<byte> message, Rcode rcode, ExtendedError? reason = null, ReadOnlySpan<byte> text = default) =>
        AnswerWithoutOurs(ErrorAnswer.Write(message, rcode, _reply, reason, text, PayloadSize));

    /// <summary>Answers a request over HTTP with something else than a DNS message.</summary>
    /// <param name="response">The response.</param>
    public Fate AnswerHttp(FixedResponse response)
    {
        Answer(0);
        Http = response;
        return Fate.Answer;
    }
}
