using System;
using System.Globalization;
using System.Text;

namespace Fastdist.Dns;

/// <summary>
/// Names of hosts as TLS has them, in server_name (RFC 6066 section 3) and as a certificate's dNSName (RFC 5280
/// section 4.2.1.6): A-labels in lower case, without the dot of the root.
/// </summary>
public static class HostName
{
    /// <summary>Most characters of a name without the root's dot: 255 bytes in wire form (RFC 1035 section 2.3.4).</summary>
    public const int MaxLength = 253;

    /// <summary>Most characters of a label.</summary>
    public const int MaxLabel = 63;

    private static readonly IdnMapping s_punycode = new();

    /// <summary>Makes a name canonical.</summary>
    /// <param name="text">As an operator writes it: with or without a final dot, in any case, labels in ASCII or as U-labels.</param>
    /// <param name="name">The name as TLS has it; empty on failure.</param>
    /// <returns>Why it is no host's name, in words; null when it is one.</returns>
    public static string? Canonicalise(string text, out string name)
    {
        name = "";
        string[] labels = (text.EndsWith('.') ? text[..^1] : text).Split('.');
        for (int i = 0; i < labels.Length; i++)
        {
            if (!Ascii.IsValid(labels[i]) && !TryConvert(ref labels[i]))
            {
                return "these letters cannot be converted here without doubt; write its A-labels (xn--..., RFC 5890), as idn2 or a certificate shows them";
            }

            labels[i] = labels[i].ToLowerInvariant();
            if (Objection(labels[i]) is { } objection)
            {
                return objection;
            }
        }

        string joined = string.Join('.', labels);
        if (joined.Length > MaxLength)
        {
            return $"a name has at most {MaxLength} characters, this one {joined.Length}";
        }

        if (IsNumber(labels[^1]))
        {
            return "what ends in a number is no name, and this is no whole IP address either";
        }

        name = joined;
        return null;
    }

    // Libraries read addresses from such: decimal, or hexadecimal behind 0x.
    private static bool IsNumber(string label) =>
        !label.AsSpan().ContainsAnyExceptInRange('0', '9') || (label.StartsWith("0x", StringComparison.Ordinal) && Array.TrueForAll(label[2..].ToCharArray(), char.IsAsciiHexDigit));

    private static string? Objection(string label)
    {
        if (label.Length == 0)
        {
            return "expected a host name, but a label of it is empty";
        }

        if (label.Contains('*', StringComparison.Ordinal))
        {
            return "a host's name has no '*'; only its certificate may";
        }

        if (label.Length > MaxLabel)
        {
            return $"a label has at most {MaxLabel} characters, '{label}' has {label.Length}";
        }

        foreach (char c in label)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return $"'{(char.IsControl(c) ? $"\\{(int)c:D3}" : c)}' cannot be in a host name";
            }
        }

        return label.StartsWith('-') || label.EndsWith('-') ? $"'{label}' begins or ends with a hyphen" : null;
    }

    /// <summary>
    /// A U-label as its A-label (RFC 5891), without tables of Unicode: only letters are taken that IDNA2008 allows and
    /// that no normalisation changes, so that Punycode is all there is to do.
    /// </summary>
    private static bool TryConvert(ref string label)
    {
        string lower = label.ToLowerInvariant();
        foreach (char c in lower)
        {
            if (!char.IsAscii(c) && !IsStable(c))
            {
                return false;
            }
        }

        try
        {
            label = s_punycode.GetAscii(lower);
            return true;
        }
        catch (ArgumentException)
        {
            // Longer than a label may be.
            return false;
        }
    }

    /// <summary>Letters that are PVALID (RFC 5892) and their own NFKC and lower case, of the scripts that do without combining marks.</summary>
    private static bool IsStable(char c) => c switch
    {
        // Ligatures and compatibility forms among the Latin letters.
        '\u0133' or '\u0140' or '\u0149' or '\u017F' => false,
        (>= '\u00DF' and <= '\u00F6') or (>= '\u00F8' and <= '\u017E') => char.IsLower(c),
        >= '\u03AC' and <= '\u03CE' => true,
        >= '\u0430' and <= '\u045F' => true,
        >= '\u05D0' and <= '\u05EA' => true,
        (>= '\u0620' and <= '\u063F') or (>= '\u0641' and <= '\u064A') => true,
        (>= '\u3005' and <= '\u3007') or (>= '\u3041' and <= '\u3096') or (>= '\u30A1' and <= '\u30FA') or '\u30FC' => true,
        (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7A3') => true,
        _ => false,
    };
}
