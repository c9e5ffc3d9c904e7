using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>
/// What a terminal shows of what is written to it. It knows the few sequences that fastdist means to write; any other is
/// a fault, because what it does to a real terminal no test would see.
/// </summary>
internal sealed class TerminalScreen(int rows, int columns)
{
    private const int Escape = 0x1B;

    private static readonly Rune Blank = new(' ');

    private readonly List<Rune[]> _rows = [.. Enumerable.Range(0, rows).Select(_ => NewRow(columns))];
    private readonly StringBuilder _sequence = new();
    private int _row;
    private int _column;

    /// <summary>The rows down to the last one with text or the cursor, without blanks at their ends; <c>|</c> is the cursor.</summary>
    public string Text
    {
        get
        {
            string[] lines = [.. _rows.Select((row, i) => i == _row ? WithCursor(row) : string.Concat(row).TrimEnd())];
            return string.Join('\n', lines).TrimEnd('\n');
        }
    }

    /// <summary>The first sequence or control character that was not understood.</summary>
    public string? Fault { get; private set; }

    public void Write(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (_sequence.Length > 0 || rune.Value == Escape)
            {
                Continue(rune);
            }
            else
            {
                Write(rune);
            }
        }
    }

    /// <summary>Makes it narrower or wider; what no longer fits is gone.</summary>
    public void Resize(int width)
    {
        columns = width;
        for (int i = 0; i < _rows.Count; i++)
        {
            _rows[i] = [.. _rows[i].Concat(NewRow(width)).Take(width)];
        }
    }

    private static Rune[] NewRow(int width) => [.. Enumerable.Repeat(Blank, width)];

    private string WithCursor(Rune[] row) =>
        $"{string.Concat(row.Take(_column))}|{string.Concat(row.Skip(_column)).TrimEnd()}";

    private void Write(Rune rune)
    {
        switch (rune.Value)
        {
            case '\r':
                _column = 0;
                break;
            case '\n':
                LineFeed();
                break;
            default:
                if (Rune.IsControl(rune))
                {
                    Fault ??= $"{rune.Value:x2}";
                    break;
                }

                // As on xterm, the last column wraps when the next character comes, and not before.
                if (_column == columns)
                {
                    _column = 0;
                    LineFeed();
                }

                _rows[_row][_column++] = rune;
                break;
        }
    }

    private void LineFeed()
    {
        if (_row < _rows.Count - 1)
        {
            _row++;
            return;
        }

        _rows.RemoveAt(0);
        _rows.Add(NewRow(columns));
    }

    private void Continue(Rune rune)
    {
        _sequence.Append(rune);
        bool isComplete = _sequence.Length switch
        {
            1 => false,
            2 => rune.Value != '[',
            // Parameters are below 0x40; what ends the sequence is not.
            _ => rune.Value >= 0x40,
        };
        if (!isComplete)
        {
            return;
        }

        string sequence = _sequence.ToString(1, _sequence.Length - 1);
        _sequence.Clear();
        switch (sequence)
        {
            case "[K":
                _rows[_row].AsSpan(Math.Min(_column, columns - 1)).Fill(Blank);
                break;
            case "[H":
                (_row, _column) = (0, 0);
                break;
            case "[2J":
                _rows.ForEach(row => row.AsSpan().Fill(Blank));
                break;
            case ['[', .. string count, 'C'] when int.TryParse(count, CultureInfo.InvariantCulture, out int right):
                _column = Math.Min(_column + right, columns - 1);
                break;
            default:
                Fault ??= $"ESC {sequence}";
                break;
        }
    }
}
