namespace Fastdist.Rules.Patterns;

/// <summary>
/// What bounds a pattern. A pattern beyond the first five is refused; one beyond the last three is simulated instead of being made deterministic. Together
/// they bound what one pattern holds at about 2 MB, shared by all shards, and how long its making takes at some hundred milliseconds.
/// </summary>
internal static class PatternLimits
{
    /// <summary>Characters of the text of a pattern.</summary>
    public const int TextLength = 65_536;

    /// <summary>Groups within groups, which are read by recursion.</summary>
    public const int Groups = 200;

    /// <summary>Nodes above one another, which are compiled by recursion: a group is three at most, and each repetition of a repetition is one.</summary>
    public const int Depth = 4 * Groups;

    /// <summary>Bytes, boundaries and forks, once repetitions are written out. A pattern of one shape has about as many states.</summary>
    public const int Parts = 16_384;

    /// <summary>Steps from fork to fork that are taken to find what may follow what, about ten nanoseconds each.</summary>
    public const int ClosureSteps = 1 << 22;

    /// <summary>States of a deterministic automaton.</summary>
    public const int States = 1 << 14;

    /// <summary>Transitions of a deterministic automaton, four bytes each.</summary>
    public const int Transitions = 1 << 18;

    /// <summary>Words of 64 positions that the states of a deterministic automaton consist of while it is made, eight bytes each.</summary>
    public const int StateWords = 1 << 19;
}
