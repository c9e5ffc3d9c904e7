using System;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO;
using System.Text;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>Types of frames (RFC 9113 section 6).</summary>
internal enum Http2FrameType : byte
{
    Data,
    Headers,
    Priority,
    Reset,
    Settings,
    PushPromise,
    Ping,
    GoAway,
    WindowUpdate,
    Continuation,
}

/// <summary>Error codes (RFC 9113 section 7).</summary>
internal enum Http2Error
{
    None,
    Protocol,
    Internal,
    FlowControl,
    SettingsTimeout,
    StreamClosed,
    FrameSize,
    RefusedStream,
    Cancel,
    Compression,
    Connect,
    EnhanceYourCalm,
}

/// <summary>A frame, and the making of the bytes of others, right and wrong, with nothing of the product's.</summary>
internal sealed record Http2Frame(Http2FrameType Type, byte Flags, int Stream, byte[] Payload)
{
    public const int HeaderSize = 9;

    /// <summary>Of DATA and HEADERS.</summary>
    public const byte EndStream = 1;

    /// <summary>Of SETTINGS and PING.</summary>
    public const byte Ack = 1;

    /// <summary>Of HEADERS and CONTINUATION.</summary>
    public const byte EndHeaders = 4;

    public const int SettingHeaderTableSize = 1;
    public const int SettingInitialWindow = 4;

    private const byte LiteralWithoutIndexing = 0;

    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public bool Ends => Type is Http2FrameType.Data or Http2FrameType.Headers && (Flags & EndStream) != 0;

    /// <summary>Of RST_STREAM and GOAWAY: why.</summary>
    public Http2Error Error => (Http2Error)BinaryPrimitives.ReadInt32BigEndian(Payload.AsSpan(Type == Http2FrameType.GoAway ? 4 : 0));

    public static byte[] Make(Http2FrameType type, int flags, int stream, params byte[] payload)
    {
        byte[] frame = new byte[HeaderSize + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, (payload.Length << 8) | (byte)type);
        frame[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, HeaderSize);
        return frame;
    }

    public static byte[] Settings(params (int Id, int Value)[] settings)
    {
        byte[] payload = new byte[6 * settings.Length];
        for (int i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(6 * i), (ushort)settings[i].Id);
            BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan((6 * i) + 2), settings[i].Value);
        }

        return Make(Http2FrameType.Settings, 0, 0, payload);
    }

    public static byte[] SettingsAck() => Make(Http2FrameType.Settings, Ack, 0);

    public static byte[] Ping() => Make(Http2FrameType.Ping, 0, 0, new byte[8]);

    public static byte[] Reset(int stream, Http2Error error = Http2Error.Cancel) => Make(Http2FrameType.Reset, 0, stream, Number((int)error));

    public static byte[] WindowUpdate(int stream, int increment) => Make(Http2FrameType.WindowUpdate, 0, stream, Number(increment));

    public static byte[] Data(int stream, byte[] payload, bool ends = true) => Make(Http2FrameType.Data, ends ? EndStream : 0, stream, payload);

    /// <summary>A header block of literals, which leaves the peer's table as it was (RFC 7541 section 6.2.2).</summary>
    public static byte[] Headers(int stream, bool ends, params (string Name, string Value)[] fields)
    {
        using var block = new MemoryStream();
        foreach ((string name, string value) in fields)
        {
            block.WriteByte(LiteralWithoutIndexing);
            Text(block, name);
            Text(block, value);
        }

        return Make(Http2FrameType.Headers, EndHeaders | (ends ? EndStream : 0), stream, block.ToArray());
    }

    /// <summary>GET of a DNS message.</summary>
    public static byte[] Get(int stream, byte[] query, string path = "/dns-query") =>
        Headers(stream, ends: true, [.. Request("GET", $"{path}?dns={Base64Url.EncodeToString(query)}")]);

    /// <summary>The HEADERS of a POST, whose body follows.</summary>
    public static byte[] PostHeaders(int stream, string path = "/dns-query") =>
        Headers(stream, ends: false, [.. Request("POST", path), ("content-type", "application/dns-message")]);

    /// <summary>POST of a DNS message.</summary>
    public static byte[] Post(int stream, byte[] query) => [.. PostHeaders(stream), .. Data(stream, query)];

    public static (string Name, string Value)[] Request(string method, string target) =>
        [(":method", method), (":scheme", "https"), (":authority", Lab.BackendName), (":path", target)];

    private static byte[] Number(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>A string as it is, after its length (RFC 7541 section 5.2).</summary>
    private static void Text(MemoryStream to, string text)
    {
        const int Prefix = 127;
        int length = text.Length;
        to.WriteByte((byte)Math.Min(length, Prefix));
        if (length >= Prefix)
        {
            for (length -= Prefix; length >= 128; length >>= 7)
            {
                to.WriteByte((byte)(length | 128));
            }

            to.WriteByte((byte)length);
        }

        to.Write(Encoding.ASCII.GetBytes(text));
    }
}
