using System;
using System.Globalization;

namespace Fastdist.Dns;

/// <summary>Record classes as text: <c>IN</c>, <c>CH</c>, and <c>CLASS32</c> for any value (RFC 3597 section 5).</summary>
public static class RecordClasses
{
    /// <summary>The Internet's, of which nearly all records are.</summary>
    public const ushort Internet = 1;

    private const string NumericPrefix = "CLASS";

    /// <summary>The first of a class is its name.</summary>
    private static readonly (string Text, ushort Class)[] s_names = [("IN", Internet), ("CH", 3), ("CHAOS", 3), ("HS", 4), ("NONE", 254), ("ANY", 255)];

    /// <summary>Reads a class's name, <c>CLASSnnn</c> or the number alone (0 to 65535), in any case.</summary>
    /// <returns>Whether the text names a class.</returns>
    public static bool TryParse(string text, out ushort recordClass)
    {
        int index = Array.FindIndex(s_names, name => name.Text.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (index >= 0)
        {
            recordClass = s_names[index].Class;
            return true;
        }

        string number = text.StartsWith(NumericPrefix, StringComparison.OrdinalIgnoreCase) ? text[NumericPrefix.Length..] : text;
        return ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out recordClass);
    }

    /// <summary>The class's name, or <c>CLASSnnn</c> when it has none here.</summary>
    public static string ToText(ushort recordClass) =>
        Array.Find(s_names, name => name.Class == recordClass).Text ?? string.Create(CultureInfo.InvariantCulture, $"{NumericPrefix}{recordClass}");
}
