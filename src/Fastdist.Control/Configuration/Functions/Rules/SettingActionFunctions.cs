using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Rules.Actions;
using Fastdist.Settings.Rules;
using static Fastdist.Control.Configuration.Functions.Rules.ActionFunctions;
using static Fastdist.Control.Configuration.Objects.Rules.RuleObjects;

namespace Fastdist.Control.Configuration.Functions.Rules;

/// <summary>Actions that change how a query is asked or an answer is given, and go on.</summary>
internal static class SettingActionFunctions
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Switching("SetNoRecurseAction", Switch.NoRecurse, "ask servers with RD=0"),
        Switching("SetDisableValidationAction", Switch.DisableValidation, "ask servers with CD=1"),
        Switching("SetDisableECSAction", Switch.DisableSubnet, "tell servers no network of the client"),
        .. ForBothWithSet("SkipCache", "", "neither ask nor fill the cache", 0, static (_, isForAnswers) => new SwitchAction(Switch.SkipCache, isForAnswers)),
        Acting("SetECSOverrideAction", "override", "whether the network that servers are told replaces the client's own", 1, 1, static arguments =>
            new SwitchAction(arguments.Boolean(0, "override") ? Switch.OverrideSubnet : Switch.KeepSubnet)),
        Acting("SetECSPrefixLengthAction", "v4, v6", "bits of the client's address that servers are told", 2, 2, static arguments =>
            new SubnetPrefixAction((byte)arguments.Integer(0, "v4", 0, 32), (byte)arguments.Integer(1, "v6", 0, 128))),
        Acting("SetECSAction", "network | v4, v6", "tell servers this network in place of the client's", 1, 2, Subnet),
        .. ForBothWithSet("Tag", "name, value", "put a tag on it, which TagRule finds", 2, static (arguments, isForAnswers) => new TagAction(arguments.String(0, "name"), arguments.String(1, "value"), isForAnswers)),
        .. ForBoth("UnsetTag", "name", "take a tag off", 1, static (arguments, isForAnswers) => new UntagAction(arguments.String(0, "name"), isForAnswers)),
        .. ForBothWithSet("EDNSOption", "code, data", "have it have this option of EDNS, with this data", 2, static (arguments, isForAnswers) =>
            new EdnsOptionAction((ushort)arguments.Integer(0, "code", 0, ushort.MaxValue), OptionData(arguments), isForAnswers)),
        Acting("SetExtendedDNSErrorAction", "code[, text[, clear]]", "say in the answer why it is what it is; clear=false keeps what servers say of that", 1, 3, static arguments => ExtendedError(arguments, isForAnswers: false)),
        Acting("SetExtendedDNSErrorResponseAction", "code[, text[, clear]]", "say why it is what it is; clear=false keeps what servers say of that", 1, 3, static arguments => ExtendedError(arguments, isForAnswers: true)),
        .. ForBothWithSet("MaxReturnedTTL", "seconds", "TTLs that the client gets are at most so long", 1, static (arguments, isForAnswers) => new ReturnedTtlAction(arguments.Unsigned(0, "seconds"), isForAnswers)),
        Acting("SetTempFailureCacheTTLAction", "seconds", "keep failures in the cache for so long", 1, 1, static arguments => new FailureTtlAction(arguments.Unsigned(0, "seconds"))),
        Acting("LimitTTLResponseAction", "least, most[, {type, ...}]", "bring TTLs into a range, of records of these types or all", 2, 3, LimitTtl),
        Acting("SetMinTTLResponseAction", "seconds", "TTLs are at least so long", 1, 1, static arguments => new TtlRangeAction(arguments.Unsigned(0, "seconds"), uint.MaxValue, [])),
        Acting("SetMaxTTLResponseAction", "seconds", "TTLs are at most so long", 1, 1, static arguments => new TtlRangeAction(0, arguments.Unsigned(0, "seconds"), [])),
        Acting("SetReducedTTLResponseAction", "percent", "TTLs are this share of what they were", 1, 1, static arguments => new ReducedTtlAction(arguments.Integer(0, "percent", 0, 100))),
        Acting("ClearRecordTypesResponseAction", "type | {type, ...}", "take records of these types out of all sections", 1, 1, static arguments => new ClearTypesAction(arguments.Types(0))),
    ];

    private static Function Switching(string name, Switch what, string help) => Acting(name, "", help, 0, 0, _ => new SwitchAction(what));

    private static Function[] ForBothWithSet(string name, string parameters, string help, int count, Func<Arguments, bool, RuleAction> make) => ForBoth($"Set{name}", parameters, help, count, make);

    /// <summary>With two, each is for clients of its own family.</summary>
    private static RuleAction Subnet(Arguments arguments)
    {
        IPNetwork first = arguments.Network(0);
        if (!arguments.Has(1))
        {
            return new SubnetAction(first, v6: null);
        }

        IPNetwork second = arguments.Network(1);
        return (first.BaseAddress.AddressFamily, second.BaseAddress.AddressFamily) == (AddressFamily.InterNetwork, AddressFamily.InterNetworkV6)
            ? new SubnetAction(first, second)
            : throw new ScriptException($"of two networks the first is of IPv4, the second of IPv6: got {first} and {second}");
    }

    private static RuleAction LimitTtl(Arguments arguments)
    {
        uint least = arguments.Unsigned(0, "least"), most = arguments.Unsigned(1, "most");
        return least <= most
            ? new TtlRangeAction(least, most, arguments.Has(2) ? arguments.Types(2) : [])
            : throw new ScriptException($"{least} is more than {most}: the least comes first");
    }

    private static byte[] OptionData(Arguments arguments) => arguments.Bytes(1, "data") is { Length: <= ushort.MaxValue } data
        ? data
        : throw new ScriptException($"argument 2, data: an option has at most {ushort.MaxValue} bytes");

    private static ExtendedErrorAction ExtendedError(Arguments arguments, bool isForAnswers) =>
        new((ushort)arguments.Integer(0, "code", 0, ushort.MaxValue), arguments.String(1, "text", ""), arguments.BooleanOr(2, "clear", otherwise: true), isForAnswers);
}
