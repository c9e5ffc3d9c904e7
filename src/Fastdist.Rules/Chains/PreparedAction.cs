using System;
using System.Collections.Generic;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Rates;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Chains;

/// <summary>What kind of action one is, so that it is found by a number.</summary>
public enum ActionKind : byte
{
    /// <summary><see cref="NoneAction"/>.</summary>
    None,

    /// <summary><see cref="AllowAction"/>.</summary>
    Allow,

    /// <summary><see cref="DropAction"/>.</summary>
    Drop,

    /// <summary><see cref="TruncateAction"/>.</summary>
    Truncate,

    /// <summary><see cref="ContinueAction"/>.</summary>
    Continue,

    /// <summary><see cref="PoolAction"/>.</summary>
    Pool,

    /// <summary><see cref="LimitedPoolAction"/>.</summary>
    LimitedPool,

    /// <summary><see cref="LimitAction"/>.</summary>
    Limit,

    /// <summary><see cref="DelayAction"/>.</summary>
    Delay,

    /// <summary><see cref="RcodeAction"/>.</summary>
    Rcode,

    /// <summary><see cref="SpoofAddressesAction"/>.</summary>
    SpoofAddresses,

    /// <summary><see cref="SpoofRawAction"/>.</summary>
    SpoofRaw,

    /// <summary><see cref="SpoofCnameAction"/>.</summary>
    SpoofCname,

    /// <summary><see cref="SpoofPacketAction"/>.</summary>
    SpoofPacket,

    /// <summary><see cref="NegativeAction"/>.</summary>
    Negative,

    /// <summary><see cref="HttpStatusAction"/>.</summary>
    HttpStatus,

    /// <summary><see cref="SwitchAction"/>.</summary>
    Switch,

    /// <summary><see cref="SubnetPrefixAction"/>.</summary>
    SubnetPrefix,

    /// <summary><see cref="SubnetAction"/>.</summary>
    Subnet,

    /// <summary><see cref="TagAction"/>.</summary>
    Tag,

    /// <summary><see cref="UntagAction"/>.</summary>
    Untag,

    /// <summary><see cref="EdnsOptionAction"/>.</summary>
    EdnsOption,

    /// <summary><see cref="ExtendedErrorAction"/>.</summary>
    ExtendedError,

    /// <summary><see cref="ReturnedTtlAction"/>.</summary>
    ReturnedTtl,

    /// <summary><see cref="FailureTtlAction"/>.</summary>
    FailureTtl,

    /// <summary><see cref="TtlRangeAction"/>.</summary>
    TtlRange,

    /// <summary><see cref="ReducedTtlAction"/>.</summary>
    ReducedTtl,

    /// <summary><see cref="ClearTypesAction"/>.</summary>
    ClearTypes,

    /// <summary><see cref="LogAction"/>.</summary>
    Log,

    /// <summary><see cref="CustomAction"/>.</summary>
    Custom,
}

/// <summary>An action with what is looked up beforehand.</summary>
public sealed class PreparedAction
{
    private PreparedAction(RuleAction action) => Action = action;

    /// <summary>What kind it is.</summary>
    public ActionKind Kind { get; private init; }

    /// <summary>The action.</summary>
    public RuleAction Action { get; }

    /// <summary>The number of the pool it names; -1 where there is no such pool.</summary>
    public int Pool { get; private init; } = -1;

    /// <summary>What a shard has of its own for it, by number: a lease of a rate, or an action of its own.</summary>
    public int Place { get; private init; } = -1;

    /// <summary>The action that it does before the next rule is asked.</summary>
    public PreparedAction? Inner { get; private init; }

    /// <summary>Prepares an action.</summary>
    /// <param name="action">The action.</param>
    /// <param name="poolNumbers">The number of the pool of a name.</param>
    /// <param name="rates">Takes in rates that shards have leases of.</param>
    /// <param name="customs">Takes in actions that each shard has its own of.</param>
    internal static PreparedAction Of(RuleAction action, Func<string, int> poolNumbers, List<ProcessRate> rates, List<CustomAction> customs)
    {
        switch (action)
        {
            case ContinueAction after:
                return new PreparedAction(action) { Kind = ActionKind.Continue, Inner = Of(after.Inner, poolNumbers, rates, customs) };
            case PoolAction pool:
                return new PreparedAction(action) { Kind = ActionKind.Pool, Pool = poolNumbers(pool.Pool) };
            case LimitedPoolAction pool:
                rates.Add(pool.Rate);
                return new PreparedAction(action) { Kind = ActionKind.LimitedPool, Pool = poolNumbers(pool.Pool), Place = rates.Count - 1 };
            case LimitAction limit:
                rates.Add(limit.Rate);
                return new PreparedAction(action) { Kind = ActionKind.Limit, Place = rates.Count - 1 };
            case CustomAction custom:
                customs.Add(custom);
                return new PreparedAction(action) { Kind = ActionKind.Custom, Place = customs.Count - 1 };
            default:
                return new PreparedAction(action) { Kind = KindOf(action) };
        }
    }

    private static ActionKind KindOf(RuleAction action) => action switch
    {
        AllowAction => ActionKind.Allow,
        DropAction => ActionKind.Drop,
        TruncateAction => ActionKind.Truncate,
        DelayAction => ActionKind.Delay,
        RcodeAction => ActionKind.Rcode,
        SpoofAddressesAction => ActionKind.SpoofAddresses,
        SpoofRawAction => ActionKind.SpoofRaw,
        SpoofCnameAction => ActionKind.SpoofCname,
        SpoofPacketAction => ActionKind.SpoofPacket,
        NegativeAction => ActionKind.Negative,
        HttpStatusAction => ActionKind.HttpStatus,
        SwitchAction => ActionKind.Switch,
        SubnetPrefixAction => ActionKind.SubnetPrefix,
        SubnetAction => ActionKind.Subnet,
        TagAction => ActionKind.Tag,
        UntagAction => ActionKind.Untag,
        EdnsOptionAction => ActionKind.EdnsOption,
        ExtendedErrorAction => ActionKind.ExtendedError,
        ReturnedTtlAction => ActionKind.ReturnedTtl,
        FailureTtlAction => ActionKind.FailureTtl,
        TtlRangeAction => ActionKind.TtlRange,
        ReducedTtlAction => ActionKind.ReducedTtl,
        ClearTypesAction => ActionKind.ClearTypes,
        LogAction => ActionKind.Log,
        NoneAction => ActionKind.None,
        _ => throw new InvalidOperationException($"nothing does {action.GetType().Name}"),
    };
}
