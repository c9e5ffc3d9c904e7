using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Dnsdist;
using Fastdist.Control.Configuration.Functions;
using Fastdist.Control.Configuration.Functions.Blocks;
using Fastdist.Control.Configuration.Functions.Rules;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects;
using Fastdist.Control.Configuration.Objects.Blocks;
using Fastdist.Control.Configuration.Objects.Questions;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Lua;

namespace Fastdist.Control.Configuration;

/// <summary>Every name that scripts have of us.</summary>
internal static class Vocabulary
{
    /// <summary>The functions, theme by theme.</summary>
    public static readonly IReadOnlyList<Function> Functions =
    [
        .. FrontendFunctions.All, .. ServerFunctions.All, .. PoolFunctions.All, .. CacheFunctions.All, .. AccessFunctions.All, .. TuningFunctions.All,
        .. BlockFunctions.All, .. ConsoleFunctions.All, .. FileFunctions.All, .. LogFunctions.All, .. ProcessFunctions.All, .. ValueFunctions.All, .. WebFunctions.All,
        .. SelectorFunctions.All, .. MessageSelectorFunctions.All, .. OriginSelectorFunctions.All, .. StateSelectorFunctions.All,
        .. ChainFunctions.All, .. ScriptRuleFunctions.All, .. ActionFunctions.All, .. AnswerActionFunctions.All, .. SettingActionFunctions.All,
    ];

    /// <summary>Methods of objects, with the kind of object they belong to.</summary>
    public static readonly IReadOnlyList<(string Owner, Function Method)> Methods =
    [
        .. ServerObject.Methods.Select(static method => ("Server", method)), .. FrontendObject.Methods.Select(static method => ("Frontend", method)),
        .. PoolObject.Methods.Select(static method => ("ServerPool", method)), .. CacheObject.Methods.Select(static method => ("PacketCache", method)),
        .. NameObject.Methods.Select(static method => ("DNSName", method)), .. NameSetObjects.NameMethods.Select(static method => ("DNSNameSet", method)),
        .. NameSetObjects.SuffixMethods.Select(static method => ("SuffixMatchNode", method)), .. AddressObject.Methods.Select(static method => ("ComboAddress", method)),
        .. GroupObject.Methods.Select(static method => ("DynBlockRulesGroup", method)), .. NodeObjects.NodeMethods.Select(static method => ("StatNode", method)),
        .. NetworkObjects.NetworkMethods.Select(static method => ("Netmask", method)), .. NetworkObjects.GroupMethods.Select(static method => ("NetmaskGroup", method)),
        .. RuleObjects.SelectorMethods.Select(static method => ("DNSRule", method)), .. RuleObjects.ActionMethods.Select(static method => ("DNSAction", method)),
        .. RuleObjects.RuleMethods.Select(static method => ("RuleAction", method)), .. LimitObjects.AddressMethods.Select(static method => ("TimedIPSetRule", method)),
        .. LimitObjects.LimiterMethods.Select(static method => ("QPSLimiter", method)),
    ];

    private static readonly Function s_help = HelpFunctions.Of([.. Functions.OrderBy(static function => function.Name, System.StringComparer.OrdinalIgnoreCase)], Methods);

    /// <summary>Names of functions and tables that dnsdist has and we do not, but for a word about each.</summary>
    private static readonly IReadOnlyList<DnsdistName> s_foreign =
        [.. DnsdistNames.All.Where(static name => IsPlain(name.Name) && !Functions.Any(function => function.Name == name.Name) && name.Fate is not (Fate.Same or Fate.Different))];

    /// <summary>Gives them to a script.</summary>
    public static void Teach(Script script)
    {
        foreach (Function function in Functions)
        {
            script.Define(function);
        }

        script.Define(s_help);
        foreach (DnsdistName name in s_foreign)
        {
            script.Define(name);
        }

        foreach ((string name, LuaValue policy) in PolicyObject.All)
        {
            script.Define(name, policy);
        }

        ConstantTables.Define(script);
        FfiLibrary.Install(script.State);
    }

    private static bool IsPlain(string name) => name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
