using System;
using System.Buffers.Binary;
using System.Diagnostics;

namespace Fastdist.Dns;

/// <summary>Messages on streams: each follows its length in two bytes (RFC 1035 4.2.2, RFC 7858 3.3).</summary>
public static class StreamFraming
{
    /// <summary>Size of the length before each message, in bytes.</summary>
    public const int PrefixSize = 2;

    /// <summary>Largest message with its prefix, in bytes; every buffer for frames must be able to hold one.</summary>
    public const int MaxFrame = PrefixSize + ushort.MaxValue;

    /// <summary>Takes the first whole message; it consumes <see cref="PrefixSize"/> + <c>message.Length</c> bytes.</summary>
    /// <param name="data">What the stream has delivered and nobody has consumed.</param>
    /// <param name="message">The message, which may be empty: a length of 0 is a frame too.</param>
    /// <returns>False when the data ends before the message does: read on.</returns>
    public static bool TryRead(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (data.Length < PrefixSize)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(data);
        if (data.Length - PrefixSize < length)
        {
            return false;
        }

        message = data.Slice(PrefixSize, length);
        return true;
    }

    /// <summary>Writes a message's length, 0 to 65535 bytes, into the first two bytes of <paramref name="frame"/>.</summary>
    public static void WritePrefix(Span<byte> frame, int length)
    {
        Debug.Assert((uint)length <= ushort.MaxValue, "a message on a stream has at most 65535 bytes");
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)length);
    }
}
