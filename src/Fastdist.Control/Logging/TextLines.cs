using System;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Fastdist.Control.Logging;

/// <summary>
/// Lines for people and for the journal. What could move a cursor, end the line or turn its direction is written
/// as an escape, since names in certificates and the like come from the network.
/// </summary>
internal static class TextLines
{
    /// <summary>Bytes of a limited line, its end included.</summary>
    public const int MaxSize = 1024;

    /// <summary>Bytes of the longest escape, <c>\U0010ffff</c>.</summary>
    private const int LongestEscape = 10;

    private const string Cut = "...";

    /// <summary>What puts a line's time before it, to the millisecond (RFC 3339).</summary>
    public static string TimeOf(in LogLine line) => line.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z '", CultureInfo.InvariantCulture);

    /// <summary>What puts a line's syslog priority before it, as the journal reads it (sd-daemon(3)).</summary>
    public static string PriorityOf(in LogLine line) => $"<{PriorityOf(line.Level)}>";

    /// <summary>A line with what stands before it.</summary>
    public static byte[] Format(in LogLine line, string prefix)
    {
        string suffix = line.Suppressed > 0 ? string.Create(CultureInfo.InvariantCulture, $" (suppressed {line.Suppressed} more like this)\n") : "\n";
        int most = line.Message.Length * LongestEscape;
        most = line.IsLimited ? Math.Min(most, MaxSize - prefix.Length - suffix.Length) : most;
        byte[] bytes = new byte[prefix.Length + most + suffix.Length];
        int length = Encoding.ASCII.GetBytes(prefix, bytes);
        length += Escape(line.Message, bytes.AsSpan(length, most));
        length += Encoding.ASCII.GetBytes(suffix, bytes.AsSpan(length));
        return bytes[..length];
    }

    // syslog(3): LOG_CRIT, LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG.
    private static int PriorityOf(LogLevel level) => level switch
    {
        LogLevel.Critical => 2,
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        LogLevel.Information => 6,
        _ => 7,
    };

    private static int Escape(string text, Span<byte> to)
    {
        int length = 0;
        int cutAt = 0;
        Span<byte> one = stackalloc byte[LongestEscape];
        foreach (Rune rune in text.EnumerateRunes())
        {
            int size = Escape(rune, one);
            if (length + size > to.Length)
            {
                return cutAt + Encoding.ASCII.GetBytes(Cut, to[cutAt..]);
            }

            one[..size].CopyTo(to[length..]);
            length += size;
            cutAt = length + Cut.Length <= to.Length ? length : cutAt;
        }

        return length;
    }

    private static int Escape(Rune rune, Span<byte> to) => rune.Value switch
    {
        '\n' => Encoding.ASCII.GetBytes(@"\n", to),
        '\r' => Encoding.ASCII.GetBytes(@"\r", to),
        '\t' => Encoding.ASCII.GetBytes(@"\t", to),
        _ when IsHarmless(rune) => rune.EncodeToUtf8(to),
        <= byte.MaxValue => Encoding.ASCII.GetBytes($@"\x{rune.Value:x2}", to),
        <= char.MaxValue => Encoding.ASCII.GetBytes($@"\u{rune.Value:x4}", to),
        _ => Encoding.ASCII.GetBytes($@"\U{rune.Value:x8}", to),
    };

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
