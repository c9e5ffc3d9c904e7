using System;
using System.Buffers.Binary;
using System.Text;

namespace Fastdist.Fuzz.Http;

/// <summary>What an HTTP/2 client sends, written byte by byte (RFC 9113 section 6).</summary>
internal static class Frames
{
    internal const byte Data = 0, Headers = 1, Priority = 2, Reset = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9;

    internal const byte NoFlags = 0, EndStream = 1, Ack = 1, EndHeaders = 4, Padded = 8;

    internal static byte[] Preface => Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    /// <summary>What every connection begins with: the preface and SETTINGS that set nothing.</summary>
    internal static byte[] Opening => [.. Preface, .. Frame(Settings, NoFlags, 0)];

    internal static byte[] Frame(byte type, byte flags, int stream, params ReadOnlySpan<byte> payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    internal static byte[] Setting(int id, uint value) =>
        Frame(Settings, NoFlags, 0, [(byte)(id >> 8), (byte)id, .. Number(value)]);

    internal static byte[] Update(int stream, uint increment) => Frame(WindowUpdate, NoFlags, stream, Number(increment));

    internal static byte[] ResetOf(int stream, uint error = 8) => Frame(Reset, NoFlags, stream, Number(error));

    internal static byte[] Number(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    /// <summary>HEADERS that are the whole request.</summary>
    internal static byte[] Get(int stream, string target) =>
        Frame(Headers, EndStream | EndHeaders, stream, [.. Hpack.Method("GET"), .. Hpack.Target(target)]);

    /// <summary>HEADERS and one DATA.</summary>
    internal static byte[] Post(int stream, string target, params ReadOnlySpan<byte> body) =>
        [.. PostHeaders(stream, target), .. Frame(Data, EndStream, stream, body)];

    /// <summary>HEADERS of a request whose body is to come.</summary>
    internal static byte[] PostHeaders(int stream, string target, string contentType = "application/dns-message") =>
        Frame(Headers, EndHeaders, stream, [.. Hpack.Method("POST"), .. Hpack.Target(target), .. Hpack.Field("content-type", contentType)]);
}
