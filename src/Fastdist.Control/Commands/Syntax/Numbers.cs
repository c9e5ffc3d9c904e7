using System;
using System.Globalization;

namespace Fastdist.Control.Commands.Syntax;

/// <summary>Numbers as Lua writes them: 64-bit integers, in hexadecimal too, and floats.</summary>
internal static class Numbers
{
    /// <summary>Reads a number.</summary>
    /// <param name="text">As written, without a sign.</param>
    /// <param name="isNegative">Whether a minus came before it.</param>
    /// <param name="column">Where it is.</param>
    /// <exception cref="CommandException">It is none, or too large.</exception>
    public static Value Read(string text, bool isNegative, int column)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long bits)
                ? new IntegerValue(unchecked(isNegative ? -bits : bits))
                : throw Lexer.Error(column, $"'{text}' is not a number: expected 1 to 16 hexadecimal digits behind 0x");
        }

        string signed = isNegative ? $"-{text}" : text;
        if (long.TryParse(signed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
        {
            return new IntegerValue(integer);
        }

        const NumberStyles Float = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(signed, Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? new FloatValue(value)
            : throw Lexer.Error(column, $"'{text}' is not a number, or one too large");
    }

    /// <summary>Writes a float so that <see cref="Read"/> gives a float again.</summary>
    public static string Write(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : $"{text}.0";
    }
}
