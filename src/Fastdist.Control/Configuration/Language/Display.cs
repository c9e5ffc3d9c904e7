using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Fastdist.Lua;

namespace Fastdist.Control.Configuration.Language;

/// <summary>What the console prints of a value, as dnsdist's client prints it; what that cannot print is printed as the language would write it.</summary>
internal static class Display
{
    /// <summary>The lines of a value.</summary>
    /// <exception cref="ScriptException">It is a function: whoever wrote its name meant to call it.</exception>
    public static string Show(Script script, LuaValue value) => value switch
    {
        LuaNil => "",
        LuaFunction => throw new ScriptException("this is a function: write () behind its name to call it"),
        LuaTable table when Figures(table) is { } figures => $"{{{string.Join(", ", figures.Select(static figure => $"\"{figure.Key}\": {figure.Value}"))}}}\n",
        LuaTable table => $"{Write(script, table)}\n",
        _ => $"{script.Describe(value)}\n",
    };

    /// <summary>A table of numbers is printed as JSON, keys as strings and in their order; null when it is another.</summary>
    private static SortedDictionary<string, string>? Figures(LuaTable table)
    {
        var figures = new SortedDictionary<string, string>(StringComparer.Ordinal);
        IEnumerable<(string, LuaValue)> all = table.Items.Select(static (item, i) => ((i + 1).ToString(CultureInfo.InvariantCulture), item))
            .Concat(table.Fields.Select(static field => ($"{field.Key}", field.Value)));
        foreach ((string key, LuaValue value) in all)
        {
            if (value is not LuaNumber)
            {
                return null;
            }

            figures[key] = $"{value}";
        }

        return figures;
    }

    private static string Write(Script script, LuaValue value) => value switch
    {
        LuaTable table => $"{{{string.Join(", ", table.Items.Select(item => Write(script, item)).Concat(table.Fields.Select(field => $"[{Write(script, field.Key)}]={Write(script, field.Value)}")))}}}",
        LuaString text => Quote(text.Text),
        LuaNil => "nil",
        LuaFunction or LuaOther => value.Kind,
        _ => script.Describe(value),
    };

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char letter in text)
        {
            quoted.Append(letter switch
            {
                '"' or '\\' => $"\\{letter}",
                '\n' => "\\n",
                < ' ' or (char)127 => $"\\{(int)letter:000}",
                _ => letter,
            });
        }

        return quoted.Append('"').ToString();
    }
}
