using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Fastdist.Integration.Tests.Consoles.Scenarios;

/// <summary>A table of the console, read by the widths of its columns as dnsdist prints them.</summary>
/// <param name="columns">Headings and widths; a blank stands between two columns.</param>
internal sealed class PrintedTable(params (string Heading, int Width)[] columns)
{
    /// <summary>The rows below the headings, which must be these headings.</summary>
    public PrintedRow[] Read(IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        Assert.Equal(string.Join(' ', columns.Select(column => column.Heading.PadRight(column.Width))), all[0]);
        return [.. all.Skip(1).Select(ReadRow)];
    }

    private PrintedRow ReadRow(string line)
    {
        var cells = new List<(string Heading, string Text)>();
        int at = 0;
        foreach ((string heading, int width) in columns)
        {
            cells.Add((heading, line.Substring(at, width).TrimEnd()));
            at += width;
            Assert.True(at == line.Length || line[at] == ' ', $"'{heading}' is wider than {width}: {line}");
            at++;
        }

        Assert.Equal(at - 1, line.Length);
        return new(cells);
    }
}

/// <summary>One row: a cell for each heading.</summary>
internal sealed class PrintedRow(IReadOnlyList<(string Heading, string Text)> cells)
{
    /// <summary>Stands for a value that the test looks at by itself.</summary>
    public const string Any = "any";

    private static readonly string[] s_names = ["#", "Name", "Address"];

    public string this[string heading] => cells.Single(cell => cell.Heading == heading).Text;

    /// <summary>The row has these values and nothing but zeros besides, its names apart.</summary>
    public void Holds(string what, params IEnumerable<(string Heading, string Value)> values)
    {
        var expected = new Dictionary<string, string>();
        foreach ((string heading, string value) in values)
        {
            expected[heading] = value;
        }

        Assert.Empty(expected.Keys.Except(cells.Select(cell => cell.Heading)));
        IEnumerable<(string Heading, string Text)> numbers = cells.Where(cell => !s_names.Contains(cell.Heading) && expected.GetValueOrDefault(cell.Heading) != Any);
        Assert.Equal(
            Text(what, numbers.Select(cell => (cell.Heading, expected.GetValueOrDefault(cell.Heading, cell.Heading.StartsWith("Avg ", StringComparison.Ordinal) && cell.Heading != "Avg read IOs/conn" ? "0.000000" : "0")))),
            Text(what, numbers));
    }

    // Numbers that are not zero come first, so that a difference is seen without scrolling.
    private static string Text(string what, IEnumerable<(string Heading, string Text)> cells) =>
        $"{what}: {string.Join(", ", cells.Where(cell => cell.Text.Any(c => c is not ('0' or '.'))).Select(cell => $"{cell.Heading}={cell.Text}"))}";
}
