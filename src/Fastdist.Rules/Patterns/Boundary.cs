using System.Diagnostics;

namespace Fastdist.Rules.Patterns;

/// <summary>What is asked of a place between two bytes, or before the first or after the last.</summary>
internal enum Boundary : byte
{
    /// <summary>Before the first byte.</summary>
    TextStart,

    /// <summary>After the last byte.</summary>
    TextEnd,

    /// <summary>Between what belongs to a word and what does not, whichever comes first; the ends of the text do not.</summary>
    WordEdge,

    /// <summary>Anywhere else.</summary>
    NoWordEdge,

    /// <summary>Before a byte of a word, and behind none.</summary>
    WordStart,

    /// <summary>Behind a byte of a word, and before none.</summary>
    WordEnd,
}

/// <summary>What stands on one side of a place between bytes.</summary>
internal enum Neighbour : byte
{
    /// <summary>A byte that belongs to no word; or any byte, where words make no difference.</summary>
    Other,

    /// <summary>A byte of a word.</summary>
    Word,

    /// <summary>None: the text starts or ends here.</summary>
    Edge,
}

internal static class Boundaries
{
    public static bool IsAboutWords(this Boundary boundary) => boundary >= Boundary.WordEdge;

    /// <summary>Whether a boundary is at a place with these neighbours.</summary>
    public static bool Holds(this Boundary boundary, Neighbour before, Neighbour after)
    {
        bool isBehindWord = before == Neighbour.Word;
        bool isBeforeWord = after == Neighbour.Word;
        return boundary switch
        {
            Boundary.TextStart => before == Neighbour.Edge,
            Boundary.TextEnd => after == Neighbour.Edge,
            Boundary.WordEdge => isBehindWord != isBeforeWord,
            Boundary.NoWordEdge => isBehindWord == isBeforeWord,
            Boundary.WordStart => !isBehindWord && isBeforeWord,
            Boundary.WordEnd => isBehindWord && !isBeforeWord,
            _ => throw new UnreachableException(),
        };
    }
}
