using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Dnsdist;
using Fastdist.Lua;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Language;

/// <summary>
/// Reads a table of options, as dnsdist's functions take them, by the option table that the flags have, too.
/// </summary>
/// <typeparam name="T">The settings they change.</typeparam>
/// <param name="function">The function, for messages and for the list of dnsdist's names.</param>
/// <param name="table">The options there are.</param>
internal sealed class OptionReader<T>(string function, OptionTable<T> table)
{
    private readonly HashSet<string> _known = [.. table.Entries.Select(static entry => entry.Name)];
    private readonly Dictionary<string, Func<Script, T, LuaValue, T>> _own = [];

    /// <summary>Reads an option in a way of its own.</summary>
    /// <param name="name">The option.</param>
    /// <param name="apply">Returns settings with the value in them, or throws what the operator is told.</param>
    public OptionReader<T> With(string name, Func<Script, T, LuaValue, T> apply)
    {
        _own.Add(name, apply);
        return this;
    }

    /// <summary>Takes an option for another, of which it is an older spelling.</summary>
    public OptionReader<T> Renamed(string name, string to) => With(name, (script, settings, value) => Apply(script, settings, to, value));

    /// <summary>Applies all options of a table; each that cannot be used is a line of the exception.</summary>
    /// <exception cref="OptionException">Some cannot be used.</exception>
    public T Apply(Script script, T settings, LuaTable options)
    {
        var problems = new Problems();
        foreach ((LuaValue key, LuaValue value) in options.Fields)
        {
            T before = settings;
            string name = $"{key}";
            settings = problems.Try(() => Apply(script, before, name, value), before);
        }

        if (options.Items.Count > 0)
        {
            script.Warn(script.Place, $"{function}: a value without a key is no option, and left out: {options.Items[0]}");
        }

        problems.ThrowIfAny();
        return settings;
    }

    private T Apply(Script script, T settings, string name, LuaValue value)
    {
        try
        {
            return _own.TryGetValue(name, out Func<Script, T, LuaValue, T>? apply) ? apply(script, settings, value)
                : _known.Contains(name) ? ApplyAll(settings, name, value)
                : Meet(script, settings, name, value);
        }
        catch (FormatException exception)
        {
            throw new OptionException($"{function}: {name}={Describe(value)}: {exception.Message}");
        }
    }

    private T ApplyAll(T settings, string name, LuaValue value)
    {
        OptionEntry<T> entry = table.Entries.First(entry => entry.Name == name);
        return value is not LuaTable list ? entry.Apply(settings, OptionValue.Text(value))
            : entry.IsRepeatable && list.Fields.Count == 0 ? list.Items.Aggregate(settings, (current, item) => entry.Apply(current, OptionValue.Text(item)))
            : throw new FormatException(entry.IsRepeatable ? "expected a list" : "expected one value, got a table");
    }

    /// <summary>It is not ours: what dnsdist knows is told of, what it does not know either is left out, as there.</summary>
    private T Meet(Script script, T settings, string name, LuaValue value)
    {
        if (DnsdistNames.Find($"{function}{{{name}}}") is { } known)
        {
            // Whoever writes that something is off wants nothing of it.
            if (known.Fate == Fate.Ignored || value is not LuaBoolean { Value: false })
            {
                script.Meet(known, script.Place);
            }
        }
        else
        {
            string near = Nearest.SuggestBeginning(name, _known.Concat(_own.Keys));
            script.Warn(script.Place, $"{function}: unknown option '{name}', left out{near}");
        }

        return settings;
    }

    private static string Describe(LuaValue value) => value is LuaTable or LuaFunction or LuaObject ? value.Kind : $"{value}";
}
