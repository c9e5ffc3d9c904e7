using System;
using System.Text;

namespace Fastdist.Settings.Tables;

/// <summary>What a pool may be called.</summary>
public static class PoolNames
{
    /// <summary>What metrics call the default pool, as labels without a value do not count.</summary>
    public const string DefaultInMetrics = "_default_";

    /// <summary>More would be cut in tables anyway.</summary>
    private const int Longest = 64;

    /// <summary>Reads the name of a pool; of the default pool, no text.</summary>
    /// <exception cref="FormatException">It cannot be one; the message says why.</exception>
    public static string Read(string text)
    {
        if (text == DefaultInMetrics)
        {
            throw new FormatException($"{DefaultInMetrics} is what metrics call the default pool: write pool= for that, or another name");
        }

        return text.Length <= Longest && IsPrintable(text)
            ? text
            : throw new FormatException($"expected the name of a pool, at most {Longest} characters without blanks, commas or what cannot be printed; none for the default pool");
    }

    /// <summary>Reads the name of a pool that is not the default one.</summary>
    /// <exception cref="FormatException">It cannot be one; the message says why.</exception>
    public static string ReadOther(string text) =>
        text.Length > 0 ? Read(text) : throw new FormatException("expected the name of a pool; what the default pool has is set by flags of its own, such as --policy");

    /// <summary>Whether it holds nothing that ends a word, hides, or stands for bytes that are no text.</summary>
    private static bool IsPrintable(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || rune.Value == ',' || !(Rune.IsLetterOrDigit(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune)))
            {
                return false;
            }
        }

        return true;
    }
}
