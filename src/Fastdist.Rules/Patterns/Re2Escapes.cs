using System;

namespace Fastdist.Rules.Patterns;

/// <summary>What may stand behind a backslash in RE2's expressions, in brackets and outside.</summary>
internal static class Re2Escapes
{
    private const int LargestByte = 255;

    /// <summary>Takes \d, \s, \w and what they leave; the backslash has been taken. All ignore case, or have both.</summary>
    public static bool TryTakeClass(PatternReader reader, out ByteSet set)
    {
        if (!reader.SeesAnyOf("dDsSwW"))
        {
            set = ByteSet.None;
            return false;
        }

        set = reader.Take() switch
        {
            'd' => NamedSets.Digits,
            'D' => ~NamedSets.Digits,
            's' => NamedSets.PerlSpaces,
            'S' => ~NamedSets.PerlSpaces,
            'w' => NamedSets.Words,
            _ => ~NamedSets.Words,
        };
        return true;
    }

    /// <summary>Takes what stands for a byte; the backslash has been taken.</summary>
    /// <param name="reader">Stands behind the backslash.</param>
    /// <param name="start">Where the backslash is.</param>
    public static byte TakeByte(PatternReader reader, int start)
    {
        if (reader.IsAtEnd)
        {
            throw new PatternException(start, "a backslash at the end escapes nothing");
        }

        return reader.Take() switch
        {
            'a' => (byte)'\a',
            'f' => (byte)'\f',
            'n' => (byte)'\n',
            'r' => (byte)'\r',
            't' => (byte)'\t',
            'v' => (byte)'\v',
            'x' => TakeHexadecimal(reader, start),
            >= '0' and <= '7' and var digit => TakeOctal(reader, start, digit),
            'p' or 'P' => throw new PatternException(start, "Unicode classes (\\p, \\P) are not supported: a pattern is about bytes"),
            '8' or '9' => throw new PatternException(start, "back references are not supported: they cannot be matched without backtracking"),
            var letter when char.IsAsciiLetter(letter) => throw new PatternException(start, $"'\\{letter}' has no meaning here"),
            var other when char.IsAscii(other) => (byte)other,
            _ => throw new PatternException(start, "a backslash stands before ASCII characters only"),
        };
    }

    /// <summary>A zero and up to two more octal digits, or another and one or two more: alone it would be a back reference.</summary>
    private static byte TakeOctal(PatternReader reader, int start, char first)
    {
        int value = first - '0';
        int digits = 1;
        for (; digits < 3 && reader.SeesAnyOf("01234567"); digits++)
        {
            value = (value * 8) + reader.Take() - '0';
        }

        if (digits == 1 && first != '0')
        {
            throw new PatternException(start, $"back references (here '\\{first}') are not supported: they cannot be matched without backtracking");
        }

        return Byte(value, start);
    }

    /// <summary>Two hexadecimal digits, or any number of them in braces.</summary>
    private static byte TakeHexadecimal(PatternReader reader, int start)
    {
        bool hasBraces = reader.TryTake('{');
        int value = 0;
        int digits = 0;
        for (; (hasBraces || digits < 2) && reader.SeesAnyOf("0123456789abcdefABCDEF"); digits++)
        {
            value = Math.Min((value * 16) + Convert.ToInt32(reader.Take().ToString(), 16), LargestByte + 1);
        }

        bool isWhole = hasBraces ? digits > 0 && reader.TryTake('}') : digits == 2;
        return isWhole ? Byte(value, start) : throw new PatternException(start, "a byte is written as \\x41 or \\x{41}");
    }

    private static byte Byte(int value, int start) =>
        value <= LargestByte ? (byte)value : throw new PatternException(start, "this is more than one byte can be: a pattern is about bytes");
}
