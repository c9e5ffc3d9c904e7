using System;
using System.Buffers.Text;
using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Chains;

namespace Fastdist.Proxy.Gates;

#pragma warning disable CS8500 // Pointers to managed types: see AnswerQuestion.Open.

/// <summary>Has selectors and actions decide about answers that are written in a language.</summary>
/// <param name="shard">The shard.</param>
/// <param name="chain">The chain they are in.</param>
internal sealed unsafe class ScriptedAnswers(ShardContext shard, CompiledChain chain)
{
    private const int MostDelay = 60_000;

    private readonly AnswerQuestion _question = new(shard, chain);

    /// <summary>What they look at.</summary>
    public Question Question => _question;

    /// <summary>Looks for the next rule that matches.</summary>
    public int Find(ChainRunner runner, in Subject subject, int from, Span<byte> answer, ref int length, int questionEnd, in Origin origin, ref AnswerNotes notes)
    {
        fixed (byte* start = answer)
        fixed (int* size = &length)
        fixed (Origin* whence = &origin)
        fixed (AnswerNotes* kept = &notes)
        {
            _question.Open(start, answer.Length, size, questionEnd, whence, kept, isSelecting: true);
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
    /// <param name="answer">The answer, in memory where it can grow.</param>
    /// <param name="length">Its length, bytes.</param>
    /// <param name="questionEnd">Where its question ends.</param>
    /// <param name="origin">Where its query came from.</param>
    /// <param name="notes">What is to be done when all rules were asked.</param>
    public Verdict Do(ICustomDeed deed, Span<byte> answer, ref int length, ref int questionEnd, in Origin origin, ref AnswerNotes notes)
    {
        fixed (byte* start = answer)
        fixed (int* size = &length)
        fixed (Origin* whence = &origin)
        fixed (AnswerNotes* kept = &notes)
        {
            _question.Open(start, answer.Length, size, questionEnd, whence, kept);
            DeedResult result = deed.Do(_question);
            if (!Query.TryFindQuestion(answer[..length], out questionEnd))
            {
                _question.Close();
                Complain("what is left is no answer: it is dropped", in origin);
                return Verdict.Drop;
            }

            Verdict verdict = Conclude(result, answer, ref length, in origin, ref notes);
            _question.Close();
            return verdict;
        }
    }

    private Verdict Conclude(DeedResult result, Span<byte> answer, ref int length, in Origin origin, ref AnswerNotes notes)
    {
        switch (result)
        {
            case DeedResult.GoOn:
                return Verdict.GoOn;
            case DeedResult.Stop:
                return Verdict.Stop;
            case DeedResult.Drop:
                return Verdict.Drop;
            case DeedResult.Truncate:
                if (origin.Protocol != ClientProtocol.Udp)
                {
                    return Verdict.GoOn;
                }

                _ = Truncation.TryEmpty(answer, ref length);
                origin.Counters.RuleTruncated++;
                return Verdict.Stop;
            case DeedResult.Delay when Utf8Parser.TryParse(_question.Text, out int milliseconds, out int consumed) && consumed == _question.Text.Length && milliseconds is >= 0 and <= MostDelay:
                notes.Delay = milliseconds;
                return Verdict.GoOn;
            case DeedResult.ServFail:
                Header.SetRcode(answer, Rcode.ServFail);
                return Verdict.Stop;
            default:
                Complain(_question.Problem ?? $"a delay is a number of milliseconds, 0 to {MostDelay}, in a string", in origin);
                Header.SetRcode(answer, Rcode.ServFail);
                return Verdict.Stop;
        }
    }

    private void Complain(string problem, in Origin origin)
    {
        origin.Counters.RuleScriptErrors++;
        shard.Log.ScriptFailed(problem);
    }
}
