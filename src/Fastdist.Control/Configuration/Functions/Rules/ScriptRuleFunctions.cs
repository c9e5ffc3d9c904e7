using System.Collections.Generic;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects.Questions;
using static Fastdist.Control.Configuration.Objects.Rules.RuleObjects;

namespace Fastdist.Control.Configuration.Functions.Rules;

/// <summary>Selectors and actions that are written in Lua.</summary>
internal static class ScriptRuleFunctions
{
    private const string Plain = "Lua script", PlainForAnswers = "Lua response script", Ffi = "Lua FFI script";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Selecting("LuaRule", "function(dq)", "queries for which this gives true", 1, 1, static (script, arguments) => new ScriptedRules.SharedSelector(Shared(script, arguments, false), Plain)),
        Selecting("LuaFFIRule", "function(dq)", "queries for which this gives true; it may use require(\"ffi\").C", 1, 1, static (script, arguments) => new ScriptedRules.SharedSelector(Shared(script, arguments, false), Ffi)),
        Selecting("LuaFFIPerThreadRule", "code", "queries for which the function gives true that this code returns; each shard has its own", 1, 1, static (script, arguments) =>
            new ThreadSelector(new ThreadWorlds(script, arguments.String(0, "code"), isForAnswers: false))),
        Action("LuaAction", "dq", "do what this gives: one of DNSAction, and a string where that needs one", Plain, isForAnswers: false),
        Action("LuaFFIAction", "dq", "the same; it may use require(\"ffi\").C", Ffi, isForAnswers: false),
        Action("LuaResponseAction", "dr", "do what this gives: one of DNSResponseAction, and a string where that needs one", PlainForAnswers, isForAnswers: true),
        Action("LuaFFIResponseAction", "dr", "the same; it may use require(\"ffi\").C", Ffi, isForAnswers: true),
        Separate("LuaFFIPerThreadAction", isForAnswers: false),
        Separate("LuaFFIPerThreadResponseAction", isForAnswers: true),
    ];

    private static Function Action(string name, string parameter, string help, string text, bool isForAnswers) =>
        Acting(name, $"function({parameter})", help, 1, 1, (script, arguments) => new ScriptedRules.SharedAction(Shared(script, arguments, isForAnswers), isForAnswers, text));

    private static Function Separate(string name, bool isForAnswers) =>
        Acting(name, "code", "do what the function gives that this code returns; each shard has its own", 1, 1, (script, arguments) =>
            new ThreadAction(new ThreadWorlds(script, arguments.String(0, "code"), isForAnswers), isForAnswers));

    private static SharedFunction Shared(Script script, Arguments arguments, bool isForAnswers) => new(script, arguments.Function(0, "function"), isForAnswers);
}
