using System;
using System.Globalization;
using System.Text;

namespace Fastdist.Control.Commands.Tables;

/// <summary>One column of a table.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="Width">Characters that cells are filled up to; longer ones move what follows, unless they are cut.</param>
internal readonly record struct Column(string Heading, int Width = 0)
{
    /// <summary>Whether cells end at the same place, as numbers do.</summary>
    public bool IsRight { get; init; }

    /// <summary>Whether longer cells are cut.</summary>
    public bool IsCut { get; init; }

    /// <summary>Where the column begins at the earliest, from 0.</summary>
    public int Position { get; init; }
}

/// <summary>Text in columns with a blank between two, as dnsdist's console prints them.</summary>
internal sealed class TextTable
{
    private readonly StringBuilder _text = new();
    private readonly Column[] _columns;

    /// <summary>A table with its headings.</summary>
    public TextTable(params Column[] columns)
    {
        _columns = columns;
        AddRow([.. Array.ConvertAll(columns, static column => column.Heading)]);
    }

    /// <summary>Adds a row with a cell for each column.</summary>
    public void AddRow(params ReadOnlySpan<string> cells)
    {
        int begin = _text.Length;
        for (int i = 0; i < _columns.Length; i++)
        {
            Column column = _columns[i];
            string cell = column.IsCut && cells[i].Length > column.Width ? cells[i][..column.Width] : cells[i];
            _text.Append(i > 0 ? " " : "");
            _text.Append(' ', Math.Max(begin + column.Position - _text.Length, 0));
            _text.Append(column.IsRight ? cell.PadLeft(column.Width) : cell.PadRight(column.Width));
        }

        _text.Append('\n');
    }

    /// <summary>The table, each line ended.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>A whole number.</summary>
    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number with a fixed number of decimals.</summary>
    public static string Number(double value, int decimals) => value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
}
