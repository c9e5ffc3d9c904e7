using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Settings.Tables;

/// <summary>Settings an operator wrote that cannot be used; each line names flag, value and remedy.</summary>
public sealed class OptionException(IReadOnlyList<string> lines) : Exception(string.Join('\n', lines))
{
    /// <summary>One of a single line.</summary>
    public OptionException(string message)
        : this([message])
    {
    }

    /// <summary>One for each.</summary>
    public IReadOnlyList<string> Lines => lines;
}

/// <summary>One option: all that parsing, help and the reference need to know of it.</summary>
/// <typeparam name="T">The settings it changes.</typeparam>
/// <param name="Name">As written, without dashes.</param>
/// <param name="Value">What its value looks like, for instance <c>N</c>, <c>FILE</c>, <c>true|false</c>.</param>
/// <param name="Default">As printed; empty when there is none.</param>
/// <param name="Unit">Of the value; empty when it has none.</param>
/// <param name="Text">One line on what it does.</param>
/// <param name="Show">The value that settings have: text, a number, true or false, a sequence of those, or what <see cref="OptionTable{T}.Shown"/> gives; null where nothing was set.</param>
/// <param name="Apply">Returns settings with the value in them, or throws a <see cref="FormatException"/> that says what is expected.</param>
public sealed record OptionEntry<T>(string Name, string Value, string Default, string Unit, string Text, Func<T, object?> Show, Func<T, string, T> Apply)
{
    /// <summary>One-letter form, 0 for none; options of the command line only.</summary>
    public char Short { get; init; }

    /// <summary>May be given more than once.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Takes no value; options of the command line only.</summary>
    public bool IsSwitch { get; init; }
}

/// <summary>The options of one kind of thing: the single source of parsing, help and reference.</summary>
/// <typeparam name="T">The settings they change.</typeparam>
/// <param name="entries">As help lists them.</param>
public sealed class OptionTable<T>(params OptionEntry<T>[] entries)
{
    /// <summary>As help lists them.</summary>
    public IReadOnlyList<OptionEntry<T>> Entries => entries;

    /// <summary>What every option is set to, by its name; where nothing was set, its default in words.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Shown(T settings) =>
        entries.Select(entry => new KeyValuePair<string, object?>(entry.Name, entry.Show(settings) ?? (entry.Default.Length > 0 ? entry.Default : null)));

    /// <summary>Sets an option that there is.</summary>
    /// <exception cref="FormatException">It cannot have that value; the message says what is expected.</exception>
    public T Set(T settings, string name, string value) => entries.First(entry => entry.Name == name).Apply(settings, value);

    /// <summary>Applies one option.</summary>
    /// <param name="settings">What to change.</param>
    /// <param name="name">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="where">The flag it was written in, for messages.</param>
    public T Apply(T settings, string name, string value, string where)
    {
        OptionEntry<T> entry = entries.FirstOrDefault(e => e.Name == name)
            ?? throw new OptionException($"{where}: unknown option '{name}'{Suggest(name)}");
        try
        {
            return entry.Apply(settings, value);
        }
        catch (FormatException exception)
        {
            throw new OptionException($"{where}: {name}={value}: {exception.Message}");
        }
    }

    /// <summary>Applies words of the form <c>option=value</c>, each once unless it may be repeated.</summary>
    /// <exception cref="OptionException">Some cannot be used; it has a line for each.</exception>
    public T Apply(T settings, IEnumerable<string> words, string where)
    {
        var problems = new Problems();
        var seen = new HashSet<string>();
        foreach (string word in words)
        {
            T before = settings;
            settings = problems.Try(() => ApplyWord(before, word, seen, where), before);
        }

        problems.ThrowIfAny();
        return settings;
    }

    private T ApplyWord(T settings, string word, HashSet<string> seen, string where)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new OptionException($"{where}: '{word}' is not option=value");
        }

        string name = word[..equals];
        settings = Apply(settings, name, word[(equals + 1)..], where);
        return seen.Add(name) || entries.First(e => e.Name == name).IsRepeatable
            ? settings
            : throw new OptionException($"{where}: '{name}' is given twice");
    }

    private string Suggest(string name)
    {
        string near = Nearest.SuggestBeginning(name, entries.Select(e => e.Name));
        return near.Length > 0 ? near : $"; known are {string.Join(", ", entries.Select(e => e.Name))}";
    }
}
