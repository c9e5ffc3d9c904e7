using System.Collections.Generic;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Rules.Actions;
using Fastdist.Settings.Rules;
using static Fastdist.Control.Configuration.Objects.Rules.RuleObjects;

namespace Fastdist.Control.Configuration.Functions.Rules;

/// <summary>Actions for queries that make no answer, and their like for answers.</summary>
internal static class ActionFunctions
{
    /// <summary>A client has asked again by then, and what waits takes room.</summary>
    private const int MostDelay = 60_000;

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        .. ForBoth("Allow", "", "ask no further rule", 0, static (_, isForAnswers) => new AllowAction(isForAnswers)),
        .. ForBoth("Drop", "", "give no answer", 0, static (_, isForAnswers) => new DropAction(isForAnswers)),
        .. ForBoth("TC", "", "tell clients over UDP to ask over TCP", 0, static (_, isForAnswers) => new TruncateAction(isForAnswers)),
        .. ForBoth("Delay", "milliseconds", "have the answer wait so long, over UDP", 1, static (arguments, isForAnswers) => new DelayAction(arguments.Integer(0, "milliseconds", 0, MostDelay), isForAnswers)),
        Acting("NoneAction", "", "do nothing, and count", 0, 0, static _ => new NoneAction()),
        Acting("ContinueAction", "action", "do this and go on, whatever it was", 1, 1, static arguments => arguments.Action(0) switch
        {
            ContinueAction already => already,
            { IsForAnswers: false } action => new ContinueAction(action),
            var other => throw new ScriptException($"'{other}' is an action for answers, and this takes those for queries"),
        }),
        Acting("PoolAction", "pool[, stop]", "ask this pool, which is made where there is none, and no further rule unless stop is false", 1, 2, static (script, arguments) =>
        {
            bool stops = arguments.BooleanOr(1, "stop", otherwise: true);
            return new PoolAction(arguments.Pool(0, script), stops);
        }),
        Acting("QPSPoolAction", "qps, pool[, stop]", "ask this pool so many queries a second; the next rule is asked about what is more", 2, 3, static (script, arguments) =>
        {
            int rate = StateSelectorFunctions.Rate(arguments);
            bool stops = arguments.BooleanOr(2, "stop", otherwise: true);
            return new LimitedPoolAction((uint)rate, arguments.Pool(1, script), stops);
        }),
        Acting("QPSAction", "qps", "drop what is more than this many a second", 1, 1, static arguments => new LimitAction((uint)StateSelectorFunctions.Rate(arguments))),
        Acting("LogAction", "[file[, binary[, append[, buffered[, verboseOnly[, includeTimestamp]]]]]]", "write a line about each query, to the log when verbose unless verboseOnly is false, or to a file", 0, 6, static arguments =>
            new LogAction(Logging(arguments, 2) with { IsBinary = arguments.BooleanOr(1, "binary", otherwise: true) })),
        Acting("LogResponseAction", "[file[, append[, buffered[, verboseOnly[, includeTimestamp]]]]]", "the same about each answer", 0, 5, static arguments =>
            new LogAction(Logging(arguments, 1) with { IsBinary = false }, isForAnswers: true)),
    ];

    /// <summary>An action that there is for queries and for answers.</summary>
    internal static Function[] ForBoth(string name, string parameters, string help, int count, System.Func<Arguments, bool, RuleAction> make) =>
    [
        Acting($"{name}Action", parameters, help, count, count, arguments => make(arguments, false)),
        Acting($"{name}ResponseAction", parameters, $"{help}; for answers", count, count, arguments => make(arguments, true)),
    ];

    /// <param name="arguments">What the function was given; the file comes first.</param>
    /// <param name="index">Where the rest begins that both functions have.</param>
    private static LogActionOptions Logging(Arguments arguments, int index)
    {
        // Lines are written together and soon in any case.
        arguments.BooleanOr(index + 1, "buffered", otherwise: false);
        return new LogActionOptions
        {
            File = arguments.String(0, "file", ""),
            Appends = arguments.BooleanOr(index, "append", otherwise: false),
            IsVerboseOnly = arguments.BooleanOr(index + 2, "verboseOnly", otherwise: true),
            HasTime = arguments.BooleanOr(index + 3, "includeTimestamp", otherwise: false),
        };
    }
}
