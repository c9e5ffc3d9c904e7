using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Fuzz.Http;

namespace Fastdist.Http.Tests;

/// <summary>What the server sends as lines to compare: type, stream, what it holds, and whether the stream ends there.</summary>
internal static class ServerFrames
{
    private static readonly string[] s_errors =
    [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED", "FRAME_SIZE_ERROR",
        "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
    ];

    public static List<string> Read(ReadOnlySpan<byte> output, Inflater inflater)
    {
        List<string> lines = [];
        while (!output.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(output) >>> 8;
            int stream = BinaryPrimitives.ReadInt32BigEndian(output[5..]);
            lines.Add(Line(output[3], output[4], stream, output.Slice(9, length), inflater));
            output = output[(9 + length)..];
        }

        return lines;
    }

    private static string Line(byte type, byte flags, int stream, ReadOnlySpan<byte> payload, Inflater inflater)
    {
        string end = (flags & Frames.EndStream) != 0 ? " END" : "";
        return type switch
        {
            Frames.Data => $"DATA {stream} {Convert.ToHexString(payload)}{end}",
            Frames.Headers => $"HEADERS {stream} {string.Join(" | ", inflater.Fields(payload))}{end}",
            Frames.Reset => $"RST_STREAM {stream} {Error(payload)}",
            Frames.Settings when (flags & Frames.Ack) != 0 => "SETTINGS ACK",
            Frames.Settings => $"SETTINGS {Settings(payload)}",
            Frames.Ping => $"PING{((flags & Frames.Ack) != 0 ? " ACK" : "")} {Convert.ToHexString(payload)}",
            Frames.GoAway => $"GOAWAY {BinaryPrimitives.ReadInt32BigEndian(payload)} {Error(payload[4..])}",
            Frames.WindowUpdate => $"WINDOW_UPDATE {stream} {BinaryPrimitives.ReadInt32BigEndian(payload)}",
            _ => $"{type} {flags} {stream} {Convert.ToHexString(payload)}",
        };
    }

    private static string Error(ReadOnlySpan<byte> payload) => s_errors[BinaryPrimitives.ReadInt32BigEndian(payload)];

    private static string Settings(ReadOnlySpan<byte> payload) => string.Join(" ", payload.ToArray().Chunk(6).Select(
        setting => $"{BinaryPrimitives.ReadUInt16BigEndian(setting)}={BinaryPrimitives.ReadUInt32BigEndian(setting.AsSpan(2))}"));
}
