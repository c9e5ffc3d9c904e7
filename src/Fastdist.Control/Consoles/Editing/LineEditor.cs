using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Fastdist.Control.Consoles.Editing;

/// <summary>What a key led to.</summary>
internal enum EditResult
{
    /// <summary>The line is still being typed.</summary>
    Editing,

    /// <summary>The line is done.</summary>
    Accepted,

    /// <summary>The line is given up.</summary>
    Cancelled,

    /// <summary>No further line will come.</summary>
    Ended,

    /// <summary>The word before the cursor is to be completed.</summary>
    Completing,

    /// <summary>The screen is to be cleared.</summary>
    Clearing,
}

/// <summary>A line of text being typed: keys in, edits out. Knows nothing of the terminal.</summary>
/// <param name="history">Lines to go back to; the caller adds to it.</param>
/// <param name="killed">What earlier lines left to yank.</param>
internal sealed class LineEditor(History history, string killed = "")
{
    private readonly List<Rune> _text = [];
    private int _place = history.Lines.Count;
    private string _draft = "";

    /// <summary>The line.</summary>
    public string Text => string.Concat(_text);

    /// <summary>Characters before the cursor.</summary>
    public int Cursor { get; private set; }

    /// <summary>What was killed last.</summary>
    public string Killed { get; private set; } = killed;

    /// <summary>The part of a name that stands right before the cursor.</summary>
    public string Word => string.Concat(_text.Take(Cursor).Reverse().TakeWhile(IsName).Reverse());

    /// <summary>The line up to that part.</summary>
    public string BeforeWord => string.Concat(_text.Take(Cursor - Word.EnumerateRunes().Count()));

    /// <summary>The character under the cursor; null at the end.</summary>
    public Rune? Under => Cursor < _text.Count ? _text[Cursor] : null;

    /// <summary>Takes a key.</summary>
    public EditResult Press(Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Accept:
                return EditResult.Accepted;
            case KeyKind.Cancel:
                return EditResult.Cancelled;
            case KeyKind.Complete:
                return EditResult.Completing;
            case KeyKind.ClearScreen:
                return EditResult.Clearing;
            case KeyKind.DeleteOrEnd when _text.Count == 0:
                return EditResult.Ended;
            case KeyKind.Earlier or KeyKind.Later:
                Recall(key.Kind == KeyKind.Earlier ? _place - 1 : _place + 1);
                return EditResult.Editing;
            default:
                if (!Move(key.Kind))
                {
                    Change(key);
                }

                return EditResult.Editing;
        }
    }

    /// <summary>Inserts text at the cursor.</summary>
    public void Insert(string text)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        _text.InsertRange(Cursor, runes);
        Cursor += runes.Length;
    }

    private static bool IsName(Rune rune) => Rune.IsLetterOrDigit(rune) || rune.Value == '_';

    private bool Move(KeyKind kind)
    {
        int? target = kind switch
        {
            KeyKind.Left => Cursor - 1,
            KeyKind.Right => Cursor + 1,
            KeyKind.WordLeft => WordStart(),
            KeyKind.WordRight => WordEnd(),
            KeyKind.Home => 0,
            KeyKind.End => _text.Count,
            _ => null,
        };
        if (target is >= 0 && target <= _text.Count)
        {
            Cursor = target.Value;
        }

        return target is not null;
    }

    private void Change(Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Character:
                _text.Insert(Cursor++, key.Character);
                break;
            case KeyKind.DeleteBefore when Cursor > 0:
                _text.RemoveAt(--Cursor);
                break;
            case KeyKind.DeleteUnder or KeyKind.DeleteOrEnd when Cursor < _text.Count:
                _text.RemoveAt(Cursor);
                break;
            case KeyKind.KillToEnd:
                Kill(Cursor, _text.Count);
                break;
            case KeyKind.KillToStart:
                Kill(0, Cursor);
                break;
            case KeyKind.KillWordBefore:
                Kill(WordStart(), Cursor);
                break;
            case KeyKind.KillWordAfter:
                Kill(Cursor, WordEnd());
                break;
            case KeyKind.Yank:
                Insert(Killed);
                break;
            case KeyKind.Transpose when Cursor > 0 && _text.Count > 1:
                Cursor = Cursor < _text.Count ? Cursor + 1 : Cursor;
                (_text[Cursor - 2], _text[Cursor - 1]) = (_text[Cursor - 1], _text[Cursor - 2]);
                break;
        }
    }

    private void Kill(int from, int to)
    {
        if (from == to)
        {
            return;
        }

        Killed = string.Concat(_text[from..to]);
        _text.RemoveRange(from, to - from);
        Cursor = from;
    }

    private int WordStart()
    {
        int at = Cursor;
        while (at > 0 && !IsName(_text[at - 1]))
        {
            at--;
        }

        while (at > 0 && IsName(_text[at - 1]))
        {
            at--;
        }

        return at;
    }

    private int WordEnd()
    {
        int at = Cursor;
        while (at < _text.Count && !IsName(_text[at]))
        {
            at++;
        }

        while (at < _text.Count && IsName(_text[at]))
        {
            at++;
        }

        return at;
    }

    /// <summary>Shows a line of the history, or, after the last, what was being typed.</summary>
    private void Recall(int place)
    {
        if (place < 0 || place > history.Lines.Count)
        {
            return;
        }

        if (_place == history.Lines.Count)
        {
            _draft = Text;
        }

        _place = place;
        _text.Clear();
        Cursor = 0;
        Insert(place == history.Lines.Count ? _draft : history.Lines[place]);
    }
}
