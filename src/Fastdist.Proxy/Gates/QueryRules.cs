using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Chains;

namespace Fastdist.Proxy.Gates;

/// <summary>Has the rules decide about queries: in order, until one that matches ends it.</summary>
internal sealed class QueryRules : IJudge
{
    private readonly ShardContext _shard;
    private readonly CompiledChain _chain;
    private readonly ScriptedQueries? _scripts;
    private readonly ChainRunner _runner;
    private readonly QueryActions _actions;

    /// <param name="shard">The shard.</param>
    /// <param name="chain">The rules.</param>
    public QueryRules(ShardContext shard, CompiledChain chain)
    {
        (_shard, _chain) = (shard, chain);
        _scripts = chain.HasCustoms ? new ScriptedQueries(shard, chain) : null;
        _runner = new ChainRunner(chain, shard.Rules, _scripts?.Question);
        _actions = new QueryActions(shard, _scripts);
    }

    /// <inheritdoc/>
    public Fate Judge(in Query query, in Origin origin, Judgement judgement)
    {
        if (judgement.IsPastRules)
        {
            return Fate.Undecided;
        }

        _runner.Begin();
        Query current = query;
        Fate fate = Fate.Undecided;
        int next = 0;
        while (true)
        {
            Subject subject = RuleSubjects.Of(in current, in origin, judgement, _shard.Clock.Shared);
            int rule = _scripts is null ? _runner.Find(in subject, next) : _scripts.Find(_runner, in subject, next, in current, in origin, judgement);
            if (rule < 0)
            {
                return Conclude(fate, in origin, judgement);
            }

            Verdict verdict = _actions.Do(_runner, _chain.Actions[rule], in current, in origin, judgement);
            if (_actions.IsRenamed && Query.Parse(judgement.Edited, out Query renamed) != QueryVerdict.NotAQuery)
            {
                if (!renamed.IsSound)
                {
                    // What a script left of it cannot be asked of anybody.
                    judgement.Refuse(query.Message, Rcode.ServFail);
                    return Conclude(Fate.Answer, in origin, judgement);
                }

                current = renamed;
                _runner.Begin();
            }

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
