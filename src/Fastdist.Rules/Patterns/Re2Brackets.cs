using System;

namespace Fastdist.Rules.Patterns;

/// <summary>Reads RE2's brackets: escapes count in them, a '-' that stands in no range is a character, and classes have a negated form.</summary>
internal static class Re2Brackets
{
    /// <summary>Reads what stands behind an opening bracket, up to the closing one.</summary>
    public static ByteSet Read(PatternReader reader, bool ignoresCase)
    {
        int start = reader.At - 1;
        bool isNegated = reader.TryTake('^');
        ByteSet set = ByteSet.None;
        bool isFirst = true;
        while (isFirst || !reader.TryTake(']'))
        {
            set |= ReadMembers(reader, start, ignoresCase);
            isFirst = false;
        }

        return isNegated ? ~set : set;
    }

    /// <summary>Reads a character, a range or a class.</summary>
    private static ByteSet ReadMembers(PatternReader reader, int start, bool ignoresCase)
    {
        int at = reader.At;
        if (TryReadClass(reader, ignoresCase, out ByteSet set))
        {
            return set;
        }

        byte first = ReadCharacter(reader, start);
        byte last = first;
        if (reader.Sees('-') && !reader.Sees("-]"))
        {
            reader.Take();
            last = ReadCharacter(reader, start);
        }

        set = first <= last ? ByteSet.Range(first, last) : throw new PatternException(at, "a range ends before it starts");
        return ignoresCase ? set.WithBothCases() : set;
    }

    /// <summary>[:alpha:] and the like, [:^alpha:], and \d and the like. Without its end "[:" is two characters.</summary>
    private static bool TryReadClass(PatternReader reader, bool ignoresCase, out ByteSet set)
    {
        int at = reader.At;
        if (reader.TryTake('\\') && Re2Escapes.TryTakeClass(reader, out set))
        {
            return true;
        }

        reader.At = at;
        if (!reader.TryTake("[:") || !reader.TryTakeUpTo(":]", out ReadOnlySpan<char> name))
        {
            reader.At = at;
            set = ByteSet.None;
            return false;
        }

        bool isNegated = name.StartsWith('^');
        if (!NamedSets.TryGetRe2(isNegated ? name[1..] : name, out set))
        {
            throw new PatternException(at, $"there is no class [:{name}:]");
        }

        set = ignoresCase ? set.WithBothCases() : set;
        set = isNegated ? ~set : set;
        return true;
    }

    private static byte ReadCharacter(PatternReader reader, int start)
    {
        if (reader.IsAtEnd)
        {
            throw new PatternException(start, "this bracket is never closed: a ']' is missing");
        }

        int at = reader.At;
        char character = reader.Take();
        if (character == '\\')
        {
            return Re2Escapes.TakeByte(reader, at);
        }

        return char.IsAscii(character)
            ? (byte)character
            : throw new PatternException(at, $"'{character}' is more than one byte, of which brackets match one: write (?:a|b) for [ab], or \\xE9 for a byte");
    }
}
