using System;

namespace Fastdist.Http;

/// <summary>Octets of a URI written as a percent sign and two hexadecimal digits (RFC 3986 section 2.1).</summary>
internal static class PercentEncoding
{
    private const byte Sign = (byte)'%';
    private const int EncodedLength = 3;

    /// <summary>Whether every percent sign has its two digits.</summary>
    public static bool IsSound(ReadOnlySpan<byte> text)
    {
        for (int at; (at = text.IndexOf(Sign)) >= 0; text = text[(at + EncodedLength)..])
        {
            if (text.Length - at < EncodedLength || !char.IsAsciiHexDigit((char)text[at + 1]) || !char.IsAsciiHexDigit((char)text[at + 2]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Decodes every octet.</summary>
    /// <param name="text">Sound text.</param>
    /// <param name="destination">As long as the text at least; may be the text's own place.</param>
    /// <returns>Bytes written.</returns>
    public static int Decode(ReadOnlySpan<byte> text, Span<byte> destination) => Decode(text, destination, isAll: true);

    /// <summary>
    /// Makes equal what is equivalent: unreserved characters stand for themselves, other octets keep their encoding with
    /// digits in upper case (RFC 3986 section 6.2.2).
    /// </summary>
    /// <param name="text">Sound text.</param>
    /// <param name="destination">As long as the text at least.</param>
    /// <returns>Bytes written.</returns>
    public static int Normalize(ReadOnlySpan<byte> text, Span<byte> destination) => Decode(text, destination, isAll: false);

    private static int Decode(ReadOnlySpan<byte> text, Span<byte> destination, bool isAll)
    {
        int written = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte letter = text[i];
            if (letter == Sign)
            {
                byte octet = (byte)((Digit(text[i + 1]) << 4) | Digit(text[i + 2]));
                if (isAll || IsUnreserved((char)octet))
                {
                    letter = octet;
                    i += EncodedLength - 1;
                }
            }
            else if (!isAll && i >= 1 && IsDigitOf(text, i))
            {
                letter = (byte)char.ToUpperInvariant((char)letter);
            }

            destination[written++] = letter;
        }

        return written;
    }

    private static bool IsDigitOf(ReadOnlySpan<byte> text, int index) => text[index - 1] == Sign || (index >= 2 && text[index - 2] == Sign);

    private static int Digit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static bool IsUnreserved(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '~';
}
