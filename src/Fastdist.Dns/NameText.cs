using System;
using System.Numerics;
using System.Text;

namespace Fastdist.Dns;

/// <summary>Names in presentation format (RFC 1035 5.1), for configuration and logs.</summary>
internal static class NameText
{
    /// <summary>What a zone file would read as something else (RFC 1035 5.1), and the quote that ends a log's field.</summary>
    internal const string SpecialInLogs = ".\\\"();@$";

    /// <summary>What would be read as something else in a name alone.</summary>
    internal const string SpecialInNames = ".\\";

    private const char Escape = '\\';
    private const int DecimalDigits = 3;

    /// <param name="text">As of <see cref="Names.TryParse"/>.</param>
    /// <param name="highest">The last character that stands for the byte of its value.</param>
    /// <param name="wire">Receives the wire form.</param>
    /// <param name="length">Bytes written.</param>
    internal static bool TryParse(ReadOnlySpan<char> text, char highest, Span<byte> wire, out int length)
    {
        length = 0;
        if (text is ".")
        {
            text = default;
        }
        else if (text.IsEmpty)
        {
            return false;
        }

        Span<byte> limited = wire[..Math.Min(wire.Length, WireName.MaxLength)];
        int used = 0;
        while (!text.IsEmpty)
        {
            if (!TryParseLabel(ref text, highest, limited[used..], out int label))
            {
                return false;
            }

            used += label;
        }

        if (used >= limited.Length)
        {
            return false;
        }

        limited[used] = 0;
        length = used + 1;
        return true;
    }

    internal static string ToText(ReadOnlySpan<byte> wire, string special)
    {
        if (WireName.EndOfPlain(wire, 0) != wire.Length)
        {
            return "(malformed)";
        }

        if (wire.Length == 1)
        {
            return ".";
        }

        var text = new StringBuilder(wire.Length + 16);
        for (int offset = 0; wire[offset] != 0; offset += wire[offset] + 1)
        {
            foreach (byte value in wire.Slice(offset + 1, wire[offset]))
            {
                Append(text, value, special);
            }

            text.Append('.');
        }

        return text.ToString();
    }

    /// <summary>Writes a name without its final dot; the root is empty then.</summary>
    /// <param name="wire">The name, of which what follows its end is not looked at.</param>
    /// <param name="text">Receives ASCII characters, as bytes or as UTF-16.</param>
    /// <param name="isLower">Whether capital letters are written as small ones.</param>
    /// <param name="special">What is escaped though it can be printed.</param>
    /// <returns>Characters written; -1 when the name is broken or the text is too small.</returns>
    internal static int Format<T>(ReadOnlySpan<byte> wire, Span<T> text, bool isLower, ReadOnlySpan<byte> special)
        where T : unmanaged, IBinaryInteger<T>
    {
        int end = WireName.EndOfPlain(wire, 0);
        int used = 0;
        for (int offset = 0; offset < end - 1; offset += wire[offset] + 1)
        {
            if (offset > 0 && !TryPut(text, ref used, (byte)'.'))
            {
                return -1;
            }

            foreach (byte value in wire.Slice(offset + 1, wire[offset]))
            {
                if (!TryFormat(isLower ? CaseFolding.Fold(value) : value, text, ref used, special))
                {
                    return -1;
                }
            }
        }

        return end < 0 ? -1 : used;
    }

    /// <summary>Takes one label and the dot after it off the text; writes its length byte and its bytes.</summary>
    private static bool TryParseLabel(ref ReadOnlySpan<char> text, char highest, Span<byte> wire, out int written)
    {
        written = 1;
        while (!text.IsEmpty && text[0] != '.')
        {
            if (written > WireName.MaxLabel || written >= wire.Length || !TryTakeByte(ref text, highest, out wire[written]))
            {
                return false;
            }

            written++;
        }

        if (written == 1)
        {
            return false;
        }

        wire[0] = (byte)(written - 1);
        text = text.IsEmpty ? text : text[1..];
        return true;
    }

    private static bool TryTakeByte(ref ReadOnlySpan<char> text, char highest, out byte value)
    {
        value = 0;
        char first = text[0];
        text = text[1..];
        if (first != Escape)
        {
            value = (byte)first;
            return first <= highest;
        }

        if (text.IsEmpty || text[0] > highest)
        {
            return false;
        }

        if (!char.IsAsciiDigit(text[0]))
        {
            value = (byte)text[0];
            text = text[1..];
            return true;
        }

        if (text.Length < DecimalDigits || !char.IsAsciiDigit(text[1]) || !char.IsAsciiDigit(text[2]))
        {
            return false;
        }

        int number = ((text[0] - '0') * 100) + ((text[1] - '0') * 10) + (text[2] - '0');
        text = text[DecimalDigits..];
        value = (byte)number;
        return number <= byte.MaxValue;
    }

    private static bool TryFormat<T>(byte value, Span<T> text, ref int used, ReadOnlySpan<byte> special)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (value is > (byte)' ' and <= (byte)'~')
        {
            return (!special.Contains(value) || TryPut(text, ref used, (byte)Escape)) && TryPut(text, ref used, value);
        }

        return TryPut(text, ref used, (byte)Escape)
            && TryPut(text, ref used, (byte)('0' + (value / 100)))
            && TryPut(text, ref used, (byte)('0' + (value / 10 % 10)))
            && TryPut(text, ref used, (byte)('0' + (value % 10)));
    }

    private static bool TryPut<T>(Span<T> text, ref int used, byte character)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (used >= text.Length)
        {
            return false;
        }

        text[used++] = T.CreateTruncating(character);
        return true;
    }

    private static void Append(StringBuilder text, byte value, string special)
    {
        if (value is <= (byte)' ' or > (byte)'~')
        {
            text.Append(Escape).Append((char)('0' + (value / 100))).Append((char)('0' + (value / 10 % 10))).Append((char)('0' + (value % 10)));
            return;
        }

        if (special.Contains((char)value))
        {
            text.Append(Escape);
        }

        text.Append((char)value);
    }
}
