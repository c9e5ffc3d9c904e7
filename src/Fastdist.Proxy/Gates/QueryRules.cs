using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Chains;

namespace Fastdist.Proxy.Gates;

/// <summary>Has the rules decide about queries: in order, until one that matches ends it.</summary>
/// <param name="shard">The shard.</param>
/// <param name="chain">The rules.</param>
internal sealed class QueryRules(ShardContext shard, CompiledChain chain) : IJudge
{
    private readonly ChainRunner _runner = new(chain, shard.Rules);
    private readonly QueryActions _actions = new(shard);

    /// <inheritdoc/>
    public Fate Judge(in Query query, in Origin origin, Judgement judgement)
    {
        _runner.Begin();
        Fate fate = Fate.Undecided;
        int next = 0;
        while (true)
        {
            Subject subject = RuleSubjects.Of(in query, in origin, judgement, shard.Clock.Shared);
            int rule = _runner.Find(in subject, next);
            if (rule < 0)
            {
                return Conclude(fate, in origin, judgement);
            }

            Verdict verdict = _actions.Do(_runner, chain.Actions[rule], in query, in origin, judgement);
            if (verdict == Verdict.Drop)
            {
                origin.Counters.RuleDrops++;
                return Fate.Drop;
            }

            fate = verdict is Verdict.Answer or Verdict.AnswerAndGoOn ? Fate.Answer : fate;
            if (verdict is Verdict.Answer or Verdict.Stop)
            {
                return Conclude(fate, in origin, judgement);
            }

            next = rule + 1;
        }
    }

    /// <summary>What rules answered is counted by what it says.</summary>
    private static Fate Conclude(Fate fate, in Origin origin, Judgement judgement)
    {
        if (fate == Fate.Answer && judgement.Http is null)
        {
            RuleAnswers.Count(judgement.Reply, origin.Counters);
        }

        return fate;
    }
}
