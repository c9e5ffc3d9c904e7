namespace Fastdist.Rules.Patterns;

/// <summary>
/// A place of a byte in a pattern (Glushkov's automaton, without empty steps). Where words matter, a place that takes both bytes of words and others is two
/// positions: so each position knows what stands behind it, what it leads to knows what stands before it, and no boundary is left to be asked for while a text
/// is read.
/// </summary>
/// <param name="Set">The bytes it takes; none for the first position, where a text starts.</param>
/// <param name="Follows">Numbers of the positions that may take the next byte, ascending.</param>
/// <param name="Accepts">What may stand next for the pattern to have matched by here: a bit for each <see cref="Neighbour"/>.</param>
internal sealed record Position(ByteSet Set, int[] Follows, byte Accepts)
{
    public bool AcceptsBefore(Neighbour next) => (Accepts >> (int)next & 1) != 0;
}
