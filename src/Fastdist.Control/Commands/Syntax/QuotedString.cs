using System.Globalization;
using System.Text;

namespace Fastdist.Control.Commands.Syntax;

/// <summary>Strings in quotes and their escapes (Lua reference manual 5.4, section 3.1).</summary>
internal static class QuotedString
{
    private const string Escapes = "abfnrtv\\\"'\n";
    private const string Meanings = "\a\b\f\n\r\t\v\\\"'\n";

    /// <summary>Reads a string.</summary>
    /// <param name="text">The command.</param>
    /// <param name="at">Where the opening quote is; then behind the closing one.</param>
    /// <exception cref="CommandException">It has no end, or an escape that there is not.</exception>
    public static string Read(string text, ref int at)
    {
        int opening = at;
        char quote = text[at++];
        var value = new StringBuilder();
        while (at < text.Length && text[at] != quote && text[at] != '\n')
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
                ReadEscape(text, ref at, value);
            }
            else
            {
                value.Append(text[at++]);
            }
        }

        if (at == text.Length || text[at] != quote)
        {
            throw Lexer.Error(opening + 1, $"the string that begins here has no end: close it with {quote}");
        }

        at++;
        return value.ToString();
    }

    /// <summary>Writes a string so that <see cref="Read"/> gives it back.</summary>
    public static void Write(StringBuilder output, string value)
    {
        output.Append('"');
        foreach (char c in value)
        {
            if (c is '"' or '\\')
            {
                output.Append('\\').Append(c);
            }
            else if (char.IsControl(c) && c <= byte.MaxValue)
            {
                output.Append(CultureInfo.InvariantCulture, $"\\{(int)c:D3}");
            }
            else
            {
                output.Append(c);
            }
        }

        output.Append('"');
    }

    private static void ReadEscape(string text, ref int at, StringBuilder value)
    {
        int backslash = at;
        char escape = text[at];
        int known = Escapes.IndexOf(escape, System.StringComparison.Ordinal);
        if (known >= 0)
        {
            value.Append(Meanings[known]);
            at++;
        }
        else if (escape == 'z')
        {
            for (at++; at < text.Length && char.IsWhiteSpace(text[at]);)
            {
                at++;
            }
        }
        else if (char.IsAsciiDigit(escape))
        {
            value.Append(ReadNumber(text, ref at, mostDigits: 3, NumberStyles.None, byte.MaxValue, backslash));
        }
        else if (escape == 'x')
        {
            at++;
            value.Append(ReadNumber(text, ref at, mostDigits: 2, NumberStyles.AllowHexSpecifier, byte.MaxValue, backslash));
        }
        else
        {
            throw Lexer.Error(backslash, $"there is no escape '\\{escape}': write \\\\ for a backslash");
        }
    }

    private static char ReadNumber(string text, ref int at, int mostDigits, NumberStyles styles, int most, int column)
    {
        int begin = at;
        bool isHexadecimal = styles == NumberStyles.AllowHexSpecifier;
        while (at < text.Length && at - begin < mostDigits && (isHexadecimal ? char.IsAsciiHexDigit(text[at]) : char.IsAsciiDigit(text[at])))
        {
            at++;
        }

        bool isComplete = !isHexadecimal || at - begin == mostDigits;
        return isComplete && int.TryParse(text[begin..at], styles, CultureInfo.InvariantCulture, out int value) && value <= most
            ? (char)value
            : throw Lexer.Error(column, "expected \\ddd with a decimal number up to 255, or \\xXX with two hexadecimal digits");
    }
}
