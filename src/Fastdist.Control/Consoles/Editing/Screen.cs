using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Fastdist.Control.Consoles.Editing;

/// <summary>What to send a terminal so that it shows a line being typed. Every character is taken to be one column wide.</summary>
internal static class Screen
{
    /// <summary>Clears the screen and puts the cursor at its top.</summary>
    public const string Clear = "\e[H\e[2J";

    /// <summary>Draws the line anew on the terminal's row; one that is too long is shown around the cursor.</summary>
    /// <param name="prompt">Before the line.</param>
    /// <param name="text">The line.</param>
    /// <param name="cursor">Characters before the cursor.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static string Draw(string prompt, string text, int cursor, int width)
    {
        int room = Math.Max(width - prompt.Length - 1, 1);
        int from = Math.Max(cursor - room, 0);
        string shown = string.Concat(text.EnumerateRunes().Skip(from).Take(room).Select(Printable));
        int column = prompt.Length + cursor - from;
        return $"\r{prompt}{shown}\e[K\r{(column > 0 ? $"\e[{column}C" : "")}";
    }

    /// <summary>Names in columns.</summary>
    public static string Columns(IReadOnlyList<string> names, int width)
    {
        int column = names.Max(name => name.Length) + 2;
        int perRow = Math.Max(width / column, 1);
        var text = new StringBuilder();
        foreach (string[] row in names.Chunk(perRow))
        {
            text.Append(string.Concat(row.Select(name => name.PadRight(column))).TrimEnd()).Append("\r\n");
        }

        return text.ToString();
    }

    private static Rune Printable(Rune rune) => Rune.IsControl(rune) ? Rune.ReplacementChar : rune;
}
