using System.Linq;
using CsCheck;

namespace Fastdist.Rules.Tests.Patterns;

/// <summary>Random expressions, over few letters, so that random texts match now and then.</summary>
internal static class RandomPatterns
{
    /// <summary>What any text may consist of: letters in both cases, a digit, what words have, what they have not, a line's end and a byte beyond ASCII.</summary>
    public static readonly Gen<string> Text = Of("a", "b", "B", "c", "1", "_", ".", "-", "\n", "\u00E9").Array[0, 12].Select(string.Concat);

    /// <summary>The same without ends of lines: in some expressions glibc takes them for ends of the text, though it is not told to (REG_NEWLINE).</summary>
    public static readonly Gen<string> TextWithoutLines = Text.Select(static text => text.Replace('\n', '\t'));

    public static readonly Gen<string> AsciiText = Of("a", "b", "B", "c", "1", "_", ".", "-").Array[0, 12].Select(string.Concat);

    /// <summary>One of some.</summary>
    public static Gen<string> Of(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    /// <summary>Characters that mean something, one after another: most of them in no order that is an expression.</summary>
    public static Gen<string> Soup(params string[] pieces) => Of(pieces).Array[0, 9].Select(string.Concat);

    /// <summary>An expression of some atoms, repeated, in groups and in alternatives.</summary>
    public static Gen<string> Expression(Gen<string> atoms, Gen<string> repetitions, string group = "(", int depth = 3)
    {
        Gen<string> atom = depth == 0 ? atoms : Gen.Frequency((3, atoms), (1, Expression(atoms, repetitions, group, depth - 1).Select(inside => $"{group}{inside})")));

        // A boundary alone is not repeated: POSIX has no such thing. And in the C locale what is repeated of a character beyond ASCII is its last byte.
        Gen<string> piece = Gen.Select(atom, repetitions, static (one, times) => IsBoundary(one) || !char.IsAscii(one[0]) ? one : one + times);
        Gen<string> branch = piece.Array[0, 4].Select(string.Concat);
        return Gen.Frequency((3, branch), (1, branch.Array[2, 3].Select(static branches => string.Join('|', branches))));
    }

    private static bool IsBoundary(string atom) => atom is "^" or "$" || (atom.Length == 2 && atom[0] == '\\' && "bB<>`'Az".Contains(atom[1]));
}
