using System;
using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Chains;

namespace Fastdist.Proxy.Gates;

/// <summary>Has the rules of a chain decide about answers: in order, until one that matches ends it.</summary>
internal sealed class AnswerRules
{
    private readonly ShardContext _shard;
    private readonly CompiledChain _chain;
    private readonly ScriptedAnswers? _scripts;
    private readonly ChainRunner _runner;
    private readonly RuleLog _log;
    private byte[] _scratch = [];

    /// <param name="shard">The shard.</param>
    /// <param name="chain">The rules.</param>
    public AnswerRules(ShardContext shard, CompiledChain chain)
    {
        (_shard, _chain, _log) = (shard, chain, new RuleLog(shard.Log));
        _scripts = chain.HasCustoms ? new ScriptedAnswers(shard, chain) : null;
        _runner = new ChainRunner(chain, shard.Rules, _scripts?.Question);
    }

    /// <summary>Has them decide about one.</summary>
    /// <param name="answer">The answer, in memory where it can grow.</param>
    /// <param name="length">Its length, bytes.</param>
    /// <param name="questionEnd">Where its question ends.</param>
    /// <param name="origin">Where its query came from.</param>
    /// <param name="notes">What is to be done with it after that.</param>
    /// <returns>False when it is not to be sent.</returns>
    public bool Pass(Span<byte> answer, ref int length, int questionEnd, in Origin origin, ref AnswerNotes notes)
    {
        _runner.Begin();
        for (int next = 0; next < _runner.Count;)
        {
            Subject subject = RuleSubjects.OfAnswer(answer[..length], questionEnd, in origin, notes.Tags, _shard.Clock.Now);
            int rule = _scripts is null
                ? _runner.Find(in subject, next)
                : _scripts.Find(_runner, in subject, next, answer, ref length, questionEnd, in origin, ref notes);
            if (rule < 0)
            {
                return true;
            }

            Verdict verdict = Do(_chain.Actions[rule], answer, ref length, ref questionEnd, in origin, ref notes);
            if (verdict != Verdict.GoOn)
            {
                return verdict != Verdict.Drop;
            }

            next = rule + 1;
        }

        return true;
    }

    private Verdict Do(PreparedAction action, Span<byte> answer, ref int length, ref int questionEnd, in Origin origin, ref AnswerNotes notes)
    {
        switch (action.Kind)
        {
            case ActionKind.Allow:
                return Verdict.Stop;
            case ActionKind.Drop:
                return Verdict.Drop;
            case ActionKind.Truncate when origin.Protocol == ClientProtocol.Udp:
                origin.Counters.RuleTruncated += Truncation.TryEmpty(answer, ref length) ? 1 : 0;
                return Verdict.Stop;
            case ActionKind.Log:
                _log.Answer((LogAction)action.Action, answer[..length], questionEnd, in origin.Peer);
                return Verdict.GoOn;
            case ActionKind.Custom:
                _runner.Begin();
                return _scripts!.Do(_runner.DeedOf(action), answer, ref length, ref questionEnd, in origin, ref notes);
            default:
                Edit(action.Action, answer, ref length, ref notes);
                return Verdict.GoOn;
        }
    }

    private void Edit(Settings.Rules.RuleAction action, Span<byte> answer, ref int length, ref AnswerNotes notes)
    {
        switch (action)
        {
            case TtlRangeAction range:
                _ = TimeToLive.Limit(answer[..length], range.Least, range.Most, range.Types);
                break;
            case ReducedTtlAction reduced:
                _ = TimeToLive.Reduce(answer[..length], (uint)reduced.Percent);
                break;
            case ClearTypesAction clear:
                _scratch = _scratch.Length == 0 ? new byte[ushort.MaxValue] : _scratch;
                _ = RecordClearing.TryClear(answer, ref length, clear.Types, _scratch);
                break;
            case EdnsOptionAction option:
                _ = EdnsEdit.TrySetOption(answer, ref length, (EdnsOption)option.Code, option.Data, addOpt: false, out _);
                break;
            case ReturnedTtlAction ttl:
                notes.MaxTtl = ttl.Seconds;
                break;
            case ExtendedErrorAction error:
                notes.Error = error.Note;
                break;
            case DelayAction delay:
                notes.Delay = delay.Milliseconds;
                break;
            case TagAction tag:
                notes.Tags = _shard.Rules.Tags.Set(notes.Tags, tag.Name, tag.Value);
                break;
            case UntagAction tag:
                notes.Tags = _shard.Rules.Tags.Unset(notes.Tags, tag.Name);
                break;
            case SwitchAction { What: Switch.SkipCache }:
                notes.SkipsCache = true;
                break;
            default:
                break;
        }
    }
}
