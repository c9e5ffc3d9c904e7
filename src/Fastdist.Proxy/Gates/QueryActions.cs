using System;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Chains;

namespace Fastdist.Proxy.Gates;

/// <summary>Does what rules say of queries.</summary>
/// <param name="shard">The shard.</param>
/// <param name="scripts">Does those that are written in a language; null where there are none.</param>
internal sealed class QueryActions(ShardContext shard, ScriptedQueries? scripts = null)
{
    private readonly SpoofActions _spoofs = new(shard);
    private readonly RuleLog _log = new(shard);
    private bool _isRenamed;

    /// <summary>Whether the question is another since the last action.</summary>
    public bool IsRenamed => _isRenamed;

    /// <summary>Does an action.</summary>
    /// <param name="runner">The chain it is of.</param>
    /// <param name="action">The action.</param>
    /// <param name="query">The query as it came.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="judgement">Takes what comes of it.</param>
    public Verdict Do(ChainRunner runner, PreparedAction action, in Query query, in Origin origin, Judgement judgement)
    {
        _isRenamed = false;
        switch (action.Kind)
        {
            case ActionKind.None:
                return Verdict.GoOn;
            case ActionKind.Allow:
                return Verdict.Stop;
            case ActionKind.Drop:
                return Verdict.Drop;
            case ActionKind.Limit:
                return runner.LeaseOf(action).TryTake(shard.Clock.Shared) ? Verdict.GoOn : Verdict.Drop;
            case ActionKind.Continue:
                return Continue(Do(runner, action.Inner!, in query, in origin, judgement), in origin);
            case ActionKind.Pool:
                return Send(action, ((PoolAction)action.Action).Stops, in query, in origin, judgement);
            case ActionKind.LimitedPool:
                return runner.LeaseOf(action).TryTake(shard.Clock.Shared) ? Send(action, ((LimitedPoolAction)action.Action).Stops, in query, in origin, judgement) : Verdict.GoOn;
            case ActionKind.Log:
                _log.Query((LogAction)action.Action, query.Message, query.QuestionEnd, in origin.Peer);
                return Verdict.GoOn;
            case ActionKind.Custom:
                return scripts!.Do(runner.DeedOf(action), in query, in origin, judgement, out _isRenamed);
            case >= ActionKind.Rcode and <= ActionKind.HttpStatus or ActionKind.Truncate:
                return Answer(action, in query, in origin, judgement);
            default:
                Set(action, in query, judgement);
                return Verdict.GoOn;
        }
    }

    /// <summary>The next rule is asked whatever was done; what was dropped is not, but counts.</summary>
    private static Verdict Continue(Verdict verdict, in Origin origin)
    {
        origin.Counters.RuleDropsContinued += verdict == Verdict.Drop ? 1 : 0;
        return verdict is Verdict.Answer or Verdict.AnswerAndGoOn ? Verdict.AnswerAndGoOn : Verdict.GoOn;
    }

    private static Verdict Send(PreparedAction action, bool stops, in Query query, in Origin origin, Judgement judgement)
    {
        if (action.Pool < 0)
        {
            // It is there when rules are made, so it was dropped since.
            origin.Counters.NoBackend++;
            judgement.Refuse(query.Message, Rcode.ServFail, ExtendedError.NotReady, "no such pool"u8);
            return Verdict.Answer;
        }

        judgement.Decision.Pool = (short)action.Pool;
        return stops ? Verdict.Stop : Verdict.GoOn;
    }

    private Verdict Answer(PreparedAction action, in Query query, in Origin origin, Judgement judgement)
    {
        if (action.Kind == ActionKind.HttpStatus)
        {
            return AnswerHttp((HttpStatusAction)action.Action, in origin, judgement);
        }

        if (action.Kind == ActionKind.Truncate && origin.Protocol != ClientProtocol.Udp)
        {
            return Verdict.GoOn;
        }

        int length = _spoofs.Write(action, in query, judgement.Room);
        if (length == 0)
        {
            return Verdict.GoOn;
        }

        judgement.Answer(length);
        return Verdict.Answer;
    }

    private static Verdict AnswerHttp(HttpStatusAction action, in Origin origin, Judgement judgement)
    {
        if (!origin.HasRequest)
        {
            return Verdict.GoOn;
        }

        judgement.AnswerHttp(action.Response);
        return Verdict.Answer;
    }

    private void Set(PreparedAction action, in Query query, Judgement judgement)
    {
        ref Decision decision = ref judgement.Decision;
        switch (action.Action)
        {
            case TagAction tag:
                decision.Tags = shard.Rules.Tags.Set(decision.Tags, tag.Name, tag.Value);
                break;
            case UntagAction tag:
                decision.Tags = shard.Rules.Tags.Unset(decision.Tags, tag.Name);
                break;
            case SwitchAction what:
                Set(what.What, in query, judgement);
                break;
            case SubnetPrefixAction prefix:
                (decision.PrefixV4, decision.PrefixV6) = (prefix.V4, prefix.V6);
                break;
            case SubnetAction subnet:
                decision.Subnet = subnet;
                break;
            case DelayAction delay:
                decision.Delay = delay.Milliseconds;
                break;
            case ReturnedTtlAction ttl:
                decision.MaxTtl = ttl.Seconds;
                break;
            case FailureTtlAction ttl:
                decision.FailureTtl = ttl.Seconds;
                break;
            case ExtendedErrorAction error:
                decision.Error = error.Note;
                break;
            case EdnsOptionAction option:
                QueryEdit.SetOption(in query, judgement, option.Code, option.Data);
                break;
            default:
                throw new InvalidOperationException($"nothing does {action.Action.GetType().Name}");
        }
    }

    private static void Set(Switch what, in Query query, Judgement judgement)
    {
        ref Decision decision = ref judgement.Decision;
        switch (what)
        {
            case Switch.NoRecurse:
                Header.SetRecursionDesired(QueryEdit.Flags(in query, judgement), false);
                break;
            case Switch.DisableValidation:
                Header.SetCheckingDisabled(QueryEdit.Flags(in query, judgement), true);
                break;
            case Switch.DisableSubnet:
                decision.Notes |= DecisionNotes.HidesSubnet;
                break;
            case Switch.OverrideSubnet:
                decision.Notes = (decision.Notes & ~DecisionNotes.KeepsSubnet) | DecisionNotes.ReplacesSubnet;
                break;
            case Switch.KeepSubnet:
                decision.Notes = (decision.Notes & ~DecisionNotes.ReplacesSubnet) | DecisionNotes.KeepsSubnet;
                break;
            default:
                decision.Notes |= DecisionNotes.SkipsCache;
                break;
        }
    }
}
