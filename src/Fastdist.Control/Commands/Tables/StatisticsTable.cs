using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Fastdist.Control.Commands.Tables;

/// <summary><c>dumpStats()</c>: names and values of the whole process in two columns, sorted by name.</summary>
internal static class StatisticsTable
{
    private const int RightColumn = 51;

    public static string Print(IEnumerable<(string Name, string Value)> statistics)
    {
        string[] entries = [.. statistics.OrderBy(s => s.Name, StringComparer.Ordinal).Select(s => $"{s.Name,-35}\t{Aligned(s.Value),11}")];
        int left = entries.Length / 2;
        var text = new StringBuilder();
        for (int i = 0; i < entries.Length - left; i++)
        {
            text.Append($"{(i < left ? entries[i] : "")} ".PadRight(RightColumn)).Append(entries[left + i]).Append('\n');
        }

        return text.ToString();
    }

    // dnsdist writes fractions two characters further to the right than whole numbers.
    private static string Aligned(string value) => value.Contains('.', StringComparison.Ordinal) ? value.PadLeft(13) : value;
}
