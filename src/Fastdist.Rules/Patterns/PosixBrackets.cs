using System;

namespace Fastdist.Rules.Patterns;

/// <summary>
/// Reads bracket expressions of POSIX as glibc does in the C locale and without regard to case: it puts all but the names of classes into upper case, and the
/// text too. So [A-_] has all letters, and [Z-a] is refused. A backslash is a character like others.
/// </summary>
internal static class PosixBrackets
{
    /// <summary>Reads what stands behind an opening bracket, up to the closing one.</summary>
    public static ByteSet Read(PatternReader reader)
    {
        int start = reader.At - 1;
        bool isNegated = reader.TryTake('^');
        ByteSet set = ByteSet.None;
        bool isFirst = true;
        while (isFirst || !reader.TryTake(']'))
        {
            if (reader.IsAtEnd)
            {
                throw NeverClosed(start);
            }

            set |= ReadMembers(reader, start, isFirst);
            isFirst = false;
        }

        return (isNegated ? ~set : set).AskedInUpperCase();
    }

    /// <summary>Reads a character, a range or a class.</summary>
    private static ByteSet ReadMembers(PatternReader reader, int start, bool isFirst)
    {
        int at = reader.At;
        bool isClass = reader.Sees("[:");
        ByteSet members = isClass ? ReadClass(reader, start) : default;
        byte first = isClass ? default : ReadCharacter(reader);
        if (!isClass && first == '-' && !isFirst && !reader.Sees(']'))
        {
            throw new PatternException(at, "a '-' stands first, last or in a range");
        }

        if (!reader.Sees('-') || reader.Sees("-]"))
        {
            return isClass ? members : ByteSet.Of(first);
        }

        reader.Take();
        if (reader.IsAtEnd)
        {
            throw NeverClosed(start);
        }

        if (isClass || reader.Sees("[:"))
        {
            throw new PatternException(at, "a class cannot be the end of a range");
        }

        byte last = ReadCharacter(reader);
        return first <= last
            ? ByteSet.Range(first, last)
            : throw new PatternException(at, "a range ends before it starts (letters are taken as capitals here, as case makes no difference)");
    }

    private static ByteSet ReadClass(PatternReader reader, int start)
    {
        int at = reader.At;
        reader.At += "[:".Length;
        if (!reader.TryTakeUpTo(":]", out ReadOnlySpan<char> name))
        {
            throw NeverClosed(start);
        }

        if (!NamedSets.TryGetPosix(name, out ByteSet set))
        {
            throw new PatternException(at, $"there is no class [:{name}:]");
        }

        return name is "upper" or "lower" ? NamedSets.Letters : set;
    }

    private static byte ReadCharacter(PatternReader reader)
    {
        int at = reader.At;
        if (reader.Sees("[."))
        {
            throw new PatternException(at, "collating symbols ([.a.]) are not supported");
        }

        if (reader.Sees("[="))
        {
            throw new PatternException(at, "equivalence classes ([=a=]) are not supported");
        }

        char character = reader.Take();
        return char.IsAscii(character)
            ? (byte)char.ToUpperInvariant(character)
            : throw new PatternException(at, $"'{character}' is more than one byte, of which brackets match one: write (a|b) instead of [ab]");
    }

    private static PatternException NeverClosed(int start) => new(start, "this bracket is never closed: a ']' is missing");
}
