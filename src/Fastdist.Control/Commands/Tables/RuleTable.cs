using System.Collections.Generic;
using Fastdist.Settings.Rules;

namespace Fastdist.Control.Commands.Tables;

/// <summary><c>showRules()</c> and its like: one line a rule, in dnsdist's columns.</summary>
internal static class RuleTable
{
    private static readonly Column s_index = new("#", 3);
    private static readonly Column s_name = new("Name", 30);
    private static readonly Column s_matches = new("Matches", 9) { IsRight = true };
    private static readonly Column s_action = new("Action");

    /// <param name="rules">As they are numbered.</param>
    /// <param name="showIds">Whether their UUIDs and the order they were made in are shown.</param>
    /// <param name="width">Characters that selectors are cut to; null for as many as they have.</param>
    public static string Print(IReadOnlyList<Rule> rules, bool showIds, int? width)
    {
        var selector = new Column("Rule", 56);
        var table = showIds
            ? new TextTable(s_index, s_name, new("UUID", 38), new("Cr. Order", 9) { IsRight = true }, s_matches, selector, s_action)
            : new TextTable(s_index, s_name, s_matches, selector, s_action);
        for (int i = 0; i < rules.Count; i++)
        {
            Rule rule = rules[i];
            string[] ids = showIds ? [$"{rule.Id}", TextTable.Number(rule.CreationOrder)] : [];
            table.AddRow([TextTable.Number(i), rule.Name, .. ids, TextTable.Number(rule.Hits.Total), Cut($"{rule.Selector}", width), $"{rule.Action}"]);
        }

        return table.ToString();
    }

    private static string Cut(string text, int? width) => width < text.Length ? text[..width.Value] : text;
}
