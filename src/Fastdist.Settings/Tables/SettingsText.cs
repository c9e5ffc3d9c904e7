using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fastdist.Settings.Tables;

/// <summary>
/// Settings as text that can be read, compared and parsed: one object of JSON (RFC 8259), whose names are those of the options, in their order.
/// </summary>
public static class SettingsText
{
    /// <summary>What is written goes to a terminal or a file, no web page.</summary>
    private static readonly JsonWriterOptions s_form = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes them, secrets left out.</summary>
    public static void Write(ProcessOptions settings, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, s_form))
        {
            Write(json, ProcessOptionTable.Shown(settings));
        }

        output.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool isSo:
                json.WriteBooleanValue(isSo);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case uint number:
                json.WriteNumberValue(number);
                break;
            case IEnumerable<KeyValuePair<string, object?>> options:
                WriteObject(json, options);
                break;
            case IEnumerable several:
                WriteArray(json, several);
                break;
            default:
                json.WriteNumberValue((double)value);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> options)
    {
        json.WriteStartObject();
        foreach ((string name, object? value) in options)
        {
            json.WritePropertyName(name);
            Write(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, IEnumerable several)
    {
        json.WriteStartArray();
        foreach (object? value in several)
        {
            Write(json, value);
        }

        json.WriteEndArray();
    }
}
