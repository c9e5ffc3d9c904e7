using System;

namespace Fastdist.Rules.Patterns;

/// <summary>The sets of bytes that have a name in expressions: POSIX's classes in the C locale, and what both syntaxes take for words, digits and spaces.</summary>
internal static class NamedSets
{
    public static readonly ByteSet Digits = ByteSet.Range((byte)'0', (byte)'9');
    public static readonly ByteSet Letters = ByteSet.Range((byte)'A', (byte)'Z').WithBothCases();

    /// <summary>What words are made of, in both syntaxes: ASCII letters, digits, the underscore.</summary>
    public static readonly ByteSet Words = Letters | Digits | ByteSet.Of((byte)'_');

    /// <summary>[[:space:]], and the GNU extension \s: with the vertical tab.</summary>
    public static readonly ByteSet Spaces = ByteSet.Range((byte)'\t', (byte)'\r') | ByteSet.Of((byte)' ');

    /// <summary>RE2's \s, which is Perl's old one: without the vertical tab.</summary>
    public static readonly ByteSet PerlSpaces = Spaces & ~ByteSet.Of((byte)'\v');

    private static readonly ByteSet s_graphic = ByteSet.Range((byte)'!', (byte)'~');

    /// <summary>The class of that name, as it stands between [: and :] in POSIX.</summary>
    public static bool TryGetPosix(ReadOnlySpan<char> name, out ByteSet set)
    {
        ByteSet? found = name switch
        {
            "alnum" => Letters | Digits,
            "alpha" => Letters,
            "blank" => ByteSet.Of((byte)' ') | ByteSet.Of((byte)'\t'),
            "cntrl" => ByteSet.Range(0, 31) | ByteSet.Of(127),
            "digit" => Digits,
            "graph" => s_graphic,
            "lower" => ByteSet.Range((byte)'a', (byte)'z'),
            "print" => s_graphic | ByteSet.Of((byte)' '),
            "punct" => s_graphic & ~(Letters | Digits),
            "space" => Spaces,
            "upper" => ByteSet.Range((byte)'A', (byte)'Z'),
            "xdigit" => Digits | ByteSet.Range((byte)'a', (byte)'f').WithBothCases(),
            _ => null,
        };
        set = found ?? ByteSet.None;
        return found.HasValue;
    }

    /// <summary>The same with the two classes that RE2 has besides.</summary>
    public static bool TryGetRe2(ReadOnlySpan<char> name, out ByteSet set)
    {
        switch (name)
        {
            case "ascii":
                set = ByteSet.Range(0, 127);
                return true;
            case "word":
                set = Words;
                return true;
            default:
                return TryGetPosix(name, out set);
        }
    }
}
