using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>What becomes of dnsdist's names, as the Markdown tables that docs/migrating-from-dnsdist.md holds.</summary>
public static class MigrationTables
{
    private static readonly Fate[] s_order = [Fate.Same, Fate.Different, Fate.Ignored, Fate.NotYet, Fate.Never];

    /// <summary>Writes all of them.</summary>
    public static void Write(TextWriter writer)
    {
        writer.WriteLine($"\nOf {DnsdistNames.All.Count()} names {string.Join(", ", s_order.Select(static fate => $"{DnsdistNames.All.Count(name => name.Fate == fate)} are {Words(fate)}"))}.");
        foreach (DnsdistTheme theme in DnsdistNames.Themes)
        {
            writer.WriteLine($"\n### {theme.Title}\n\n| names | here | |\n|---|---|---|");
            foreach (IGrouping<(Fate Fate, string Note), DnsdistName> row in theme.Names.GroupBy(static name => (name.Fate, name.Note)).OrderBy(static row => Array.IndexOf(s_order, row.Key.Fate)))
            {
                writer.WriteLine($"| {List(row.Select(static name => name.Name))} | {Words(row.Key.Fate)} | {row.Key.Note} |");
            }
        }
    }

    private static string Words(Fate fate) => fate switch
    {
        Fate.Same => "the same",
        Fate.Different => "different",
        Fate.Ignored => "ignored",
        Fate.NotYet => "not yet",
        _ => "never",
    };

    /// <summary>Names in few words: what belongs to the same things is said once for all of them.</summary>
    private static string List(IEnumerable<string> names) => string.Join("; ", names
        .Select(Split)
        .GroupBy(static name => (name.Member, name.Mark), static name => name.Owner)
        .GroupBy(static member => (Owners: string.Join(", ", member.Select(Code)), member.Key.Mark), static member => member.Key.Member)
        .Select(static group => group.Key.Mark switch
        {
            ' ' => string.Join(", ", group.Select(Code)),
            '{' => $"{group.Key.Owners}: {string.Join(", ", group.Select(static option => Code($"{option}=")))}",
            _ => $"{group.Key.Owners}: {string.Join(", ", group.Select(member => Code($"{group.Key.Mark}{member}")))}",
        }));

    private static (string Owner, char Mark, string Member) Split(string name)
    {
        int mark = name.IndexOfAny(['{', ':', '.']);
        return mark < 0 ? ("", ' ', name) : (name[..mark], name[mark], name[(mark + 1)..].TrimEnd('}'));
    }

    private static string Code(string text) => $"`{text}`";
}
