using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>What explains the other functions.</summary>
internal static class HelpFunctions
{
    /// <summary>The help function for a vocabulary.</summary>
    /// <param name="functions">Its functions.</param>
    /// <param name="methods">Methods, with the kind of object they belong to.</param>
    public static Function Of(IReadOnlyList<Function> functions, IReadOnlyList<(string Owner, Function Method)> methods) =>
        Function.Doing("help", "[name]", "explain all functions, or one", 0, 1, (script, arguments) => Help(script, arguments, functions, methods));

    private static void Help(Script script, Arguments arguments, IReadOnlyList<Function> functions, IReadOnlyList<(string Owner, Function Method)> methods)
    {
        (string Name, string Line)[] all =
        [
            .. functions.Select(static function => (function.Name, Line("", function))),
            .. methods.Select(static method => (method.Method.Name, Line($"{method.Owner}:", method.Method))),
        ];
        if (arguments.Has(0))
        {
            string name = arguments.String(0, "name");
            all = all.Any(one => one.Name == name)
                ? [.. all.Where(one => one.Name == name)]
                : throw new ScriptException($"there is no function '{name}'{Nearest.Suggest(name, all.Select(static one => one.Name))}");
        }

        script.Print(string.Concat(all.Select(static one => one.Line)));
    }

    private static string Line(string owner, Function function) => $"{owner}{function.Name}({function.Parameters}): {function.Help}\n";
}
