using System;
using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Chains;
using Fastdist.Settings.Rules;

namespace Fastdist.Proxy.Gates;

/// <summary>Where answers pass that no backend has just given: those that are made here, or that a cache had.</summary>
/// <param name="shard">The shard.</param>
/// <param name="kind">The rules for them.</param>
internal sealed class OwnAnswers(ShardContext shard, ChainKind kind)
{
    private AnswerRules? _rules;

    /// <summary>Has other rules decide from now on.</summary>
    public void Use(CompiledRules rules) => _rules = rules[kind] is { } chain ? new AnswerRules(shard, chain) : null;

    /// <summary>Has rules decide about an answer, and the answer be what was decided when its query came.</summary>
    /// <param name="answer">The answer, in memory where it can grow.</param>
    /// <param name="length">Its length, bytes.</param>
    /// <param name="origin">Where its query came from.</param>
    /// <param name="notes">What was decided.</param>
    /// <returns>False when it is not to be sent.</returns>
    public bool Pass(Span<byte> answer, ref int length, in Origin origin, ref AnswerNotes notes)
    {
        if (_rules is not null && Query.TryFindQuestion(answer[..length], out int questionEnd) && !_rules.Pass(answer, ref length, questionEnd, in origin, ref notes))
        {
            origin.Counters.RuleDrops++;
            return false;
        }

        AnswerEnd.Apply(answer, ref length, in notes);
        return true;
    }
}
