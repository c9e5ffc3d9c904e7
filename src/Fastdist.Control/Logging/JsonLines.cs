using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Fastdist.Control.Logging;

/// <summary>
/// Lines for programs: an object each, ASCII only, as the writer escapes everything else. Members are
/// <c>ts</c> (RFC 3339, UTC), <c>level</c>, <c>event</c>, <c>id</c>, <c>msg</c>, one for each of the message's
/// parameters, and <c>suppressed</c> where messages were left out.
/// </summary>
internal static class JsonLines
{
    /// <summary>Bytes of a limited line, its end included.</summary>
    public const int MaxSize = 4096;

    /// <summary>Bytes of the message, escaped.</summary>
    private const int MaxMessageSize = 1024;

    /// <summary>Bytes of a parameter, escaped.</summary>
    private const int MaxParameterSize = 512;

    /// <summary>Once a line has this many bytes, what is left of its parameters is left out.</summary>
    private const int FullSize = MaxSize - 1024;

    /// <summary>The longest escape of a UTF-16 code unit, <c>\uffff</c>.</summary>
    private const int LongestEscape = 6;

    private const string Cut = "...";

    private static readonly SearchValues<char> s_needEscape = SearchValues.Create("\"\\&'+<>`");

    /// <summary>The line of a message.</summary>
    public static byte[] Format(in LogLine line)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("ts"u8, line.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            writer.WriteString("level"u8, NameOf(line.Level));
            writer.WriteString("event"u8, line.Event.Name ?? "");
            writer.WriteNumber("id"u8, line.Event.Id);
            writer.WriteString("msg"u8, line.IsLimited ? Fit(line.Message, MaxMessageSize) : line.Message);
            if (line.Suppressed > 0)
            {
                writer.WriteNumber("suppressed"u8, line.Suppressed);
            }

            WriteParameters(writer, line.Parameters);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Critical => "critical",
        LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Information => "info",
        _ => "debug",
    };

    private static void WriteParameters(Utf8JsonWriter writer, IReadOnlyList<KeyValuePair<string, object?>> parameters)
    {
        foreach ((string name, object? value) in parameters)
        {
            // The template, which the message's name stands for already.
            if (name == "{OriginalFormat}" || writer.BytesCommitted + writer.BytesPending > FullSize)
            {
                continue;
            }

            switch (value)
            {
                case null:
                    writer.WriteNull(name);
                    break;
                case int number:
                    writer.WriteNumber(name, number);
                    break;
                case long number:
                    writer.WriteNumber(name, number);
                    break;
                case bool truth:
                    writer.WriteBoolean(name, truth);
                    break;
                default:
                    writer.WriteString(name, Fit(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", MaxParameterSize));
                    break;
            }
        }
    }

    /// <summary>As much of a text as needs no more than so many bytes when escaped; halves of a surrogate pair are replaced.</summary>
    private static string Fit(string text, int most)
    {
        var fitting = new StringBuilder();
        int size = 0;
        int cutAt = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            size += rune.IsAscii && !Rune.IsControl(rune) && !s_needEscape.Contains((char)rune.Value) ? 1 : rune.Utf16SequenceLength * LongestEscape;
            if (size > most)
            {
                return fitting.ToString(0, cutAt) + Cut;
            }

            fitting.Append(rune);
            cutAt = size + Cut.Length <= most ? fitting.Length : cutAt;
        }

        return fitting.ToString();
    }
}
