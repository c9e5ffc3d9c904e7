using System.Collections.Generic;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>The log.</summary>
internal static class LogFunctions
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Writing("errlog", NoteLevel.Error, "write an error to the log"),
        Writing("warnlog", NoteLevel.Warning, "write a warning to the log"),
        Writing("infolog", NoteLevel.Information, "write to the log"),
        Writing("vinfolog", NoteLevel.Debug, "write to the log, when it is verbose"),
        Function.Doing("setVerbose", "boolean", "log more", 1, 1, static (script, arguments) =>
        {
            bool isVerbose = arguments.Boolean(0, "boolean");
            script.Draft.Change(settings => settings with { Verbose = isVerbose });
        }),
        new Function("getVerbose", "", "whether more is logged", static (script, _) => LuaValue.Of(script.Draft.Settings.Verbose)) { IsForQueries = true },
        Function.Doing("setStructuredLogging", "boolean[, options]", "log as JSON", 1, 2, static (script, arguments) =>
        {
            LogFormat format = arguments.Boolean(0, "boolean") ? LogFormat.Json : LogFormat.Text;
            script.Draft.Change(settings => settings with { LogFormat = format });
        }) with { IsForStart = true },
    ];

    private static Function Writing(string name, NoteLevel level, string help) =>
        Function.Doing(name, "text", help, 1, 1, (script, arguments) => script.Say(new Note(level, arguments.String(0, "text")))) with { IsForQueries = true };
}
