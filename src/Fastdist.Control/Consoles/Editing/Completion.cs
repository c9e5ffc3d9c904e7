using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Fastdist.Control.Consoles.Editing;

/// <summary>A name that a command may hold.</summary>
/// <param name="Owner">What it is a method of, such as <c>Server</c>; empty for a function.</param>
/// <param name="Name">The name.</param>
internal readonly record struct KnownName(string Owner, string Name);

/// <summary>Completion of names.</summary>
internal static class Completion
{
    /// <summary>
    /// The names in what <c>help()</c> prints: each line begins with one, before its parameters or its description;
    /// a method's comes behind its owner's, as in <c>Server:setUp()</c>. dnsdist has no other way to ask for them.
    /// </summary>
    public static IReadOnlyList<KnownName> NamesIn(string help) =>
        [.. help.Split('\n').Select(line => NameAtStart("", line)).Where(name => name.Name is { Length: > 0 }).Distinct().OrderBy(name => name.Name, StringComparer.Ordinal)];

    /// <summary>Completes the word before the cursor as far as the names that begin so agree.</summary>
    /// <returns>Names to show, when nothing could be added and several begin so.</returns>
    public static IReadOnlyList<string> Complete(LineEditor editor, IReadOnlyList<KnownName> names)
    {
        string word = editor.Word;
        string[] candidates = [.. Fitting(CompletionContext.Of(editor.BeforeWord), names).Where(name => name.StartsWith(word, StringComparison.Ordinal)).Distinct()];
        if (candidates.Length == 0)
        {
            return [];
        }

        string rest = CommonPrefix(candidates)[word.Length..];
        if (candidates.Length == 1 && editor.Under != new Rune('('))
        {
            rest += '(';
        }

        editor.Insert(rest);
        return rest.Length == 0 && candidates.Length > 1 ? candidates : [];
    }

    /// <summary>
    /// The names that may stand in a place. A function is named for what it returns, as getServer is, so that is whose methods
    /// may follow it; of what is no call, whose methods may follow is not known.
    /// </summary>
    private static IEnumerable<string> Fitting(CompletionContext context, IReadOnlyList<KnownName> names) => names.Where(name => context.Expected switch
    {
        Expected.Function => name.Owner.Length == 0,
        Expected.Method => name.Owner.Length > 0 && (context.Call.Length == 0 || context.Call.EndsWith(name.Owner, StringComparison.Ordinal)),
        _ => false,
    }).Select(name => name.Name);

    private static KnownName NameAtStart(string owner, string line)
    {
        int end = line.AsSpan().IndexOfAny('(', ':');
        if (end <= 0 || line.AsSpan(0, end).ContainsAnyExcept(NameCharacters))
        {
            return default;
        }

        bool isOwner = line[end] == ':' && end + 1 < line.Length && NameCharacters.Contains(line[end + 1]);
        return isOwner ? NameAtStart(line[..end], line[(end + 1)..]) : new(owner, line[..end]);
    }

    private static string CommonPrefix(string[] names) =>
        names.Aggregate((one, other) => one[..one.AsSpan().CommonPrefixLength(other)]);

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
}
