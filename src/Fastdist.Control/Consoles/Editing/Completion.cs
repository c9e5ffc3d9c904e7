using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Fastdist.Control.Consoles.Editing;

/// <summary>Completion of names.</summary>
internal static class Completion
{
    /// <summary>
    /// The names in what <c>help()</c> prints: each line begins with one, before its parameters or its description;
    /// a method's comes behind its owner's, as in <c>Server:setUp()</c>. dnsdist has no other way to ask for them.
    /// </summary>
    public static IReadOnlyList<string> NamesIn(string help) =>
        [.. help.Split('\n').Select(NameAtStart).Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Completes the word before the cursor as far as the names that begin so agree.</summary>
    /// <returns>Names to show, when nothing could be added and several begin so.</returns>
    public static IReadOnlyList<string> Complete(LineEditor editor, IReadOnlyList<string> names)
    {
        string word = editor.Word;
        string[] candidates = [.. names.Where(name => name.StartsWith(word, StringComparison.Ordinal))];
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

    private static string NameAtStart(string line)
    {
        int end = line.AsSpan().IndexOfAny('(', ':');
        if (end <= 0 || line.AsSpan(0, end).ContainsAnyExcept(NameCharacters))
        {
            return "";
        }

        bool isOwner = line[end] == ':' && end + 1 < line.Length && NameCharacters.Contains(line[end + 1]);
        return isOwner ? NameAtStart(line[(end + 1)..]) : line[..end];
    }

    private static string CommonPrefix(string[] names) =>
        names.Aggregate((one, other) => one[..one.AsSpan().CommonPrefixLength(other)]);

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
}
