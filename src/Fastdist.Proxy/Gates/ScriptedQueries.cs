using System;
using System.Buffers.Text;
using System.Text;
using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Chains;

namespace Fastdist.Proxy.Gates;

#pragma warning disable CS8500 // Pointers to managed types: see QueryQuestion.Open.

/// <summary>Has selectors and actions decide about queries that are written in a language.</summary>
/// <param name="shard">The shard.</param>
/// <param name="chain">The chain they are in.</param>
internal sealed unsafe class ScriptedQueries(ShardContext shard, CompiledChain chain)
{
    /// <summary>A client has asked again by then.</summary>
    private const int MostDelay = 60_000;

    private readonly QueryQuestion _question = new(shard, chain);
    private readonly SpoofText _spoofs = new(shard);

    /// <summary>What they look at.</summary>
    public Question Question => _question;

    /// <summary>Looks for the next rule that matches.</summary>
    public int Find(ChainRunner runner, in Subject subject, int from, in Query query, in Origin origin, Judgement judgement)
    {
        fixed (Query* at = &query)
        fixed (Origin* whence = &origin)
        {
            _question.Open(at, whence, judgement, isSelecting: true);
            int rule = runner.Find(in subject, from);
            _question.Close();
            if (_question.Problem is { } problem)
            {
                Complain(problem, in origin);
            }

            return rule;
        }
    }

    /// <summary>Has an action do what it does.</summary>
    /// <param name="deed">What it does.</param>
    /// <param name="query">The query as it came.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="judgement">Takes what comes of it.</param>
    /// <param name="isRenamed">Whether the question is another from now on.</param>
    public Verdict Do(ICustomDeed deed, in Query query, in Origin origin, Judgement judgement, out bool isRenamed)
    {
        fixed (Query* at = &query)
        fixed (Origin* whence = &origin)
        {
            _question.Open(at, whence, judgement);
            DeedResult result = deed.Do(_question);
            Verdict verdict = Conclude(result, in query, in origin, judgement);
            isRenamed = _question.IsNameChanged;
            _question.Close();
            return verdict;
        }
    }

    private Verdict Conclude(DeedResult result, in Query query, in Origin origin, Judgement judgement)
    {
        switch (result)
        {
            case DeedResult.GoOn:
                return HasAnswer(in query, judgement) ? Verdict.AnswerAndGoOn : Verdict.GoOn;
            case DeedResult.Stop:
                return HasAnswer(in query, judgement) ? Verdict.Answer : Verdict.Stop;
            case DeedResult.Drop:
                return Verdict.Drop;
            case DeedResult.NxDomain:
                return Answer(Rcode.NXDomain, in query, judgement);
            case DeedResult.Refuse:
                return Answer(Rcode.Refused, in query, judgement);
            case DeedResult.ServFail:
                return Answer(Rcode.ServFail, in query, judgement);
            case DeedResult.Truncate:
                return origin.Protocol == ClientProtocol.Udp
                    ? Answer(SelfAnswer.WriteTruncated(in query, shard.Options.SelfAnswerPayloadSize, shard.Options.AddEdnsToSelfAnswers, judgement.Room), judgement)
                    : Verdict.GoOn;
            case DeedResult.NoRecurse:
                Header.SetRecursionDesired(QueryEdit.Flags(in query, judgement), false);
                return Verdict.Stop;
            case DeedResult.Delay:
                return Delay(in query, in origin, judgement);
            case DeedResult.Pool:
                return _question.TrySetPool(Encoding.UTF8.GetString(_question.Text))
                    ? Verdict.Stop
                    : Fail($"there is no pool '{Encoding.UTF8.GetString(_question.Text)}'", in query, in origin, judgement);
            case DeedResult.Spoof or DeedResult.SpoofRaw or DeedResult.SpoofPacket when _question.Text.IsEmpty && HasAnswer(in query, judgement):
                return Verdict.Answer;
            case DeedResult.Spoof or DeedResult.SpoofRaw or DeedResult.SpoofPacket:
                return Spoof(result, in query, in origin, judgement);
            default:
                return Fail(_question.Problem ?? "unknown result", in query, in origin, judgement);
        }
    }

    private Verdict Delay(in Query query, in Origin origin, Judgement judgement)
    {
        if (!Utf8Parser.TryParse(_question.Text, out int milliseconds, out int consumed) || consumed != _question.Text.Length || milliseconds is < 0 or > MostDelay)
        {
            return Fail($"a delay is a number of milliseconds, 0 to {MostDelay}, in a string", in query, in origin, judgement);
        }

        judgement.Decision.Delay = milliseconds;
        return HasAnswer(in query, judgement) ? Verdict.AnswerAndGoOn : Verdict.GoOn;
    }

    /// <summary>What cannot be said of the type that was asked is no answer, and the query goes on, as in dnsdist.</summary>
    private Verdict Spoof(DeedResult result, in Query query, in Origin origin, Judgement judgement)
    {
        int length = _spoofs.Write(result, _question.Text, in query, judgement.Room);
        return length < 0 ? Fail("what is to be answered is neither addresses nor a name", in query, in origin, judgement)
            : length == 0 ? Verdict.Stop
            : Answer(length, judgement);
    }

    private Verdict Fail(string problem, in Query query, in Origin origin, Judgement judgement)
    {
        Complain(problem, in origin);
        return Answer(Rcode.ServFail, in query, judgement);
    }

    private void Complain(string problem, in Origin origin)
    {
        origin.Counters.RuleScriptErrors++;
        shard.Log.ScriptFailed(problem);
    }

    private Verdict Answer(Rcode rcode, in Query query, Judgement judgement) => Answer(
        SelfAnswer.WriteRcode(in query, (int)rcode, new AnswerTraits { Authoritative = false }, shard.Options.SelfAnswerPayloadSize, shard.Options.AddEdnsToSelfAnswers, judgement.Room),
        judgement);

    private static Verdict Answer(int length, Judgement judgement)
    {
        judgement.Answer(length);
        return Verdict.Answer;
    }

    /// <summary>What made the message an answer has answered the query: ID, RD and CD are the client's again.</summary>
    private bool HasAnswer(in Query query, Judgement judgement)
    {
        if (_question.HasHttpAnswer || !_question.IsAnswered)
        {
            return _question.HasHttpAnswer;
        }

        ReadOnlySpan<byte> message = judgement.Edited;
        int length = Header.AnswerCount(message) + Header.AuthorityCount(message) == 0 && Header.AdditionalCount(message) <= (query.HasEdns ? 1 : 0)
            ? WriteEmpty(message, in query, judgement.Room)
            : SelfAnswer.WritePacket(in query, message, judgement.Room);
        judgement.Answer(length);
        return true;
    }

    /// <summary>One without records gets an OPT of ours.</summary>
    private int WriteEmpty(ReadOnlySpan<byte> message, in Query query, Span<byte> room)
    {
        var traits = new AnswerTraits
        {
            Authoritative = Header.IsAuthoritative(message),
            RecursionAvailable = Header.RecursionAvailable(message),
            AuthenticData = Header.AuthenticData(message),
        };
        bool isTruncated = Header.IsTruncated(message);
        int length = SelfAnswer.WriteRcode(in query, (int)Header.Rcode(message), in traits, shard.Options.SelfAnswerPayloadSize, shard.Options.AddEdnsToSelfAnswers, room);
        if (length > 0)
        {
            Header.SetTruncated(room, isTruncated);
        }

        return length;
    }
}
