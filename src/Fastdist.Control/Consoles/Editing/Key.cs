using System.Text;

namespace Fastdist.Control.Consoles.Editing;

/// <summary>What a key does to the line.</summary>
internal enum KeyKind
{
    /// <summary>Nothing: a key without a meaning here.</summary>
    None,

    /// <summary>Is inserted.</summary>
    Character,

    /// <summary>Enter: the line is done.</summary>
    Accept,

    /// <summary>Tab.</summary>
    Complete,

    /// <summary>Control-C: the line is given up.</summary>
    Cancel,

    /// <summary>Control-D: deletes under the cursor; on an empty line, ends the session.</summary>
    DeleteOrEnd,

    /// <summary>Control-H, Backspace.</summary>
    DeleteBefore,

    /// <summary>Delete.</summary>
    DeleteUnder,

    /// <summary>Control-B, left arrow.</summary>
    Left,

    /// <summary>Control-F, right arrow.</summary>
    Right,

    /// <summary>Meta-B, Control with left arrow.</summary>
    WordLeft,

    /// <summary>Meta-F, Control with right arrow.</summary>
    WordRight,

    /// <summary>Control-A, Home.</summary>
    Home,

    /// <summary>Control-E, End.</summary>
    End,

    /// <summary>Control-P, up arrow: the line before in the history.</summary>
    Earlier,

    /// <summary>Control-N, down arrow: the line after in the history.</summary>
    Later,

    /// <summary>Control-K.</summary>
    KillToEnd,

    /// <summary>Control-U.</summary>
    KillToStart,

    /// <summary>Control-W, Meta-Backspace.</summary>
    KillWordBefore,

    /// <summary>Meta-D.</summary>
    KillWordAfter,

    /// <summary>Control-Y: inserts what was killed last.</summary>
    Yank,

    /// <summary>Control-T: swaps the two characters before the cursor's next place.</summary>
    Transpose,

    /// <summary>Control-L.</summary>
    ClearScreen,
}

/// <summary>A key pressed.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Character">What it inserts.</param>
internal readonly record struct Key(KeyKind Kind, Rune Character = default);
